"""test_facts_placed.py GONGFU: every fact of the article stands in its register, and every row cites facts that exist."""
import csv
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(ROOT, "data", "taishun")
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data", "taishun")
# A register may keep part of its matter in a table of its own.
PARTS = {"projects": ["projects", "project_stages", "project_conditions"], "loans": ["loans", "loan_policies"], "source": ["sources"], "units": ["units", "members"]}
BOUNDS = {"exact": "exact", "min": "at_least", "approx": "about", "": ""}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    if not os.path.exists(SHARED):
        print("SKIP facts_placed: ../shared is not there")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    tables = {os.path.basename(p)[:-4]: read(p) for p in glob.glob(os.path.join(DATA, "*.csv"))}
    theirs = {f["id"]: f for f in read(os.path.join(SHARED, "facts.csv"))}
    ours = {f["id"]: f for f in tables["facts"]}
    checks = []
    for row in read(os.path.join(SHARED, "fact_registers.csv")):
        cited = any(row["id"] in r["source"].split(";") for name in PARTS.get(row["register"], [row["register"]]) for r in tables[name])
        checks.append((f"{row['id']} stands in {row['register']}", cited))
    for number, fact in theirs.items():
        mine = ours.get(number, {})
        words = all(mine.get(k) == fact[k] for k in ("line", "char", "phrase", "period"))
        counted = fact["kind"] not in ("document", "source_meta") and fact["amount_base"]
        reading = (mine.get("value"), mine.get("unit"), mine.get("bound")) == ((fact["amount_base"], fact["base_unit"], BOUNDS[fact["bound"]]) if counted else ("", "", ""))
        checks.append((f"{number}: words and reading", words and reading))
    known = set(ours) | {s["id"] for s in tables["sources"]} | {d["id"] for d in tables["documents"]}
    places, units = {p["code"] for p in tables["places"]}, {u["id"] for u in tables["units"]}
    for name, rows in sorted(tables.items()):
        stray = [s for r in rows for s in r.get("source", "").split(";") if s and s not in known]
        lost = [r["place"] for r in rows if r.get("place") and r["place"] not in places] + [u for r in rows for u in r.get("units", "").split(";") if u and u not in units]
        checks.append((f"{name}: sources, places and units exist", not stray and not lost))
        checks.append((f"{name}: nothing invented", all(r.get("origin") in ("article", "imported") for r in rows)))
    for name, rows in tables.items():
        for r in rows:
            reading = next((ours[s] for s in r.get("source", "").split(";") if s in ours and ours[s]["value"]), None)
            if r.get("quantity") and reading and name != "facts":
                readings = {ours[s]["value"] for s in r["source"].split(";") if s in ours}
                checks.append((f"{name}/{r.get('id')}: the number of its fact", r["quantity"] in readings))
    money = {"F050", "F063", "F074", "F087", "F090", "F105", "F111", "F134", "F138"}
    booked = {e["source"]: int(e["amount_fen"]) for e in tables["entries"]}
    checks.append(("nine facts are booked, each once", set(booked) == money and len(tables["entries"]) == 9))
    checks.append(("every amount is its fact's", all(str(booked[f] // 100) == ours[f]["value"] for f in money)))
    checks.append(("positions: all rows, none invented", len(tables["positions"]) == len(read(os.path.join(SHARED, "positions.csv")))))
    checks.append(("311 places", len(places) == len(read(os.path.join(SHARED, "divisions.csv"))) and all(re.fullmatch(r"\d{6}|\d{9}|\d{12}", p) for p in places)))
    failed = [name for name, ok in checks if not ok]
    for name in failed:
        print("FAIL", name)
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
