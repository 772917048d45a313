import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** While developing, the pages come from Vite and the data from a running city. */
const city = process.env["HAPGANG_URL"] ?? "http://127.0.0.1:8000";

const TEXT = new Set([".js", ".css", ".html", ".svg", ".webmanifest"]);
const LEAST_BYTES = 1_000; // what is smaller fits into a packet anyway
const QUALITY = 9; // of 11: the last two cost seconds and bring a hundredth

/** Lay a packed copy beside each file, for the city to send: .br and .gz. */
function packed(): Plugin {
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    closeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
        const file = join(entry.parentPath, entry.name);
        const body = readFileSync(file);
        if (body.length < LEAST_BYTES) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
        writeFileSync(`${file}.br`, brotliCompressSync(body, { params }));
        writeFileSync(`${file}.gz`, gzipSync(body, { level: QUALITY }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), packed()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": city, "/openapi.json": city, "/health": city } },
  worker: { format: "es" },
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 1300 },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
