/* Who is logged in, and what they may do. Rights decide what is offered; the server decides what is given. */
import { computed, reactive } from "vue";
import { api, ApiError, useCsrf, type Session } from "@/api";
import { forgetNames } from "@/state/names";

interface State { known: boolean; session: Session | null; expired: boolean }
export const state = reactive<State>({ known: false, session: null, expired: false });
export const session = computed(() => state.session);

function keep(found: Session | null): void {
  state.session = found;
  state.known = true;
  useCsrf(found?.csrf ?? "");
}

let asked: Promise<void> | null = null;
export function ensureSession(): Promise<void> {
  if (state.known) return Promise.resolve();
  asked ??= api.session().then(keep, (error: unknown) => {
    if (error instanceof ApiError && error.status !== 401) { asked = null; throw error; }
    keep(null);
  });
  return asked;
}

export async function login(user: string, password: string, totp?: string): Promise<void> {
  const found = await api.login({ user, password, ...(totp ? { totp } : {}) });
  forgetNames();
  state.expired = false;
  keep(found);
}

export async function logout(): Promise<void> {
  try { await api.logout(); } finally { keep(null); forgetNames(); }
}

export function expire(): void {
  if (!state.session) return;
  state.expired = true;
  keep(null);
}

export async function refresh(): Promise<void> { keep(await api.session()); }
export const may = (register: string, right: "r" | "w" | "v" | "x"): boolean => (state.session?.rights[register] ?? "").includes(right);
export const sees = (area: string): boolean => state.session?.areas.includes(area) ?? false;
/* Sums over the whole programme are for those whose scope takes it in. */
export const seesWhole = computed(() => state.session?.scope === "all");
export const opens = (page: { area?: string; whole?: boolean } | undefined): boolean => (!page?.area || sees(page.area)) && (!page?.whole || seesWhole.value);
