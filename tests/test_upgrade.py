"""test_upgrade.py GONGFU GONGFU_POWERCUT: stores of every released schema are brought up to date, and an upgrade that is cut off leaves the
old store whole. A fixture is the store as SQL, its key, and what must be true of it afterwards (make_fixture.py)."""
import glob
import json
import lzma
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from test_serve import Checks

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "crash"))
import powercut

CUTS = 200 if os.environ.get("GONGFU_PROOF") else 12


def build(base, path):
    """The fixture as a store at `path`, with its key beside it."""
    for name in glob.glob(path + "*"):
        os.unlink(name)  # with what an upgrade that died has left
    store = sqlite3.connect(path)
    with lzma.open(base + ".sql.xz", "rt", encoding="utf-8") as file:
        store.executescript(file.read())
    store.execute("PRAGMA journal_mode=WAL")
    store.close()
    shutil.copyfile(base + ".key", path + ".key")
    os.chmod(path + ".key", 0o600)


def version_of(path):
    store = sqlite3.connect(path)
    version = store.execute("PRAGMA user_version").fetchone()[0]
    store.close()
    return version


def run(program, path, *args, **env):
    return subprocess.run([program, *args, "--db", "sqlite:" + path], capture_output=True, text=True, check=False, env=dict(os.environ, **env))


def upgrade(program, path, folder, **env):
    """What opens a store to bring it up to date: loading nothing new."""
    return run(program, path, "load", folder, **env)


def as_promised(program, base, path):
    """The fixture's own figures, from the store as it stands now."""
    with open(base + ".json", encoding="utf-8") as file:
        promised = json.load(file)
    checked = run(program, path, "check", "--json")
    report = run(program, path, "report", "--programme", "taishun", "--format", "json", "--out", path + ".json")
    if checked.returncode or report.returncode:
        return checked.stdout[:300] + checked.stderr[:200] + report.stderr[:200]
    check = json.loads(checked.stdout)
    with open(path + ".json", encoding="utf-8") as file:
        money = json.load(file)["money"]
    copied = run(program, path, "person", "copy", "persons/demo-pe-1", "--reason", "对照")
    name = json.loads(copied.stdout)["record"]["name"] if copied.returncode == 0 else copied.stderr
    told = (check["head_hash"], check["entries"], money == promised["money"], name)
    return "" if told == (promised["head_hash"], promised["entries"], True, "示例甲") else str(told)


def steps_of(program, base, empty, path):
    """How many writes and syncs an upgrade takes: beyond them nothing ends it."""
    low, high = 1, 1 << 16
    while low < high:
        middle = (low + high) // 2
        build(base, path)
        died = upgrade(program[1], path, empty, GONGFU_CUT_AFTER=str(middle)).returncode == 137
        low, high = (middle + 1, high) if died else (low, middle)
    return low - 1


def cut_off(checks, program, base, empty, folder, latest):
    """Killed at a write or sync on the way, with what was not synced dropped or torn; then opened by the real program."""
    chance, path, odd, met = random.Random(7), os.path.join(folder, "cut.db"), [], set()
    steps = steps_of(program, base, empty, path)
    for turn in range(CUTS):
        build(base, path)
        step = chance.randint(1, steps) if turn % 3 == 0 else steps - chance.randint(0, 40)  # most of it is the copy beside; the migration stands at the end
        done = upgrade(program[1], path, empty, GONGFU_CUT_AFTER=str(step))
        powercut.cut(folder, chance)
        version = version_of(path)
        met.add(version if done.returncode == 137 else "whole")
        after = upgrade(program[0], path, empty)
        wrong = as_promised(program[0], base, path) if after.returncode == 0 else after.stderr
        if wrong or version_of(path) != latest:
            odd.append((step, version, wrong))
    checks.that(f"{os.path.basename(base)}: cut off {CUTS} times on the way, the store is the old one or the new one, whole", not odd, odd[:3])
    print(f"{os.path.basename(base)}: {steps} writes and syncs; versions found after the cut: {sorted(map(str, met))}")


def main():
    checks = Checks()
    program = [os.path.abspath(path) for path in sys.argv[1:3]]
    bases = sorted(path[:-len(".sql.xz")] for path in glob.glob(os.path.join(ROOT, "tests", "fixtures", "schema-*.sql.xz")))
    checks.that("there are fixtures of released schemas", len(bases) >= 1, bases)
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "nothing")
        os.mkdir(empty)
        with open(os.path.join(empty, "units.csv"), "w", encoding="utf-8") as file:
            file.write("id,name\n")
        fresh = os.path.join(folder, "fresh.db")
        upgrade(program[0], fresh, empty)
        latest = version_of(fresh)
        for base in bases:
            name, path = os.path.basename(base), os.path.join(folder, "old.db")
            build(base, path)
            was = version_of(path)
            told = run(program[0], path, "check")
            done = upgrade(program[0], path, empty)
            checks.that(f"{name} is brought up to date", done.returncode == 0 and version_of(path) == latest, (done.stderr, version_of(path)))
            checks.that(f"{name} keeps what it held, personal text too", as_promised(program[0], base, path) == "", as_promised(program[0], base, path))
            if was == latest:
                continue
            checks.that(f"{name} is not read by halves before: a sentence says how to bring it up to date", told.returncode == 5 and "schema" in told.stderr + told.stdout, (told.returncode, told.stderr))
            kept = f"{path}.before-v{was + 1}"
            checks.that(f"{name} has a copy of the old store beside it", os.path.exists(kept) and version_of(kept) == was, sorted(os.listdir(folder)))
            cut_off(checks, program, base, empty, folder, latest)
        newer = sqlite3.connect(fresh)
        newer.execute(f"PRAGMA user_version={latest + 1}")
        newer.close()
        refused = run(program[0], fresh, "check")
        checks.that("a newer store is refused with both versions named", refused.returncode == 5 and str(latest) in refused.stderr and str(latest + 1) in refused.stderr, refused.stderr)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
