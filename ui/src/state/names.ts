/* Names of records by register and id. Lists show names, not codes; each is asked once and kept until log-out. */
import { reactive, watch } from "vue";
import { api, whole, type Rec } from "@/api";
import { may } from "@/state/session";
import { settings } from "@/state/settings";

const names = reactive<Record<string, string>>({});
const asked = new Set<string>();
const WHOLE = new Set(["units", "places"]);  // small, and named on every page: read in one go

export const keyOf = (register: string): string => (register === "places" ? "code" : register === "entries" ? "entry" : register === "holidays" ? "date" : "id");

export function labelOf(register: string, record: Rec): string {
  const english = settings.lang === "en" ? ["name_en", "post_en"] : [];
  for (const column of register === "units" ? [...english, "short_name", "name"] : [...english, "name", "post", "action", "work", "phrase", "purpose", "role"]) {
    const value = record[column];
    if (typeof value === "string" && value && !value.includes("*")) return value;
  }
  const key = record[keyOf(register)];
  return key === undefined || key === null ? "" : String(key);
}

async function readAll(register: string): Promise<void> {
  for (const record of await whole(register, { programme: "" })) names[`${register}/${String(record[keyOf(register)])}`] = labelOf(register, record);
}

async function readOne(register: string, id: string): Promise<void> {
  names[`${register}/${id}`] = labelOf(register, await api.get(register, id));
}

/* The name when known; until then the id, and the name follows by itself. */
export function nameOf(register: string, id: string | number | null | undefined): string {
  if (id === null || id === undefined || id === "") return "";
  const key = `${register}/${id}`;
  const found = names[key];
  if (found !== undefined) return found;
  const question = WHOLE.has(register) ? register : key;
  if (!asked.has(question) && may(register, "r")) {
    asked.add(question);
    (WHOLE.has(register) ? readAll(register) : readOne(register, String(id))).catch(() => undefined);  // a name that may not be read stays an id
  }
  return String(id);
}

/* A column may refer to several registers: the form of the id tells which is meant. */
/* Ids of units have u- in front, behind the name of their own programme where there is one: u-sport, pv-u-01-3. */
export const isUnitId = (id: string): boolean => /^(.+-)?u-/.test(id);
export function registerOfId(registers: string[], id: string): string {
  if (registers.includes("places") && /^\d{6,12}$/.test(id)) return "places";
  if (registers.includes("units") && isUnitId(id)) return "units";
  return registers.find((one) => one !== "places" && one !== "units") ?? registers[0];
}
export const partyRegister = (id: string): "units" | "places" => (/^\d{6,12}$/.test(id) ? "places" : "units");

export function forgetNames(): void {
  for (const key of Object.keys(names)) delete names[key];
  asked.clear();
}
watch(() => settings.lang, forgetNames);
