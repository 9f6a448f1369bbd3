/* The words table (each row holds both languages, so none can be missing) as vue-i18n wants it. A place is written {name}
 * and nothing else is ever written: so a message is a function of one line, and the compiler of messages stays out.
 */
import { watch } from "vue";
import { createI18n, type MessageContext, type MessageFunction } from "vue-i18n";
import { settings } from "@/state/settings";
import { WORDS } from "@/words/words";

const PLACE = /\{(\w+)\}/;
/* How compiled messages put their parts together: as text, or as nodes where a component stands in a place. */
type Context = MessageContext<string> & { interpolate(value: unknown): string; normalize(parts: string[]): string };
const message = (text: string): MessageFunction<string> => {
  const parts = text.split(PLACE);      // words, name, words, name ... words
  return (at: MessageContext<string>) => (at as Context).normalize(parts.map((part, index) => (index % 2 ? (at as Context).interpolate(at.named(part)) : part)));
};

type Side = 0 | 1;
const side = (which: Side): Record<string, Record<string, MessageFunction<string>>> => Object.fromEntries(Object.entries(WORDS).map(([section, rows]) =>
  [section, Object.fromEntries(Object.entries(rows as Record<string, readonly [string, string]>).map(([key, pair]) => [key, message(pair[which])]))]));

export const i18n = createI18n({ legacy: false, locale: settings.lang, fallbackLocale: "zh", messages: { zh: side(0), en: side(1) }, missingWarn: false, fallbackWarn: false });
watch(() => settings.lang, (lang) => { i18n.global.locale.value = lang; });
