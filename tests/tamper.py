"""tamper.py GONGFU: no byte of a row of entry or entry_line changes unseen.

The rows are found by walking the pages of the SQLite file as sqlite.org/fileformat2.html tells (sections 1.5, 1.6 and
2.1), without the program under test. Every flip is made in a fresh copy of a checkpointed file; `check` must exit 1 and
name the entry whose row was hit, or, where SQLite cannot read on, a page and the first entry that was lost.
Then the attacks that leave every row well formed: a tail cut off and a chain recomputed from the start. Each store made
so checks clean by itself, which is the point: only the anchor kept outside tells.
Last, rows doctored through SQL, each naming the test of check that must fail.
"""
import csv
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROOF = bool(os.environ.get("GONGFU_PROOF"))
FLIPS, WHOLE_ROWS = (200, 20) if PROOF else (200, 3)
ROWS = 600  # of entries.csv: some hundred pages, trees of two levels, one row that overflows its page


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def note(self, ok, name, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print(f"FAIL {name}: {str(detail)[:600]}")


# ---- The file format


def varint(data, at):
    value = 0
    for i in range(9):
        byte = data[at + i]
        if i == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + i + 1


def type_bytes(kind):
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind] if kind < 12 else (kind - 12) // 2


class Row:
    """Where a row lies in the file: all its bytes, those of its values, and the one that tells the type of its key."""

    def __init__(self, table, number, spans, header_bytes, payload):
        self.table, self.number = table, number
        self.bytes = [at for a, b in spans for at in range(a, b)]
        record = len(self.bytes) - payload
        self.values = self.bytes[record + header_bytes:]
        self.key_type = self.bytes[record + 1]  # behind the header's own length, which is below 128 here


def rows_of(data, page_bytes, table, page):
    at = (page - 1) * page_bytes
    head = at + (100 if page == 1 else 0)
    kind, count = data[head], struct.unpack(">H", data[head + 3:head + 5])[0]
    pointers = head + (12 if kind == 5 else 8)
    for i in range(count):
        cell = at + struct.unpack(">H", data[pointers + 2 * i:pointers + 2 * i + 2])[0]
        if kind == 5:
            yield from rows_of(data, page_bytes, table, struct.unpack(">I", data[cell:cell + 4])[0])
            continue
        payload, body = varint(data, cell)
        number, body = varint(data, body)
        most, least = page_bytes - 35, (page_bytes - 12) * 32 // 255 - 23
        local = payload
        if payload > most:
            local = least + (payload - least) % (page_bytes - 4)
            local = local if local <= most else least
        spans = [(cell, body + local)]
        rest = payload - local
        link = struct.unpack(">I", data[body + local:body + local + 4])[0] if rest else 0
        while rest:
            there = (link - 1) * page_bytes
            size = min(rest, page_bytes - 4)
            spans.append((there + 4, there + 4 + size))
            rest -= size
            link = struct.unpack(">I", data[there:there + 4])[0]
        yield Row(table, number, spans, varint(data, body)[0], payload)
    if kind == 5:
        yield from rows_of(data, page_bytes, table, struct.unpack(">I", data[head + 8:head + 12])[0])


# ---- The program


class Books:
    def __init__(self, gongfu, folder):
        self.gongfu, self.folder, self.made = gongfu, folder, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args):
        return subprocess.run([self.gongfu, *args], capture_output=True, text=True, errors="replace", check=False)

    def load(self, source, db):
        run = self.run("load", source, "--db", "sqlite:" + self.path(db))
        assert run.returncode == 0, run.stderr
        store = sqlite3.connect(self.path(db))
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("PRAGMA journal_mode=DELETE")  # one file that holds everything
        store.close()

    def check(self, db, *args):
        run = self.run("check", "--json", "--db", "sqlite:" + self.path(db), *args)
        answer = json.loads(run.stdout) if run.stdout.strip().startswith("{") else None
        return run.returncode, answer, run.stderr

    def check_bytes(self, data):
        for name in os.listdir(self.folder):
            if name.startswith("flip.db"):
                os.unlink(self.path(name))
        with open(self.path("flip.db"), "wb") as file:
            file.write(data)
        return self.check("flip.db")


def make_source(folder):
    """Books of the bench's generator, with one note so long that its row overflows onto other pages."""
    subprocess.run([sys.executable, os.path.join(ROOT, "bench", "make_ledger.py"), "--rows", str(ROWS), "--multi", "20", "--out", folder],
                   check=True, capture_output=True)
    path = os.path.join(folder, "entries.csv")
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["entry"] == "7":
            row["note"] = "长" * 1300  # 3,900 bytes, within the program's bound of 4,000
            row["purpose"] = "远" * 1300
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# ---- Single bytes


def names_it(answer, entry):
    """The entry itself, or, where the store could not be read on, a page and the first entry lost at or before it."""
    problems = answer["problems"]
    if any(p["entry"] == entry for p in problems):
        return True
    lost = [p["entry"] for p in problems if p["entry"] and "cannot be read" in p["what"]]
    page = any(p["test"] == "file" and "page" in (p["record"] or "") + p["what"] for p in problems)
    return bool(lost) and page and min(lost) <= entry


def judge_flip(books, tally, data, owner, row, at, value):
    changed = bytearray(data)
    changed[at] = value
    code, answer, err = books.check_bytes(changed)
    name = f"{row.table} {row.number} byte {row.bytes.index(at)}: {data[at]:#04x} -> {value:#04x}"
    if code != 1 or answer is None or answer["ok"]:
        tally.note(False, name, f"exit {code} {err}")
        return
    entry = row.number if row.table == "entry" else owner[row.number]
    tally.note(names_it(answer, entry), name + f", entry {entry} not named", answer["problems"][:4])


def test_single_bytes(books, tally, db):
    with open(books.path(db), "rb") as file:
        data = file.read()
    page_bytes = struct.unpack(">H", data[16:18])[0]
    store = sqlite3.connect(books.path(db))
    roots = dict(store.execute("SELECT name, rootpage FROM sqlite_schema WHERE name IN ('entry', 'entry_line')"))
    owner = dict(store.execute("SELECT id, entry_id FROM entry_line"))
    counts = {name: store.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in roots}
    store.close()
    rows = [row for name, root in sorted(roots.items()) for row in rows_of(data, page_bytes, name, root)]
    tally.note(len(rows) == sum(counts.values()), "the walk finds every row", (len(rows), counts))
    tally.note(max(len(row.bytes) for row in rows) > page_bytes, "one row overflows its page")
    code, answer, err = books.check_bytes(data)
    tally.note(code == 0 and answer["ok"], "the copy checks clean before any flip", err)
    rng = random.Random(20)
    for _ in range(FLIPS):  # every row as likely as another, every byte of it, every other value
        row = rng.choice(rows)
        at = rng.choice(row.bytes)
        judge_flip(books, tally, data, owner, row, at, data[at] ^ rng.randrange(1, 256))
    # The header's byte for the key, which SQLite itself never reads, in the types without length.
    for name in roots:
        row = next(r for r in rows if r.table == name)
        for value in (8, 9, 10, 11, 12, 13):
            judge_flip(books, tally, data, owner, row, row.key_type, value)
    for row in rng.sample(rows, WHOLE_ROWS):
        for at in row.values:
            judge_flip(books, tally, data, owner, row, at, data[at] ^ (1 << rng.randrange(8)))


# ---- Whole chains


def rewrite_entries(source, target, change):
    shutil.copytree(source, target)
    path = os.path.join(target, "entries.csv")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_chains(books, tally, source, db):
    _, honest, _ = books.check(db)
    anchor, line = books.path("anchor.json"), books.path("anchor.txt")
    with open(anchor, "w", encoding="utf-8") as file:
        json.dump({"head_entry": honest["head_entry"], "head_hash": honest["head_hash"]}, file)
    with open(line, "w", encoding="utf-8") as file:
        file.write(f"{honest['head_entry']} {honest['head_hash']}\n")
    for path in (anchor, line):
        code, answer, _ = books.check(db, "--anchor", path)
        tally.note(code == 0 and answer["anchor"]["match"], "the honest store matches its anchor")

    def cut(rows):  # the last five entries, unless something that stays takes one of them back
        last = int(rows[-1]["entry"])
        return [row for row in rows if int(row["entry"]) <= last - 5]

    def raise_one(rows):  # one fen more in the third entry, and everything behind it hashed again
        row = next(r for r in rows if r["entry"] == "3")
        row["amount_fen"] = str(int(row["amount_fen"]) + 1)
        return [r for r in rows if not r["reverses"]]

    for name, change in (("a cut tail", cut), ("a recomputed chain", raise_one)):
        target = books.path("source " + name)
        rewrite_entries(source, target, change)
        books.load(target, name + ".db")
        code, answer, _ = books.check(name + ".db")
        tally.note(code == 0 and answer["ok"], f"{name}: well formed in itself")
        for path in (anchor, line):
            code, answer, _ = books.check(name + ".db", "--anchor", path)
            caught = code == 1 and not answer["anchor"]["match"] and any(p["test"] == "chain" for p in answer["problems"])
            tally.note(caught, f"{name}: caught by the anchor", answer["problems"][:3])

    # The tail cut off in the file itself, totals put right: what a careful hand with SQL can do.
    shutil.copy(books.path(db), books.path("sql.db"))
    store = sqlite3.connect(books.path("sql.db"))
    last = store.execute("SELECT max(id) FROM entry").fetchone()[0]
    store.execute("DELETE FROM entry_line WHERE entry_id = ?", (last,))
    store.execute("DELETE FROM entry WHERE id = ?", (last,))
    kept = ("total", "entry_slot", "slot_total")
    for table in kept:
        store.execute(f"DELETE FROM {table}")
    target = books.path("source cut at one")
    rewrite_entries(source, target, lambda rows: [r for r in rows if int(r["entry"]) < last])
    books.load(target, "cut at one.db")
    cut_books = sqlite3.connect(books.path("cut at one.db"))
    for table in kept:
        rows = cut_books.execute(f"SELECT * FROM {table}").fetchall()
        store.executemany(f"INSERT INTO {table} VALUES (" + ",".join("?" * len(rows[0])) + ")", rows)
    store.commit()
    store.close()
    cut_books.close()
    code, answer, _ = books.check("sql.db")
    tally.note(code == 0, "a tail cut by SQL with its totals: well formed in itself", answer["problems"][:3])
    code, answer, _ = books.check("sql.db", "--anchor", anchor)
    tally.note(code == 1 and not answer["anchor"]["match"], "a tail cut by SQL: caught by the anchor")


# ---- Rows doctored through SQL: each rule of check has something that only it can see


def first_total(where):
    key = "programme, scope, kind, stage, origin, month_first, month_last"
    return f"({key}) = (SELECT {key} FROM total WHERE {where} ORDER BY 1, 2, 3, 4, 5, 6, 7 LIMIT 1)"


FIRST_TOTAL = first_total("1 = 1")


DOCTORED = (
    ("chain", "UPDATE entry SET note = 'x' WHERE id = 5", 5),
    ("totals", "UPDATE entry_slot SET amount_fen = amount_fen + 1 WHERE entry_id = 5", None),
    ("totals", "DELETE FROM entry_slot WHERE entry_id = 6", None),
    ("totals", "UPDATE slot_total SET rows = rows + 1 WHERE place = (SELECT min(place) FROM slot_total WHERE place <> '')", None),
    ("chain", "UPDATE entry SET reverses = 1 WHERE id = 5", 5),
    ("chain", "UPDATE entry_line SET amount_fen = amount_fen + 1 WHERE entry_id = 5 AND amount_fen > 0", 5),
    ("chain", "UPDATE entry_line SET period = '2020' WHERE entry_id = 5", 5),
    ("chain", "UPDATE entry_line SET bound = 1 - bound % 2 WHERE entry_id = 5", 5),
    ("chain", "UPDATE account SET party = 'unstated' WHERE id = (SELECT account_id FROM entry_line WHERE entry_id = 5 AND amount_fen > 0)", 5),
    ("chain", "UPDATE entry_line SET account_id = 999999 WHERE entry_id = 5", 5),
    ("chain", "DELETE FROM entry WHERE id = 5", 5),
    ("chain", "DELETE FROM entry_line WHERE entry_id = 5", 5),
    ("chain", "INSERT INTO entry_line SELECT max(id) + 1, max(entry_id) + 1, 1, 5, 0, '' FROM entry_line", None),
    ("balance", "UPDATE entry_line SET amount_fen = amount_fen + 1 WHERE entry_id = 5 AND amount_fen > 0", None),
    ("totals", "UPDATE total SET amount_fen = amount_fen + 1 WHERE " + FIRST_TOTAL, None),
    ("totals", "UPDATE total SET at_least = at_least + 1 WHERE " + FIRST_TOTAL, None),
    ("totals", "DELETE FROM total WHERE " + FIRST_TOTAL, None),
    ("totals", "INSERT INTO total SELECT programme, 'unit:nobody', kind, stage, origin, month_first, month_last, 5, 1, 0, 0, 0, 0 FROM total WHERE " + FIRST_TOTAL, None),
    ("scope_sum", "UPDATE total SET amount_fen = amount_fen + 1 WHERE " + first_total("scope = 'group'"), None),
    ("scope_sum", "DELETE FROM total WHERE " + first_total("scope = 'unit:u03' AND amount_fen > 0"), None),
    ("keys", "UPDATE entry SET reverses = id WHERE id = 5", 5),
    ("references", "DELETE FROM projects WHERE id = (SELECT project FROM account WHERE id = (SELECT min(account_id) FROM entry_line WHERE entry_id = 5))", None),
    ("references", "DELETE FROM units WHERE id = 'u03'", None),
)


def test_doctored(books, tally, db):
    for test, sql, entry in DOCTORED:
        shutil.copy(books.path(db), books.path("doctored.db"))
        store = sqlite3.connect(books.path("doctored.db"))
        changed = store.execute(sql).rowcount
        store.commit()
        store.close()
        code, answer, err = books.check("doctored.db")
        failed = {t["name"] for t in answer["tests"] if not t["ok"]} if answer else set()
        named = entry is None or any(p["entry"] == entry for p in answer["problems"])
        tally.note(changed > 0 and code == 1 and test in failed and named, f"{test}: {sql}", (changed, code, sorted(failed), err))
    # Two entries under one key: the table's own rule must be taken away before it can happen.
    shutil.copy(books.path(db), books.path("doctored.db"))
    store = sqlite3.connect(books.path("doctored.db"))
    store.executescript("""
        CREATE TABLE other AS SELECT * FROM entry; DROP TABLE entry;
        CREATE TABLE entry (id INTEGER PRIMARY KEY NOT NULL, key TEXT NOT NULL, date TEXT NOT NULL, verb TEXT NOT NULL, purpose TEXT NOT NULL,
            voucher TEXT NOT NULL, source TEXT NOT NULL, origin TEXT NOT NULL, unit TEXT NOT NULL, note TEXT NOT NULL, reverses INTEGER NOT NULL,
            hash BLOB NOT NULL) STRICT;
        INSERT INTO entry SELECT * FROM other; DROP TABLE other;
        UPDATE entry SET key = (SELECT key FROM entry WHERE id = 4) WHERE id = 5;""")
    store.close()
    code, answer, err = books.check("doctored.db")
    failed = {t["name"] for t in answer["tests"] if not t["ok"]} if answer else set()
    tally.note(code == 1 and "keys" in failed, "keys: two entries under one key", (code, sorted(failed), err))


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        books = Books(os.path.abspath(sys.argv[1]), folder)
        source = os.path.join(folder, "source")
        make_source(source)
        books.load(source, "books.db")
        test_single_bytes(books, tally, "books.db")
        test_chains(books, tally, source, "books.db")
        test_doctored(books, tally, "books.db")
    print(f"{tally.passed} passed, {tally.failed} failed, 0 skipped")
    sys.exit(1 if tally.failed else 0)


main()
