/* What a person chose for this browser: language, colours, size of letters, programme. Kept in local storage. */
import { computed, reactive, watchEffect } from "vue";
import type { Lang } from "@/api";

export type Theme = "light" | "dark" | "auto";
const KEY = "gongfu.settings";
interface Settings { lang: Lang; theme: Theme; large: boolean; programme: string; narrow: boolean }
const DEFAULTS: Settings = { lang: "zh", theme: "auto", large: false, programme: "", narrow: false };

function stored(): Partial<Settings> {
  try { return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>; } catch { return {}; }
}
export const settings = reactive<Settings>({ ...DEFAULTS, ...stored() });

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
const system = reactive({ dark: prefersDark.matches });
prefersDark.addEventListener?.("change", (event) => { system.dark = event.matches; });
export const dark = computed(() => settings.theme === "dark" || (settings.theme === "auto" && system.dark));

const phoneQuery = window.matchMedia("(max-width: 719px)");
const screenState = reactive({ phone: phoneQuery.matches });
phoneQuery.addEventListener?.("change", (event) => { screenState.phone = event.matches; });
export const phone = computed(() => screenState.phone);

watchEffect(() => {
  const root = document.documentElement;
  root.classList.toggle("dark", dark.value);
  root.classList.toggle("large", settings.large);
  root.lang = settings.lang === "zh" ? "zh-CN" : "en";
  try { localStorage.setItem(KEY, JSON.stringify(settings)); } catch { /* private windows keep nothing: the choice lasts as long as the page */ }
});
