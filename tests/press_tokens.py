"""press_tokens.py GONGFU: the article's 77 number tokens against the table that comes with its facts."""
import csv
import json
import os
import subprocess
import sys
import tempfile

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
ARTICLE = os.path.join(SHARED, "source", "000_9c942900e60ca39d.txt")


def differs(token, row):
    """What the program says otherwise than the table, as words."""
    value = "" if token["value"] is None else str(token["value"])
    try:
        same = value == row["value_base"] or float(value) == float(row["value_base"])
    except ValueError:
        same = value == row["value_base"]
    checks = [("text", token["text"] == row["text"]), ("unit", token["unit"] == row["unit"]), ("value", same), ("value_unit", (token["value_unit"] or "") == row["unit_base"]),
              ("bound", (token["bound"] or "") == row["bound"]), ("verdict", token["verdict"] in row["verdict"].split("|")),
              ("facts", not row["fact"] or row["verdict"] == "not_a_figure" or row["fact"] in token["facts"])]
    return [name for name, ok in checks if not ok]


def main():
    gongfu = os.path.abspath(sys.argv[1])
    if not os.path.exists(ARTICLE):
        print("SKIP press_tokens: ../shared is not there")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        db = stores.address(os.path.join(folder, "t.db"))
        subprocess.run([gongfu, "load", os.path.join(ROOT, "data", "taishun"), "--db", db], check=True, capture_output=True)
        run = subprocess.run([gongfu, "press", ARTICLE, "--json", "--db", db], capture_output=True, check=False)
    answer = json.loads(run.stdout)
    with open(os.path.join(SHARED, "data", "taishun", "tokens.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tokens = {(t["line"], t["column"]): t for t in answer["tokens"]}
    failed = 0
    for row in rows:
        token = tokens.pop((int(row["line"]), int(row["column"])), None)
        wrong = ["missing"] if token is None else differs(token, row)
        if wrong:
            failed += 1
            print(f"FAIL {row['line']}:{row['column']} {row['text']}: {', '.join(wrong)}")
    for place, token in tokens.items():
        failed += 1
        print(f"FAIL {place}: {token['text']} is in no row")
    summary = answer["summary"]
    trouble = summary["different"] + summary["without_basis"]
    for name, ok in (("nothing is found: a text does not prove itself", summary["found"] == 0), ("exit code", run.returncode == (1 if trouble else 0)), ("sums", sum(summary.values()) == 2 * summary["tokens"])):
        print(("ok   " if ok else "FAIL ") + name)
        failed += not ok
    print(f"{len(rows) + 3 - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
