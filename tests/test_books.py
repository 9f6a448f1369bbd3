"""test_books.py GONGFU: records in and out. Bad input is told by file, line, reason and hint, and changes nothing."""
import csv
import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GONGFU = os.path.abspath(sys.argv[1])
FOLDERS = [os.path.join(ROOT, "data", name) for name in ("taishun", "calendar", "demo")]

ENTRY = "entry,date,period,verb,kind,from_party,to_party,fund,project,place,stage_from,stage_to,amount_fen,bound,purpose,voucher,source,origin,key,reverses\n"
# name, file, content, exit code, where, part of what
BAD = [
    ("wrong digits of a code", "places.csv", "code,name,level,parent\n33032910,甲镇,town,330329\n", 3, "places.csv:2", "9 digits"),
    ("a code outside its parent", "places.csv", "code,name,level,parent\n440329101,甲镇,town,330329\n", 3, "places.csv:2", "parent"),
    ("a cycle of places", "places.csv", "code,name,level,parent\n9901,甲,site,9902\n9902,乙,site,9901\n", 3, "places.csv:2", "inside itself"),
    ("unknown unit", "pairings.csv", "id,unit,place\np-x,u-nobody,330329\n", 3, "pairings.csv:2", "u-nobody"),
    ("unknown column", "units.csv", "id,name,colour\nx,y,red\n", 3, "units.csv:1", "colour"),
    ("a column twice", "units.csv", "id,name,name\nx,y,z\n", 3, "units.csv:1", "twice"),
    ("missing name", "units.csv", "id,name\nx,\n", 3, "units.csv:2", "name is empty"),
    ("two rows with one key", "units.csv", "id,name\nx,y\n\nx,z\n", 3, "units.csv:4", "line 2"),
    ("31 February", "visits.csv", "id,name,period\nv-x,走访,2024-02-31\n", 3, "visits.csv:2", "calendar"),
    ("a period that runs back", "visits.csv", "id,name,period\nv-x,走访,2024/2021\n", 3, "visits.csv:2", "ends before"),
    ("1e30", "observations.csv", "id,indicator,value\no-x,i-area,1e30\n", 3, "observations.csv:2", "1e30"),
    ("a credit code that does not add up", "units.csv", "id,name,credit_code\nx,y,91350100M000100Y40\n", 3, "units.csv:2", "credit code"),
    ("a word that is no choice", "cases.csv", "id,name,kind,opened,opener\nc-x,n,fire,2024-01-01,u-sport\n", 3, "cases.csv:2", "fire"),
    ("no origin", "units.csv", "id,name,origin\nx,y,rumour\n", 3, "units.csv:2", "rumour"),
    ("GBK bytes", "units.csv", "id,name\nx,单位\n".encode("gbk"), 3, "units.csv:2", "UTF-8"),
    ("a zero byte", "units.csv", b"id,name\nx,a\0b\n", 3, "units.csv:2", "zero byte"),
    ("a row too short", "units.csv", "id,name\nx\n", 3, "units.csv:2", "1 fields"),
    ("an open quote", "units.csv", 'id,name\nx,"y\n', 3, "units.csv:2", "quote"),
    ("an unknown register", "animals.csv", "id\nx\n", 3, "animals.csv", "animals"),
    ("an unknown fact", "visits.csv", "id,name,source\nv-x,走访,F999\n", 3, "visits.csv:2", "F999"),
    ("negative fen", "entries.csv", ENTRY + "1,2024-01-01,,取得,cash,unstated,u-sport,,,,,received,-5,exact,,,,entered,k-x,\n", 3, "entries.csv:2", "above zero"),
    ("fen of 1e30", "entries.csv", ENTRY + "1,2024-01-01,,取得,cash,unstated,u-sport,,,,,received,1e30,exact,,,,entered,k-x,\n", 3, "entries.csv:2", "1e30"),
    ("an unknown party", "entries.csv", ENTRY + "1,2024-01-01,,取得,cash,unstated,u-nobody,,,,,received,5,exact,,,,entered,k-x,\n", 3, "entries.csv:2", "u-nobody"),
    ("no such stage", "entries.csv", ENTRY + "1,2024-01-01,,,cash,unstated,u-sport,,,,,dreamt,5,exact,,,,entered,k-x,\n", 3, "entries.csv:2", "dreamt"),
    ("one key under two entries", "entries.csv", ENTRY + "".join(f"{n},2024-01-01,,取得,cash,unstated,u-sport,,,,,received,5,exact,,,,entered,k-x,\n" for n in (1, 2)), 3, "entries.csv:3", "two entries"),
    ("a key that is booked", "entries.csv", ENTRY + "1,2024-01-01,,取得,cash,unstated,u-sport,,,,,received,5,exact,,,,entered,taishun/F050,\n", 5, "entries.csv:2", "entry 1"),
    ("a reversal that mirrors nothing", "entries.csv", ENTRY + "1,2024-01-01,,冲销,cash,u-sport,unstated,,,,received,,5,exact,,,,entered,k-x,taishun/F050\n", 3, "entries.csv:2", "mirror"),
    ("a step out of order", "case_steps.csv", "id,case,date,stage,actor,proof\ncs-x,demo-c-risk,2024-09-09,decided,demo-pe-3,\n", 3, "case_steps.csv:2", "may not follow"),
    ("a document outside", "documents.csv", "id,name,file\nd-x,n,../../etc/passwd\n", 8, "documents.csv:2", "inside the folder"),
    ("a document with another hash", "documents.csv", "id,name,file,sha256\nd-x,n,documents.csv," + "0" * 64 + "\n", 3, "documents.csv:2", "content"),
]


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {note}" if note and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


def gongfu(*args, db=None, code=0):
    options = ["--db", db if ":" in db else stores.address(db)] if db else []
    run = subprocess.run([GONGFU, *args, *options], capture_output=True, check=False)
    if code is not None and run.returncode != code:
        raise SystemExit(f"{args}: exit {run.returncode}, expected {code}\n{run.stderr.decode()}")
    return run


def same_folders(a, b):
    compared = filecmp.dircmp(a, b)
    names = sorted(os.path.relpath(os.path.join(d, f), a) for d, _, files in os.walk(a) for f in files)
    equal, differ, errors = filecmp.cmpfiles(a, b, names, shallow=False)
    return not (compared.left_only or compared.right_only or differ or errors) and len(equal) == len(names) > 0


def head(db):
    return json.loads(gongfu("check", "--json", db=db).stdout)


def bad_input(checks, folder, db):
    before = os.path.join(folder, "before")
    gongfu("dump", before, db=db)
    for number, (name, file, content, code, where, part) in enumerate(BAD):
        bad = os.path.join(folder, f"bad{number}")
        os.makedirs(bad)
        with open(os.path.join(bad, file), "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        # a good row first: all or nothing
        with open(os.path.join(bad, "sources.csv"), "w", encoding="utf-8") as out:
            out.write("id,name\ns-good,好的一行\n")
        run = gongfu("load", bad, "--json", db=db, code=None)
        lines = run.stderr.decode().strip().splitlines()
        error = json.loads(lines[-1])["error"] if len(lines) == 1 and lines[0].startswith("{") else {}
        ok = run.returncode == code and not run.stdout and error.get("where", "").startswith(where) and part in error.get("what", "") + error.get("hint", "") and bool(error.get("code"))
        checks.that(name, ok, f"exit {run.returncode}, {lines}")
    after = os.path.join(folder, "after")
    gongfu("dump", after, db=db)
    checks.that("nothing was changed by any of them", same_folders(before, after))


def links_and_size(checks, folder, db):
    bad = os.path.join(folder, "links")
    os.makedirs(bad)
    os.symlink(os.path.join(ROOT, "data", "taishun", "units.csv"), os.path.join(bad, "units.csv"))
    run = gongfu("load", bad, "--json", db=db, code=None)
    checks.that("a link out of the folder is refused", run.returncode == 8 and "link" in run.stderr.decode())
    long = os.path.join(folder, "long")
    os.makedirs(long)
    with open(os.path.join(long, "units.csv"), "wb") as out:
        out.write(b"id,name\nx,")
        out.truncate(2 << 30)  # a line of 2 GB, sparse: zero bytes to its end
    child = subprocess.Popen([GONGFU, "load", long, "--json", "--db", stores.address(db)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = child.stderr.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    checks.that("a line of 2 GB is refused", os.waitstatus_to_exitcode(status) == 6 and "units.csv:2" in told, told[-300:])
    checks.that("in bounded memory", used.ru_maxrss < 500_000, f"{used.ru_maxrss} kB")
    os.remove(os.path.join(long, "units.csv"))


def round_trip(checks, folder, db):
    first, second, copy = (os.path.join(folder, name) for name in ("d1", "d2", "copy.db"))
    gongfu("dump", first, db=db)
    gongfu("load", first, db=copy)
    gongfu("dump", second, db=copy)
    checks.that("dump, load, dump: the same bytes, documents and history too", same_folders(first, second))
    checks.that("the same head of the chain", head(db)["head_hash"] == head(copy)["head_hash"])
    again = json.loads(gongfu("load", first, "--json", db=copy).stdout)
    checks.that("the same dump twice adds nothing", again["loaded"] == 0)
    for path in FOLDERS:
        checks.that(f"{os.path.basename(path)} twice adds nothing", json.loads(gongfu("load", path, "--json", db=db).stdout)["loaded"] == 0)
    run = gongfu("dump", first, db=db, code=5)
    checks.that("a dump does not write into a full folder", b"not empty" in run.stderr)


def history(checks, folder, db):
    change = os.path.join(folder, "change")
    os.makedirs(change)
    with open(os.path.join(ROOT, "data", "demo", "persons.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["phone"], rows[0]["role"] = "13800009999", "工作队长"
    with open(os.path.join(change, "persons.csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    answer = json.loads(gongfu("load", change, "--json", "--author", "某人", db=db).stdout)
    checks.that("one changed row is one changed record", answer["loaded"] == 1)
    out = os.path.join(folder, "with-history")
    gongfu("dump", out, db=db)
    with open(os.path.join(out, "history.csv"), encoding="utf-8", newline="") as file:
        lines = [r for r in csv.DictReader(file) if r["register"] == "persons" and r["version"] == "2"]
    checks.that("personal fields leave sealed", all(r["new"].startswith("sealed:1:") for r in lines if r["field"] == "phone") and not gongfu("dump", os.path.join(folder, "no-reason"), "--reveal", db=db, code=2).stdout)
    out = os.path.join(folder, "revealed")
    gongfu("dump", out, "--reveal", "--reason", "交给继任者", db=db)
    with open(os.path.join(out, "history.csv"), encoding="utf-8", newline="") as file:
        lines = [r for r in csv.DictReader(file) if r["register"] == "persons" and r["version"] == "2"]
    checks.that("history has who, old and new", {(r["field"], r["old"], r["new"], r["author"]) for r in lines} == {("phone", "13800000001", "13800009999", "某人"), ("role", "驻村第一书记", "工作队长", "某人")})
    raw = stores.execute(stores.address(db), "SELECT count(*) FROM history WHERE new LIKE '%13800009999%'")
    checks.that("personal values stand in a table of their own", int(raw[0][0]) == 0, raw)
    checks.that("check is clean after it", head(db)["ok"])


def care(checks, folder, db):
    backup, restored = os.path.join(folder, "backup.db"), os.path.join(folder, "restored.db")
    other = stores.file(restored)
    gongfu("backup", backup, db=db)
    gongfu("restore", backup, db=other)
    checks.that("backup, restore, check: clean, the same head", head(other)["ok"] and head(other)["head_hash"] == head(db)["head_hash"])
    checks.that("the manifest is an anchor", json.loads(gongfu("check", "--json", "--anchor", backup + ".manifest.json", db=other).stdout)["anchor"]["match"])
    with open(backup, "r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    checks.that("a damaged backup is refused", gongfu("restore", backup, db=stores.file(os.path.join(folder, "third.db")), code=None).returncode in (3, 7))
    gongfu("backup", restored, db=db, code=5)
    checks.that("doctor answers", gongfu("doctor", "--json", db=db).stdout.startswith(b"{"))
    templates = os.path.join(folder, "templates")
    gongfu("load", "--templates", templates)
    fresh = json.loads(gongfu("load", templates, "--json", db=os.path.join(folder, "fresh.db")).stdout)
    checks.that("templates load as they are", fresh["loaded"] == 0 and len(fresh["by_register"]) > 30)
    sm3 = os.path.join(folder, "sm3.db")
    gongfu("load", FOLDERS[0], "--hash", "sm3", db=sm3)
    checks.that("a chain of SM3 is checked and differs", head(sm3)["ok"] and head(sm3)["head_hash"] != head(db)["head_hash"])
    moved = os.path.join(folder, "sm3-dump")
    gongfu("dump", moved, db=sm3)
    gongfu("load", moved, db=os.path.join(folder, "sm3-again.db"))
    checks.that("and keeps its method through a dump", head(os.path.join(folder, "sm3-again.db"))["head_hash"] == head(sm3)["head_hash"])


def words(checks, db):
    for args, code in ((("trace", "total.group.all.paid@all"), 8), (("trace", "fact.F999"), 4), (("trace",), 2), (("nonsense",), 2), (("check", "--db", "sqlite:/nowhere/x.db"), 4), (("report", "--programme", "none"), 4)):
        run = gongfu(*args, "--json", db=None if "--db" in args else db, code=None)
        line = run.stderr.decode().strip()
        checks.that(f"{' '.join(args)}: exit {code}, one JSON line", run.returncode == code and not run.stdout and list(json.loads(line)) == ["error"] and "\n" not in line, f"{run.returncode} {line}")
    checks.that("help in both languages", b"gongfu press" in gongfu("help").stdout and b"all or nothing" in gongfu("help", "--lang", "en").stdout)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.join(folder, "books.db")
        for path in FOLDERS:
            gongfu("load", path, db=db)
        bad_input(checks, folder, db)
        links_and_size(checks, folder, db)
        round_trip(checks, folder, db)
        history(checks, folder, db)
        care(checks, folder, db)
        words(checks, db)
        shutil.rmtree(os.path.join(folder, "before"))
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
