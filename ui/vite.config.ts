/* The office interface is built once into ui/dist and compiled into the program.
 *
 * Old targets: officials' machines run Chromium forks of 2020, often without WebGL. No source maps and no timestamps:
 * the same sources give the same bytes on Node 18 and on Node 20.
 */
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src",
  base: "/app/",
  publicDir: false,
  plugins: [vue()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  define: {
    __VUE_I18N_FULL_INSTALL__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: ["es2018", "chrome78"],
    cssTarget: ["chrome87"],
    assetsInlineLimit: 0,
    cssCodeSplit: false,  // one style sheet: pages share classes, and 25 kB are not worth an order of loading
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (id.includes("node_modules/ol/")) return "map";
          if (id.includes("node_modules")) return "base";
          return undefined;
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.GONGFU_API || "http://127.0.0.1:8080" } },
  test: { root: ".", include: ["tests/unit/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
