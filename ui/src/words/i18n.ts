/* The words table (each row holds both languages, so none can be missing) as vue-i18n wants it. */
import { watch } from "vue";
import { createI18n } from "vue-i18n";
import { settings } from "@/state/settings";
import { WORDS } from "@/words/words";

type Side = 0 | 1;
const side = (which: Side): Record<string, Record<string, string>> => Object.fromEntries(Object.entries(WORDS).map(([section, rows]) =>
  [section, Object.fromEntries(Object.entries(rows as Record<string, readonly [string, string]>).map(([key, pair]) => [key, pair[which]]))]));

export const i18n = createI18n({ legacy: false, locale: settings.lang, fallbackLocale: "zh", messages: { zh: side(0), en: side(1) }, missingWarn: false, fallbackWarn: false });
watch(() => settings.lang, (lang) => { i18n.global.locale.value = lang; });
