/* Loose periods: 2024, 2024-03, 2024-03-05, and ranges of them by "/". Shown as they stand, never made exact. */
import type { Lang } from "@/api";

const PART = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

function oneText(part: string, lang: Lang): string {
  const found = PART.exec(part);
  if (!found) return part;
  if (lang === "en") return part;
  return `${found[1]}年` + (found[2] ? `${Number(found[2])}月` : "") + (found[3] ? `${Number(found[3])}日` : "");
}

export function periodText(period: string | null | undefined, lang: Lang): string {
  if (!period) return "";
  const [from, to] = period.split("/");
  if (to === undefined) return oneText(from, lang);
  return `${from ? oneText(from, lang) : "…"}${lang === "zh" ? "—" : " – "}${to ? oneText(to, lang) : "…"}`;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysOf = (year: number, month: number): number => (month === 2 && (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) ? 29 : DAYS[month - 1]);
const dayNumber = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / 86_400_000;

function bounds(part: string): [number, number] | null {
  const found = PART.exec(part);
  if (!found) return null;
  const year = Number(found[1]), month = found[2] ? Number(found[2]) : 0, day = found[3] ? Number(found[3]) : 0;
  if (month > 12 || (found[2] && month < 1) || (month && day > daysOf(year, month)) || (found[3] && day < 1)) return null;
  return [dayNumber(year, month || 1, day || 1), dayNumber(year, month || 12, day || daysOf(year, month || 12))];
}

/* First and last day (days since 1970) that the words can mean; null when they are no period. */
export function periodDays(period: string | null | undefined): [number, number] | null {
  if (!period) return null;
  const [from, to] = period.split("/");
  const first = bounds(from), last = bounds(to ?? from);
  if (!first || !last || first[0] > last[1]) return null;
  return [first[0], last[1]];
}

/* The number of a whole day, or null: 2024-03 is a period and no day. */
export function dayOf(text: string): number | null {
  const found = PART.exec(text)?.[3] ? bounds(text) : null;
  return found ? found[0] : null;
}

export const isPeriod = (text: string): boolean => periodDays(text) !== null;

const HERE = "Asia/Shanghai";

/* Instants are stored in UTC and shown in the programme's zone. */
export function instantText(utc: string | null | undefined, lang: Lang): string {
  if (!utc) return "";
  const at = new Date(utc);
  if (Number.isNaN(at.getTime())) return utc;
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { timeZone: HERE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

export function today(): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: HERE, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date());
  return parts;
}

export const dateText = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);
