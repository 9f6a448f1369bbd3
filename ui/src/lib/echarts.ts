/* ECharts, part by part: bars, lines and bands of flow, on a canvas. Its own collections would bring a tenth more. */
import { init, type ECharts } from "echarts/lib/core/echarts.js";
import { use } from "echarts/lib/extension.js";
import { install as bars } from "echarts/lib/chart/bar/install.js";
import { install as lines } from "echarts/lib/chart/line/install.js";
import { install as flows } from "echarts/lib/chart/sankey/install.js";
import { install as grid } from "echarts/lib/component/grid/installSimple.js";
import { install as canvas } from "echarts/lib/renderer/installCanvasRenderer.js";
import type { ComposeOption } from "echarts/core";
import type { BarSeriesOption, LineSeriesOption, SankeySeriesOption } from "echarts/charts";
import type { GridComponentOption } from "echarts/components";

use([bars, lines, flows, grid, canvas]);

export type Picture = ComposeOption<BarSeriesOption | LineSeriesOption | SankeySeriesOption | GridComponentOption>;
export type Drawing = ECharts;
export const drawIn = (box: HTMLElement): Drawing => init(box, null, { renderer: "canvas" });
