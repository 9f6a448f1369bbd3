/* PV plants: energy as text, months and their days, faults gathered by the alarm that stands for them. */
import type { Lang, Plant, PlantFault, PlantMonth } from "@/api";
import { figureText } from "@/lib/figure";

/* Whole kWh from a hundred on, else one decimal: the exact number stands in the derivation. */
export function kwh(wh: number | null, lang: Lang): string {
  if (wh === null) return "—";
  return figureText((wh / 1000).toFixed(wh === 0 || Math.abs(wh) >= 100_000 ? 0 : 1), "kWh", null, lang);
}
export const bareKwh = (wh: number | null, lang: Lang): string => kwh(wh, lang).replace(/\s*(千瓦时|kWh)$/, "");
export const percent = (ppm: number | null): string => (ppm === null ? "—" : `${(ppm / 10_000).toFixed(1)}%`);
export const shareOf = (made: number, expected: number | null): string => (expected ? `${((made / expected) * 100).toFixed(1)}%` : "—");
export const kilowatts = (watt: number | null): string => (watt === null ? "—" : String(Math.round(watt / 100) / 10));

export function lastDay(month: string): string {
  const [year, mon] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, mon, 0)).getUTCDate()).padStart(2, "0")}`;
}
/* The months that are shown, as a period: "2025-01/2025-12". */
export const spanOf = (months: PlantMonth[]): string => (months.length ? `${months[0].month}/${months[months.length - 1].month}` : "");
/* The civil day of an instant at the plant. */
export const dayAt = (utc: string, plant: Plant): string => new Date(Date.parse(utc) + plant.zone_minutes * 60_000).toISOString().slice(0, 10);

export interface Alarm { key: string; kind: string; inverters: string[]; first: string; last: string; count: number; lost_wh: number; case: string | null; fault: string | null }
/* Stretches of one alarm stand as one row; what has none (clipping, or no reporter) by kind and inverter. */
export function alarmsOf(plant: Plant): Alarm[] {
  const rows = new Map<string, Alarm>();
  for (const one of plant.faults) {
    const key = one.fault ?? `${one.kind} ${one.inverter ?? ""}`, row = rows.get(key) ?? begin(key, one, plant);
    if (one.inverter && !row.inverters.includes(one.inverter)) row.inverters.push(one.inverter);
    row.last = dayAt(one.last_utc, plant) > row.last ? dayAt(one.last_utc, plant) : row.last;
    row.count += 1;
    row.lost_wh += one.lost_wh;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.first.localeCompare(a.first));
}
function begin(key: string, one: PlantFault, plant: Plant): Alarm {
  return { key, kind: one.kind, inverters: [], first: dayAt(one.first_utc, plant), last: dayAt(one.last_utc, plant), count: 0, lost_wh: 0, case: one.case, fault: one.fault };
}
