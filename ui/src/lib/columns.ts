/* Numbers in the columns of records: which figure each is, and how it is written. The unit stands beside it in the record,
 * or in the name of the column, as the server has it.
 */
import type { Bound, Column, Rec } from "@/api";
import { figureText } from "@/lib/figure";
import { moneyText } from "@/lib/money";
import { keyOf } from "@/state/names";
import { settings } from "@/state/settings";

export const isNumber = (column: Column): boolean => ["int", "decimal", "fen"].includes(column.type);

/* A column with a unit of its own beside it, and the registers whose value is the record itself. */
const UNIT_OF: Record<string, string> = { quantity: "quantity_unit", capacity: "capacity_unit", value: "unit", target: "unit" };
const WHOLE: Record<string, string> = { observations: "obs", facts: "fact" };
const ENDINGS: [RegExp, string][] = [[/_m2$/, "m2"], [/_m$/, "m"], [/_deg$/, "degree"], [/_mm$/, "mm"], [/_um$/, "um"], [/_px$/, "pixel"], [/_percent$/, "percent"]];

export function figureIn(register: string, row: Rec, column: Column): string {
  const id = String(row[keyOf(register)]);
  if (column.name === "value" && WHOLE[register]) return `${WHOLE[register]}.${id}`;
  return `record.${register}.${id}${column.name === "quantity" ? "" : `#${column.name}`}`;
}

/* A year, a line of a text or a coordinate is written as it stands. */
const PLAIN = /^(lon|lat|line|char|birth_year|block)|_found$/;
export function numberText(row: Rec, column: Column): string {
  const value = row[column.name], bound = (row.bound || null) as Bound | null, beside = UNIT_OF[column.name];
  if (value === null || value === undefined || value === "") return "";
  if (column.type === "fen") return moneyText(Number(value), bound, settings.lang);
  if (PLAIN.test(column.name)) return String(value);
  if (beside) return figureText(value, String(row[beside] ?? ""), bound, settings.lang);
  return figureText(value, ENDINGS.find(([ending]) => ending.test(column.name))?.[1], null, settings.lang);
}
