/* A PV plant: its page shows what the server says, a day opens, a month is settled into the book, readings come in or are refused with a reason. */
import { t } from "./source.mjs";
import { drawn } from "./charts.mjs";
import { must, same, test } from "./tally.mjs";
import { openFigure } from "./figures.mjs";
import { after, faults, go, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const PROGRAMME = "taishun-demo", PLANT = "demo-pv";

export async function solar(office) {
  const page = await office.window({ user: "office", programme: PROGRAMME }), plant = await office.ask("office", `/solar/${PLANT}`);
  await test("the list leads to the plant", async () => {
    await go(page, "/solar");
    await after(page, () => page.locator(".plant-cards a", { hasText: plant.name }).click());
    await page.locator(".plant-strip").waitFor();
    same(await page.locator("h1").textContent(), plant.name, "heading");
  });
  await test("months and days are drawn, and each column is a button that tells both numbers", async () => {
    await drawn(page, ".energy-plot");
    const columns = page.locator(".energy").first().locator("ol button");
    same(await columns.count(), plant.months.length, "months");
    await after(page, () => columns.nth(4).click());
    await settled(page);
    const { days } = await office.ask("office", `/solar/${PLANT}/days?from=${plant.months[4].month}-01&to=${plant.months[4].month}-31`);
    same(await page.locator(".plant-days ol button").count(), days.length, "days");
    must((await columns.nth(4).getAttribute("aria-label")).includes(zh("plant.made")), "a column is silent");
  });
  await test("a day's course is drawn for the plant and for one inverter", async () => {
    await page.locator(".plant-days ol button").nth(11).click();
    await drawn(page, ".course-plot");
    same(await page.locator(".course-pick button").count(), plant.inverters + 1, "choices");
    await page.locator(".course-pick button").nth(1).click();
    same(await page.locator(".course-pick button").nth(1).getAttribute("aria-pressed"), "true", "picked");
  });
  await test("energy, ratio and earnings of a month open and are equal when computed again", async () => {
    const row = page.locator("table.data").first().locator("tbody tr").nth(3);
    for (const of of [`energy.${PLANT}.generated@`, `pr.${PLANT}@`, `earning.${PLANT}.feed_in@`]) await openFigure(page, row.locator(`button[data-figure^="${of}"]`));
  });
  await test("an alarm leads to its case, and to the day", async () => {
    const alarms = page.locator("table.data").nth(1).locator("tbody tr");
    must((await alarms.count()) >= 10, "alarms are missing");
    const dead = alarms.filter({ hasText: zh("fkind.dead") });
    await after(page, () => dead.getByRole("button").last().click());
    must((await page.locator(".course-sheet h2").textContent()).includes("4月"), "the day is not shown");
    same(await dead.locator("a").getAttribute("href"), `#/cases/${plant.faults.find((one) => one.kind === "dead").case}`, "case");
  });
  await test("a month is settled: three entries of the village's own book, each with the settlement as voucher", async () => {
    const month = plant.months.filter((one) => one.whole && one.parts.every((part) => part.entry === null))[0];
    const row = page.locator("table.data").first().locator("tbody tr", { hasText: month.month });
    await row.locator(".settle").click();
    await row.locator(".booked a").nth(2).waitFor();
    same(await row.locator(".settle").count(), 0, "still offered");
    const settledNow = (await office.ask("office", `/solar/${PLANT}`)).months.find((one) => one.month === month.month);
    for (const part of settledNow.parts) {
      const entry = await office.ask("office", `/records/entries/${part.entry}`);
      same([entry.rows[0].kind, entry.rows[0].amount_fen, entry.rows[0].place, entry.voucher], ["result", part.amount_fen, plant.place, `${PLANT}.settlement.${month.month}`], part.part);
    }
    await after(page, () => row.locator(".booked a").first().click());
    same(faults(page), [], "faults");
  });
  await test("readings that cannot be read are refused with the column and what to do; the page stays", async () => {
    await go(page, `/solar/${PLANT}`);
    await page.locator(".take-readings").click();
    await page.locator(".drop input").setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("utc,N9_ac_w\n2026-01-01T04:00Z,5\n2026-01-01T04:15Z,6\n") });
    await page.locator(".el-message--error").first().waitFor();
    must((await page.locator(".el-message--error").first().textContent()).includes("N9"), "the column is not named");
    const kept = faults(page).filter((one) => !one.includes("400") && !one.includes("422"));
    same(kept, [], "faults");
  });
  await page.context().close();
  await test("who only looks books nothing; a phone holds the page", async () => {
    const phone = await office.window({ user: "viewer", programme: PROGRAMME, width: 390, height: 844 });
    await go(phone, `/solar/${PLANT}`);
    await phone.locator(".plant-strip").waitFor();
    same(await phone.locator(".settle").count(), 0, "settling is offered");
    must(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "wider than the phone");
    same(faults(phone), [], "faults");
    await phone.context().close();
  });
}
