/* Tables in and out, reports as files, a text held against the books. */
import { readFileSync } from "node:fs";
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { checkNumerals } from "./numerals.mjs";
import { after, faults, go, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const MAKE_MS = 40_000;  // a job may wait for others
const bytesOf = async (file) => Buffer.concat(await (await file.createReadStream()).toArray());

async function taken(page, click) {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: MAKE_MS }), click()]);
  return { name: file.suggestedFilename(), bytes: await bytesOf(file) };
}

const HEAD = "id,name,units,place,household,period,seen";
const csv = (date) => Buffer.from(`${HEAD}\nimp-e2e-1,入户一,u-adbc,330329105223,demo-h-1,2024-11-02,屋顶已修\nimp-e2e-2,入户二,u-adbc,330329105223,demo-h-2,${date},猪圈改造\n`);

export async function importing(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const there = async () => (await office.ask("office", "/records/visits?limit=200&programme=taishun-demo")).records.filter((one) => one.id.startsWith("imp-e2e-")).map((one) => one.id).sort();
  const put = (date) => page.locator(".drop input").setInputFiles({ name: "visits.csv", mimeType: "text/csv", buffer: csv(date) });
  await test("a template is downloaded", async () => {
    await go(page, "/exchange");
    const file = await taken(page, () => page.getByRole("button", { name: zh("register.template") }).click());
    same(file.name, "visits.xlsx", "name");
    same(file.bytes.subarray(0, 2).toString(), "PK", "the first bytes of a workbook");
  });
  await test("a trial names the wrong cell, keeps nothing, and gives a workbook to correct", async () => {
    await put("2024-13-40");
    await page.getByText(zh("exchange.trialDone")).waitFor();
    const row = await page.locator("table", { has: page.locator("caption", { hasText: zh("exchange.errors") }) }).locator("tbody tr").first().locator("td").allTextContents();
    same([row[0].trim(), row[1].trim()], ["3", "period"], "row and column");
    await checkNumerals(office, page, 1);
    must(!(await page.getByRole("button", { name: zh("exchange.bookNow") }).count()), "a file with a mistake can be booked");
    const file = await taken(page, () => page.getByRole("button", { name: zh("exchange.errorBook") }).click());
    same(file.bytes.subarray(0, 2).toString(), "PK", "the first bytes of a workbook");
    same(await there(), [], "on the server");
  });
  await test("the corrected file is taken in", async () => {
    await put("2024-11-03");
    await page.getByRole("button", { name: zh("exchange.bookNow") }).click();
    await page.getByText(zh("exchange.booked")).waitFor();
    await settled(page);
    same(await there(), ["imp-e2e-1", "imp-e2e-2"], "on the server");
    await checkNumerals(office, page);
    same((await office.ask("office", "/records/visits/imp-e2e-2")).period, "2024-11-03", "the corrected cell");
  });
  await test("the whole import is undone", async () => {
    const line = page.locator("table", { has: page.locator("caption", { hasText: zh("exchange.done") }) }).locator("tbody tr").first();
    await line.getByRole("button", { name: zh("exchange.undo") }).click();
    await after(page, () => line.getByRole("button", { name: zh("exchange.undoSure") }).click());
    await line.getByText(zh("exchange.undone")).waitFor();
    same(await there(), [], "on the server");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}

export async function reporting(office) {
  const page = await office.window({ user: "office", programme: "taishun" });
  await test("a report becomes a PDF in a job, followed to its end", async () => {
    await go(page, "/report");
    const file = await taken(page, () => page.getByRole("button", { name: "PDF" }).click());
    same(file.bytes.subarray(0, 5).toString(), "%PDF-", "the first bytes");
    const { jobs } = await office.ask("office", "/jobs");
    const job = jobs.find((one) => one.kind === "report");
    same([job.state, job.error], ["done", null], "on the server");
    await go(page, "/jobs");
    const line = page.locator("main tbody tr", { hasText: zh("job.kind_report") }).first();
    must((await line.textContent()).includes(zh("jstate.done")), `the list of jobs says ${await line.textContent()}`);
    same(await line.getByRole("progressbar").getAttribute("aria-valuenow"), "100", "progress");
    const again = await taken(page, () => line.getByRole("button", { name: zh("do.download") }).click());
    must(again.bytes.equals(file.bytes), "the same job gives two files");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}

const PRESS = new URL("../../../data/demo/press.txt", import.meta.url).pathname;
export async function press(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  await test("a text is marked number by number, and a mark opens", async () => {
    const text = readFileSync(PRESS, "utf8");
    await go(page, "/press");
    await page.locator("#press-text").fill(text);
    const [answer] = await Promise.all([page.waitForResponse(/\/api\/v1\/press/), page.getByRole("button", { name: zh("press.check") }).click()]);
    await settled(page);
    const { tokens, summary } = await answer.json();
    same(await page.locator(".marked button.token").evaluateAll((all) => all.map((one) => one.firstChild.textContent)), tokens.map((one) => one.text), "marked numbers");
    for (const verdict of ["found", "stated_only", "different", "without_basis"]) {
      same(Number(await page.locator(`.verdicts .${verdict} b`).textContent()), summary[verdict] ?? 0, verdict);
      same(await page.locator(`.marked button.token.${verdict}`).count(), summary[verdict] ?? 0, `${verdict} in the text`);
    }
    must((summary.found ?? 0) > 0 && (summary.without_basis ?? 0) > 0, `the text proves little: ${JSON.stringify(summary)}`);
    await checkNumerals(office, page);
    await page.locator(".marked button.token.found").first().click();
    await page.locator(".el-drawer .trace .note.green").waitFor();
    same(faults(page), [], "faults");
  });
  await page.context().close();
}
