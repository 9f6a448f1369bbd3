/* The office interface is built once into ui/dist and compiled into the program.
 *
 * Old targets: officials' machines run Chromium forks of 2020, often without WebGL. No source maps and no timestamps:
 * the same sources give the same bytes on Node 18 and on Node 20.
 */
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { leaveOut } from "./scripts/leave-out";

export default defineConfig({
  root: "src",
  base: "/app/",
  publicDir: false,
  plugins: [vue(), leaveOut()],
  resolve: {
    alias: [
      { find: "@", replacement: new URL("./src", import.meta.url).pathname },
      { find: /^vue-i18n$/, replacement: "vue-i18n/dist/vue-i18n.runtime.mjs" },  // words/i18n.ts makes the messages: no compiler
    ],
  },
  define: {
    __VUE_I18N_FULL_INSTALL__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: ["es2018", "chrome78"],
    cssTarget: ["chrome87"],
    assetsInlineLimit: 0,
    cssCodeSplit: false,  // one style sheet: pages share classes, and 25 kB are not worth an order of loading
    minify: "terser",     // 4 % smaller than esbuild makes it
    terserOptions: { module: true, ecma: 2018, compress: { passes: 2 }, format: { comments: false } },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (id.includes("node_modules/ol/")) return "map";
          if (/node_modules.(echarts|zrender)/.test(id)) return "charts";
          if (id.includes("node_modules")) return "base";
          return undefined;
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.GONGFU_API || "http://127.0.0.1:8080" } },
  test: { root: ".", include: ["tests/unit/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
