/* node tests/static.mjs: the interface without a browser: types, unit tests, words in both languages, size. */
import { spawnSync } from "node:child_process";
import { check, uneven } from "../scripts/words.mjs";
import { WORDS } from "./e2e/source.mjs";
import { lastLine, note, tally } from "./e2e/tally.mjs";

const root = new URL("../", import.meta.url).pathname;
const tool = (name, ...words) => spawnSync(process.execPath, [name, ...words], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
const told = (done) => (done.stdout + done.stderr).trim();

const types = tool("node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit");
note(types.status === 0, "types", told(types));

const size = tool("scripts/size.mjs");
note(size.status === 0, `size: ${told(size).split("\n").pop()?.trim()}`, told(size));

const { missing, unused } = check(`${root}src`, WORDS);
note(!missing.length, "every word that is asked for is in the table", missing.join(" "));
note(!unused.length, "every word of the table is asked for", unused.join(" "));
note(!uneven(WORDS).length, "both languages are complete and fill the same places", uneven(WORDS).join(" "));

const unit = tool("node_modules/vitest/vitest.mjs", "run", "--reporter=json");
const answer = unit.stdout.includes("{") ? JSON.parse(unit.stdout.slice(unit.stdout.indexOf("{"))) : { testResults: [] };
note(unit.status === 0 && answer.numPassedTests > 0, "unit tests ran to their end", told(unit).slice(0, 400));
for (const one of answer.testResults.flatMap((file) => file.assertionResults)) note(one.status === "passed", one.fullName, one.failureMessages.join(" "));

if (!tally.passed) note(false, "nothing ran");
process.exit(lastLine());
