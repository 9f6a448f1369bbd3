/* One office for the tests: a fresh store in a folder of its own, its server, and a real browser.
 *
 * Each role logs in once; its cookie is shared by every window that asks for that role. Every window is watched: what it
 * prints as an error, which of its requests fail, and whether one of them leaves the host.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WAIT_MS = 12_000;
const running = new Set();
process.on("exit", () => { for (const child of running) child.kill("SIGKILL"); });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "gongfu-office-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/* Where a folder's store is: a file in it, or with GONGFU_TEST_DB=postgres a database of the server that tests/pg_server.py started. */
const pg = process.env.GONGFU_TEST_DB === "postgres" ? process.env.GONGFU_TEST_PG : "";
const databaseOf = (folder) => basename(folder).replaceAll("-", "_").toLowerCase();
const storeOf = (folder) => pg ? `postgres://gongfu@${encodeURIComponent(pg)}/${databaseOf(folder)}` : `sqlite:${join(folder, "g.db")}`;
const withKey = (folder) => ({ ...process.env, ...(pg && { GONGFU_KEY_FILE: join(folder, "g.db.key") }) });

function makeDatabase(folder, from = "template0") {
  if (!pg) return;
  const done = spawnSync("psql", ["-X", "-q", "-h", pg, "-U", "gongfu", "-d", "postgres", "-c", `CREATE DATABASE "${databaseOf(folder)}" TEMPLATE "${from}"`], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`no database: ${done.stderr}`);
}

const DATA = new URL("../../../data/", import.meta.url).pathname;
export function fillStore(program, folder) {
  makeDatabase(folder);
  for (const words of [["load", `${DATA}calendar`], ["load", `${DATA}taishun`], ["load", `${DATA}terrain`], ["load", `${DATA}demo`], ["land", "sights"], ["plant", "run"], ["demo", "accounts"]]) {
    const done = spawnSync(program, [...words, "--db", storeOf(folder)], { encoding: "utf8", env: withKey(folder) });
    if (done.status !== 0) throw new Error(`${words.join(" ")}: ${done.stderr || done.stdout}`);
  }
}

/* The program names its port by itself; the first line that it prints is its address. */
export async function serve(program, folder, listen = "127.0.0.1:0") {
  const child = spawn(program, ["serve", "--demo", "--db", storeOf(folder), "--listen", listen], { stdio: ["ignore", "pipe", "pipe"], env: withKey(folder) });
  running.add(child);
  let told = "", log = "";
  child.stderr.on("data", (bytes) => { log += bytes; });
  const address = await new Promise((done, fail) => {
    child.stdout.on("data", (bytes) => { told += bytes; const found = /(http:\/\/[\d.]+:\d+)/.exec(told); if (found) done(found[1]); });
    child.once("exit", (code) => fail(new Error(`the server ended with ${code}: ${log}`)));
  });
  const stop = (signal = "SIGTERM") => new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => { running.delete(child); done(); });
    child.kill(signal);
  });
  return { address, stop };
}

/* A copy of a store that no server has open. */
export function copyOfStore(from) {
  const to = newFolder();
  cpSync(from, to, { recursive: true });
  makeDatabase(to, databaseOf(from));
  return to;
}

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });

export class Office {
  constructor(browser, address) {
    this.browser = browser;
    this.base = address;
    this.requests = 0;
    this.strangers = new Set();
    this.cookies = {};
  }

  async readAccounts() {
    const answer = await fetch(`${this.base}/api/v1/demo-accounts`);
    this.accounts = (await answer.json()).accounts;
  }

  account(user) { return this.accounts.find((one) => one.user === user); }

  /* One log-in for each account; the cookie is kept. */
  async cookie(user) {
    this.cookies[user] ??= this.login(user);
    return this.cookies[user];
  }
  async login(user) {
    const { password } = this.account(user);
    const answer = await fetch(`${this.base}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, password }) });
    if (!answer.ok) throw new Error(`${user} cannot log in: ${await answer.text()}`);
    const [name, value] = answer.headers.get("set-cookie").split(";")[0].split("=");
    return { name, value, domain: new URL(this.base).hostname, path: "/", httpOnly: true, secure: false, sameSite: "Lax", expires: -1 };
  }

  /* What the server knows, asked past the interface. */
  async ask(user, path) {
    const cookie = await this.cookie(user);
    const answer = await fetch(`${this.base}/api/v1${path}`, { headers: { Cookie: `${cookie.name}=${cookie.value}` } });
    if (!answer.ok) throw new Error(`${user} asks ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async write(user, method, path, json) {
    const cookie = await this.cookie(user);
    const { csrf } = await this.ask(user, "/session");
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method, headers: { Cookie: `${cookie.name}=${cookie.value}`, "X-CSRF-Token": csrf, "Content-Type": "application/json" }, body: JSON.stringify(json),
    });
    if (!answer.ok) throw new Error(`${user}: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  /* A window of its own: role, language, colours, width, programme. */
  async window({ user, fresh = false, lang = "zh", theme = "light", large = false, programme = "taishun", width = 1440, height = 900, dark = false } = {}) {
    const cookie = user && (fresh ? await this.login(user) : await this.cookie(user));
    const settings = JSON.stringify({ lang, theme, large, programme, narrow: false });
    const context = await this.browser.newContext({
      baseURL: this.base, viewport: { width, height }, locale: lang === "zh" ? "zh-CN" : "en-GB", reducedMotion: "reduce", acceptDownloads: true, colorScheme: dark ? "dark" : "light",
      storageState: { cookies: cookie ? [cookie] : [], origins: [{ origin: this.base, localStorage: [{ name: "gongfu.settings", value: settings }] }] },
    });
    context.setDefaultTimeout(WAIT_MS);
    context.on("request", (request) => this.watch(request.url()));
    const page = await context.newPage();
    page.on("websocket", (socket) => this.watch(socket.url()));
    listen(page);
    return page;
  }

  watch(url) {
    const { protocol, host } = new URL(url);
    if (protocol === "data:" || protocol === "blob:") return;
    this.requests++;
    if (host !== new URL(this.base).host) this.strangers.add(url);
  }
}

/* page.faults: errors printed, exceptions, requests that failed; page.waiting: how many answers are still out. */
function listen(page) {
  page.faults = [];
  page.waiting = new Set();
  const over = (request) => page.waiting.delete(request);
  page.on("request", (request) => { if (!/\/events$/.test(request.url())) page.waiting.add(request); });
  page.on("requestfinished", over);
  page.on("requestfailed", (request) => {
    over(request);
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") page.faults.push(`${request.method()} ${new URL(request.url()).pathname} ${why}`);
  });
  page.on("response", (answer) => { if (answer.status() >= 400) page.faults.push(`${answer.request().method()} ${new URL(answer.url()).pathname} ${answer.status()}`); });
  page.on("pageerror", (error) => page.faults.push(`exception: ${error.message}`));
  page.on("console", (message) => { if (["error", "warning"].includes(message.type()) && !/Failed to load resource/.test(message.text())) page.faults.push(`console: ${message.text()}`); });
}

/* The faults since the last look, without those that the test itself provoked. */
export function faults(page, provoked = []) {
  const found = page.faults.filter((one) => !provoked.some((known) => known.test(one)));
  page.faults.length = 0;
  return found;
}

/* Nothing is read any more, and nothing on the page says that it still waits. */
const STILL_MS = 60, CALM = 3;   // a busy machine: a chunk may lie between an answer and the page that it brings
export async function settled(page) {
  const until = Date.now() + WAIT_MS;
  for (let calm = 0; calm < CALM;) {
    const still = page.waiting.size === 0 && await page.evaluate(() => ![...document.querySelectorAll(".bones, .table-box.busy, main > :empty")].some((one) => one.matches(":empty") || one.checkVisibility()) && Boolean(document.querySelector("h1, h2")) &&
      (!location.pathname.startsWith("/app") || decodeURIComponent(location.hash) === `#${decodeURIComponent(document.documentElement.dataset.route ?? "")}`)).catch(() => false);
    calm = still ? calm + 1 : 0;
    if (calm < CALM) await new Promise((done) => setTimeout(done, STILL_MS));
    if (Date.now() > until) throw new Error(`the page is still waiting for ${[...page.waiting].map((one) => new URL(one.url()).pathname).join(", ") || "its parts"}`);
  }
}

/* The router has arrived where the address points; on a busy machine that is long after the address changed. Before its first
 * arrival the router does not listen, and would take a new address back. */
async function arrived(page) {
  await page.waitForFunction(() => decodeURIComponent(location.hash) === `#${decodeURIComponent(document.documentElement.dataset.route ?? "")}`, null, { timeout: WAIT_MS });
}
export async function go(page, path) {
  if (page.url().startsWith("about:")) await page.goto(`/app/#${path}`);
  else await page.evaluate((to) => { location.hash = `#${to}`; }, path);
  await arrived(page);
  await settled(page);
}

/* Do something and wait until what it asked for has come. */
export async function after(page, act) { await act(); await settled(page); }

/* A reference is chosen as a person does: open, type, take the first that fits. */
export async function pick(page, form, label, text) {
  const box = form.getByRole("combobox", { name: label, exact: true });
  await box.locator("xpath=ancestor::*[contains(@class, 'el-select__wrapper')]").click();
  await box.fill(text);
  await page.locator(".el-select-dropdown__item:visible", { hasText: text }).first().click();
  await page.keyboard.press("Escape");
}

export const heading = async (page) => (await page.locator("h1").first().textContent()).trim();
