/* A case is at its end when it is closed or was passed on; everything else is somebody's work. */
import type { CaseLine } from "@/api";
const ENDS = ["closed", "passed_on"];
export const isOpen = (one: CaseLine): boolean => !ENDS.includes(String(one.stage));
/* The server tells the day, then whether it is past and whether holidays were known: "2024-05-15 超期(只计周末)". */
export const dueDay = (one: CaseLine): string => String(one.due ?? "").slice(0, 10);
export const isLate = (one: CaseLine): boolean => /超期|overdue/.test(String(one.due ?? ""));
