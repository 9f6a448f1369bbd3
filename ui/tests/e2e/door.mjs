/* Coming in and going out: cards, passwords, invitations, an ended session, what a browser remembers. */
import { t } from "./source.mjs";
import { must, same, test } from "./tally.mjs";
import { after, faults, go, heading, settled } from "./office.mjs";

const NOBODY = [/GET \/api\/v1\/session 401/];
const zh = (key, values) => t("zh", key, values);

async function fillLogin(page, user, password) {
  await page.locator("#user").fill(user);
  await page.locator("#password").fill(password);
  await after(page, () => page.locator("form button[type=submit]").click());
}

export async function cards(office) {
  const page = await office.window({ programme: "" });
  await test("a demo card logs in", async () => {
    await page.goto("/app/");
    await settled(page);
    same(await page.locator(".demo-cards li").count(), office.accounts.length, "cards");
    await after(page, () => page.locator(".demo-cards button", { hasText: zh("role.office") }).first().click());
    await page.waitForURL(/#\/home$/);
    await settled(page);
    const who = await (await page.request.get("/api/v1/session")).json();
    same(who.user, "office", "who the server sees");
    same(faults(page, NOBODY), [], "faults");
  });
  await test("logging out ends the session on the server", async () => {
    await page.locator(".who").click();
    await after(page, () => page.getByRole("menuitem", { name: zh("frame.out") }).click());
    await page.locator("#user").waitFor();
    same((await page.request.get("/api/v1/session")).status(), 401, "status of the session");
    page.faults.length = 0;
  });
  await test("a wrong password is told in a sentence and logged", async () => {
    await fillLogin(page, "teacher", "not-the-password");
    same((await page.getByRole("alert").locator(".strong").textContent()).trim(), zh("fault.login_refused"), "sentence");
    same(faults(page, [/POST \/api\/v1\/session 401/]), [], "faults");
    const { log } = await office.ask("audit", "/logs/logins?actor=teacher&limit=5");
    must(log.some((line) => line.outcome !== "ok"), `the log does not hold the refusal: ${JSON.stringify(log).slice(0, 200)}`);
  });
  await page.context().close();
}

export async function remembers(office) {
  const page = await office.window({ user: "office", theme: "light" });
  await test("language, dark colours and large text outlive a reload", async () => {
    await go(page, "/projects");
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
    const before = await size();
    await after(page, () => page.getByRole("button", { name: zh("frame.otherLang") }).click());
    await page.getByRole("button", { name: t("en", "frame.dark") }).click();
    await page.locator(".who").click();
    await page.getByRole("menuitem", { name: t("en", "frame.large") }).click();
    await page.reload();
    await settled(page);
    same(await heading(page), t("en", "nav.projects"), "heading");
    same(await page.evaluate(() => [document.documentElement.lang, document.documentElement.classList.contains("dark")]), ["en", true], "language and colours");
    must(await size() > before, "the text is not larger");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}

export async function expiry(office) {
  const page = await office.window({ user: "finance", fresh: true });
  await test("an ended session leads to the log-in and back to the same page", async () => {
    await go(page, "/projects?view=list");
    const { csrf } = await (await page.request.get("/api/v1/session")).json();
    same((await page.request.delete("/api/v1/session", { headers: { "X-CSRF-Token": csrf } })).status(), 204, "ending it elsewhere");
    await page.evaluate(() => { location.hash = "#/money?kind=loan"; });
    await page.getByText(zh("door.expired")).waitFor();
    await fillLogin(page, "finance", office.account("finance").password);
    await page.waitForURL(/#\/money\?kind=loan$/);
    await settled(page);
    same(await heading(page), zh("nav.money"), "heading");
    same(await page.locator("#c-kind").inputValue(), "loan", "the filter of before");
    same(faults(page, [/ 401$/]), [], "faults");
  });
  await page.context().close();
}

export async function invitation(office) {
  const page = await office.window({ user: "system" }), guest = await office.window({});
  const password = "a-long-new-password-7";
  await test("a user is invited, the link opens once, the password is set and works", async () => {
    await go(page, "/users");
    await page.getByRole("button", { name: zh("users.add") }).click();
    const dialog = page.locator(".el-dialog:visible");
    await dialog.locator("#us-id").fill("li.xin");
    await dialog.locator("#us-name").fill("李新");
    await dialog.locator("#us-role").selectOption("viewer");
    await after(page, () => dialog.getByRole("button", { name: zh("do.save") }).click());
    const link = (await dialog.locator("code").textContent()).trim();
    must(link.startsWith(`${office.base}/app/`), `the link leads elsewhere: ${link}`);
    const listed = async () => (await office.ask("system", "/users")).users.find((one) => one.id === "li.xin");
    same([(await listed()).name, (await listed()).state], ["李新", "invited"], "on the server");

    await guest.goto(link);
    await settled(guest);
    await guest.locator("#first").fill(password);
    await guest.locator("#again").fill(`${password}x`);
    must(await guest.locator("form button[type=submit]").isDisabled(), "two different passwords are taken");
    await guest.locator("#again").fill(password);
    await after(guest, () => guest.locator("form button[type=submit]").click());
    await guest.getByRole("link", { name: zh("door.toLogin") }).click();
    await fillLogin(guest, "li.xin", password);
    same((await (await guest.request.get("/api/v1/session")).json()).user, "li.xin", "who the server sees");
    same((await listed()).state, "active", "state");
    same(faults(page), [], "faults");
    same(faults(guest, NOBODY), [], "faults of the guest");

    await guest.goto("/app/#/account");
    await guest.goto(link);
    await settled(guest);
    await guest.locator("#first").fill(password);
    await guest.locator("#again").fill(password);
    await after(guest, () => guest.locator("form button[type=submit]").click());
    must(await guest.getByRole("alert").count(), "the link opened twice");
  });
  await page.context().close();
  await guest.context().close();
}
