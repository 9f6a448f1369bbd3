/* The figures of lists: how many rows fit, and what a column of them adds up to. The server counts the rows that the
 * reader's own list holds, so that the number over a list opens for everybody who sees the list.
 */
import { settings } from "@/state/settings";
import { may } from "@/state/session";

export type Conditions = Record<string, string | undefined>;

/* What has a meaning in an id is escaped. */
const plain = (value: string): string => value.replace(/[%,@|]/g, encodeURIComponent);
const conditionsOf = (filter: Conditions): string => {
  const told = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
  return (told.length ? "." : "") + told.map(([name, value]) => `${name}=${plain(value)}`).join(",");
};

export const countFigure = (register: string, filter: Conditions = {}): string | null =>
  (may(register, "r") ? `count.${settings.programme}/${register}${conditionsOf(filter)}@all` : null);
export const sumFigure = (register: string, column: string, filter: Conditions = {}): string | null =>
  (may(register, "r") ? `sum.${settings.programme}/${register}#${column}${conditionsOf(filter)}@all` : null);
/* One figure over another, in percent. */
export const ratioFigure = (part: string | null, whole: string | null): string | null => (part && whole ? `ratio.${part}|${whole}` : null);
