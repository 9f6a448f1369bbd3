/* The figure of a count: how many rows of a register fit, whenever. Only who sees all rows may open it; a smaller scope
 * would see another number than the one that is proven. Entries are totalled, never counted.
 */
import { isDemo } from "@/state/programme";
import { may, session } from "@/state/session";

const SHARED = new Set(["units", "places", "positions", "holidays"]);  // common ground of all programmes

export function countFigure(register: string, filter: Record<string, string | undefined> = {}): string | null {
  if (session.value?.scope !== "all" || !may(register, "r") || register === "entries") return null;
  const conditions = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
  if (isDemo.value && SHARED.has(register)) return null;  // real and invented rows together are no figure
  if (isDemo.value) conditions.push(["origin", "demo"]);
  if (conditions.some(([name, value]) => /[,@]/.test(name + value))) return null;
  return `count.${register}${conditions.length ? "." : ""}${conditions.map(([name, value]) => `${name}=${value}`).join(",")}@all`;
}
