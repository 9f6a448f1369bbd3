/* A village's water design: the village file, its parameters, and what the program made of it, as its documents hold them. */
import type { Lang } from "@/api";

export interface VillageSpot { id: string; name?: string; lon?: number; lat?: number; persons?: number }
export interface VillageFile {
  name: string; origin?: string; households: VillageSpot[]; public?: VillageSpot[]; sources: VillageSpot[]; tank?: { lon?: number; lat?: number };
  forbidden?: { ring: [number, number][] }[]; roads?: { line: [number, number][] }[]; norms?: Record<string, number>; crs?: string;
}
export interface VillageNorm { id: string; value: number; low: number; high: number; unit: string; source: string; doubt: "H" | "M" | "L"; given: boolean; zh: string; en: string }
export interface VillageLine { code: string; zh: string; en: string; size: string | null; unit: string; quantity: number; price_fen: number; total_fen: number }
export interface VillageAlternative {
  id: string; zh: string; en: string; feasible: boolean; proven: boolean; lack: string | null; lack_zh: string | null; works_fen: number; contingency_fen: number; total_fen: number; pipe_m: number;
  breaks: number; loops: number; house_prvs: number; pressure_least_m: number | null; pressure_least_at: string; still_most_m: number | null; velocity_most_ms: number;
}
export interface VillageDesign {
  name: string; origin: string; feasible: boolean; own_prices: boolean; chosen: string; demand: Record<string, number | string | null>; designs: VillageAlternative[];
  bill: VillageLine[]; norms: VillageNorm[];
}
export interface VillageFeature {
  properties: { id: string; kind: string; dn_mm?: number; sdr?: string; length_m?: number; pressure_m?: number; [key: string]: unknown };
  geometry: { type: "Point" | "LineString"; coordinates: unknown };
}

/* The text of a village file; null when it is none. What is missing inside is the server's to say. */
export function villageOf(text: string): VillageFile | null {
  try {
    const told = JSON.parse(text) as Partial<VillageFile> | null;
    return told && typeof told === "object" && Array.isArray(told.households) && Array.isArray(told.sources) ? (told as VillageFile) : null;
  } catch { return null; }
}

/* What the server takes: a tenth of the low to ten times the high end of practice; a village may also shrink. */
export function reachOf({ low, high }: VillageNorm): [number, number] {
  if (low < 0) return [-90, 300];
  return [low > 0 ? Number((low / 10).toPrecision(6)) : 0, high * 10];
}
export const usualText = (norm: VillageNorm): string => `${norm.low}–${norm.high}`;
export const isUnusual = (norm: VillageNorm, value: number): boolean => value < Math.min(norm.low, norm.high) || value > Math.max(norm.low, norm.high);

/* Rows of a CSV file by the names of its head. */
export function rowsOf(text: string): Record<string, string>[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).filter(Boolean).map(cellsOf), head = lines.shift() ?? [];
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ""])));
}
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) => (found[1] !== undefined ? found[1].replace(/""/g, '"') : found[2]));
}

export const titleOf = (one: { zh: string; en: string }, lang: Lang): string => (lang === "zh" ? one.zh : one.en);

/* Pipes by their outer diameter: the larger, the darker and wider. */
const TONES = ["gold", "olive", "green", "blue", "plum", "red"];
export function diameters(features: VillageFeature[]): { dn: number; tone: string }[] {
  const met = [...new Set(features.flatMap((one) => (one.properties.dn_mm ? [one.properties.dn_mm] : [])))].sort((a, b) => a - b);
  return met.map((dn, i) => ({ dn, tone: TONES[Math.min(i, TONES.length - 1)] }));
}
