"""bench_load.py GONGFU [LINES...] [sqlite|postgres]: the invented province through `load` with all checks, `check` and `backup`, on SQLite and on PostgreSQL, in growing sizes.

Households with their persons and the rest of the registers go first, then the ledger into the same store, so that each has its own
rate. LINES: 100000 1000000 5000000 when not given; the last is the one the goals are held against. Cost beside n log n says how
much faster than that it grew from the first size. PostgreSQL is started by tests/pg_server.py with fsync on. Markdown.
"""
import json
import math
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import pg_server

LEDGER = {"entries"}
NEEDS_LEDGER = {"indicators", "observations", "cases", "case_steps"}   # loaded with the ledger: the table of registers has them behind it
PERSONAL = {"households", "household_members"}
TUNED = " -c max_wal_size=8GB -c shared_buffers=512MB"                # as docs/postgres.md says


def timed(*command):
    begun = time.monotonic()
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)}: {run.stderr or run.stdout}")
    return time.monotonic() - begun, run.stdout


def split(folder):
    """Two folders of the same files: what stands before the ledger, and the ledger with what follows."""
    parts = [folder + "-registers", folder + "-ledger"]
    for part in parts:
        os.mkdir(part)
    for name in os.listdir(folder):
        stem = name.removesuffix(".csv")
        os.link(os.path.join(folder, name), os.path.join(parts[stem in LEDGER | NEEDS_LEDGER], name))
    return parts


def rows(folder, names):
    total = 0
    for name in names:
        with open(os.path.join(folder, name + ".csv"), "rb") as file:
            total += sum(1 for _ in file) - 1
    return total


def stored(db):
    """Bytes of the store that is backed up: its file, or the server's database with all its indexes."""
    if db.startswith("sqlite:"):
        return os.path.getsize(db.split(":", 1)[1])
    return int(pg_server.psql(db.rsplit("/", 1)[1], "SELECT pg_database_size(current_database())")[0][0])


def backed_up(gongfu, db, work, times=3):
    """The middle one of three: what the copy takes with its read-back."""
    path, taken, size = os.path.join(work, "b.backup"), [], 0
    for _ in range(times):
        seconds, text = timed(gongfu, "backup", path, "--db", db)
        taken.append(seconds)
        size = json.loads(text)["bytes"]
        os.unlink(path)
    return sorted(taken)[times // 2], size / 1e6, stored(db) / 1e6


def measure(gongfu, db, folder, registers, ledger, work, lines):
    seconds, _ = timed(gongfu, "load", registers, "--db", db)
    out = {"persons/s": rows(folder, PERSONAL) / seconds, "registers s": seconds}
    out["ledger s"], _ = timed(gongfu, "load", ledger, "--db", db)
    out["lines/s"] = lines / out["ledger s"]
    out["check s"], _ = timed(gongfu, "check", "--db", db)
    out["backup s"], out["MB"], out["store MB"] = backed_up(gongfu, db, work)
    return out


def cost(row, first, key, lines, first_lines):
    grown = row[key] / first[key]
    return grown / ((lines * math.log(lines)) / (first_lines * math.log(first_lines)))


def main():
    gongfu = os.path.abspath(sys.argv[1])
    sizes = [int(text) for text in sys.argv[2:] if text.isdigit()] or [100_000, 1_000_000, 5_000_000]
    engines = [text for text in sys.argv[2:] if not text.isdigit()] or ["sqlite", "postgres"]
    os.environ["GONGFU_KEY_FILE"] = os.path.join(tempfile.mkdtemp(prefix="gongfu-key-"), "key")
    results = {}
    for lines in sizes:
        with tempfile.TemporaryDirectory(prefix="gongfu-load-") as work:
            folder = os.path.join(work, "province")
            timed(gongfu, "demo", "province", "--seed", "1", "--lines", str(lines), "--out", folder)
            registers, ledger = split(folder)
            if "sqlite" in engines:
                results["SQLite", lines] = measure(gongfu, "sqlite:" + os.path.join(work, "p.db"), folder, registers, ledger, work, lines)
            if "postgres" in engines and pg_server.programs():
                server = pg_server.Server(durable=True, options=TUNED).start()
                try:
                    os.environ["GONGFU_TEST_PG"] = server.folder
                    results["PostgreSQL", lines] = measure(gongfu, pg_server.fresh(), folder, registers, ledger, work, lines)
                finally:
                    server.end()
        if os.path.exists(os.environ["GONGFU_KEY_FILE"]):
            os.unlink(os.environ["GONGFU_KEY_FILE"])
    print("## A province through `load` (`bench/bench_load.py`)\n")
    print("| store | ledger lines | households + persons/s (≥ 30,000) | ledger lines/s (≥ 100,000) | check (≤ 25 s at 5 M) | backup, MB of it and of the store, MB/s of both (≥ 200) | load, check of the ledger beside n log n |")
    print("|---|---|---|---|---|---|---|")
    for (engine, lines), row in results.items():
        first = results[engine, sizes[0]]
        print(f"| {engine} | {lines:,} | {row['persons/s']:,.0f} | {row['lines/s']:,.0f} | {row['check s']:.1f} s | {row['MB']:,.0f} MB of {row['store MB']:,.0f} in {row['backup s']:.1f} s, {row['MB'] / row['backup s']:,.0f} and {row['store MB'] / row['backup s']:,.0f} MB/s | "
              f"{cost(row, first, 'ledger s', lines, sizes[0]):.2f}, {cost(row, first, 'check s', lines, sizes[0]):.2f} |", flush=True)
    print("\nThe rate of households and persons counts the time of all registers in front of the ledger, their seals, history and search words among it. A backup's time holds its read-back, and is the middle one of three; on PostgreSQL it is an archive of rows, and the store is the database with its indexes.")


main()
