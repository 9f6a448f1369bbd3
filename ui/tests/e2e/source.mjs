/* The words and the route table as the interface itself has them: read from its source, so that neither is copied here. */
import { readFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");

function literal(path, start, end) {
  const text = read(path);
  const from = text.indexOf(start) + start.length, to = text.indexOf(end, from);
  if (from < start.length || to < 0) throw new Error(`${path}: the table between '${start}' and '${end}' is not found`);
  return new Function(`return ${text.slice(from, to)}`)();  // pages are imported by functions that nobody calls here
}

export const WORDS = literal("words/words.ts", "export const WORDS = ", " as const;");
export const ROUTES = literal("router.ts", "ROUTES: RouteRecordRaw[] = ", ";\n\n").filter((route) => !route.redirect);

/* t("zh", "home.basis", { n: 3 }) */
export function t(lang, key, values = {}) {
  const [section, word] = key.split(".");
  const pair = WORDS[section]?.[word];
  if (!pair) throw new Error(`there is no word ${key}`);
  return pair[lang === "zh" ? 0 : 1].replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
}
