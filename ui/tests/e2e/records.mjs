/* Records as people keep them: found, written, changed, disputed, revealed, proven. */
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { after, faults, go, heading, pick, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const save = (form) => form.getByRole("button", { name: zh("do.save"), exact: true });

export async function search(office) {
  const page = await office.window({ user: "viewer" });
  await test("two characters find a village", async () => {
    await go(page, "/projects");
    await page.keyboard.press("/");
    await page.keyboard.type("月湖");
    await page.locator("#search-found [role=option]", { hasText: "月湖村" }).first().waitFor();
    await settled(page);
    const options = await page.locator("#search-found [role=option]").allTextContents();
    const { label_zh: register } = (await office.ask("viewer", "/registers")).registers.find((one) => one.name === "places");
    const at = options.indexOf(`月湖村${register}`);
    must(at >= 0, `the village is not among ${options}`);
    for (let n = 0; n <= at; n++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/places\/330329105223/);
    await settled(page);
    same(await heading(page), "月湖村", "heading");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}

export async function writes(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const id = "vis-e2e-1";
  await test("a visit is recorded from the household's page", async () => {
    await go(page, "/households/demo-h-1");
    await page.getByRole("button", { name: zh("households.addVisit") }).click();
    const form = page.locator("form.record-form");
    await form.locator("#f-id").fill(id);
    await form.locator("#f-name").fill("秋收走访");
    await form.locator("#f-period").fill("2024-10-1x");
    await save(form).click();
    same((await form.locator(".bad").first().textContent()).trim(), zh("form.period"), "a wrong date is told at its field");
    await form.locator("#f-period").fill("2024-10-12");
    await form.locator("#f-seen").fill("稻谷入仓");
    await pick(page, form, "单位", "农发行");
    await after(page, () => save(form).click());
    await page.getByText("稻谷入仓").waitFor();
    const kept = await office.ask("office", `/records/visits/${id}`);
    same([kept.name, kept.household, kept.place, kept.period, kept.seen, kept.units, kept.version], ["秋收走访", "demo-h-1", "330329105223", "2024-10-12", "稻谷入仓", "u-adbc", 1], "on the server");
    same(faults(page), [], "faults");
  });
  await test("a change is saved with its history, and another window sees it at once", async () => {
    const other = await office.window({ user: "office", programme: "taishun-demo" });
    await go(other, `/registers/visits/${id}`);
    await go(page, `/registers/visits/${id}`);
    await page.getByRole("button", { name: zh("do.edit") }).click();
    const form = page.locator("form.record-form");
    await form.locator("#f-seen").fill("稻谷入仓，晒场已修");
    await after(page, () => save(form).click());
    await other.getByText("稻谷入仓，晒场已修").first().waitFor();
    const { history } = await office.ask("office", `/records/visits/${id}/history`);
    must(history.some((one) => one.op === "change" && one.field === "seen" && one.old === "稻谷入仓" && one.new === "稻谷入仓，晒场已修"), `history: ${JSON.stringify(history)}`);
    same((await office.ask("office", `/records/visits/${id}`)).version, 2, "version");
    same([...faults(page), ...faults(other)], [], "faults");
    await other.context().close();
  });
  await page.context().close();
}

export async function conflict(office) {
  const [one, two] = await Promise.all([office.window({ user: "office", programme: "taishun-demo" }), office.window({ user: "finance", programme: "taishun-demo" })]);
  await test("two people change one record: both values are shown, the choice is kept", async () => {
    for (const page of [one, two]) {
      await go(page, "/registers/funds/demo-f-water");
      await page.getByRole("button", { name: zh("do.edit") }).click();
      await page.locator("form.record-form").waitFor();
    }
    await one.locator("#f-purpose").fill("供水设计与监理");
    await two.locator("#f-purpose").fill("供水管网设计");
    await after(one, () => save(one.locator("form.record-form")).click());
    await two.getByText(zh("form.changedMeanwhile")).waitFor();
    await after(two, () => save(two.locator("form.record-form")).click());
    const table = two.locator(".conflict table");
    const row = await table.locator("tbody tr").first().locator("td").allTextContents();
    same(row.slice(1, 3), ["供水设计与监理", "供水管网设计"], "both values");
    const heads = await table.locator("th").allTextContents();
    must(heads[1].includes("office") || heads[1].includes(office.account("office").name), `the other author is not named: ${heads}`);
    must(heads[2].includes(office.account("finance").name), `the own name is not there: ${heads}`);
    await after(two, () => two.getByRole("button", { name: zh("form.settle") }).click());
    const kept = await office.ask("office", "/records/funds/demo-f-water");
    same([kept.purpose, kept.version], ["供水管网设计", 3], "on the server");
    const { history } = await office.ask("office", "/records/funds/demo-f-water/history");
    must(history.some((line) => line.new === "供水设计与监理"), "the first value is lost");
    same(faults(two, [/PATCH .* 412/]), [], "faults");
    same(faults(one), [], "faults");
  });
  await one.context().close();
  await two.context().close();
}

export async function reveal(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const reason = "核对秋季慰问金的收款人";
  await test("a sealed field opens with a reason, and the log holds it", async () => {
    await go(page, "/households/demo-h-3");
    const sealed = page.locator("section", { has: page.getByRole("heading", { name: zh("households.sealed") }) });
    must((await sealed.textContent()).includes("****"), "the field is not masked");
    await sealed.getByRole("button", { name: zh("reveal.do") }).click();
    const dialog = page.locator(".el-dialog:visible"), button = dialog.getByRole("button", { name: zh("reveal.do") });
    must(await button.isDisabled(), "a reveal without a reason is offered");
    await dialog.locator("#reveal-reason").fill(reason);
    await after(page, () => button.click());
    await sealed.getByText(zh("reveal.logged")).waitFor();
    const shown = await sealed.locator("b.num, dd b").allTextContents();
    must(shown.some((one) => /^\d{11}$/.test(one.trim())), `no telephone number is shown: ${shown}`);
    const { log } = await office.ask("audit", "/logs/operations?action=reveal&limit=20");
    must(log.some((line) => line.actor === "office" && line.reason === reason && line.object.includes("demo-h-3")), `the log: ${JSON.stringify(log).slice(0, 300)}`);
    await sealed.getByRole("button", { name: zh("reveal.hide") }).click();
    must((await sealed.textContent()).includes("****"), "the field is not masked again");
    same(faults(page), [], "faults");
  });
  await test("a person gets a copy, and is erased with a certificate", async () => {
    await go(page, "/households/demo-h-3");
    const sealed = page.locator("section", { has: page.getByRole("heading", { name: zh("households.sealed") }) });
    const ask = async (task) => {
      await sealed.getByRole("button", { name: zh(`reveal.${task}`) }).click();
      const dialog = page.locator(".el-dialog:visible");
      await dialog.locator("#reveal-reason").fill("户主本人要求");
      return dialog.getByRole("button", { name: zh(`reveal.${task}`) });
    };
    const copy = await ask("copy"), [download] = await Promise.all([page.waitForEvent("download"), copy.click()]);
    must(readFileSync(await download.path()).subarray(0, 5).toString() === "%PDF-" && download.suggestedFilename() === "demo-h-3.pdf", download.suggestedFilename());
    const erase = await ask("erase");
    await after(page, () => erase.click());
    const certificate = sealed.getByRole("link", { name: /^er-/ });
    await certificate.waitFor();
    must(!(await sealed.textContent()).includes("****"), "masked text is still shown");
    await certificate.click();
    await page.getByText("户主本人要求").first().waitFor();
    same(faults(page), [], "faults");
  });
  await page.context().close();
}

/* The field case demo-c-field was opened by the bank u-adbc and stands at "checked". */
export async function caseStep(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const step = (id, stage, date) => office.write("office", "POST", "/records/case_steps", { id, case: "demo-c-field", stage, date, actor: "demo-pe-5", proof: "demo-d-field", note: "" });
  await test("who opened a case does not close it; another one does, with a proof", async () => {
    await step("e2e-cs-1", "handled", "2024-05-20");
    await step("e2e-cs-2", "looked_again", "2024-05-22");
    await go(page, "/cases/demo-c-field");
    await page.getByRole("button", { name: zh("cases.step", { stage: zh("cstage.closed") }) }).click();
    const form = page.locator("form.record-form");
    await pick(page, form, "经手人", "农发行");
    await pick(page, form, "证明", "照片");
    await after(page, () => save(form).click());
    const alert = await page.getByRole("alert").textContent();
    must(alert.includes("case.closer"), `the opener was not refused: ${alert}`);
    same((await office.ask("office", "/records/case_steps?case=demo-c-field&stage=closed")).records.length, 0, "closed steps on the server");
    await pick(page, form, "经手人", "demo-pe-2");
    await after(page, () => save(form).click());
    await page.locator(".path li.now", { hasText: zh("cstage.closed") }).waitFor();
    const { records } = await office.ask("office", "/records/case_steps?case=demo-c-field&stage=closed");
    same(records.map((one) => one.actor), ["demo-pe-2"], "who closed it, on the server");
    await go(page, "/cases");
    const open = await page.locator("table", { has: page.locator("caption", { hasText: zh("home.cases") }) }).locator("tbody").innerText();
    must(open.includes("演示农户2") && !open.includes("地块堆土"), `the open cases are ${open}`);
    same(faults(page, [/POST \/api\/v1\/records\/case_steps 4\d\d/]), [], "faults");
  });
  await page.context().close();
}

export async function documents(office) {
  const page = await office.window({ user: "office", programme: "taishun-demo" });
  const bytes = Buffer.from("收据：月湖村收到种苗款三千元整\n"), hash = createHash("sha256").update(bytes).digest("hex");
  await test("a document is uploaded, described and downloaded byte for byte", async () => {
    await go(page, "/documents");
    await page.locator(".drop input").setInputFiles({ name: "种苗收据.txt", mimeType: "text/plain", buffer: bytes });
    const form = page.locator("form.record-form");
    await form.waitFor();
    same([await form.locator("#f-name").inputValue(), await form.locator("#f-sha256").inputValue()], ["种苗收据", hash], "what the form knows");
    await form.locator("#f-id").fill("doc-e2e-1");
    await form.locator("#f-kind").fill("voucher");
    await after(page, () => save(form).click());
    const kept = await office.ask("office", "/records/documents/doc-e2e-1");
    same([kept.sha256, kept.bytes], [hash, bytes.length], "on the server");
    await go(page, "/registers/documents/doc-e2e-1");
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("main").getByRole("button", { name: zh("do.download") }).first().click()]);
    const back = Buffer.concat(await (await file.createReadStream()).toArray());
    must(back.equals(bytes), `${back.length} other bytes came back`);
    same(faults(page), [], "faults");
  });
  await page.context().close();
}
