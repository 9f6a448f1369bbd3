/* node bench/office_record.mjs GONGFU STORE: what the office's pages ask the server, page by page, in a real browser.
 *
 * STORE is the address of a store with the invented province (gongfu demo province) and demo accounts; a server of its own is started on it.
 * Writes bench/office_mix.json on standard output: for each page its requests in their order, with the ids of this store replaced by words that
 * bench_office.py fills in ({village}, {household} ...), so that users do not all ask for one record. How often a page is opened and how long it
 * is looked at is not recorded: it is set in VISITS below.
 */
import { spawn } from "node:child_process";
import { launch, Office, go, settled } from "../ui/tests/e2e/office.mjs";

const program = process.argv[2], store = process.argv[3];
if (!store) { console.error("node bench/office_record.mjs GONGFU STORE"); process.exit(2); }

/* Of a hundred page visits; the address of each; what is done there when it has come. */
const VISITS = [
  { page: "cockpit", share: 8, to: "/home" },
  { page: "households", share: 12, to: "/households" },
  { page: "households of a village", share: 6, to: "/registers/households?place=990101100201" },
  { page: "household", share: 13, to: "/households/pv-h-000001" },
  { page: "money", share: 10, to: "/money" },
  { page: "entry", share: 9, to: "/money/entries/4321" },
  { page: "statement", share: 5, to: "/money/statement?scope=place:990101" },
  { page: "projects", share: 6, to: "/projects" },
  { page: "project", share: 7, to: "/projects/pv-pr-00001" },
  { page: "place", share: 6, to: "/places/990101100201" },
  { page: "unit", share: 3, to: "/units/pv-u-01-1" },
  { page: "cases", share: 4, to: "/cases" },
  { page: "case", share: 3, to: "/cases/pv-c-00001" },
  { page: "indicators", share: 2, to: "/indicators" },
  { page: "people", share: 2, to: "/people" },
  { page: "new entry", share: 4, to: "/money/new" },
];

const WORDS = [[/990101100201/g, "{village}"], [/990101(?!\d)/g, "{county}"], [/pv-h-000001/g, "{household}"], [/pv-pr-00001/g, "{project}"], [/pv-u-01-1/g, "{unit}"], [/pv-c-00001/g, "{case}"],
  [/4321/g, "{entry}"]];
const asked = (url) => { const at = new URL(url); return WORDS.reduce((text, [found, word]) => text.replace(found, word), decodeURIComponent(at.pathname + at.search)); };

const server = spawn(program, ["serve", "--demo", "--db", store, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((done) => server.stdout.on("data", (bytes) => { const found = /(http:\/\/[\d.]+:\d+)/.exec(bytes); if (found) done(found[1]); }));
const browser = await launch();
const office = new Office(browser, address);
await office.readAccounts();
const page = await office.window({ user: "office", programme: "province-demo" });
let list = [];
page.on("request", (request) => { if (/\/api\/v1\//.test(request.url()) && !/\/events$/.test(request.url())) list.push({ method: request.method(), path: asked(request.url()) }); });
async function visit(path) {
  list = [];
  await go(page, path);
  await settled(page);
  return list;
}
const first = await visit("/home");   // opening the office: session, registers, names
const pages = [];
for (const { page: name, share, to } of VISITS) {
  await visit("/registers");          // a page is always come to from another
  pages.push({ page: name, share, address: WORDS.reduce((text, [found, word]) => text.replace(found, word), to), requests: await visit(to) });
}
console.log(JSON.stringify({ recorded: "bench/office_record.mjs", open: first, pages }, null, 1));
await browser.close();
server.kill();
