/* Every route of ui/src/router.ts: both languages, three widths, light and dark; and who is sent away from where. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ROUTES, WORDS, t } from "./source.mjs";
import { look, must, same } from "./tally.mjs";
import { askNumerals, checkNumerals } from "./numerals.mjs";
import { faults, go, heading, settled } from "./office.mjs";

const WIDTHS = [[1440, 900], [1024, 768], [390, 844]];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/* An open page asks who is there; that nobody is, is an answer and no fault. */
const NOBODY = [/GET \/api\/v1\/session 401/];

/* A route with a parameter names the register that a sample is taken from. */
const SAMPLE_OF = {
  "/units/:id": "units", "/places/:id": "places", "/projects/:id": "projects", "/money/entries/:id": "entries", "/households/:id": "households",
  "/indicators/:id": "indicators", "/cases/:id": "cases", "/water/:id": "water_networks", "/solar/:id": "plants", "/registers/:register": "visits", "/registers/:register/:id": "assets", "/:rest(.*)*": "",
};
/* Pages that stand in no menu: the word of their heading. */
const HEADING = { "/water/village": "village.title", "/money/new": "money.book", "/account": "frame.account", "/login": "door.word", "/invitation": "door.word", "/:rest(.*)*": "door.notFound" };
const BUSY_PLACE = "330329105223";  // Yuehu: in both programmes something happens there

const keyOf = (register) => (register === "places" ? "code" : register === "entries" ? "entry" : "id");

async function sampleOf(office, register, programme) {
  if (register === "places") return office.ask("office", `/records/places/${BUSY_PLACE}`);
  for (const from of [programme, ""]) {
    const { records } = await office.ask("office", `/records/${register}?limit=1&programme=${from}`);
    if (records.length) return records[0];
  }
  throw new Error(`the register ${register} has no record to open`);
}

/* Address, heading and role of a route, or a sentence why it has none. */
async function planOf(office, route, lang, programme) {
  const word = route.meta?.nav ? `nav.${route.meta.nav}` : HEADING[route.path];
  const user = route.meta?.open ? "" : await whoSees(office, route.meta?.area);
  if (!route.path.includes(":")) {
    must(word, `the route ${route.path} stands in no menu: name its heading in routes.mjs`);
    const name = route.path === "/home" ? (await office.ask("office", `/cockpit?programme=${programme}&lang=${lang}`)).programme.name : t(lang, word);
    return { path: route.path, heading: name, user };
  }
  const register = SAMPLE_OF[route.path];
  must(register !== undefined, `the route ${route.path} has a parameter: name a register for it in routes.mjs`);
  if (!register) return { path: "/no/such/page", heading: t(lang, word), user };
  const { registers } = await office.ask("office", "/registers");
  const label = registers.find((one) => one.name === register)[lang === "zh" ? "label_zh" : "label_en"];
  if (route.path === "/registers/:register") return { path: `/registers/${register}`, heading: label, user };
  const record = await sampleOf(office, register, programme);
  const id = encodeURIComponent(record[keyOf(register)]);
  return {
    path: route.path.replace(":register", register).replace(":id", id), user,
    heading: register === "entries" ? t(lang, "money.entry", { n: id }) : ["/registers/:register/:id", "/water/:id", "/solar/:id"].includes(route.path) && lang === "en" && record.name_en ? record.name_en : record.name,
  };
}

const AREAS = {};
async function areasOf(office, user) {
  AREAS[user] ??= (await office.ask(user, "/session")).areas;
  return AREAS[user];
}
async function whoSees(office, area) {
  if (!area) return "office";
  for (const user of ["office", "system", "security", "audit"]) if ((await areasOf(office, user)).includes(area)) return user;
  throw new Error(`no role sees the area ${area}`);
}

/* Runs in the page: what no page may show. */
function lookAround(sections) {
  const out = { lang: document.documentElement.lang, wide: [], words: [], text: "" };
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room || document.body.scrollWidth > room) {
    for (const one of document.querySelectorAll("body *")) {
      if (one.getBoundingClientRect().right > room + 1 && out.wide.length < 3) out.wide.push(`${one.tagName.toLowerCase()}.${one.className}`);
    }
    out.wide.push(`${document.documentElement.scrollWidth} of ${room}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue.trim();
    if (!text || node.parentElement.closest("script, style, code")) continue;
    if (/\bundefined\b|\bNaN\b|\[object |Invalid Date|^null$|\{\w+\}/.test(text)) out.words.push(text.slice(0, 60));
    const key = /^([a-z][A-Za-z]*)\.[A-Za-z_]+$/.exec(text);
    if (key && sections.includes(key[1])) out.words.push(text);
  }
  out.text = document.querySelector("main")?.innerText.trim() ?? "";
  return out;
}

async function checkView(page, plan, lang) {
  const wrong = faults(page, plan.user ? [] : NOBODY), found = await page.evaluate(lookAround, Object.keys(WORDS));
  same(await heading(page), plan.heading, "heading");
  same(found.lang, lang === "zh" ? "zh-CN" : "en", "lang attribute");
  same(found.wide, [], "wider than the screen");
  same(found.words, [], "on the screen");
  must(found.text.length > plan.heading.length, "there is nothing under the heading");
  must(!(await page.locator("main [role=alert]:visible").count()) || plan.path === "/invitation", `the page shows a failure: ${found.text.slice(0, 200)}`);
  same(wrong, [], "faults");
}

/* The frame is the same on every page: it is looked at whole on the cockpit, and left out elsewhere. */
async function checkAxe(page, whole) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(AXE);
  const found = await page.evaluate((all) => window.axe.run(all ? document : { exclude: [[".side"]] }, { resultTypes: ["violations"] }).then((answer) => answer.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id} ×${one.nodes.length} ${one.nodes.slice(0, 2).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ")}`)), whole);
  same(found, [], "axe");
}

/* One window per language walks the table; it is narrowed in place, as a person narrows a window. */
async function walk(office, lang, programme, routes) {
  const windows = {};
  for (const route of routes) {
    let plan, page;
    await look(`${lang} ${route.path} opens`, async () => {
      plan = await planOf(office, route, lang, programme);
      page = windows[plan.user] ??= await office.window({ user: plan.user, lang, programme, theme: "auto" });
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: WIDTHS[0][0], height: WIDTHS[0][1] });
      await go(page, plan.path);
    });
    if (!page) continue;
    for (const [width, height] of WIDTHS) {
      await look(`${lang} ${route.path} at ${width}`, async () => {
        await page.setViewportSize({ width, height });
        await settled(page);
        await checkView(page, plan, lang);
      });
      if (width === 1440 && !route.meta?.open) await look(`${lang} ${route.path}: every number opens`, () => checkNumerals(office, page));
      if (lang === "zh" && width === 1440) await look(`axe light ${width} ${route.path}`, () => checkAxe(page, route.path === "/home"));
    }
    if (lang === "en") await look(`axe dark 390 ${route.path}`, async () => {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForFunction(() => document.documentElement.classList.contains("dark"));
      await settled(page);
      await checkAxe(page, route.path === "/home");
    });
  }
  for (const page of Object.values(windows)) await page.context().close();
}

export function walks(office) {
  const halves = [ROUTES.filter((_one, n) => n % 2 === 0), ROUTES.filter((_one, n) => n % 2)];
  return halves.flatMap((half) => [() => walk(office, "zh", "taishun", half), () => walk(office, "en", "taishun-demo", half)]);
}

/* Each role opens every page of its menu without a fault and is sent away from every other. */
async function walkAs(office, user) {
  const areas = await areasOf(office, user), { scope } = await office.ask(user, "/session");
  const page = await office.window({ user, programme: "taishun-demo" });
  const plain = ROUTES.filter((route) => !route.meta?.open && !route.path.includes(":"));
  await go(page, "/account");
  for (const route of plain) {
    const area = route.meta?.area, seen = (!area || areas.includes(area)) && (!route.meta?.whole || scope === "all");
    await look(`${user} ${seen ? "sees" : "is sent away from"} ${route.path}`, async () => {
      await go(page, route.path);
      const there = new URL(page.url()).hash.slice(1);
      if (seen) same(there.split("?")[0], route.path, "address");
      else if (route.path === "/home") must(there !== "/home", "stayed on the cockpit");
      else same(there, `/account?refused=${area}`, "address");
      if (!seen && route.path !== "/home") same(await page.locator(".note.red").first().textContent(), t("zh", "account.refused"), "sentence");
      if (seen) await askNumerals(office, page);
      same(faults(page), [], "faults");
    });
  }
  await page.context().close();
}
export const walksAs = (office) => office.accounts.map(({ user }) => () => walkAs(office, user));

/* Every register has a list and a page for its first record. */
const HALVES = [0, 1];
export const registers = (office) => HALVES.map((half) => () => halfOfRegisters(office, half));
async function halfOfRegisters(office, half) {
  const page = await office.window({ user: "office", lang: "en", width: 390, height: 844 });
  const { registers: all } = await office.ask("office", "/registers");
  for (const register of all.filter((_one, n) => n % HALVES.length === half)) {
    await look(`register ${register.name}`, async () => {
      await go(page, `/registers/${register.name}`);
      await checkView(page, { path: "", heading: register.name === "entries" ? t("en", "nav.money") : register.label_en, user: "office" }, "en");
      await askNumerals(office, page);
      const { records } = await office.ask("office", `/records/${register.name}?limit=1`);
      if (!records.length) return;
      await go(page, `/registers/${register.name}/${encodeURIComponent(records[0][register.key])}`);
      await askNumerals(office, page);
      await checkView(page, { path: "", heading: await heading(page), user: "office" }, "en");
    });
  }
  await page.context().close();
}
