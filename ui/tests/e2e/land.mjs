/* The map of farmland: a parcel is picked and its profile tells why; a point of the map is asked; what the page counts is
 * what the server says. */
import { t } from "./source.mjs";
import { drawn } from "./charts.mjs";
import { must, same, test } from "./tally.mjs";
import { after, faults, go, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const PROGRAMME = "taishun-demo";
const verdict = (page) => page.locator(".profile .verdict b").textContent();

/* The sentence that the server's own profile asks for, as the page rounds it. */
function sentence(profile) {
  const far = (metres) => (metres < 1000 ? `${Math.round(metres)} 米` : `${(metres / 1000).toFixed(1)} 公里`);
  const high = (metres) => `${Math.abs(metres) < 10 ? metres.toFixed(1) : Math.round(metres)} 米`;
  if (profile.sight === "hidden") return zh("land.lineHidden", { far: far(profile.blocker_dist_m), short: high(-profile.margin_m) });
  return profile.margin_m === null ? zh("land.lineFree") : zh("land.lineSeen", { margin: high(profile.margin_m) });
}
async function asked(page, act) {
  const answer = page.waitForResponse((one) => one.url().includes("/land/profile"));
  await act();
  const profile = await (await answer).json();
  await settled(page);
  return profile;
}

export async function land(office) {
  const page = await office.window({ user: "office", programme: PROGRAMME });
  const data = await office.ask("office", `/land?programme=${PROGRAMME}`);
  const hidden = data.parcels.find((one) => one.seen === 0), seen = data.parcels.find((one) => one.before > 0);
  await test("the strip of farmland tells the server's sums", async () => {
    await go(page, "/land");
    for (const name of ["all", "before", "seen", "unseen", "unanswered"])
      same((await page.locator(`.land-tiles .${name} .land-tile-count`).textContent()).replace(/\D/g, ""), String(data.sums[name].parcels), name);
    must(data.sums.before.parcels > 0 && data.sums.unseen.parcels > 0, "the demo has nothing to tell apart");
  });
  await test("today's colours count what only the planned sites will see as not seen", async () => {
    const unseen = page.locator(".land-key li", { hasText: zh("land.sight_unseen") }).locator(".figure-text");
    same(await unseen.textContent(), String(data.sums.unseen.parcels), "once built");
    await page.locator(".land-bar").first().click();
    same(await unseen.textContent(), String(data.sums.all.parcels - data.sums.before.parcels), "today");
    await page.locator(".land-bar").nth(1).click();
  });
  await test("a parcel picked in the table shows its profile and who answers", async () => {
    await page.locator("#land-sight").selectOption("unseen");
    const profile = await asked(page, () => page.locator("table.data button.link", { hasText: new RegExp(`^${hidden.number}$`) }).first().click());
    same((await page.locator(".land-side h3").textContent()).trim(), zh("land.number", { n: hidden.number }), "panel");
    same(await verdict(page), sentence(profile), "sentence");
    await drawn(page, ".profile-plot");
    same(await page.locator(".warden-list a").count(), hidden.wardens.length, "wardens");
  });
  await test("another tower is asked why it does not see the parcel", async () => {
    const other = page.locator(".sight-list button[aria-pressed=false]").first(), name = (await other.locator("b").first().textContent()).trim();
    const profile = await asked(page, () => other.click());
    must((await page.locator(".profile h3").textContent()).startsWith(name), "the profile is of another tower");
    same(await verdict(page), sentence(profile), "sentence");
  });
  await test("with a tower picked, a click on the map draws the profile to that point", async () => {
    await go(page, `/land?tower=${seen.best}`);
    await page.locator(".land-side .sight-list li").first().waitFor();
    const box = await page.locator(".land-map .map-box").boundingBox();
    const profile = await asked(page, () => page.mouse.click(box.x + box.width * 0.62, box.y + box.height * 0.62));
    must(["seen", "hidden"].includes(profile.sight) && profile.at_m.length > 1, JSON.stringify(profile).slice(0, 120));
    must(await verdict(page), "no sentence");
  });
  await test("a field chief reads the map; the real programme, which has no parcels yet, says how to begin", async () => {
    const warden = await office.window({ user: "warden", programme: PROGRAMME });
    await go(warden, "/land");
    must(await warden.locator(".land-tiles").count(), "no sums");
    await warden.context().close();
    const begin = await office.window({ user: "office", programme: "taishun" });
    await go(begin, "/land");
    must(await begin.locator(".land-begin").count(), "nothing says how to begin");
    await after(begin, () => begin.getByRole("link", { name: zh("land.beginLayer") }).click());
    same(await begin.locator("select").first().inputValue(), "taishun", "programme");
    same(await begin.locator(".steps3 select").first().inputValue(), "parcels", "register of the import");
    must((await begin.locator("input[type=file]").getAttribute("accept")).includes(".gpkg"), "no layer is taken");
    same(faults(begin), [], "faults");
    await begin.context().close();
  });
  same(faults(page), [], "faults on the map of farmland");
  await page.context().close();
}
