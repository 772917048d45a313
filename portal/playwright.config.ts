import { defineConfig } from "@playwright/test";

const isLookedAtLater = Boolean(process.env["CI"]);

/** Drives the Chromium of this machine against a running city: HAPGANG_URL says where. */
export default defineConfig({
  testDir: "tests/browser",
  workers: 2,
  projects: [
    // A picture drawn by the processor needs much of it, and these share the city's vehicles.
    { name: "maps", testMatch: /(map|ride|trips|offline)\.spec\.ts$/, workers: 1 },
    { name: "pages", testIgnore: /(map|ride|trips|offline)\.spec\.ts$/, fullyParallel: true },
  ],
  retries: isLookedAtLater ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env["HAPGANG_URL"] ?? "http://127.0.0.1:8000",
    serviceWorkers: "block", // else what tests answer themselves would not be asked for
    contextOptions: { reducedMotion: "reduce" }, // nothing is looked at while it fades, or plays by itself
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    viewport: { width: 1280, height: 800 },
    trace: isLookedAtLater ? "on-first-retry" : "retain-on-failure", // a trace costs every action
    launchOptions: {
      executablePath: process.env["HAPGANG_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--use-gl=angle",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
      ],
    },
  },
});
