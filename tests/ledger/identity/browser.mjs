// A browser with an authenticator of its own makes a passkey, and signs in with it twice.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { page: address, chromium: executablePath, modules } = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = createRequire(`${modules}/x.js`)("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(address);
const protocol = await page.context().newCDPSession(page);
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
const said = await page.evaluate(async () => {
  const ask = async (path, answer) => {
    const done = await fetch(path, { method: "POST", body: JSON.stringify(answer ?? {}) });
    return [done.status, await done.json()];
  };
  const statuses = [];
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON((await ask("/create"))[1]);
  const made = await navigator.credentials.create({ publicKey });
  statuses.push((await ask("/register", made.toJSON()))[0]);
  let last;
  for (let time = 0; time < 2; time += 1) {
    const options = PublicKeyCredential.parseRequestOptionsFromJSON((await ask("/request"))[1]);
    last = (await navigator.credentials.get({ publicKey: options })).toJSON();
    statuses.push((await ask("/sign-in", last))[0]);
  }
  statuses.push((await ask("/sign-in", last))[0]);
  return statuses;
});
await browser.close();
process.stdout.write(JSON.stringify(said));
