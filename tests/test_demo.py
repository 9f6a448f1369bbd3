"""test_demo.py GONGFU: the invented second year says that it is invented, and shows what the article alone cannot.

The expected verdicts of press.txt follow from the demo's own tables: 32.5万元 is voucher pay-2, 6座 stands in the acceptance, 118400千瓦时
in the meter's readings, 12人 in the register of jobs; 2000人 and 6所 are somebody's speech; 60万元 was paid where the text says 65;
nothing is about a path of 9000米; 5G is a name.
"""
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEMO = os.path.join(ROOT, "data", "demo")
VERDICTS = [("2024", "found"), ("32.5", "found"), ("6", "found"), ("118400", "found"), ("2000", "stated_only"), ("6", "stated_only"),
            ("65", "different"), ("12", "found"), ("9000", "without_basis"), ("5", "not_a_figure")]
LIFE = {"cash": {"applied", "approved", "committed", "received", "allocated", "paid", "accepted"}, "in_kind": {"paid"},
        "loan": {"approved", "drawn", "repaid"}, "investment": {"paid"}, "result": {"received"}}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_say_so(tables):
    for name, rows in sorted(tables.items()):
        yield f"{name}: origin demo in every row", bool(rows) and all(r["origin"] == "demo" for r in rows)
        if name not in ("facts", "entries", "programmes"):
            yield f"{name}: ids that no other programme has", all(next(iter(r.values())).startswith("demo-") for r in rows)
    yield "every fund is of the demo programme", all(f["programme"] == "taishun-demo" for f in tables["funds"])
    funds = {f["id"] for f in tables["funds"]}
    yield "every entry stands in such a fund", all(e["fund"] in funds and e["key"].startswith(("demo/", "solar/demo-")) for e in tables["entries"])
    texts = [p for p in glob.glob(os.path.join(DEMO, "documents", "*.txt")) if "虚构" not in open(p, encoding="utf-8").readline()]
    yield "every text document says so in its first line", not texts
    for kind, stages in LIFE.items():
        yield f"{kind}: a whole life", stages <= {e["stage_to"] for e in tables["entries"] if e["kind"] == kind}
    held = {d["id"] for d in tables["documents"]}
    yield "every voucher is a document", all(e["voucher"] in held for e in tables["entries"] if e["voucher"])


def program_says_so(gongfu, db):
    def ask(*args):
        run = subprocess.run([gongfu, *args, "--json", "--db", db], capture_output=True, check=False)
        return json.loads(run.stdout)
    press = ask("press", os.path.join(DEMO, "press.txt"), "--programme", "taishun-demo")
    got = [(t["text"], t["verdict"]) for t in press["tokens"]]
    yield f"the press text: every verdict occurs where it should {got}", got == VERDICTS
    other = ask("press", os.path.join(DEMO, "press.txt"), "--programme", "taishun")
    yield "demo rows are no evidence for the other programme", other["summary"]["found"] == 0
    marks = ask("report", "--programme", "taishun-demo", "--format", "json")["marks"]
    yield f"figures of every basis {marks}", all(marks[b] > 0 for b in ("derived", "documented", "stated", "none"))
    report = ask("report", "--programme", "taishun", "--format", "json")
    yield "and none of them in the report of the article", "demo" not in json.dumps(report)
    yield "check is clean", ask("check")["ok"]


def main():
    gongfu = os.path.abspath(sys.argv[1])
    tables = {os.path.basename(p)[:-4]: read(p) for p in glob.glob(os.path.join(DEMO, "*.csv"))}
    checks = list(tables_say_so(tables))
    with tempfile.TemporaryDirectory() as folder:
        db = stores.address(os.path.join(folder, "demo.db"))
        for name in ("calendar", "taishun", "demo"):
            subprocess.run([gongfu, "load", os.path.join(ROOT, "data", name), "--db", db], check=True, capture_output=True)
        checks += list(program_says_so(gongfu, db))
    failed = [name for name, ok in checks if not ok]
    for name in failed:
        print("FAIL", name)
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
