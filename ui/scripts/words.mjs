/* Every word that the pages ask for must be in the table, and every word of the table must be asked for.
 * A key made at run time ("stage." + stage) names its section: the whole section counts as used. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : /\.(vue|ts)$/.test(name) && !path.endsWith("words.ts") ? [path] : [];
});

export function wordsUsed(root) {
  const keys = new Map(), open = new Set();
  for (const file of files(root)) {
    const text = readFileSync(file, "utf8");
    for (const found of text.matchAll(/(?<!=)["'`]([a-z][A-Za-z]*)\.([A-Za-z0-9_]+)["'`](?!\s*\+)/g)) keys.set(`${found[1]}.${found[2]}`, file);
    for (const found of text.matchAll(/ keypath="([a-z][A-Za-z]*)\.([A-Za-z0-9_]+)"/g)) keys.set(`${found[1]}.${found[2]}`, file);
    for (const found of text.matchAll(/["'`]([a-z][A-Za-z]*)\.([A-Za-z0-9_]*)(?:["'`]\s*\+|\$\{)/g)) open.add(`${found[1]}.${found[2]}`);
  }
  return { keys, open };
}

export function check(root, words) {
  const { keys, open } = wordsUsed(root);
  const known = new Set(Object.entries(words).flatMap(([section, rows]) => Object.keys(rows).map((key) => `${section}.${key}`)));
  const sections = new Set(Object.keys(words));
  const missing = [...keys].filter(([key]) => sections.has(key.split(".")[0]) && !known.has(key));
  const unused = [...known].filter((key) => !keys.has(key) && ![...open].some((start) => key.startsWith(start)));
  return { missing, unused };
}

/* Both languages hold words, and the same places to fill in. */
const ONE_SIDED = new Set(["say.inAll"]);  // 共 5 条, but "5 in all": what stands before the number has no English
export function uneven(words) {
  const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
  return Object.entries(words).flatMap(([section, rows]) => Object.entries(rows)
    .filter(([key, pair]) => pair.length !== 2 || (!(pair[0] && pair[1]) && !ONE_SIDED.has(`${section}.${key}`)) || holes(pair[0]) !== holes(pair[1])).map(([key]) => `${section}.${key}`));
}
