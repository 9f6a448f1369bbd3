/* A figure as text: value, unit and bound together, in the words of each language. */
import type { Bound, Entry, EntryRow, Lang } from "@/api";
import { bounded, fenOfYuan, grouped, moneyParts, type MoneyText } from "@/lib/money";
import { pageOf } from "@/lib/pages";

/* unit code: Chinese measure word, English words. Codes that are not here are shown as they are. */
const UNITS: Record<string, [string, string]> = {
  item: ["", ""], person: ["人", "people"], household: ["户", "households"], household_per_year: ["户/年", "households a year"], village: ["个村", "villages"],
  year: ["年", "years"], month: ["个月", "months"], day: ["天", "days"], mu: ["亩", "mu"], m2: ["平方米", "m²"], m: ["米", "m"], km: ["公里", "km"],
  percent: ["%", "%"], kW: ["千瓦", "kW"], kWh: ["千瓦时", "kWh"], henhouse: ["座鸡舍", "henhouses"], project: ["个项目", "projects"], school: ["所学校", "schools"],
  enterprise: ["家企业", "enterprises"], tower: ["座铁塔", "towers"], activity: ["场活动", "activities"], session: ["场", "sessions"], time: ["次", "times"],
  measure: ["项", "measures"], company: ["家", "companies"], book: ["册", "books"], paper: ["篇", "papers"], visitor: ["人次", "visits"], site: ["处", "sites"],
  field: ["个领域", "fields"], unit: ["个单位", "units"], star: ["星", "stars"], industry: ["个产业", "industries"], form: ["种", "forms"], batch: ["批", "batches"], times: ["倍", "times"], event: ["场", "events"], kind: ["种", "kinds"], county: ["个县", "counties"],
  research_project: ["项课题", "research projects"], edition: ["届", "editions"], building: ["栋", "buildings"], technology: ["项技术", "technologies"], use: ["类用途", "uses"], organisation: ["个组织", "organisations"], place: ["个地方", "places"], article: ["篇", "articles"], room: ["间", "rooms"],
  ratio: ["", ""], ordinal: ["", ""], degree: ["°", "°"], byte: ["字节", "bytes"], mm: ["毫米", "mm"], um: ["微米", "µm"], pixel: ["像素", "pixels"], person_month: ["人月", "person-months"], hour: ["小时", "hours"], tonne: ["吨", "t"], kg: ["千克", "kg"], student: ["名学生", "pupils"], teacher: ["名教师", "teachers"], trip: ["人次", "trips"],
};

export function unitText(code: string | null | undefined, lang: Lang): string {
  if (!code) return "";
  const words = UNITS[code];
  return words ? words[lang === "zh" ? 0 : 1] : code.replace(/_/g, " ");
}

export function plainNumber(value: number | string): string {
  const found = /^(-?)(\d+)(\.\d+)?$/.exec(String(value));
  if (!found) return String(value);
  return (found[1] ? "−" : "") + grouped(BigInt(found[2])) + (found[3] ?? "");
}

function parts(value: number | string, unit: string | null | undefined, lang: Lang): MoneyText {
  if (unit === "CNY") {
    const fen = fenOfYuan(value);
    if (fen !== null) return moneyParts(fen, lang);
    return { number: plainNumber(value), unit: lang === "zh" ? "元" : "yuan" };
  }
  if (unit === "calendar_year") return { number: String(value), unit: lang === "zh" ? "年" : "" };
  return { number: plainNumber(value), unit: unitText(unit, lang) };
}

export function figureText(value: number | string | null | undefined, unit: string | null | undefined, bound: Bound | null | undefined, lang: Lang): string {
  if (value === null || value === undefined || value === "") return "—";
  return bounded(parts(value, unit, lang), bound, lang);
}

/* One transfer: the entry itself when it has no other. */
export const entryFigure = (entry: Entry, row: EntryRow): string => `entry.${entry.entry}${entry.rows.length > 1 ? `#${entry.rows.indexOf(row) + 1}` : ""}`;

/* An id that opens; "assets/x" is a row, and a node without an id only a step. */
export const isFigure = (id: string | null | undefined): boolean => Boolean(id && /^[a-z]+\./.test(id));

/* "entry.128" leads to the entry, "record.assets.x" to the record, "doc.x" to the document: the page of a trace's node. */
export function pageOfFigure(id: string | null | undefined): string | null {
  if (!id) return null;
  const slash = /^([a-z_]+)\/(.+)$/.exec(id);  // a row under a count
  if (slash) return pageOf(slash[1], slash[2]);
  const dot = id.indexOf(".");
  const head = id.slice(0, dot), rest = id.slice(dot + 1);
  if (head === "entry") return `/money/entries/${encodeURIComponent(rest.split("#")[0])}`;
  if (head === "obs") return `/registers/observations/${encodeURIComponent(rest)}`;
  if (head === "fact") return `/registers/facts/${encodeURIComponent(rest)}`;
  if (head === "doc") return rest.length === 64 ? null : `/registers/documents/${encodeURIComponent(rest)}`;
  if (head === "record") {
    const [of] = rest.split("#"), split = of.indexOf(".");
    return split > 0 ? pageOf(of.slice(0, split), of.slice(split + 1)) : null;
  }
  return null;
}
