/* What was tried and what came of it, one line each. A test that throws has failed, and says why. */
export const tally = { passed: 0, failed: 0, skipped: 0 };

export function note(ok, name, why = "") {
  if (ok) tally.passed++; else tally.failed++;
  console.log(ok ? `ok ${name}` : `FAIL ${name}: ${String(why).replace(/\s+/g, " ").slice(0, 700)}`);
}

export async function test(name, body) {
  try {
    await body();
    note(true, name);
  } catch (error) {
    note(false, name, error.message ?? error);
  }
}

export function must(fact, sentence) { if (!fact) throw new Error(sentence); }

export function same(got, wanted, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  must(a === b, `${what}: got ${a}, wanted ${b}`);
}

export function lastLine() {
  console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  return tally.failed || !tally.passed ? 1 : 0;
}
