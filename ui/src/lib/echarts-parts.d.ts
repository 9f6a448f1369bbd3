/* The parts of ECharts have no types of their own: those of its collections. */
declare module "echarts/lib/core/echarts.js" {
  export { init, type ECharts } from "echarts/core";
}
declare module "echarts/lib/extension.js" {
  export { use } from "echarts/core";
}
declare module "echarts/lib/*/install.js" {
  export const install: typeof import("echarts/charts").BarChart;
}
declare module "echarts/lib/component/grid/installSimple.js" {
  export const install: typeof import("echarts/charts").BarChart;
}
declare module "echarts/lib/renderer/installCanvasRenderer.js" {
  export const install: typeof import("echarts/charts").BarChart;
}
