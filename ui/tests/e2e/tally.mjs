/* What was tried and what came of it, one line each. A test that throws has failed, and says why. */
export const tally = { passed: 0, failed: 0, skipped: 0 };

export function note(ok, name, why = "") {
  if (ok) tally.passed++; else tally.failed++;
  console.log(ok ? `ok ${name}` : `FAIL ${name}: ${why}`);
}

const reason = (error) => String(error.message ?? error).replace(/\s+/g, " ").slice(0, 700);

export async function test(name, body) {
  try {
    await body();
    note(true, name);
  } catch (error) {
    note(false, name, reason(error));
  }
}

/* A look that changes nothing may be taken twice: a machine that is busy enough drops a frame. It says so when it was. */
export async function look(name, body) {
  try {
    await body();
    note(true, name);
  } catch (error) {
    console.log(`again ${name}: ${reason(error)}`);
    await test(name, body);
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
