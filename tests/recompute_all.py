"""recompute_all.py GONGFU: on Taishun, on the demo and on three random programmes every figure is recomputed."""
import json
import os
import subprocess
import sys
import tempfile

import books_at_random
import recompute
import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SEEDS = range(1, 4) if not os.environ.get("GONGFU_PROOF") else range(1, 21)


def run(gongfu, *args):
    subprocess.run([gongfu, *args], check=True, capture_output=True)


def main():
    gongfu = os.path.abspath(sys.argv[1])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        db = stores.address(os.path.join(folder, "taishun.db"))
        run(gongfu, "load", os.path.join(ROOT, "data", "taishun"), "--db", db)
        run(gongfu, "load", os.path.join(ROOT, "data", "demo"), "--db", db)
        cases += [("taishun", db, ["--programme", "taishun"]), ("demo", db, ["--programme", "taishun-demo"]),
                  ("taishun, part of a year", db, ["--programme", "taishun", "--from", "2022-03-05", "--to", "2022-11-20"]), ("demo, half a year", db, ["--programme", "taishun-demo", "--from", "2024-03-08", "--to", "2024-09-11"])]
        for seed in SEEDS:
            books_at_random.make(os.path.join(folder, f"random{seed}"), seed)
            db = stores.address(os.path.join(folder, f"random{seed}.db"))
            run(gongfu, "load", os.path.join(folder, f"random{seed}"), "--db", db)
            cases += [(f"random {seed}", db, ["--programme", "p"]), (f"random {seed}, odd span", db, ["--programme", "p", "--from", "2021-05-09", "--to", "2023-02-17"]),
                      (f"random {seed}, one origin", db, ["--programme", "p", "--origin", "imported"])]
        for number, (name, db, options) in enumerate(cases):
            dump, report = os.path.join(folder, f"dump{number}"), os.path.join(folder, f"report{number}.json")
            run(gongfu, "dump", dump, "--db", db)
            run(gongfu, "report", "--format", "json", "--out", report, "--db", db, *options)
            run(gongfu, "check", "--db", db)
            count, found = recompute.recompute(dump, report)
            with open(report, encoding="utf-8") as file:
                money = len(json.load(file)["money"])
            ok = not found and count > 0 and (money > 0 or "part" in name)
            print(f"{'ok  ' if ok else 'FAIL'} {name}: {count} figures, {money} sums of money")
            for problem in found[:5]:
                print("     ", problem)
            passed, failed = passed + ok, failed + (not ok)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
