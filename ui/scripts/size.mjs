/* The whole interface stays below 600 kB gzip: county lines are slow. Prints the largest files; exit 1 when over. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 600 * 1000;
const root = new URL("../dist/", import.meta.url).pathname;
const files = (folder) => readdirSync(folder).flatMap((name) => { const path = join(folder, name); return statSync(path).isDirectory() ? files(path) : [path]; });
const sizes = files(root).map((path) => ({ path: path.slice(root.length), bytes: gzipSync(readFileSync(path), { level: 9 }).length })).sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, file) => sum + file.bytes, 0);
for (const file of sizes.slice(0, 8)) console.log(`${(file.bytes / 1000).toFixed(1).padStart(7)} kB  ${file.path}`);
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  in all, limit ${LIMIT_BYTES / 1000} kB`);
process.exit(total > LIMIT_BYTES ? 1 : 0);
