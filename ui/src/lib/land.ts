/* What is said of farmland: who sees a parcel, today and once the sites are built; its area; where it lies. Numbers are
 * the server's own and never corrected: an area is that of the layer.
 */
import type { LandCamera, LandParcel, LandProfile, LandTower, Lang } from "@/api";

/* today: seen by what stands; built: only once the sites are built; unseen: by none; blank: no elevation; open: no run yet. */
export type Sight = "today" | "built" | "unseen" | "blank" | "open";
export type Answer = "near" | "county";
export type When = "today" | "built";
export const SIGHTS: Sight[] = ["today", "built", "unseen", "blank", "open"];
export const ANSWERS: Answer[] = ["near", "county"];

export function sightOf(parcel: LandParcel, when: When): Sight {
  if (parcel.seen === null) return "open";
  if ((parcel.before ?? 0) > 0) return "today";
  if (parcel.seen > 0) return when === "built" ? "built" : "unseen";
  return parcel.nodata === 1 ? "blank" : "unseen";
}
export const answerOf = (parcel: LandParcel): Answer => (parcel.answered ? "near" : "county");
/* What stands today: an upgrade is a mast whose camera is still to come. */
export const isThere = (tower: LandTower, when: When): boolean => when === "built" || tower.state === "standing";

/* ---- numbers in words ---- */

const M2_PER_MU = 2000 / 3, M2_PER_HECTARE = 10_000;
const fixed = (value: number, digits: number, lang: Lang): string =>
  value.toLocaleString(lang === "zh" ? "zh-CN" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const muOf = (area_m2: number): number => area_m2 / M2_PER_MU;
export const muText = (area_m2: number, lang: Lang): string => `${fixed(muOf(area_m2), !area_m2 ? 0 : muOf(area_m2) < 100 ? 2 : 1, lang)} ${lang === "zh" ? "亩" : "mu"}`;
export const hectareText = (area_m2: number, lang: Lang): string =>
  `${fixed(area_m2 / M2_PER_HECTARE, !area_m2 ? 0 : area_m2 < M2_PER_HECTARE ? 3 : 1, lang)} ${lang === "zh" ? "公顷" : "ha"}`;
export const areaText = (area_m2: number | null, lang: Lang): string => (area_m2 === null ? "—" : `${muText(area_m2, lang)} · ${hectareText(area_m2, lang)}`);
export const distanceText = (metres: number, lang: Lang): string =>
  (metres < 1000 ? `${Math.round(metres)} ${lang === "zh" ? "米" : "m"}` : `${fixed(metres / 1000, 1, lang)} ${lang === "zh" ? "公里" : "km"}`);
export const heightText = (metres: number, lang: Lang): string =>
  `${fixed(metres, Math.abs(metres) < 10 ? 1 : 0, lang)} ${lang === "zh" ? "米" : "m"}`;
/* A share is never rounded to all or to nothing. */
export function shareText(share: number | null): string {
  if (share === null) return "—";
  if (share === 0 || share === 1) return `${share * 100}%`;
  return `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(share > 0.1 && share < 0.99 ? 0 : 1)}%`;
}

/* ---- where things lie ---- */

type Ring = [number, number][];
/* POLYGON and MULTIPOLYGON as lists of rings; null when it is neither. */
export function polygonsOf(wkt: string): Ring[][] | null {
  const found = /^\s*(MULTI)?POLYGON\s*(\([\s\S]*\))\s*$/i.exec(wkt);
  if (!found) return null;
  const text = found[2].replace(/(-?[\d.]+(?:e[-+]?\d+)?)\s+(-?[\d.]+(?:e[-+]?\d+)?)/gi, "[$1,$2]").replace(/\(/g, "[").replace(/\)/g, "]");
  try {
    const read = JSON.parse(text) as Ring[] | Ring[][];
    return (found[1] ? read : [read]) as Ring[][];
  } catch { return null; }
}
/* A point within: a parcel bent like a terrace does not hold its own centre, so it is the middle of the longest piece of
 * the line across at half its height; the line is moved a little off a corner that it would touch. */
export function pointIn(wkt: string): [number, number] | null {
  const rings = polygonsOf(wkt)?.[0], lats = rings?.[0]?.map(([, lat]) => lat);
  if (!rings || !lats?.length) return null;
  const low = Math.min(...lats), high = Math.max(...lats), across = low + (high - low) * 0.5000017;
  const cuts = rings.flatMap((ring) => ring.slice(1).flatMap(([x, y], i) => {
    const [x0, y0] = ring[i];
    return y0 > across === y > across ? [] : [x0 + ((across - y0) / (y - y0)) * (x - x0)];
  })).sort((a, b) => a - b);
  let best: [number, number] | null = null, longest = -1;
  for (let i = 0; i + 1 < cuts.length; i += 2)
    if (cuts[i + 1] - cuts[i] > longest) { longest = cuts[i + 1] - cuts[i]; best = [(cuts[i] + cuts[i + 1]) / 2, across]; }
  return best ?? rings[0][0];
}

const EARTH_M = 6_371_000, RAD = Math.PI / 180;
function metresBetween(a: [number, number], b: [number, number]): number {
  const half = Math.sin(((b[1] - a[1]) * RAD) / 2) ** 2 + Math.cos(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.sin(((b[0] - a[0]) * RAD) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half));
}
function bearing(a: [number, number], b: [number, number]): number {
  const dx = Math.sin((b[0] - a[0]) * RAD) * Math.cos(b[1] * RAD);
  const dy = Math.cos(a[1] * RAD) * Math.sin(b[1] * RAD) - Math.sin(a[1] * RAD) * Math.cos(b[1] * RAD) * Math.cos((b[0] - a[0]) * RAD);
  return (Math.atan2(dx, dy) / RAD + 360) % 360;
}
export const nearest = (towers: LandTower[], to: [number, number], count: number): { tower: LandTower; dist_m: number }[] =>
  towers.map((tower) => ({ tower, dist_m: metresBetween([tower.lon, tower.lat], to) })).sort((a, b) => a.dist_m - b.dist_m).slice(0, count);

/* ---- what a line of sight says ---- */

const NORTH_DEG = 2;  // sectors are told from grid north, which is up to 1.5 degrees off the true one
function turnsTo(camera: LandCamera, degrees: number): boolean {
  const from = camera.pan_from_deg, to = camera.pan_to_deg;
  if (from === undefined || to === undefined || to - from >= 360) return true;
  return (degrees - from + NORTH_DEG + 720) % 360 <= ((to - from + 720) % 360) + 2 * NORTH_DEG;
}
/* Why a free line still gives no picture: no camera reaches so far, or none turns there. */
export type Limit = "range" | "pan";
const BARE_RANGE_M = 10_000;  // what the run takes for a camera without a range, and for a mast without a camera
export const rangeOf = (tower: LandTower): number => Math.max(...(tower.cameras.length ? tower.cameras : [{ range_m: undefined }]).map((camera) => camera.range_m ?? BARE_RANGE_M));
export function limitOf(tower: LandTower, to: [number, number], dist_m: number): Limit | null {
  const eyes: LandCamera[] = tower.cameras.length ? tower.cameras : [{ id: "", name: "" }];
  const reaching = eyes.filter((camera) => (camera.range_m ?? BARE_RANGE_M) >= dist_m);
  if (!reaching.length) return "range";
  return reaching.some((camera) => turnsTo(camera, bearing([tower.lon, tower.lat], to))) ? null : "pan";
}
/* Less than the elevation itself is good for (docs/terrain.md): to be looked at on the spot. */
const DOUBT_M = 5;
export const isDoubtful = (profile: LandProfile): boolean => profile.margin_m !== null && Math.abs(profile.margin_m) < DOUBT_M;

/* ---- which parcels are asked for ---- */

export interface Wanted { sight: "" | "seen" | Sight; answer: "" | Answer; land: string; town: string }
export const NOTHING_WANTED: Wanted = { sight: "", answer: "", land: "", town: "" };
const TOWN_DIGITS = 9;
export const townOf = (place: string): string => place.slice(0, TOWN_DIGITS);
export function fits(parcel: LandParcel, wanted: Wanted): boolean {
  const sight = sightOf(parcel, "built");
  return (!wanted.sight || wanted.sight === sight || (wanted.sight === "seen" && (sight === "today" || sight === "built")))
    && (!wanted.answer || wanted.answer === answerOf(parcel)) && (!wanted.land || wanted.land === parcel.land_code) && (!wanted.town || townOf(parcel.place) === wanted.town);
}
