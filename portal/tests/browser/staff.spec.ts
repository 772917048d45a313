/** An operator enters somebody, who signs in with a passkey, and takes them out again. */
import { expect, test } from "@playwright/test";
import { expectNoBarrier, expectNothingCutOff, speak } from "./city";

const PHONE = { width: 390, height: 844 };

test("staff comes in by a code, and is out at once", async ({ browser, baseURL }) => {
  const city = (baseURL ?? "").replace("127.0.0.1", "localhost"); // a passkey is bound to a name
  const context = await browser.newContext({ baseURL: city, viewport: PHONE });
  const operator = await context.newPage();
  await speak(operator, "ko");
  const identity = "urn:ngsi-ld:Staff:operator";
  const answered = await operator.request.post("/api/sign-in", { data: { identity } });
  const { expires_in_s, ...session } = (await answered.json()) as { expires_in_s: number };
  const expires_at = new Date(Date.now() + expires_in_s * 1_000).toISOString();
  await operator.addInitScript(
    (kept) => localStorage.setItem("hapgang.session", kept),
    JSON.stringify({ ...session, expires_at }),
  );
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
  const planner = await theirs.newPage();
  const protocol = await theirs.newCDPSession(planner);
  await protocol.send("WebAuthn.enable");
  await protocol.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await planner.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await speak(planner, "en");
  await planner.goto(`/enrol#${code ?? ""}`);
  await planner.getByRole("button", { name: "Make a passkey" }).click();
  await expect(planner).toHaveURL(/\/city$/);
  await planner.goto("/city/inbox");
  await expect(planner.getByText("An operator made a code for a device").first()).toBeVisible();

  await operator.getByRole("button", { name: `${name} 내보내기` }).click();
  await operator.getByRole("button", { name: "내보내기", exact: true }).last().click();
  await expect(operator.getByText("나감").first()).toBeVisible();
  const kept = await planner.evaluate(() => localStorage.getItem("hapgang.session"));
  const { token } = JSON.parse(kept ?? "{}") as { token: string };
  const refused = await planner.request.get("/api/me", {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(refused.status()).toBe(401);
});
