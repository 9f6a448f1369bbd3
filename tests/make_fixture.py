"""make_fixture.py GONGFU: the store of this program's schema as a fixture that later programs must be able to bring up to date.

Run once when a schema is released, before the next migration is written: tests/fixtures/schema-NNNN.sql.xz (the store as SQL), .key (the
master key of its sealed fields, invented people only) and .json (what must be true of it afterwards). Never made again: the point is its age.
"""
import lzma
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIXTURES = os.path.join(ROOT, "tests", "fixtures")


def main():
    gongfu = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s.db")
        db = "sqlite:" + path

        def run(*args):
            return subprocess.run([gongfu, *args, "--db", db], check=True, capture_output=True, text=True).stdout

        for name in ("taishun", "calendar", "demo"):
            run("load", os.path.join(ROOT, "data", name))
        run("demo", "accounts")
        check = json.loads(run("check", "--json"))
        assert check["ok"]
        run("report", "--programme", "taishun", "--format", "json", "--out", os.path.join(folder, "report.json"))
        with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
            report = json.load(file)
        store = sqlite3.connect(path)
        version = store.execute("PRAGMA user_version").fetchone()[0]
        text = "".join(line + "\n" for line in store.iterdump())
        store.close()
        base = os.path.join(FIXTURES, f"schema-{version:04}")
        if os.path.exists(base + ".sql.xz"):
            sys.exit(f"{base}.sql.xz is there already: a released schema's fixture is not made again")
        os.makedirs(FIXTURES, exist_ok=True)
        with lzma.open(base + ".sql.xz", "wb", preset=9) as file:
            file.write(f"PRAGMA application_id={0x676f6e67};\nPRAGMA user_version={version};\n{text}".encode())
        with open(path + ".key", "rb") as source, open(base + ".key", "wb") as target:
            target.write(source.read())
        with open(base + ".json", "w", encoding="utf-8") as file:
            json.dump({"head_hash": check["head_hash"], "entries": check["entries"], "money": report["money"]}, file, ensure_ascii=False, indent=1)
            file.write("\n")
        print(base, os.path.getsize(base + ".sql.xz"))


if __name__ == "__main__":
    main()
