/* A water network: a pipe is dragged and pressure and cost follow, the server says the same; undone, kept, sized, taken as budget. */
import { readFile } from "node:fs/promises";
import { t } from "./source.mjs";
import { drawn } from "./charts.mjs";
import { must, same, test } from "./tally.mjs";
import { checkNumerals } from "./numerals.mjs";
import { after, faults, go, pick, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const PROGRAMME = "taishun-demo", LOOP = "demo-wn-loop", PROJECT = "demo-pr-water";
const yuan = (text) => Number(text.replace(/[^\d.]/g, ""));
const fenOf = (text) => Math.round(yuan(text) * (text.includes("万") ? 1_000_000 : 100));
const cost = (page) => page.locator(".water-strip .mine-cost").textContent();
const pressures = (page) => page.locator(".pipe-facts dd").allTextContents();

/* The answer of the server to the newest change. */
async function solved(page, act) {
  const waiting = page.waitForResponse((one) => one.url().endsWith("/solve"));
  await act();
  const answer = await (await waiting).json();
  await settled(page);
  return answer;
}

export async function water(office) {
  const page = await office.window({ user: "engineer", programme: PROGRAMME });
  const net = await office.ask("engineer", `/water/${LOOP}`);
  const find = (role) => net.designs.find((one) => one.role === role);
  await test("the list tells what each network was to cost and what it costs now", async () => {
    await go(page, "/water");
    same(await page.locator(".water-cards > li").count(), 2, "cards");
    const card = page.locator(".water-cards > li", { hasText: net.name });
    same((await card.locator(".water-bars .figure-text").allTextContents()).slice(0, 2).map(yuan), [find("before").cost_fen / 100, find("after").cost_fen / 100], "costs");
    await after(page, () => card.getByRole("link", { name: net.name }).click());
  });
  await test("the network is drawn on the map, with the profile to its tightest node", async () => {
    await page.locator(".water-map canvas").first().waitFor();
    const inked = await page.locator(".water-map .map-box").evaluate((box) => [...box.querySelectorAll("canvas")].some((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value, i) => i % 4 === 3 && value > 0)));
    must(inked, "nothing is drawn");
    await drawn(page, ".water-profile .profile-plot");
    await drawn(page, ".compare-plot");
    same(yuan(await cost(page)), find("after").cost_fen / 100, "cost of the sized design");
    must(await page.locator(".water-strip .keeps").count(), "the sized design keeps its limits");
  });
  await test("a pipe dragged one size up: cost and pressure follow at once, undo brings them back", async () => {
    await page.locator(".pipe-pick").selectOption({ label: "p12 · v43 – v63" });
    const before = { cost: await cost(page), facts: await pressures(page) };
    await page.locator(".pipe-slide input").focus();
    const begun = Date.now(), answer = await solved(page, () => page.keyboard.press("ArrowRight"));
    must(answer.ms < 5, `the solver took ${answer.ms} ms`);
    must(Date.now() - begun < 3000, "the page took seconds");
    same(yuan(await cost(page)), answer.cost_fen / 100, "cost");
    const size = net.sizes.findIndex((one) => one.key === "96.8"), old = net.sizes.findIndex((one) => one.key === "79.2"), link = net.links.find((one) => one.id === "p12");
    same(answer.cost_fen - find("after").cost_fen, Math.round((net.sizes[size].price_fen - net.sizes[old].price_fen) * link.length_m), "cost by hand: 158.7 m at the difference of two prices");
    must(JSON.stringify(await pressures(page)) !== JSON.stringify(before.facts), "no pressure has changed");
    must(await page.getByRole("group", { name: zh("water.designs") }).getByRole("button", { name: zh("water.mine"), pressed: true }).count(), "mine is not shown");
    await solved(page, () => page.getByRole("button", { name: zh("water.undo") }).click());
    same({ cost: await cost(page), facts: await pressures(page) }, before, "undone");
  });
  await test("a pipe made too small: the places it breaks are sentences, and a remedy is named", async () => {
    await page.locator(".pipe-slide input").focus();
    let answer;
    for (let n = 0; n < 3; n++) answer = await solved(page, () => page.keyboard.press("ArrowLeft"));
    must(answer.broken_all > 0 && answer.worst.slack < 0, "nothing is broken");
    const said = await page.locator(".breaks").textContent();
    must(said.includes(zh("water.breaks", { n: answer.broken_all })), said);
    must(said.includes(net.links[answer.shortage.worst_link].id), `the lossy stretch is not named: ${said}`);
    must(await page.locator(".take-budget").isDisabled(), "a draft can become the budget");
  });
  await test("side by side: before, optimised and mine, each size with its cost", async () => {
    same(await page.locator(".compare thead th").count(), 4, "columns");
    const rows = await page.locator(".compare .by-size").count();
    must(rows >= 8, `${rows} sizes`);
    await page.locator(".compare .side-name", { hasText: zh("water.before") }).click();
    await settled(page);
    same(yuan(await cost(page)), find("before").cost_fen / 100, "cost of the old habit");
  });
  await test("what is mine is kept as a design with the cost that the server works out, and opens", async () => {
    await page.locator(".pipe-slide input").focus();
    const answer = await solved(page, () => page.keyboard.press("ArrowRight"));
    await page.locator(".keep-design").click();
    await page.locator(".keep-form input").fill("工程师的比选");
    await after(page, () => page.locator(".keep-form button[type=submit]").click());
    await page.locator(".compare thead", { hasText: "工程师的比选" }).waitFor();
    same(yuan(await cost(page)), answer.cost_fen / 100, "cost");
    await after(page, () => page.locator(".water-strip .mine-cost").click());
    must((await page.locator(".el-drawer .trace").textContent()).includes("96.8"), "the cost does not open by size");
    await page.keyboard.press("Escape");
  });
  await test("a node picked on the map leads the profile there", async () => {
    const node = net.nodes.find((one) => one.id === "v09"), heading = page.locator(".water-profile h3");
    await page.locator(".water-map .map-box").scrollIntoViewIfNeeded();
    const lon = net.nodes.map((one) => one.lon), lat = net.nodes.map((one) => one.lat), box = await page.locator(".water-map .map-box").boundingBox();
    const [west, east, south, north] = [Math.min(...lon), Math.max(...lon), Math.min(...lat), Math.max(...lat)], pad = { top: 40, right: 60, bottom: 46, left: 190 };
    const wide = box.width - pad.left - pad.right, high = box.height - pad.top - pad.bottom, stretch = 1 / Math.cos((node.lat * Math.PI) / 180);
    const scale = Math.min(wide / (east - west), high / ((north - south) * stretch));
    const at = { x: box.x + pad.left + wide / 2 + (node.lon - (west + east) / 2) * scale, y: box.y + pad.top + high / 2 - (node.lat - (south + north) / 2) * stretch * scale };
    await solved(page, () => page.mouse.click(at.x, at.y));
    same(await heading.textContent(), zh("water.profile", { id: "v09" }), "profile");
  });
  await test("the program sizes the network as a job; its design is no dearer than the demo's own", async () => {
    /* a fifth of the usual work: the machine has others to serve, and the demo's cost is found long before */
    await page.route("**/api/v1/jobs", (asked) => asked.continue(asked.request().method() === "POST" ? { postData: JSON.stringify({ ...asked.request().postDataJSON(), work: 200_000 }) } : {}));
    await page.locator(".find-sizes").click();
    await page.waitForFunction((n) => document.querySelectorAll(".compare thead th").length > n, 4, { timeout: 60_000 });
    await settled(page);
    must(yuan(await cost(page)) <= find("after").cost_fen / 100 + 0.005, `${await cost(page)} is dearer`);
  });
  await test("the sized design becomes the project's budget, which opens to it", async () => {
    await after(page, () => page.locator(".take-budget").click());
    await page.locator(".strip-facts", { hasText: zh("water.isBudget") }).locator(".figure").last().waitFor();
    const project = await office.ask("office", `/records/projects/${net.project}`);
    same(project.budget_fen / 100, yuan(await cost(page)), "budget in the books");
    const trace = await office.ask("office", `/trace/${encodeURIComponent(`record.projects.${net.project}#budget_fen`)}`);
    must(JSON.stringify(trace.tree).includes("record.water_designs."), "the budget does not open to the design");
    same(faults(page), [], "faults");
  });
  await test("a village cadre sees the network and changes nothing; a phone holds it", async () => {
    const phone = await office.window({ user: "village", programme: PROGRAMME, width: 390, height: 844 });
    const { records } = await office.ask("village", `/records/water_networks?programme=${PROGRAMME}`);
    await go(phone, "/water");
    same(await phone.locator(".water-cards > li").count(), records.length, "cards");
    must(!(await phone.locator(".find-sizes, .keep-design").count()), "offers what is not given");
    must(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "wider than the phone");
    same(faults(phone), [], "faults");
    await phone.context().close();
  });
  await page.context().close();
  await village(office);
}

/* The demo's village: on the map with its numbers, a number refused and one changed, designed, its bill taken as the budget. */
async function village(office) {
  const page = await office.window({ user: "office", programme: PROGRAMME }), given = JSON.parse(await readFile(new URL("../../../data/demo/documents/village.json", import.meta.url), "utf8"));
  const norm = (name) => page.locator(".village-norms tr", { hasText: name }), persons = given.households.reduce((sum, one) => sum + one.persons, 0);
  await test("the demo village stands on the map, with its parameters beside", async () => {
    await go(page, "/water");
    await after(page, () => page.locator(".village-link").click());
    await page.locator(".water-stage .small", { hasText: zh("village.counts", { houses: given.households.length, persons, sources: given.sources.length }) }).waitFor();
    await page.locator(".village-stage canvas").first().waitFor();
    const { norms } = await office.ask("engineer", "/water-village/norms");
    same(await page.locator(".village-norms tbody tr").count(), norms.length, "parameters");
  });
  await test("a parameter out of all reason is refused with its sentence; one that is changed is marked", async () => {
    const use = norm("最高日居民生活用水定额");
    await use.locator("input").fill("5000");
    await use.locator("input").press("Tab");
    same(await use.locator(".bad").textContent(), zh("village.outOfRange", { low: 7, high: 1100 }), "sentence");
    await use.locator("input").fill("110");
    await use.locator("input").press("Tab");
    same(await use.locator(".tag.blue").textContent(), zh("village.was", { value: 100 }), "mark");
    must(!(await use.locator(".bad").count()), "the sentence stays");
  });
  await test("it is designed: pipes on the map, alternatives, bill and verdicts are those of its document", async () => {
    await pick(page, page.locator(".village-choose"), zh("village.project"), "卢梨村二期");
    await page.locator(".design-village").click();
    await page.locator(".village-total").waitFor({ timeout: 60_000 });
    await settled(page);
    const id = new URL(page.url().replace("#/", "")).searchParams.get("network");
    const told = await office.ask("engineer", `/water-village/${id}/village.json`);
    same(told.norms.find((one) => one.id === "person_lpd").value, 110, "the changed parameter");
    const total = told.designs.find((one) => one.id === told.chosen).total_fen;
    same(fenOf(await page.locator(".village-total .figure-text").textContent()), total, "total");
    same(await page.locator(".village-alternatives tbody tr").count(), told.designs.length, "alternatives");
    same((await page.locator(".village-bill tbody .figure-text").allTextContents()).map(fenOf).reduce((sum, one) => sum + one, 0), total, "the lines of the bill add up");
    same(await page.locator(".village-verdicts tbody tr").count(), given.households.length, "verdicts");
    must((await page.locator(".village-verdicts tbody").textContent()).includes(zh("village.level_unknown")), "what nobody measured is told as known");
    await drawn(page, ".water-profile .profile-plot");
    same(await page.locator(".village-files a").count(), 12, "files");
    const inked = await page.locator(".village-stage .map-box").evaluate((box) => [...box.querySelectorAll("canvas")].some((one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some((value, i) => i % 4 === 3 && value > 0)));
    must(inked, "nothing is drawn");
  });
  await test("every number of the design opens, or stands there for a reason", () => checkNumerals(office, page));
  await test("its bill becomes the project's budget, which opens to the lines", async () => {
    const total = fenOf(await page.locator(".village-total .figure-text").textContent());
    await after(page, () => page.locator(".take-budget").click());
    await page.locator(".strip-facts", { hasText: zh("water.isBudget") }).locator(".figure").last().waitFor();
    same((await office.ask("office", `/records/projects/${PROJECT}`)).budget_fen, total, "budget in the books");
    const trace = await office.ask("office", `/trace/${encodeURIComponent(`record.projects.${PROJECT}#budget_fen`)}`);
    must(JSON.stringify(trace.tree).includes("bill.contingency"), "the budget does not open to the bill");
    same(faults(page), [], "faults");
  });
  await test("on a phone, in the dark: nothing is wider than the glass", async () => {
    const phone = await office.window({ user: "engineer", programme: PROGRAMME, width: 390, height: 844, theme: "dark", dark: true });
    await go(phone, page.url().split("#")[1]);
    await phone.locator(".village-total").waitFor();
    must(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "wider than the phone");
    same(faults(phone), [], "faults");
    await phone.context().close();
  });
  await page.context().close();
}
