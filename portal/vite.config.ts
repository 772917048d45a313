import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** While developing, the pages come from Vite and the data from a running city. */
const city = process.env["HAPGANG_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": city, "/openapi.json": city, "/health": city } },
  worker: { format: "es" },
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 1300 },
  test: { include: ["tests/unit/**/*.test.ts"], environment: "node" },
});
