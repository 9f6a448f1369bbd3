"""check_beside.py GONGFU: check, dump and backup look at one moment of the store while others book into it.

A writer books small loads without pause; beside it the store is checked, dumped and backed up again and again. Not one
check may say no, every dump and backup must be books that check clean by themselves, and at the end every entry is there.
"""
import json
import os
import subprocess
import sys
import tempfile

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROOF = bool(os.environ.get("GONGFU_PROOF"))
ROWS, LOADS, PER_LOAD = 20_000, 600 if PROOF else 120, 20

WRITER = """
import subprocess, sys
gongfu, db, folder, header, loads, each = *sys.argv[1:5], int(sys.argv[5]), int(sys.argv[6])
for n in range(loads):
    with open(folder + "/entries.csv", "w") as file:
        file.write(header)
        for k in range(each):
            file.write(f"x{k},2023-05-0{k % 9 + 1},,投入,cash,u0{k % 9},u0{(k + 1) % 9},f0{k % 9},,,,paid,{k + 1},exact,,,,entered,S{n}-{k},,,\\n")
    subprocess.run([gongfu, "load", folder, "--db", db], check=True, capture_output=True)
"""


def main():
    gongfu, passed, failed = os.path.abspath(sys.argv[1]), 0, 0

    def run(*args):
        return subprocess.run([gongfu, *args], capture_output=True, text=True, check=False)

    def note(ok, name, detail=""):
        nonlocal passed, failed
        passed, failed = passed + bool(ok), failed + (not ok)
        if not ok:
            print(f"FAIL {name}: {str(detail)[:400]}")

    with tempfile.TemporaryDirectory() as folder:
        source, more, db = (os.path.join(folder, name) for name in ("source", "more", "books.db"))
        db = stores.address(db)
        subprocess.run([sys.executable, os.path.join(ROOT, "bench", "make_ledger.py"), "--rows", str(ROWS), "--out", source], check=True, capture_output=True)
        os.mkdir(more)
        with open(os.path.join(source, "entries.csv"), encoding="utf-8") as file:
            header = file.readline()
        loaded = run("load", source, "--db", db, "--json")
        before = json.loads(loaded.stdout)["by_register"]["entries"]
        writer = subprocess.Popen([sys.executable, "-c", WRITER, gongfu, db, more, header, str(LOADS), str(PER_LOAD)])
        turn = 0
        while writer.poll() is None:
            turn += 1
            checked = run("check", "--json", "--db", db)
            note(checked.returncode == 0, f"check {turn} beside a writer", checked.stdout[-400:] + checked.stderr)
            if turn % 4 == 1:
                dump, copy, again = (os.path.join(folder, f"{name}{turn}") for name in ("dump", "copy.db", "again.db"))
                note(run("dump", dump, "--db", db).returncode == 0, f"dump {turn} beside a writer")
                note(run("load", dump, "--db", stores.address(again)).returncode == 0, f"dump {turn} loads again")
                note(run("check", "--db", stores.address(again)).returncode == 0, f"dump {turn} checks clean")
                note(run("backup", copy, "--db", db).returncode == 0, f"backup {turn} beside a writer")
                back = stores.address(copy + ".back")
                note(run("restore", copy, "--db", back).returncode == 0 and run("check", "--db", back).returncode == 0, f"backup {turn} comes back and checks clean")
        note(writer.returncode == 0, "the writer was never turned away")
        note(turn >= 3, "there was time for several checks", turn)
        last = json.loads(run("check", "--json", "--db", db).stdout)
        note(last["ok"] and last["entries"] == before + LOADS * PER_LOAD, "every entry is there", (last["entries"], before))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


main()
