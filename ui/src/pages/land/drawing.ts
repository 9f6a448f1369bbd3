/* What is drawn over the map: the area that a tower sees, a line of sight with what stops it, the names of the towns. */
import Feature from "ol/Feature";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import { fromLonLat } from "ol/proj";
import { Circle, Fill, RegularShape, Stroke, Style, Text } from "ol/style";
import type { LandProfile, LandTower } from "@/api";
import { token } from "@/lib/ink";
import { nameOf } from "@/state/names";
import { settings } from "@/state/settings";
import { donutSize, mastStyle } from "@/pages/land/marks";

export interface Line { tower: LandTower; to: [number, number]; profile: LandProfile | null }

export function lookOfArea(feature: Feature): Style {
  const known = feature.get("sight") === "seen", tone = token(known ? "green" : "faint");
  return new Style({ fill: new Fill({ color: `${tone}${known ? "3d" : "30"}` }), stroke: new Stroke({ color: `${tone}aa`, width: 1, lineDash: known ? undefined : [3, 3] }) });
}
export function lookOfSight(feature: Feature): Style {
  const part = feature.get("part") as "mast" | "open" | "free" | "behind" | "stop" | "end";
  if (part === "mast") return mastStyle((feature.get("tower") as LandTower).state, true, false);
  const tone = token(part === "free" ? "green" : part === "end" || part === "open" ? "ink" : "red");
  if (part === "end") return new Style({ image: new Circle({ radius: 7, stroke: new Stroke({ color: token("focus"), width: 3 }), fill: new Fill({ color: `${tone}33` }) }) });
  if (part === "stop") return new Style({ zIndex: 3, image: new RegularShape({ points: 4, radius: 9, radius2: 0, angle: Math.PI / 4, stroke: new Stroke({ color: tone, width: 3 }) }) });
  return new Style({ stroke: new Stroke({ color: tone, width: 2.5, lineDash: part === "free" ? undefined : [6, 5] }) });
}
/* The picked tower, and from it the line to a point: whole while nobody knows, else as far as it is free. */
export function lineFeatures(mast: LandTower, line: Line | null): Feature[] {
  const found: Feature[] = [new Feature({ geometry: new Point(fromLonLat([mast.lon, mast.lat])), part: "mast", tower: mast })];
  if (!line) return found;
  const { tower, to, profile } = line, from = fromLonLat([tower.lon, tower.lat]), end = fromLonLat(to);
  const stop = profile?.sight === "hidden" && profile.blocker_dist_m !== null ? profile.blocker_dist_m / profile.dist_m : 1;
  const middle = [from[0] + (end[0] - from[0]) * stop, from[1] + (end[1] - from[1]) * stop];
  found.push(new Feature({ geometry: new LineString([from, middle]), part: profile ? "free" : "open" }));
  if (stop < 1) found.push(new Feature({ geometry: new LineString([middle, end]), part: "behind" }), new Feature({ geometry: new Point(middle), part: "stop" }));
  found.push(new Feature({ geometry: new Point(end), part: "end" }));
  return found;
}

/* A name goes above, below or beside its seat: to the first side where no count stands in its way. */
function sideOf(at: number[], wide: number, resolution: number, heaps: Feature[]): number[] {
  const HIGH = 9, sides = [16, 24, 34].flatMap((far) => [[0, -far], [0, far], [wide / 2 + far - 4, 0], [-wide / 2 - far + 4, 0], [wide / 2, -far], [-wide / 2, -far]]);
  const counts = heaps.map((heap) => ({ at: (heap.getGeometry() as Point).getCoordinates(), radius: donutSize((heap.get("features") as Feature[]).length) / 2 }));
  const free = ([dx, dy]: number[]): boolean => counts.every(({ at: [x, y], radius }) =>
    Math.abs((x - at[0]) / resolution - dx) > wide / 2 + radius || Math.abs((at[1] - y) / resolution - dy) > HIGH + radius);
  return sides.find(free) ?? sides[0];
}
export function lookOfName(feature: Feature, resolution: number, heaps: Feature[]): Style {
  const text = nameOf("places", feature.get("code") as string), size = settings.large ? 15 : 12.5;
  const wide = [...text].reduce((sum, letter) => sum + (letter > "\u2000" ? size : size * 0.55), 0);
  const [offsetX, offsetY] = sideOf((feature.getGeometry() as Point).getCoordinates(), wide, resolution, heaps);
  return new Style({ text: new Text({
    text, font: `${size}px ${token("font")}`, offsetX, offsetY, fill: new Fill({ color: token("ink") }), stroke: new Stroke({ color: token("land"), width: 3.5 }),
  }) });
}
