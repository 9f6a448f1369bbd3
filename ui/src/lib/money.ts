/* Money in words. Integer fen in, text out; BigInt inside, so that no digit is ever lost to a float.
 *
 * Chinese counts in 万 and 亿, English does not: each language gets its own form. A value that is not whole in the
 * larger unit keeps as many decimals as it has, so a figure on screen is exact however it is written.
 */
import type { Bound, Lang } from "@/api";

const FEN_PER_YUAN = 100n;
const FEN_PER_WAN = 1_000_000n;
const FEN_PER_MILLION = 100_000_000n;
const FEN_PER_YI = 10_000_000_000n;

export function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/* fen over a unit, exactly: 4 of 123456 over 万 is 0.123456, trailing zeros gone. */
export function exactOver(fen: bigint, unit: bigint): string {
  const sign = fen < 0n ? "−" : "";
  const size = fen < 0n ? -fen : fen;
  const digits = unit.toString().length - 1;
  const rest = (size % unit).toString().padStart(digits, "0").replace(/0+$/, "");
  return sign + grouped(size / unit) + (rest ? `.${rest}` : "");
}

export interface MoneyText { number: string; unit: string }

const size = (fen: bigint): bigint => (fen < 0n ? -fen : fen);

/* 亿 only when at most four decimals are left, 万 when at most two: otherwise the smaller unit reads better. */
export function moneyParts(fen: number | bigint, lang: Lang): MoneyText {
  const amount = BigInt(fen);
  if (lang === "en") return size(amount) >= FEN_PER_MILLION && amount % (FEN_PER_MILLION / 1000n) === 0n ? { number: exactOver(amount, FEN_PER_MILLION), unit: "million yuan" } : { number: exactOver(amount, FEN_PER_YUAN), unit: "yuan" };
  if (size(amount) >= FEN_PER_YI && amount % (FEN_PER_YI / 10_000n) === 0n) return { number: exactOver(amount, FEN_PER_YI), unit: "亿元" };
  if (size(amount) >= FEN_PER_WAN && amount % (FEN_PER_WAN / 100n) === 0n) return { number: exactOver(amount, FEN_PER_WAN), unit: "万元" };
  return { number: exactOver(amount, FEN_PER_YUAN), unit: "元" };
}

export function bounded(parts: MoneyText, bound: Bound | null | undefined, lang: Lang): string {
  const gap = lang === "en" && /^[^%°]/.test(parts.unit) ? " " : "";
  if (bound === "at_least") return lang === "zh" ? `${parts.number}余${parts.unit}` : `at least ${parts.number}${gap}${parts.unit}`;
  if (bound === "about") return (lang === "zh" ? "约" : "about ") + parts.number + gap + parts.unit;
  return parts.number + gap + parts.unit;
}

export const moneyText = (fen: number | bigint, bound: Bound | null | undefined, lang: Lang): string => bounded(moneyParts(fen, lang), bound, lang);

/* A whole column in one unit, for ledgers: 1,234.56 */
export const yuanText = (fen: number | bigint): string => {
  const amount = BigInt(fen);
  const text = exactOver(amount, FEN_PER_YUAN);
  const [whole, cents = ""] = text.split(".");
  return `${whole}.${cents.padEnd(2, "0")}`;
};

/* What a person types, to fen: "12.5万", "1,200.30", "3亿". Null when it is no amount or finer than one fen. */
export function parseMoney(text: string): number | null {
  const found = /^\s*[¥￥]?\s*(-?)(\d[\d,，]*)(?:\.(\d*))?\s*(亿|万|)\s*元?\s*$/.exec(text);
  if (!found) return null;
  const unit = found[4] === "亿" ? 10 : found[4] === "万" ? 6 : 2;
  const decimals = (found[3] ?? "").replace(/0+$/, "");
  if (decimals.length > unit) return null;
  const fen = BigInt(found[2].replace(/[,，]/g, "") + decimals.padEnd(unit, "0"));
  if (fen > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  return Number(fen) * (found[1] ? -1 : 1);
}

/* Yuan of a figure (a JSON number with at most two decimals) to fen, through its decimal text and never by multiplying. */
export function fenOfYuan(yuan: number | string): bigint | null {
  const found = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(String(yuan));
  if (!found) return null;
  const fen = BigInt(found[2]) * FEN_PER_YUAN + BigInt((found[3] ?? "").padEnd(2, "0") || "0");
  return found[1] ? -fen : fen;
}

export const sumFen = (amounts: number[]): number => Number(amounts.reduce((all, fen) => all + BigInt(fen), 0n));
