/** A phone with a passkey, as Chromium plays one. */
import type { BrowserContext, Page } from "@playwright/test";
import { speak } from "./city";

/** A passkey is bound to a name, never to an address of numbers. */
export const named = (baseURL = ""): string => baseURL.replace("127.0.0.1", "localhost");

/** A phone that knows its owner by their fingerprint. */
export async function withAuthenticator(
  context: BrowserContext,
  language: "ko" | "en" = "ko",
): Promise<Page> {
  const page = await context.newPage();
  const protocol = await context.newCDPSession(page);
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
  await page.addInitScript(() => {
    // This authenticator picks a suggested key at once, as no person does: they press the button.
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await speak(page, language);
  return page;
}
