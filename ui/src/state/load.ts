/* What a page waits for: data, a failure as the server told it, or nothing yet. Only the newest question counts. */
import { shallowReactive, watch, type WatchSource } from "vue";
import { ApiError, type Problem } from "@/api";

export interface Load<T> { data: T | null; problem: Problem | null; busy: boolean; again: () => void }

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { type: "about:blank", title: "failed", status: 0, detail: String(error), code: "ui.failed", where: "", hint: "" };
}

export function useLoad<T>(ask: () => Promise<T>, when?: WatchSource | WatchSource[]): Load<T> {
  let turn = 0;
  const load: Load<T> = shallowReactive({ data: null, problem: null, busy: false, again: () => { void run(); } });
  async function run(): Promise<void> {
    const mine = ++turn;
    load.busy = true;
    load.problem = null;
    try {
      const data = await ask();
      if (mine === turn) load.data = data;
    } catch (error) {
      if (mine === turn) { load.problem = problemOf(error); load.data = null; }
    }
    if (mine === turn) load.busy = false;
  }
  if (when) watch(when, run, { immediate: true }); else void run();
  return load;
}
