/**
 * Lighthouse on its phone profile, page by page, against a running city.
 *
 * It is not among the portal's dependencies (it brings 150 packages): install it anywhere else, say where by
 * LIGHTHOUSE, and run
 *
 *     LIGHTHOUSE=/somewhere/node_modules node scripts/lighthouse.js http://127.0.0.1:8000 / /me
 */
import { pathToFileURL } from "node:url";

const LEAST = { performance: 80, accessibility: 100 };
const SHOWN = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];
const FLAGS = ["--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--lang=ko-KR"];

const folder = process.env["LIGHTHOUSE"];
const [base, ...paths] = process.argv.slice(2);
if (!folder || !base || paths.length === 0) {
  console.error("LIGHTHOUSE=node_modules node scripts/lighthouse.js ADDRESS PATH...");
  process.exit(2);
}
const from = (/** @type {string} */ file) => import(pathToFileURL(`${folder}/${file}`).href);
const { default: lighthouse } = await from("lighthouse/core/index.js");
const { launch } = await from("chrome-launcher/dist/index.js");

let missed = 0;
for (const path of paths) {
  const chromePath = process.env["HAPGANG_CHROMIUM"] ?? "/usr/bin/chromium";
  const chrome = await launch({ chromePath, chromeFlags: FLAGS });
  const options = { port: chrome.port, logLevel: "error", onlyCategories: Object.keys(LEAST) };
  const { lhr } = await lighthouse(base + path, options);
  await chrome.kill();
  const scores = Object.entries(LEAST).map(([name, least]) => {
    const score = Math.round(lhr.categories[name].score * 100);
    if (score < least) missed += 1;
    return `${name} ${score}`;
  });
  const times = SHOWN.map((name) => `${name} ${lhr.audits[name].displayValue}`);
  console.log([path, ...scores, ...times].join(" · "));
}
process.exit(missed > 0 ? 1 : 0);
