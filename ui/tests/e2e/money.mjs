/* The books: one entry booked, opened, reversed. Nothing is ever changed. */
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { after, faults, go, heading, pick } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);

export async function queue(office) {
  for (const lang of ["zh", "en"]) await test(`the loan queue tells its quotas in yuan (${lang})`, async () => {
    const page = await office.window({ user: "finance", programme: "taishun-demo", lang });
    await go(page, "/money/loans");
    const row = page.locator("table").first().locator("tbody tr").first();
    await row.waitFor();
    const cells = await row.locator("td").allTextContents();
    same(cells[cells.length - 1], lang === "zh" ? "5,000万元" : "50 million yuan", "the first quota, 5000000000 fen");
    await page.context().close();
  });
}

export async function book(office) {
  const page = await office.window({ user: "finance", programme: "taishun-demo" });
  const paid = async () => (await office.ask("finance", "/statement?scope=fund:demo-f-hen&programme=taishun-demo")).money.find((one) => one.kind === "cash" && one.stage === "paid")?.amount_fen ?? 0;
  let number = 0, before = 0;
  await test("an entry is booked in words of the office", async () => {
    before = await paid();
    await go(page, "/money/new");
    const form = page.locator("main form");
    await form.locator("#e-purpose").fill("鸡舍饮水线");
    await pick(page, form, zh("word.from"), "农发行");
    await pick(page, form, zh("word.to"), "月湖村");
    await pick(page, form, zh("word.fund"), "跑步鸡");
    await form.getByRole("button", { name: zh("money.book") }).click();
    must((await form.locator(".note.red").textContent()).includes(zh("form.money").slice(0, 4)), "an entry without an amount is not refused");
    await form.locator("#l-money-0").fill("1.25万");
    await form.locator("#l-from-0").selectOption("allocated");
    await after(page, () => form.getByRole("button", { name: zh("money.book") }).click());
    await page.waitForURL(/#\/money\/entries\/\d+/);
    number = Number(/entries\/(\d+)/.exec(page.url())[1]);
    same(await heading(page), zh("money.entry", { n: number }), "heading");
    const kept = await office.ask("finance", `/records/entries/${number}`);
    const row = kept.rows[0];
    same([kept.purpose, kept.origin, row.kind, row.from_party, row.to_party, row.fund, row.stage_from, row.stage_to, row.amount_fen], ["鸡舍饮水线", "demo", "cash", "u-adbc", "330329105223", "demo-f-hen", "allocated", "paid", 1_250_000], "on the server");
    same(await paid() - before, 1_250_000, "the fund's paid cash has grown by");
    same(faults(page), [], "faults");
  });
  await test("the entry is reversed by another; both stay", async () => {
    await page.getByRole("button", { name: zh("money.reverse") }).click();
    await page.locator("#reverse-reason").fill("录入重复");
    await after(page, () => page.locator(".el-dialog:visible").getByRole("button", { name: zh("money.reverse") }).click());
    await page.waitForURL(new RegExp(`#/money/entries/(?!${number}$)\\d+`));
    const back = Number(/entries\/(\d+)/.exec(page.url())[1]);
    const kept = await office.ask("finance", `/records/entries/${back}`);
    same([kept.reverses, kept.note, kept.rows[0].from_party, kept.rows[0].amount_fen], [number, "录入重复", "330329105223", 1_250_000], "on the server");
    same(await paid(), before, "the fund's paid cash");
    await go(page, `/money/entries/${number}`);
    must(await page.getByText(zh("money.reversedBy", { n: back })).count(), "the first entry does not name the second");
    must(!(await page.getByRole("button", { name: zh("money.reverse") }).count()), "it can be reversed twice");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}
