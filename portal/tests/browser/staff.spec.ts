/** An operator enters somebody, who signs in with a passkey, and takes them out again. */
import { expect, test } from "@playwright/test";
import { named, withAuthenticator } from "./authenticator";
import { enterAs, expectNoBarrier, expectNothingCutOff } from "./city";

const PHONE = { width: 390, height: 844 };

test("staff comes in by a code, and is out at once", async ({ browser, baseURL }) => {
  const city = named(baseURL);
  const context = await browser.newContext({ baseURL: city, viewport: PHONE });
  const operator = await context.newPage();
  await enterAs(operator, "operator", "ko");
  const name = `planner-${Date.now().toString(36)}`;
  await operator.goto("/city/staff");
  const form = operator.getByRole("region", { name: "새로 등록" });
  await form.getByLabel("아이디").fill(name);
  await form.getByRole("button", { name: "등록하기" }).click();
  await expect(form.getByText("이제 코드를 건네세요")).toBeVisible();
  await operator.getByRole("button", { name: `${name}의 기기 코드` }).click();
  await expectNothingCutOff(operator);
  await expectNoBarrier(operator);
  const code = await operator.locator("output").textContent();

  const theirs = await browser.newContext({ baseURL: city });
  const planner = await withAuthenticator(theirs, "en");
  await planner.goto(`/enrol#${code ?? ""}`);
  await planner.getByRole("button", { name: "Make a passkey" }).click();
  await expect(planner).toHaveURL(/\/city$/);
  await planner.goto("/city/inbox");
  await expect(planner.getByText("An operator made a code for a device").first()).toBeVisible();

  await operator.getByRole("button", { name: `${name} 내보내기` }).click();
  await operator.getByRole("button", { name: "내보내기", exact: true }).last().click();
  const gone = operator.getByRole("listitem").filter({ hasText: name });
  await expect(gone.getByText("나감")).toBeVisible();
  const kept = await planner.evaluate(() => localStorage.getItem("hapgang.session"));
  const { token } = JSON.parse(kept ?? "{}") as { token: string };
  const refused = await planner.request.get("/api/me", {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(refused.status()).toBe(401);
});
