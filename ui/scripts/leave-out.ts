/* Files of packages that a page never reaches, though an import does: each is replaced by as little as its importers ask for.
 * What would be called after all says so by an error; a file that a new version no longer has stops the build.
 */
import { existsSync } from "node:fs";
import type { Plugin } from "vite";

const MODULES = new URL("../node_modules/", import.meta.url).pathname;
const absent = (what: string): string => `throw new Error(${JSON.stringify(`${what} is left out, see scripts/leave-out.ts`)});`;

const INSTEAD: Record<string, string> = {
  // Mixes the shades of a button with a colour of its own.
  "@ctrl/tinycolor/dist/module/public_api.js": `export class TinyColor { constructor() { ${absent("a button's own colour")} } }`,
  // Styles written as JSON, with an expression language.
  "ol/render/canvas/style.js": `export function flatStyleLikeToStyleFunction() { ${absent("a style as JSON")} }`,
  // Pictures in another projection than the map's.
  "ol/reproj/Image.js": `export default class { constructor() { ${absent("reprojection")} } }`,
  // Axes of time, symbols drawn from SVG paths, hatches, colours by value, options of ECharts 2 and 3, its own words.
  "echarts/lib/scale/Time.js": `export default class { constructor() { ${absent("an axis of time")} } } export const calcNiceForTimeScale = null;`,
  "zrender/lib/tool/path.js": ["createFromString", "extendFromString", "mergePath", "clonePath"].map((name) => `export function ${name}() { ${absent("a path")} }`).join("\n"),
  "echarts/lib/util/decal.js": "export function createOrUpdatePatternFromDecal() { return null; }",
  "echarts/lib/visual/VisualMapping.js": "export default class { mapValueToVisual() {} }",
  "echarts/lib/preprocessor/backwardCompat.js": "export default function () {}",
  "echarts/lib/i18n/langZH.js": "export default {};",
  // Moving and zooming by the mouse.
  "echarts/lib/component/helper/RoamController.js": "export default class { enable() {} disable() {} dispose() {} on() { return this; } off() { return this; } }",
  // Browsers' own sort keeps the order of equals since Chrome 70.
  "zrender/lib/core/timsort.js": "export default function (list, compare) { list.sort(compare); }",
};

export function leaveOut(): Plugin {
  for (const file of Object.keys(INSTEAD)) if (!existsSync(MODULES + file)) throw new Error(`leave-out.ts: there is no ${file} any more`);
  return { name: "leave-out", enforce: "pre", load: (id) => INSTEAD[id.split("?")[0].replace(MODULES, "")] };
}
