/* Without a mouse, and without a line. */
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { Office, copyOfStore, faults, go, heading, serve, settled } from "./office.mjs";

const zh = (key, values) => t("zh", key, values);
const TABS_MAX = 120;

async function tabUntil(page, fits) {
  for (let n = 0; n < TABS_MAX; n++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(fits)) return;
  }
  throw new Error(`not reached with ${TABS_MAX} tabs`);
}

export async function keyboard(office) {
  const page = await office.window({ user: "office" });
  await test("keyboard: the first stop skips to the text", async () => {
    await page.goto("/app/#/projects");
    await settled(page);
    await page.reload();
    await settled(page);
    await page.keyboard.press("Tab");
    must(await page.evaluate(() => document.activeElement.classList.contains("skip") && document.activeElement.getBoundingClientRect().left >= 0), `the first stop is ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 90))}`);
    await page.keyboard.press("Enter");
    same(await page.evaluate(() => document.activeElement.tagName), "MAIN", "focus");
  });
  await test("keyboard: the menu leads to a page, and the focus to its text", async () => {
    await page.evaluate(() => document.activeElement.blur());
    await page.goto("/app/#/units");
    await page.reload();
    await settled(page);
    await tabUntil(page, () => document.activeElement.getAttribute("href") === "#/money");
    await page.keyboard.press("Enter");
    await settled(page);
    same(await heading(page), zh("nav.money"), "heading");
    same(await page.evaluate(() => document.activeElement.tagName), "MAIN", "focus");
  });
  await test("keyboard: a figure opens, Escape closes, the focus is back on it", async () => {
    await tabUntil(page, () => document.activeElement.matches("main button.figure"));
    const clicked = await page.evaluate(() => { document.activeElement.dataset.mine = "1"; return document.activeElement.textContent; });
    await page.keyboard.press("Enter");
    await page.locator(".el-drawer .trace").waitFor();
    await page.waitForFunction(() => document.querySelector(".el-drawer").contains(document.activeElement), null, { timeout: 3000 }).catch(() => { throw new Error("the focus is not in the drawer"); });
    await page.keyboard.press("Escape");
    await page.locator(".el-drawer").waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.activeElement.dataset.mine === "1", null, { timeout: 3000 }).catch(() => { throw new Error(`the focus is not back on ${clicked}`); });
  });
  await test("keyboard: g and a letter go, / searches", async () => {
    await page.evaluate(() => document.querySelector("main").focus());
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.waitForURL(/#\/cases/);
    await settled(page);
    await page.keyboard.press("/");
    same(await page.evaluate(() => document.activeElement.id), "search", "focus");
    same(faults(page), [], "faults");
  });
  await page.context().close();
  await onPhone(office);
}

async function onPhone(office) {
  const page = await office.window({ user: "office", width: 390, height: 844 });
  await test("keyboard on a narrow screen: the menu opens, takes the focus, and gives it back", async () => {
    await go(page, "/projects");
    await tabUntil(page, () => document.activeElement.classList.contains("burger"));
    await page.keyboard.press("Enter");
    same(await page.locator(".burger").getAttribute("aria-expanded"), "true", "aria-expanded");
    await page.waitForFunction(() => document.querySelector(".side").contains(document.activeElement), null, { timeout: 3000 }).catch(() => { throw new Error("the focus is not in the menu"); });
    await page.keyboard.press("Escape");
    same(await page.locator(".burger").getAttribute("aria-expanded"), "false", "aria-expanded after Escape");
    await page.waitForFunction(() => document.activeElement.classList.contains("burger"), null, { timeout: 3000 }).catch(() => { throw new Error("the focus is not back on the button"); });
  });
  await page.context().close();
}

/* A server of its own, for it is stopped and started again at the same address. */
export async function offline(browser, program, store) {
  const folder = copyOfStore(store);
  let server = await serve(program, folder);
  const office = new Office(browser, server.address);
  await office.readAccounts();
  const page = await office.window({ user: "viewer" });
  await test("no server: a sentence and a way on; it comes back and so does the page", async () => {
    await go(page, "/projects");
    await go(page, "/places");
    await server.stop();
    await page.evaluate(() => { location.hash = "#/press"; });
    await page.locator(".el-message", { hasText: zh("fault.http_offline") }).waitFor();
    same(await heading(page), zh("nav.places"), "heading when a page cannot be fetched");
    await page.evaluate(() => { location.hash = "#/projects?view=list"; });
    const alert = page.locator("main [role=alert]");
    await alert.waitFor();
    same((await alert.locator(".strong").textContent()).trim(), zh("fault.http_offline"), "sentence");
    server = await serve(program, folder, new URL(server.address).host);
    await alert.getByRole("button", { name: zh("do.again") }).click();
    await page.locator("main tbody tr").first().waitFor();
    must(!(await alert.count()), "the failure is still shown");
    same(faults(page, [/net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|FAILED)/]), [], "faults");
  });
  await page.context().close();
  await server.stop();
  if (office.strangers.size) throw new Error(`requests left the host: ${[...office.strangers]}`);
}
