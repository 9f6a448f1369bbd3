/* Files of packages that a page never reaches, though an import does: each is replaced by as little as its importers ask for.
 * What would be called after all fails loudly in the console; a file that a new version no longer has stops the build.
 */
import { existsSync } from "node:fs";
import type { Plugin } from "vite";

const MODULES = new URL("../node_modules/", import.meta.url).pathname;

const LEFT_OUT: Record<string, { why: string; code: string }> = {
  "@ctrl/tinycolor/dist/module/public_api.js": {
    why: "mixes the shades of a button with a colour of its own; no button has one",
    code: "export class TinyColor {}",
  },
  "ol/render/canvas/style.js": {
    why: "styles written as JSON, with an expression language; ours are objects",
    code: "export function flatStyleLikeToStyleFunction() { throw new Error('ol: styles as JSON are left out, give a Style'); }",
  },
  "ol/reproj/Image.js": {
    why: "pictures in another projection than the map's; the relief is Mercator like the map",
    code: "export default class { constructor() { throw new Error('ol: reprojection is left out, give a picture in EPSG:3857'); } }",
  },
};

export function leaveOut(): Plugin {
  for (const file of Object.keys(LEFT_OUT)) if (!existsSync(MODULES + file)) throw new Error(`leave-out.ts: there is no ${file} any more`);
  return {
    name: "leave-out", enforce: "pre",
    load: (id) => LEFT_OUT[id.split("?")[0].replace(MODULES, "")]?.code,
  };
}
