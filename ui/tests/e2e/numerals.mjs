/* Any number anywhere opens its derivation: no numeral stands on a page but as a figure, or for a reason that is written
 * here. docs/commands.md says what counts as a figure.
 */
import { WORDS, t } from "./source.mjs";
import { look, must, same, test } from "./tally.mjs";
import { go, settled } from "./office.mjs";

/* Numerals that are no figures. The list is short on purpose: what is added to it must have a reason that a reader accepts. */
const NO_FIGURE = [
  [".figure", "it is one"],
  ["a[href]", "a name or a number that leads to what it names: entry № 12 to the entry"],
  ["button[aria-pressed], button.more", "a filter, or the rest of a list: pressed, it shows just what it counts"],
  ["button.link, button.token, .verdicts button, .profile-of", "it opens the entries, the place in the text, or the profile that it was measured on"],
  [".chart, svg", "a chart: its marks open, its ticks are an axis, and the same numbers stand as figures in the table beside it"],
  [".bars-target", "a line of the chart; the target stands as a figure in the facts beside it"],
  [".gantt-axis, .lanes-axis", "months and years along an axis"],
  [".profile", "the profile of the ground is the derivation: drawn from the ground and the line of sight"],
  [".el-drawer, .exchange-sum", "the derivation"],
  ["h1, h3, .trail, .page-head .lead, option", "names and dates: of a record, a year, a tower, a parcel, a term"],
  ["code", "ids, hashes, codes of land classes"],
  ["form, input, textarea, .el-select, .date-field, .filters", "what a person is typing: it is in no book yet"],
  [".pager span.num, .pager > div > span", "page 2 of 9"],
  ["td.quiet", "ids of records, and the place of a number in a text"],
  [".press-reason", "the sentence why; what it was held against stands beside it as a figure"],
  [".ol-scale-line", "the scale of a map"],
  [".map-source", "whose picture of the hills it is, and where it ends"],
  [".el-progress", "how far a job is: of the machine, not of the programme"],
  [".history-version", "which version of a record this is"],
  [".personal", "a phone, a card, an ID: identifiers, masked"],
  [".logs table", "the log: instants, addresses, outcomes of requests, hashes"],
  [".exchange-errors", "row and column of a file, and the sentence why it was not taken"],
  [".water-draft", "what the solver says of sizes as they stand in the window: no book holds it. The cost beside it opens sizes, prices and the network's file"],
  [".village-paper", "what the program computed of a village's design: its own document says it, beside the files that hold it; the total and every line of the bill open"],
  [".water-key", "the classes of a map's colours"],
  [".demo-cards", "the passwords of the invented accounts"],
];
/* Days and years, instants, the number of an entry, a masked telephone: they say when and which, not how much. */
const WHEN = [
  String.raw`\d{4}年(\d{1,2}月)?(\d{1,2}日)?`, String.raw`\d{1,2}月(\d{1,2}日)?`, String.raw`\d{1,2}日`, String.raw`\d{4}-\d{2}(-\d{2})?`, String.raw`\d{4}/\d{2}/\d{2}`,
  String.raw`\d{2}/\d{2}/\d{4}`, String.raw`\d{1,2}:\d{2}`, String.raw`(?<!\d)(19|20)\d{2}(?!\d)`, String.raw`№ \d+`, String.raw`\d*\*{2,}\d*`,
].join("|");

/* What people wrote: names, purposes, notes, words of a source. A numeral inside is theirs, and the press check's business. */
async function writtenTexts(office) {
  const { registers } = await office.ask("office", "/registers"), found = new Set();
  const keep = (value) => { if (typeof value === "string" && /\d/.test(value) && /\p{L}/u.test(value) && value.length < 2000) for (const line of value.split(/[\n;]/)) if (/\d/.test(line) && /\p{L}/u.test(line)) found.add(line.trim()); };
  for (const { name } of registers) {
    for (let cursor = ""; cursor !== null;) {
      const page = await office.ask("office", `/records/${name}?limit=200&programme=&cursor=${cursor}`);
      for (const record of page.records) for (const [column, value] of Object.entries(record)) if (column !== "shape") keep(value);
      cursor = page.next;
    }
  }
  return found;
}
/* Words of the interface that hold a numeral of their own: "10 km", "WKT". */
const fixedWords = () => Object.values(WORDS).flatMap((rows) => Object.values(rows).flat()).filter((text) => /\d/.test(text) && !/\{\w+\}/.test(text));

let known = null;
const knownTexts = (office) => (known ??= writtenTexts(office).then((found) => [...found, ...fixedWords()].sort((a, b) => b.length - a.length)));

/* Runs in the page. */
function bareNumerals({ skip, when, texts }) {
  const out = [], dates = new RegExp(when, "g");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!/\d/.test(node.nodeValue) || owner.closest(`script, style, ${skip}`) || !owner.checkVisibility()) continue;
    let text = node.nodeValue;
    for (const known of texts) if (text.length >= known.length && text.includes(known)) text = text.split(known).join(" ");
    if (/\d/.test(text.replace(dates, " "))) out.push(`${owner.tagName.toLowerCase()}.${owner.className} in ${owner.closest("[class]:not(.num)")?.parentElement?.className}: ${node.nodeValue.trim().slice(0, 60)}`);
  }
  return out;
}

/* Runs in the page: opens a sample of its figures, spread over it, and reads what the drawer says. */
async function openSome({ many, waitMs }) {
  const all = [...document.querySelectorAll("button.figure[data-figure]")].filter((one) => one.checkVisibility() && !one.closest(".el-drawer"));
  const forms = new Map(all.map((one) => [one.dataset.figure.replace(/[.#@].*?(#\w+)?$/, "$1"), one]));   /* one of each form first */
  const picked = [...new Set([...forms.values(), ...all.filter((_one, n) => n % Math.ceil(all.length / many) === 0)])].slice(0, many), out = [];
  const drawer = () => document.querySelector(".el-drawer .trace"), bones = () => document.querySelector(".el-drawer .bones");
  for (const button of picked) {
    const id = button.dataset.figure;
    button.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const until = Date.now() + waitMs; (bones() || drawer()?.querySelector("code").textContent !== id) && !document.querySelector(".el-drawer .problem") && Date.now() < until;) await new Promise((done) => setTimeout(done, 5));
    const one = drawer(), problem = document.querySelector(".el-drawer .problem");
    if (problem || !one) out.push(`${id}: ${problem?.innerText ?? "no drawer"}`);
    else if (one.querySelector("code").textContent !== id) out.push(`${id}: the drawer shows ${one.querySelector("code").textContent}`);
    else if (one.querySelector(".note.red")) out.push(`${id}: not equal when computed again`);
    else if (!one.querySelector("details.tree")) out.push(`${id}: nothing stands under it`);
  }
  document.querySelector(".el-drawer__close-btn")?.click();
  return { wrong: out, opened: picked.length };
}

/* Runs in the page: the same by its address alone, where a walk sees too many pages to open a drawer on each. */
async function askSome(many) {
  const all = [...new Set([...document.querySelectorAll("button.figure[data-figure]")].map((one) => one.dataset.figure))], out = [];
  for (const id of all.filter((_one, n) => n % Math.ceil(all.length / many) === 0)) {
    const answer = await fetch(`/api/v1/trace/${encodeURIComponent(id)}`), trace = await answer.json();
    if (!answer.ok || !trace.recomputed.equal || !trace.tree) out.push(`${id}: ${trace.detail ?? "not equal when computed again"}`);
  }
  return out;
}

const SAMPLE = 3, WAIT_MS = 8000;
const bareOn = async (office, page) => page.evaluate(bareNumerals, { skip: NO_FIGURE.map(([selector]) => selector).join(", "), when: WHEN, texts: await knownTexts(office) });
/* The quick look of the walks over every role and register. */
export async function askNumerals(office, page) {
  same(await bareOn(office, page), [], "numerals that open nothing");
  same(await page.evaluate(askSome, 3), [], "figures that do not open");
}
export async function checkNumerals(office, page, many = SAMPLE) {
  same(await bareOn(office, page), [], "numerals that open nothing");
  const { wrong, opened: count } = await page.evaluate(openSome, { many, waitMs: WAIT_MS });
  same(wrong, [], "figures that do not open");
  if (count) await page.locator(".el-drawer .trace").waitFor({ state: "hidden" });
  must(!(await page.locator(".el-overlay:visible").count()), "the drawer stays open");
}

/* What a page shows once something on it was picked, unfolded or asked for otherwise. */
export async function numerals(office) {
  const page = await office.window({ user: "office", lang: "en", programme: "taishun-demo" });
  const { parcels, towers } = await office.ask("office", "/land?programme=taishun-demo");
  const of = (fits) => encodeURIComponent(parcels.find(fits).id);
  const PLACES = [
    `/land?parcel=${of((one) => one.before > 0)}`, `/land?parcel=${of((one) => one.seen === 0)}`, `/land?tower=${encodeURIComponent(towers.find((one) => one.parcels > 0).id)}`,
    "/water/demo-wn-loop", "/water/demo-wn-tree", "/water/village?file=demo-d-village", "/solar/demo-pv", "/projects?view=list", "/projects/demo-pr-hen", "/money?kind=cash&place=330329105223&date.from=2024-01-01", "/households?tab=visits", "/households?tab=measures", "/places/330329105223", "/indicators/demo-i-hh-income",
  ];
  for (const path of PLACES) {
    await look(`${path}: every number opens`, async () => {
      await go(page, path);
      for (const button of await page.getByRole("button", { name: t("en", "do.asTable") }).all()) await button.click();
      await settled(page);
      await checkNumerals(office, page);
    });
  }
  for (const path of ["/home", "/people"]) {
    await look(`the tables of ${path}: every number opens`, async () => {
      await go(page, path);
      for (let button = page.getByRole("button", { name: t("en", "do.asTable") }); await button.count();) await button.first().click();
      await settled(page);
      await checkNumerals(office, page);
    });
  }
  await test("a number that opens nothing is found", async () => {
    await page.evaluate(() => document.querySelector("main").insertAdjacentHTML("beforeend", "<p class='soft'>17 projects on 2024-05-06</p><p>2024-05-06, № 12</p>"));
    const bare = await bareOn(office, page);
    must(bare.length === 1 && bare[0].includes("17 projects"), JSON.stringify(bare));
  });
  await page.context().close();
}
