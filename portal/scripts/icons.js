/** Draw the icons of the installed portal from its mark: `node scripts/icons.js` after a change. */
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const mark = readFileSync("public/mark.svg", "utf-8");
const inner = mark.replace(/<rect[^>]*>/, "");
const safe = `<div style="position:absolute;inset:0;background:#0b4f5e"></div>
  <div style="position:absolute;inset:12%">${inner}</div>`;
const ICONS = [
  { name: "icon-192", size: 192, body: mark },
  { name: "icon-512", size: 512, body: mark },
  { name: "icon-mask", size: 512, body: safe },
];

const browser = await chromium.launch({
  executablePath: process.env["HAPGANG_CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { name, size, body } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:100%;height:100%}</style>${body}`,
  );
  await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
