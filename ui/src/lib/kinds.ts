/* The kinds of money and their stages, in the order in which money moves. */
import type { Kind } from "@/api";
export const KINDS: Kind[] = ["cash", "in_kind", "loan", "investment", "result"];
const GRANT = ["applied", "approved", "committed", "received", "allocated", "paid", "accepted"];
export const STAGES: Record<Kind, string[]> = { cash: GRANT, in_kind: GRANT, loan: ["applied", "approved", "drawn", "repaid"], investment: GRANT, result: ["received"] };
/* Rows of one kind in the order in which money moves; what has no stage is income that was received. */
export const byStage = <T extends { stage?: unknown }>(kind: Kind, rows: T[]): T[] =>
  [...rows].sort((a, b) => STAGES[kind].indexOf(String(a.stage || "received")) - STAGES[kind].indexOf(String(b.stage || "received")));
/* verb of an entry: kind -> verb -> the stage it leads to; fund/rules.c is the law, this only offers. */
export const VERBS: [string, string][] = [["申报", "applied"], ["审批", "approved"], ["协调", "committed"], ["取得", "received"], ["划转", "received"], ["落实", "allocated"], ["投入", "paid"], ["承担", "paid"], ["捐赠", "paid"], ["新增投资", "paid"], ["验收", "accepted"], ["发放", "drawn"], ["还款", "repaid"], ["销售收入", "received"], ["电费收入", "received"]];
export const PROJECT_STAGES = ["proposed", "approved", "contracted", "building", "accepted", "handed_over"];
