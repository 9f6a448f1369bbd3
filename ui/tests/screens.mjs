/* node tests/screens.mjs GONGFU [NAME…]: draws every page into docs/screens, and the list of them in both languages.
 *
 * The real programme, unless the demo one has more to show on a page (the article names no household and no case).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { ROUTES, t } from "./e2e/source.mjs";
import { Office, fillStore, go, launch, newFolder, pick, serve, settled } from "./e2e/office.mjs";

const OUT = new URL("../../docs/screens/", import.meta.url).pathname;
const WIDE = { width: 1440, height: 1000 }, PHONE = { width: 390, height: 844 };
const BYTES_MAX = 300_000;
const VILLAGE = "330329105223";

/* What stands for the parameters of a route; a route without an entry here fails. */
const SAMPLE = {
  "/units/:id": "/units/u-adbc", "/places/:id": `/places/${VILLAGE}`, "/projects/:id": "/projects/demo-pr-hen", "/money/entries/:id": "/money/entries/13",
  "/households/:id": "/households/demo-h-1", "/indicators/:id": "/indicators/demo-i-hh-income", "/cases/:id": "/cases/demo-c-field-2", "/water/:id": "/water/demo-wn-loop", "/solar/:id": "/solar/demo-pv",
  "/registers/:register": "/registers/activities", "/registers/:register/:id": "/registers/facts/F050", "/:rest(.*)*": "/no/such/page",
};
const DEMO = new Set(["/land", "/water", "/water/village", "/water/:id", "/solar", "/solar/:id", "/projects/:id", "/money/entries/:id", "/households", "/households/:id", "/indicators/:id", "/cases", "/cases/:id", "/documents", "/money/ageing", "/money/loans", "/press", "/places/:id"]);
const USER = { "/users": "system", "/roles": "system", "/logs": "audit" };
const nameOf = (path) => (path === "/:rest(.*)*" ? "not-found" : path.slice(1).replace(/\/:register\/:id/, "-record").replace(/\/:register/, "-list").replace(/\/:id/, "-one").replace(/\//g, "-"));

const PRESS = `2024年,农发行浙江省分行在月湖村投入设备款32.5万元,扩建鸡舍6座。光伏上网电量118400千瓦时。
据介绍,月湖村全年接待游客约2000人;鹿城区云课堂惠及6所学校。农发行浙江省分行支付鸡舍工程款65万元,带动12人就业。`;

/* What a person does on the page before the picture is taken. */
const BEFORE = {
  "water-drag": async (page) => {
    await page.locator(".pipe-pick").selectOption({ label: "p12 · v43 – v63" });
    await page.locator(".pipe-slide input").focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowLeft");
    await page.locator(".breaks").waitFor();
  },
  "village-designed": async (page) => {
    await page.locator(".design-village:enabled").click();
    await page.locator(".village-total").waitFor({ timeout: 60_000 });
    await settled(page);
  },
  press: async (page) => { await page.locator("#press-text").fill(PRESS); await page.getByRole("button", { name: t("zh", "press.check") }).click(); },
  "money-new": async (page) => {
    const form = page.locator("main form");
    await form.locator("#e-purpose").fill("鸡舍饮水线");
    await pick(page, form, t("zh", "word.from"), "农发行");
    await pick(page, form, t("zh", "word.to"), "月湖村");
    await form.locator("#l-money-0").fill("12.5万");
  },
};

function plan() {
  const shots = ROUTES.map((route) => {
    const path = SAMPLE[route.path] ?? route.path;
    if (path.includes(":")) throw new Error(`the route ${route.path} has no sample in screens.mjs`);
    return { name: nameOf(route.path), path, words: wordsOf(route), user: route.meta?.open && route.name ? "" : USER[route.path] ?? "office", programme: DEMO.has(route.path) ? "taishun-demo" : "taishun", ...WIDE };
  });
  const office = (name, path, words, more = {}) => ({ name, path, words, user: "office", programme: "taishun", ...WIDE, ...more });
  return [
    ...shots,
    office("home-en", "/home", ["总览，英文", "Overview in English"], { lang: "en" }),
    office("home-dark", "/home", ["总览，深色", "Overview, dark"], { theme: "dark" }),
    office("home-lower", "/home", ["总览：资金五栏与流向", "Overview: five columns and the flow of money"], { below: ".five", programme: "taishun-demo" }),
    office("home-trace", "/home", ["点开一个数字：由哪些分录算得", "A figure opened: the entries under it"], { click: "main .five button.figure", programme: "taishun-demo" }),
    office("projects-list", "/projects?view=list", ["项目，列表", "Projects as a list"]),
    office("land-parcel", "/land?parcel=demo-330329999000000076", ["一个图斑：没有塔看得见的原因", "A parcel: why no tower sees it"], { programme: "taishun-demo", below: ".land-stage" }),
    office("land-tower", "/land?tower=demo-tw-087", ["一座塔的视域", "What a tower sees"], { programme: "taishun-demo", below: ".land-stage" }),
    office("solar-months", "/solar/demo-pv", ["光伏电站：逐月账与告警，英文", "A PV plant: months, entries, alarms"], { programme: "taishun-demo", lang: "en", below: ".table-box >> nth=0" }),
    office("phone-solar", "/solar/demo-pv", ["手机：光伏电站", "Phone: a PV plant"], { programme: "taishun-demo", theme: "dark", ...PHONE }),
    office("water-drag", "/water/demo-wn-loop", ["供水管网：一段管改小，水到不了", "A pipe made too small: no water arrives"], { programme: "taishun-demo" }),
    office("water-dark", "/water/demo-wn-tree", ["供水管网，深色，英文", "A water network, dark, in English"], { programme: "taishun-demo", theme: "dark", lang: "en" }),
    office("phone-water", "/water/demo-wn-loop", ["手机：供水管网", "Phone: a water network"], { ...PHONE, programme: "taishun-demo", below: ".water-stage" }),
    office("village-designed", "/water/village?file=demo-d-village", ["村级供水设计：设计结果", "A village's water works, designed"], { programme: "taishun-demo", below: ".village-page .water-strip" }),
    office("phone-home", "/home", ["手机：总览", "Phone: overview"], PHONE),
    office("phone-village", `/places/${VILLAGE}`, ["手机：村", "Phone: a village"], { ...PHONE, programme: "taishun-demo" }),
    office("phone-visit", "/households/demo-h-1", ["手机：记一次走访", "Phone: recording a visit"], { ...PHONE, programme: "taishun-demo", press: "households.addVisit" }),
    { name: "public-home", url: "/", words: ["公开页面：项目群", "Public: the programme"], ...WIDE },
    { name: "public-money", url: "/public/money", words: ["公开页面：资金", "Public: money"], ...WIDE },
    { name: "public-results", url: "/public/results", words: ["公开页面：成效", "Public: results"], ...WIDE },
    { name: "phone-public", url: "/", words: ["手机：公开页面", "Phone: public page"], ...PHONE },
    { name: "api-docs", url: "/api/docs", words: ["接口说明", "The interface for programs"], ...WIDE },
  ];
}
const OWN_WORDS = {
  "/login": ["登录", "Log-in"], "/invitation": ["设置密码", "Choosing a password"], "/units/:id": ["一个单位", "A unit"], "/places/:id": ["一个村", "A village"], "/projects/:id": ["一个项目", "A project"],
  "/money/new": ["记一笔", "Booking an entry"], "/money/entries/:id": ["一笔分录", "An entry"], "/households/:id": ["一户", "A household"], "/indicators/:id": ["一个指标", "An indicator"],
  "/cases/:id": ["一件工单", "A case"], "/water/village": ["村级供水设计：村庄和参数", "A village before it is designed"], "/water/:id": ["一个供水管网", "A water network"], "/solar/:id": ["一座光伏电站", "A PV plant"], "/registers/:register": ["一本登记册", "A register"], "/registers/:register/:id": ["一条记录", "A record"], "/account": ["我的账户", "My account"], "/:rest(.*)*": ["没有这个页面", "No such page"],
};
function wordsOf(route) {
  const words = OWN_WORDS[route.path] ?? (route.meta?.nav && [t("zh", `nav.${route.meta.nav}`), t("en", `nav.${route.meta.nav}`)]);
  if (!words) throw new Error(`the route ${route.path} has no words in screens.mjs`);
  return words;
}

async function draw(office, shot) {
  const page = await office.window({ ...shot, theme: shot.theme ?? "light" });
  if (shot.url) await page.goto(shot.url);
  else await go(page, shot.path);
  if (BEFORE[shot.name]) await BEFORE[shot.name](page);
  if (shot.press) { await page.getByRole("button", { name: t("zh", shot.press) }).click(); await page.locator("form.record-form").scrollIntoViewIfNeeded(); }
  if (shot.below) await page.locator(shot.below).evaluate((one) => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 140));
  if (shot.click) await page.locator(shot.click).first().click();
  if (!shot.url) await settled(page);
  await page.waitForTimeout(900);  // pictures move into place; nothing tells when they have
  const file = `${OUT}${shot.name}.png`;
  writeFileSync(file, await page.screenshot());
  await page.context().close();
  const done = spawnSync("pngquant", ["--force", "--strip", "--speed=1", "--ext=.png", "256", file]);
  if (done.error) throw new Error("pngquant makes the pictures small, and it is missing: apt-get install pngquant");
  return statSync(file).size;
}

function list(shots) {
  const lines = shots.map(({ name, words }) => `| ![${words[1]}](${name}.png) | ${words[0]} | ${words[1]} |`);
  writeFileSync(`${OUT}README.md`, `# 界面图 · Screens

每个页面一张，由 \`npm run screens\`（在 \`ui\` 文件夹中，参数为程序路径）重画：真实项目群，演示数据更丰富的页面用演示项目群。
One picture of every page, drawn again by \`npm run screens -- GONGFU\` in \`ui\`: the real programme, or the demo one where it has more to show.

| | 页面 | page |
|---|---|---|
${lines.join("\n")}
`);
}

const [program, ...only] = process.argv.slice(2);
if (!program) { console.error("node tests/screens.mjs GONGFU [NAME…]"); process.exit(2); }
const shots = plan();
mkdirSync(OUT, { recursive: true });
const folder = newFolder();
fillStore(program, folder);
const [server, browser] = await Promise.all([serve(program, folder), launch()]);
const office = new Office(browser, server.address);
await office.readAccounts();
let over = 0;
for (const shot of shots.filter((one) => !only.length || only.includes(one.name))) {
  const bytes = await draw(office, shot);
  over += bytes >= BYTES_MAX;
  console.log(`${(bytes / 1000).toFixed(0).padStart(5)} kB  ${shot.name}${bytes >= BYTES_MAX ? "  TOO LARGE" : ""}`);
}
const known = new Set([...shots.map((one) => `${one.name}.png`), "README.md"]);
for (const file of readdirSync(OUT)) if (!known.has(file)) rmSync(OUT + file);
list(shots);
console.log(`${shots.length} pages, ${(readdirSync(OUT).reduce((sum, file) => sum + statSync(OUT + file).size, 0) / 1e6).toFixed(1)} MB`);
await browser.close();
await server.stop();
process.exit(over ? 1 : 0);
