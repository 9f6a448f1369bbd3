/* How do you know? Figures open their derivation, and what stands under them adds up to them again. */
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { faults, go, settled } from "./office.mjs";

const WAIT_MS = 8000;
const FIGURE = "main button.figure[data-figure]";  // the others open a list
const DRAWER = ".el-drawer.open, .el-drawer:visible";

/* What the open drawer says: the number, its id, and whether it was computed again. Waits for the figure `id` when given. */
async function drawer(page) {
  const box = page.locator(".el-drawer .trace");
  await box.waitFor();
  await settled(page);
  return box.evaluate((trace) => ({
    id: trace.querySelector("code").textContent, value: trace.querySelector(".trace-value").textContent.trim(),
    equal: Boolean(trace.querySelector(".note.green, .note.kept")), under: trace.querySelectorAll("details.tree").length,
  }));
}

export async function openFigure(page, figure, lang = "zh") {
  await figure.click();
  const found = await drawer(page);
  must(found.equal, `${found.id} is not equal when computed again`);
  must(found.under > 0, `nothing stands under ${found.id}`);
  same((await page.locator(".el-drawer__title").first().textContent()).trim(), t(lang, "trace.title"), "title of the drawer");
  await page.keyboard.press("Escape");
  await page.locator(DRAWER).waitFor({ state: "hidden" });
  return found;
}

/* One figure of each kind of page, by hand. Pages on which a number is no figure are named with the button that opens. */
async function onePerPage(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const PAGES = [
    "/home", "/projects", "/projects/demo-pr-hen", "/money", "/money/entries/13", "/money/statement", "/money/ageing", "/money/loans", "/money/investments", "/places/330329105223",
    "/units/u-adbc", "/indicators", "/report", "/registers/assets/demo-as-hen",
  ];
  for (const path of PAGES) {
    await test(`a figure of ${path} opens`, async () => {
      await go(page, path);
      const figure = page.locator(FIGURE).first();
      must(await figure.count(), "there is no figure on the page");
      await openFigure(page, figure);
      same(faults(page), [], "faults");
    });
  }
  await test("a bar of an indicator opens from its table", async () => {
    await go(page, "/indicators/demo-i-hh-income");
    await page.getByRole("button", { name: t("zh", "do.asTable") }).click();
    await openFigure(page, page.locator(FIGURE).first());
  });
  await test("each basis opens the figures that it counts", async () => {
    await go(page, "/home");
    for (const button of await page.locator(".basis-bar button.figure").all()) {
      await button.click();
      const list = page.locator(".el-dialog:visible .basis-list li");
      await list.first().waitFor();
      same(await list.count(), Number(await button.textContent()), "figures in the list");
      await page.keyboard.press("Escape");
      await page.locator(".el-dialog").first().waitFor({ state: "hidden" });
    }
  });
  await test("a record of a register opens by its button", async () => {
    await go(page, "/registers/visits/demo-v-1");
    await page.getByRole("button", { name: t("zh", "trace.open") }).click();
    must((await drawer(page)).equal, "not equal");
  });
  await page.context().close();
}

/* Runs in the page: opens every figure, one after the other in the same drawer, and reads what the drawer says. */
async function openAll(waitMs) {
  const out = [], drawer = () => document.querySelector(".el-drawer .trace");
  const ready = () => drawer() && !document.querySelector(".el-drawer .bones");
  for (const button of document.querySelectorAll("main button.figure[data-figure]")) {
    button.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (const until = Date.now() + waitMs; !ready() && Date.now() < until;) await new Promise((done) => setTimeout(done, 5));
    const one = drawer(), shown = button.querySelector(".figure-text").textContent.trim();
    out.push(one ? { shown, id: one.querySelector("code").textContent, value: one.querySelector(".trace-value").textContent.trim(), equal: Boolean(one.querySelector(".note.green, .note.kept")), under: one.querySelectorAll("details.tree").length }
      : { shown, problem: document.querySelector(".el-drawer")?.innerText ?? "no drawer" });
  }
  return out;
}

/* The words in the drawer must be the words that were clicked. */
async function everyFigure(office, path, lang, programme) {
  const page = await office.window({ user: "office", lang, programme });
  const seen = new Map();
  await test(`every figure of ${path} opens and is equal (${lang}, ${programme})`, async () => {
    await go(page, path);
    for (const more of await page.locator("main button.more").all()) await more.click();
    await page.locator(FIGURE).first().waitFor();
    const all = await page.evaluate(openAll, WAIT_MS);
    must(all.length > 5, `only ${all.length} figures on the page`);
    for (const { shown, id, value, equal, under, problem } of all) {
      must(!problem, `${shown} does not open: ${problem}`);
      must(equal, `${id} (${shown}) is not equal`);
      must(under > 0, `nothing stands under ${id}`);
      if (/\d/.test(shown)) same(shown, id.startsWith("entry.") ? value.replace("−", "") : value, id);  // a reversal shows who pays whom, its sum is below zero
      seen.set(id, shown);
    }
    same(faults(page), [], "faults");
  });
  console.log(`# ${path} ${programme}: ${seen.size} distinct figures`);
  await page.context().close();
}

export const figures = (office) => [
  () => onePerPage(office),
  ...["/home", "/money", "/money/statement", "/indicators"].flatMap((path, n) => [
    () => everyFigure(office, path, n % 2 ? "en" : "zh", "taishun"), () => everyFigure(office, path, n % 2 ? "zh" : "en", "taishun-demo"),
  ]),
];
