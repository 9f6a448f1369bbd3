/* Water networks: sizes as the server reads them, what a design is called, which colour a pressure has, which sentence says what is broken. */
import type { Lang, WaterAnswer, WaterDesign, WaterNet, WaterSlack } from "@/api";

export type Chosen = (number | null)[];

/* {"110.2":["p1"]}: the form of the register. */
export function sizesText(net: WaterNet, chosen: Chosen): string {
  const groups: Record<string, string[]> = {};
  net.links.forEach((link, i) => { const size = chosen[i]; if (size !== null) (groups[net.sizes[size].key] ??= []).push(link.id); });
  return JSON.stringify(groups);
}
export const sized = (net: WaterNet): number[] => net.links.flatMap((link, i) => (link.options ? [i] : []));
export const largest = (net: WaterNet): Chosen => net.links.map((link) => (link.options ? link.options[link.options.length - 1] : null));
export const differs = (a: Chosen, b: Chosen): number => a.filter((size, i) => size !== b[i]).length;

export const titleIn = (one: { name: string; name_en: string }, lang: Lang): string => (lang === "en" && one.name_en) || one.name;

/* The best bound that any design of the network brought. */
export const boundOf = (net: WaterNet): number | null => net.designs.reduce<number | null>((best, one) => (one.bound_fen !== null && (best === null || one.bound_fen > best) ? one.bound_fen : best), null);
/* Shares of a hundred, rounded up: "at most". */
export const gapPercent = (cost: number, bound: number): number => Math.ceil(((cost - bound) / bound) * 1000) / 10;

export const opening = (net: WaterNet, lookFor: string): WaterDesign | undefined => net.designs.find((one) => one.id === lookFor) ?? net.designs.find((one) => one.role === "after" && one.chosen) ?? net.designs.find((one) => one.chosen);

/* ---- colours: what is broken is red, whatever its number ---- */

export interface Band { below: number; tone: string; text: string }
export const PRESSURES: Band[] = [{ below: 20, tone: "gold", text: "< 20" }, { below: 40, tone: "green", text: "20–40" }, { below: 60, tone: "blue", text: "40–60" }, { below: Infinity, tone: "plum", text: "> 60" }];
export const VELOCITIES: Band[] = [{ below: 0.1, tone: "faint", text: "< 0.1" }, { below: 0.5, tone: "blue", text: "0.1–0.5" }, { below: 1, tone: "green", text: "0.5–1" }, { below: Infinity, tone: "gold", text: "> 1" }];
export const bandOf = (bands: Band[], value: number): Band => bands.find((one) => value < one.below) ?? bands[bands.length - 1];
export const pressureTone = (answer: WaterAnswer, node: number): string => ((answer.slack_m[node] ?? 0) < 0 || answer.pressure_m[node] < 0 ? "red" : bandOf(PRESSURES, answer.pressure_m[node]).tone);
export const velocityTone = (net: WaterNet, answer: WaterAnswer, link: number): string =>
  (net.links[link].options && net.velocity_max_ms !== null && answer.velocity_ms[link] > net.velocity_max_ms ? "red" : bandOf(VELOCITIES, answer.velocity_ms[link]).tone);

/* ---- numbers ---- */

export const metres = (value: number, digits = 1): string => { const text = Math.abs(value).toFixed(digits); return (value < 0 && Number(text) !== 0 ? "−" : "") + text; };
/* Small slacks with a digit more, rounded down: never better than they are. */
export const slackDigits = (value: number): string => { const digits = Math.abs(value) < 0.1 ? 3 : Math.abs(value) < 1000 ? 2 : 0, scale = 10 ** digits; return metres(Math.floor(Math.abs(value) * scale) / scale, digits); };
export const grouped = (value: number, lang: Lang, digits = 0): string => value.toLocaleString(lang === "zh" ? "zh-CN" : "en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
/* The node whose pressure is nearest to its limit. */
export function tightest(answer: WaterAnswer): number {
  return answer.slack_m.reduce<number>((best, slack, i) => (slack !== null && (best < 0 || slack < answer.slack_m[best]!) ? i : best), -1);
}

type Say = (key: string, values: Record<string, string | number>) => string;
export function brokenText(net: WaterNet, answer: WaterAnswer, one: WaterSlack, t: Say): string {
  const by = slackDigits(one.slack);
  if (one.limit === "velocity") return t("water.velocity", { id: net.links[one.index].id, is: metres(answer.velocity_ms[one.index], 2), by });
  if (one.limit === "min_head" && answer.pressure_m[one.index] < 0) return t("water.dry", { id: net.nodes[one.index].id, by });
  return t(`water.${one.limit}`, { id: net.nodes[one.index].id, is: metres(answer.pressure_m[one.index], 1), want: net.nodes[one.index].min_m ?? "", by });
}
/* Why the worst node is short, and what would help. */
export function whyText(net: WaterNet, answer: WaterAnswer, t: Say): string {
  const why = answer.shortage;
  if (!why) return "";
  const node = net.nodes[why.node].id;
  if (why.cut_off) return t("water.cutOff", { node });
  if (why.static_m < (net.nodes[why.node].min_m ?? 0)) return t("water.tooHigh", { m: metres(why.static_m) });
  const told = why.worst_link === null ? "" : t("water.why", { node, link: net.links[why.worst_link].id, m: metres(why.worst_loss_m ?? 0) });
  const help = why.remedy_link === null ? t("water.noRemedy", {}) : t("water.remedy", { link: net.links[why.remedy_link].id, mm: why.remedy_mm ?? 0 });
  return `${told} ${help}`.trim();
}
