/* node bench/office_record.mjs GONGFU STORE: what the office's pages ask the server, page by page, in a real browser.
 *
 * STORE is the address of a store with the invented province (gongfu demo province) and demo accounts; a server of its own is started on it.
 * Writes bench/office_mix.json on standard output: for each page its requests in their order, with the ids of this store replaced by words that
 * bench_office.py fills in ({village}, {household} ...), so that users do not all ask for one record; what was written is recorded with its body.
 * How often a page is opened and how long it is looked at is not recorded: it is set here.
 */
import { spawn } from "node:child_process";
import { Office, after, go, launch, pick, settled } from "../ui/tests/e2e/office.mjs";
import { t } from "../ui/tests/e2e/source.mjs";

const program = process.argv[2], store = process.argv[3];
if (!store) { console.error("node bench/office_record.mjs GONGFU STORE"); process.exit(2); }

const zh = (key, values) => t("zh", key, values);
const PAUSE_S = [5, 10];   // between two pages of a person

/* Of a hundred page visits; the address of each; what a person does there. */
const VISITS = [
  { page: "cockpit", share: 7, to: "/home" },
  { page: "households", share: 11, to: "/households" },
  { page: "households of a village", share: 6, to: "/registers/households?place=990101100201" },
  { page: "household", share: 12, to: "/households/pv-h-000001" },
  { page: "money", share: 9, to: "/money" },
  { page: "entry", share: 9, to: "/money/entries/4321" },
  { page: "statement", share: 4, to: "/money/statement?scope=place:990101" },
  { page: "projects", share: 4, to: "/projects" },
  { page: "project", share: 7, to: "/projects/pv-pr-00001" },
  { page: "place", share: 5, to: "/places/990101100201" },
  { page: "unit", share: 3, to: "/units/pv-u-01-1" },
  { page: "cases", share: 3, to: "/cases" },
  { page: "case", share: 3, to: "/cases/pv-c-00001" },
  { page: "indicators", share: 2, to: "/indicators" },
  { page: "people", share: 1, to: "/people" },
  { page: "search", share: 5, to: "/account", act: search },
  { page: "open a figure", share: 4, to: "/money/statement?scope=place:990101100201", act: openFigure },
  { page: "book an entry", share: 3, to: "/money/new", act: book },
  { page: "change a visit", share: 2, to: "/registers/visits/pv-vi-000000", act: change },
];

async function search(page) {
  await page.keyboard.press("/");
  await page.keyboard.type("枫门", { delay: 150 });
  await page.locator("#search-found [role=option]").first().waitFor();
  await settled(page);
  await page.keyboard.press("Escape");
}
async function openFigure(page) { await after(page, () => page.locator("main button.figure").first().click()); await page.keyboard.press("Escape"); }
async function book(page) {
  const form = page.locator("main form");
  await form.locator("#e-purpose").fill("试账");
  await pick(page, form, zh("word.from"), "财政局");
  await pick(page, form, zh("word.to"), "枫门村");
  await pick(page, form, zh("word.fund"), "村级光伏资金1");
  await form.locator("#l-money-0").fill("1.25万");
  await after(page, () => form.getByRole("button", { name: zh("money.book") }).click());
  await page.waitForURL(/#\/money\/entries\/\d+/);
  await settled(page);
}
async function change(page) {
  await page.getByRole("button", { name: zh("do.edit") }).click();
  const form = page.locator("form.record-form");
  await form.locator("#f-seen").fill("屋顶已修");
  await after(page, () => form.getByRole("button", { name: zh("do.save"), exact: true }).click());
}

const WORDS = [[/990101100201/g, "{village}"], [/990101(?!\d)/g, "{county}"], [/pv-h-000001/g, "{household}"], [/pv-pr-00001/g, "{project}"], [/pv-u-01-1/g, "{unit}"], [/pv-c-00001/g, "{case}"], [/pv-vi-000000/g, "{visit}"],
  [/4321/g, "{entry}"]];
const inWords = (told) => WORDS.reduce((text, [found, word]) => text.replace(found, word), told);
const asked = (url) => { const at = new URL(url); return inWords(decodeURIComponent(at.pathname + at.search)); };

const server = spawn(program, ["serve", "--demo", "--db", store, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((done) => server.stdout.on("data", (bytes) => { const found = /(http:\/\/[\d.]+:\d+)/.exec(bytes); if (found) done(found[1]); }));
const browser = await launch();
const office = new Office(browser, address);
await office.readAccounts();
const page = await office.window({ user: "office", programme: "province-demo" });
let list = [];
page.on("request", (request) => { if (/\/api\/v1\//.test(request.url()) && !/\/events$/.test(request.url())) list.push({ method: request.method(), path: asked(request.url()), ...(request.postData() ? { body: JSON.parse(inWords(request.postData())) } : {}) }); });
async function visit(path, act) {
  list = [];
  await go(page, path);
  await settled(page);
  if (act) { await act(page); await settled(page); }
  const booked = list.some((one) => one.method === "POST") && /entries\/(\d+)$/.exec(page.url())?.[1];   // its number is another's elsewhere
  return booked ? JSON.parse(JSON.stringify(list).replaceAll(booked, "{booked}")) : list;
}
const first = await visit("/home");   // opening the office: session, registers, names
const pages = [];
for (const { page: name, share, to, act } of VISITS) {
  await visit("/jobs");               // a page is always come to from another
  pages.push({ page: name, share, address: inWords(to), requests: await visit(to, act) });
}
console.log(JSON.stringify({ recorded: "bench/office_record.mjs", pause_s: PAUSE_S, open: first, pages }, null, 1));
await browser.close();
server.kill();
