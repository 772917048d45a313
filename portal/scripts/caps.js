/** Fails when a source file has grown too long to be read in one go. */
import { readdirSync, readFileSync } from "node:fs";

const MAX_LINES = 250;
const GENERATED = new Set(["src/api/schema.ts"]);

const files = ["src", "tests", "scripts"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
);
const long = files
  .filter((file) => /\.(tsx?|js|css)$/.test(file) && !GENERATED.has(file))
  .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
  .filter(({ lines }) => lines > MAX_LINES);

for (const { file, lines } of long) console.error(`${file}: ${lines} lines, at most ${MAX_LINES}`);
if (long.length > 0) process.exit(1);
