"""test_backup.py GONGFU: backups into a folder by blocks: drill, increments, seals, damage, retention; onto the other engine too."""
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import stores
from test_serve import Checks, Server

JSON = {"Content-Type": "application/json"}


class Vault:
    def __init__(self, gongfu, db, folder, *options):
        self.gongfu, self.db, self.folder, self.options = gongfu, db, folder, options

    def run(self, *args):
        run = subprocess.run([self.gongfu, *args, *self.options], capture_output=True, text=True, check=False)
        return run.returncode, json.loads(run.stdout) if run.returncode == 0 else run.stderr

    def into(self, *more):
        return self.run("backup", "into", self.folder, "--db", self.db, *more)

    def restore(self, db, *more):
        return self.run("restore", self.folder, "--db", db, *more)

    def blocks(self):
        return sorted(path for path in glob.glob(os.path.join(self.folder, "blocks", "??", "*")))


def head(gongfu, db):
    run = subprocess.run([gongfu, "check", "--json", "--db", db], capture_output=True, text=True, check=False)
    told = json.loads(run.stdout)
    return told["ok"], told["head_hash"], told["entries"]


def book(server, key):
    row = {"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 100}
    answer, _ = server.ask("POST", "/api/v1/records/entries", json.dumps({"key": key, "date": "2024-05-06", "verb": "投入", "purpose": "试", "rows": [row]}), JSON | {"Idempotency-Key": key})
    return answer.status == 201


def drill(checks, server, folder):
    """While somebody books: taken, restored into a fresh store, proven."""
    vault = Vault(server.gongfu, server.db, os.path.join(folder, "open"))
    stop, booked = threading.Event(), []

    def keep_booking():
        while not stop.is_set():
            booked.append(book(server, f"b{len(booked)}"))

    writer = threading.Thread(target=keep_booking)
    writer.start()
    code, first = vault.into()
    time.sleep(0.3)
    code2, second = vault.into()
    stop.set()
    writer.join()
    checks.that("backups are taken while others write", code == code2 == 0 and all(booked) and len(booked) > 5, (first, second, len(booked)))
    checks.that("the second writes only what has changed", second["blocks_new"] < first["blocks_new"], (first["blocks_new"], second["blocks_new"]))
    for which in (first, second):
        name = which["snapshot"]["name"]
        db = "sqlite:" + os.path.join(folder, name + ".db")
        code, told = vault.restore(db, "--at", name)
        checks.that(f"the drill: {'first' if which is first else 'second'} backup restored, checked, with its own head", code == 0 and head(server.gongfu, db)[:2] == (True, which["snapshot"]["head_hash"]), told)
    listed = vault.run("backup", "list", vault.folder)[1]["snapshots"]
    checks.that("the folder lists them, the newest last", [one["name"] for one in listed] == [first["snapshot"]["name"], second["snapshot"]["name"]], listed)
    return vault, second


def onto_the_other(checks, server, vault, newest):
    """A backup of a file goes into a server, and one of a server into a file."""
    if stores.on_postgres():
        db = stores.address(server.path + "-other")
        code, told = vault.restore(db)
        checks.that("a backup is restored into an empty server", code == 0 and head(server.gongfu, db)[:2] == (True, newest["snapshot"]["head_hash"]), told)
        code, told = vault.restore(db)
        checks.that("not into one that holds something", code == 5, (code, told))


def damage(checks, vault, folder, chance):
    blocks = vault.blocks()
    target = "sqlite:" + os.path.join(folder, "damaged.db")
    odd = []
    for _ in range(10):
        path = chance.choice(blocks)
        with open(path, "rb") as file:
            whole = file.read()
        at = chance.randrange(len(whole))
        with open(path, "wb") as file:
            file.write(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1:])
        used = vault.restore(target, "--at", vault.run("backup", "list", vault.folder)[1]["snapshots"][-1]["name"])
        if used[0] == 0:  # a block that this snapshot does not name
            os.unlink(target.split(":")[1])
            names = open(sorted(glob.glob(os.path.join(vault.folder, "snapshots", "*Z")))[-1], encoding="ascii").read()
            if os.path.basename(path) in names.split("\n"):
                odd.append((path, used))
        elif "damaged" not in used[1] or os.path.exists(target.split(":")[1]):
            odd.append((path, used))
        with open(path, "wb") as file:
            file.write(whole)
    checks.that("one changed bit in a block is told, and nothing is put in place", not odd, odd[:2])
    checks.that("mended again it restores", vault.restore(target)[0] == 0)


def seals(checks, server, folder):
    key = os.path.join(folder, "backup.key")
    vault = Vault(server.gongfu, server.db, os.path.join(folder, "sealed"), "--key", key)
    code, told = vault.into()
    told_again = vault.into()[1]
    raw = b"".join(open(path, "rb").read() for path in vault.blocks())
    checks.that("a sealed backup holds no word of the store", code == 0 and told["snapshot"]["sealed"] and b"SQLite" not in raw and b"gongfu rows" not in raw and "红色古道".encode() not in raw, told)
    checks.that("and writes only what has changed, too", told_again["blocks_new"] < told["blocks_new"], (told, told_again))
    checks.that("its key is for its owner only", os.stat(key).st_mode & 0o77 == 0)
    db = "sqlite:" + os.path.join(folder, "unsealed.db")
    checks.that("with the key it restores", vault.restore(db)[0] == 0 and head(server.gongfu, db)[0])
    bare = Vault(server.gongfu, server.db, vault.folder)
    other = Vault(server.gongfu, server.db, vault.folder, "--key", key + "2")
    refused = [bare.restore("sqlite:" + os.path.join(folder, "no.db")), bare.into(), other.into()]
    checks.that("without it, or with another, it says so", all(code == 8 and "key" in text for code, text in refused), refused)


def retention(checks, server, folder):
    """Snapshots with invented dates; the rule keeps the newest of days, weeks and months, and blocks that nobody names go."""
    vault = Vault(server.gongfu, server.db, os.path.join(folder, "kept"))
    vault.into()
    newest = glob.glob(os.path.join(vault.folder, "snapshots", "*Z"))[0]
    day = os.path.basename(newest)[:10]
    for name in [f"2023-{month:02}-{mday:02}T02-00-00.000Z" for month in range(1, 13) for mday in (3, 10, 17, 24, 27, 28)]:
        shutil.copyfile(newest, os.path.join(vault.folder, "snapshots", name))
    stray = os.path.join(os.path.dirname(vault.blocks()[0]), "0" * 64)
    shutil.copyfile(vault.blocks()[0], stray)
    code, told = vault.into("--keep", "3,4,5")
    names = [os.path.basename(path) for path in sorted(glob.glob(os.path.join(vault.folder, "snapshots", "*Z")))]
    old = [name[:10] for name in names if name < "2024"]
    wanted = ["2023-09-28", "2023-10-28", "2023-11-28", "2023-12-17", "2023-12-24", "2023-12-27", "2023-12-28"]
    checks.that("days, weeks and months keep their newest", code == 0 and old == wanted and sum(name.startswith(day) for name in names) == 1, (old, names[-3:]))
    checks.that("blocks that no snapshot names are gone, others are not", not os.path.exists(stray) and told["blocks_dropped"] >= 1 and vault.restore("sqlite:" + os.path.join(folder, "kept.db"))[0] == 0, told)
    checks.that("a rule that cannot be read is refused", vault.into("--keep", "7")[0] == 2)


def nightly(checks, server, folder):
    server.stop()
    where = os.path.join(folder, "nightly")
    server.start("--backup", where, "--keep", "7,5,12")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not glob.glob(os.path.join(where, "snapshots", "*Z")):
        time.sleep(0.5)
    taken = glob.glob(os.path.join(where, "snapshots", "*Z"))
    checks.that("serve takes a backup of the night by itself", len(taken) == 1, taken)
    server.stop()
    server.start("--backup", where)
    time.sleep(1)
    checks.that("once a night, however often it is started", glob.glob(os.path.join(where, "snapshots", "*Z")) == taken)


def main():
    checks, chance = Checks(), random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(os.path.abspath(sys.argv[1]), folder)
        try:
            vault, newest = drill(checks, server, folder)
            onto_the_other(checks, server, vault, newest)
            damage(checks, vault, folder, chance)
            seals(checks, server, folder)
            retention(checks, server, folder)
            nightly(checks, server, folder)
        finally:
            server.process.kill()
            server.process.wait()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
