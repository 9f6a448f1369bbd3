/* node all.mjs GONGFU [NAME,NAME…]: the office interface in a real browser, as people use it. Prints one line per test. On PostgreSQL
 * through tests/pg_server.py. */
import { lastLine, note } from "./tally.mjs";
import { Office, copyOfStore, fillStore, launch, newFolder, serve } from "./office.mjs";
import { cards, expiry, invitation, remembers } from "./door.mjs";
import { charts } from "./charts.mjs";
import { importing, press, reporting } from "./exchange.mjs";
import { figures } from "./figures.mjs";
import { keyboard, offline } from "./hands.mjs";
import { land } from "./land.mjs";
import { book, queue } from "./money.mjs";
import { numerals } from "./numerals.mjs";
import { caseStep, conflict, documents, reveal, search, writes } from "./records.mjs";
import { solar } from "./solar.mjs";
import { water } from "./water.mjs";
import { registers, walks, walksAs } from "./routes.mjs";

const AT_ONCE = 4;
const only = process.argv[3]?.split(",");

/* Long tasks first; each window is its own, so that tasks do not see each other. */
async function inTurn(tasks) {
  const left = tasks.filter(([name]) => !only || only.some((part) => name.includes(part)));
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let task = left.shift(); task; task = left.shift()) {
      const begun = Date.now();
      try { await task[1](); } catch (error) { note(false, task[0], error.message); }
      console.log(`# ${task[0]} ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    }
  }));
}

const program = process.argv[2];
if (!program) { console.error("node all.mjs GONGFU"); process.exit(2); }
const folder = newFolder();
fillStore(program, folder);
const untouched = copyOfStore(folder);
const [server, browser] = await Promise.all([serve(program, folder), launch()]);
const office = new Office(browser, server.address);
await office.readAccounts();
await inTurn([
  ...walks(office).map((body, n) => [`routes ${n}`, body]),
  ...walksAs(office).map((body, n) => [`role ${office.accounts[n].user}`, body]),
  ...registers(office).map((body, n) => [`registers ${n}`, body]),
  ...figures(office).map((body, n) => [`figures ${n}`, body]),
  ...Object.entries({ cards, remembers, expiry, invitation, search, writes, conflict, reveal, caseStep, documents, book, queue, importing, reporting, press, keyboard, land, water, solar, charts, numerals }).map(([name, body]) => [name, () => body(office)]),
  ["offline", () => offline(browser, program, untouched)],
]);
note((only || office.requests > 500) && office.strangers.size === 0, `none of ${office.requests} requests left the host`, [...office.strangers].join(" "));
await browser.close();
await server.stop();
process.exit(lastLine());
