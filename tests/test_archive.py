"""test_archive.py GONGFU: archives of rows, which are the backups of a server. Written here by another hand than the program's, from a store in a file:
restored into files and, on PostgreSQL, into servers; of older schemas too; cut short, with changed bits, and made up to deceive."""
import glob
import hashlib
import json
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

import pg_server
import stores
import test_upgrade
from test_serve import Checks

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MAGIC = b"gongfu rows 1\n"
KINDS = {"INTEGER": "i", "TEXT": "t", "BLOB": "b"}


def frame(letter, body):
    return letter + struct.pack(">I", len(body)) + body


def cell(kind, value):
    if value is None:
        return struct.pack(">i", -1)
    data = struct.pack(">q", value) if kind == "i" else value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(data)) + data


def rows_of(columns, rows):
    return b"".join(struct.pack(">H", len(columns)) + b"".join(cell(kind, value) for (kind, _), value in zip(columns, row)) for row in rows)


def finish(bytes_before, tables, rows):
    return bytes_before + frame(b"Z", struct.pack(">IQ", tables, rows) + hashlib.sha256(bytes_before).digest())


class Table:
    def __init__(self, name, columns, rows):
        self.name, self.columns, self.rows, self.told, self.raw = name, columns, rows, None, None

    def bytes(self):
        out = frame(b"T", (self.name + "\n" + "".join(f"{kind} {column}\n" for kind, column in self.columns)).encode())
        if self.raw is not None:
            out += frame(b"R", self.raw)
        for at in range(0, len(self.rows), 50):
            out += frame(b"R", rows_of(self.columns, self.rows[at:at + 50]))
        return out + frame(b"E", struct.pack(">Q", len(self.rows) if self.told is None else self.told))


def tables_of(path):
    store = sqlite3.connect(path)
    try:
        out = []
        for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
            columns = [(KINDS[row[2]], row[1]) for row in store.execute(f'PRAGMA table_info("{name}")')]
            out.append(Table(name, columns, store.execute(f'SELECT * FROM "{name}"').fetchall()))
        return out, store.execute("PRAGMA user_version").fetchone()[0]
    finally:
        store.close()


def archive(tables, schema):
    return finish(MAGIC + frame(b"S", struct.pack(">I", schema)) + b"".join(table.bytes() for table in tables), len(tables), sum(len(table.rows) for table in tables))


class Place:
    """A folder in which archives are restored by the program."""

    def __init__(self, gongfu, folder):
        self.gongfu, self.folder, self.count = gongfu, folder, 0

    def run(self, *words):
        return subprocess.run([self.gongfu, *words], capture_output=True, text=True, check=False)

    def file(self, data):
        path = os.path.join(self.folder, "hostile.rows")
        with open(path, "wb") as out:
            out.write(data)
        return path

    def restore(self, data, db=None):
        path = self.file(data)
        self.count += 1
        where = db or stores.file(os.path.join(self.folder, f"t{self.count}.db"))
        return self.run("restore", path, "--db", where), where

    def refuses(self, data, *words):
        """With a sentence and nothing left behind; what is odd about it, or None."""
        done, where = self.restore(data)
        left = glob.glob(where.split(":", 1)[1] + "*")
        fine = done.returncode in (3, 5, 7) and done.stderr.count("\n") <= 2 and "archive" in done.stderr and all(word in done.stderr for word in words) and not left
        return None if fine else (done.returncode, done.stderr[:300], left)


def head(place, db):
    told = json.loads(place.run("check", "--json", "--db", db).stdout)
    return told["ok"], told["head_hash"], told["entries"]


def dumped(place, db):
    out = os.path.join(place.folder, f"dump-{os.urandom(4).hex()}")
    assert place.run("dump", out, "--db", db).returncode == 0
    return {os.path.relpath(path, out): open(path, "rb").read() for path in sorted(glob.glob(os.path.join(out, "**"), recursive=True)) if os.path.isfile(path)}


def shape(db):
    """Every index and key, as the store itself tells them."""
    if db.startswith("sqlite:"):
        return stores.execute(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2, 3")
    return stores.execute(db, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1")


def whole(checks, place, source, targets):
    tables, schema = tables_of(source.split(":", 1)[1])
    data = archive(tables, schema)
    for name, db in targets:
        done, where = place.restore(data, db)
        checks.that(f"an archive is restored into {name}", done.returncode == 0 and head(place, where) == head(place, source), done.stderr)
        checks.that("and dumps as the store it was made from", dumped(place, where) == dumped(place, source))
        fresh = stores.file(os.path.join(place.folder, "fresh.db")) if db is None else pg_server.fresh("fresh")
        place.run("load", os.path.join(ROOT, "data", "calendar"), "--db", fresh)
        checks.that("with every index and key of a new store", shape(where) == shape(fresh) and len(shape(where)) > 100, (len(shape(where)), len(shape(fresh))))
    done, where = place.restore(data)
    again, _ = place.restore(data, where)
    kept = where.split(":", 1)[1] + ".before-restore"
    checks.that("over a store: it is kept beside", again.returncode == 0 and head(place, stores.file(kept)) == head(place, source), again.stderr)
    third, _ = place.restore(data, where)
    checks.that("an earlier restore's copy is never written over", third.returncode == 5 and "before-restore" in third.stderr, third.stderr)
    checks.that("no log or half store stays behind", sorted(glob.glob(where.split(":", 1)[1] + "*")) == [where.split(":", 1)[1], kept], glob.glob(where.split(":", 1)[1] + "*"))
    for name, db in targets:
        if db:
            done, _ = place.restore(data, db)
            checks.that("not into a database that holds something", done.returncode == 5 and "not empty" in done.stderr, done.stderr)
    return tables, schema, data


def erased(checks, place, source):
    """Who was erased since the archive was made is erased in what comes out of it."""
    people = os.path.join(place.folder, "people")
    os.mkdir(people)
    with open(os.path.join(people, "persons.csv"), "w", encoding="utf-8") as out:
        out.write("id,role,place,name,phone\npe-gone,村民,330329105223,雷去之,13912345678\n")
    db, path = stores.file(os.path.join(place.folder, "erased.db")), os.path.join(place.folder, "erased.db")
    place.run("move", "--from", source, "--to", db)
    loaded = place.run("load", people, "--db", db)
    data = archive(*tables_of(path))
    gone = place.run("person", "erase", "persons/pe-gone", "--reason", "本人要求", "--db", db)
    done, _ = place.restore(data, db)
    checks.that("an older archive over a store: who was erased since is erased again", loaded.returncode == gone.returncode == done.returncode == 0 and json.loads(done.stdout)["erased_again"] == 1 and head(place, db)[0],
                (loaded.stderr, gone.stderr, done.stdout, done.stderr))


def manifest(checks, place, data):
    path = place.file(data)
    sidecar = path + ".manifest.json"
    for name, told, code in (("its own", {"sha256": hashlib.sha256(data).hexdigest(), "head_hash": ""}, 0), ("another's", {"sha256": "0" * 64}, 3)):
        where = os.path.join(place.folder, f"manifest-{code}.db")
        source = dict(told)
        if "head_hash" in source:
            source["head_hash"] = head(place, stores.file(os.path.join(place.folder, "s.db")))[1]
        with open(sidecar, "w", encoding="ascii") as out:
            json.dump(source, out)
        done = place.run("restore", path, "--db", stores.file(where))
        checks.that(f"beside a manifest that is {name}", done.returncode == code and os.path.exists(where) == (code == 0), done.stderr)
    with open(sidecar, "w", encoding="ascii") as out:
        json.dump({"sha256": hashlib.sha256(data).hexdigest(), "head_hash": "0" * 64}, out)
    done = place.run("restore", path, "--db", stores.file(os.path.join(place.folder, "head.db")))
    checks.that("a manifest with another head is told", done.returncode == 3 and not glob.glob(os.path.join(place.folder, "head.db*")), done.stderr)
    os.unlink(sidecar)


def damage(checks, place, data, chance):
    cuts = [0, 1, 13, 14, 18, 23, len(data) - 1, len(data) - 40, len(data) - 49] + [chance.randrange(len(data)) for _ in range(30)]
    odd = [(cut, told) for cut in cuts for told in [place.refuses(data[:cut])] if told and cut >= len(MAGIC)]
    checks.that("cut short anywhere: told, nothing in place", not odd, odd[:2])
    flips = [chance.randrange(len(MAGIC), len(data)) for _ in range(60)] + list(range(len(MAGIC), len(MAGIC) + 12))
    odd = []
    for at in flips:
        told = place.refuses(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1:])
        odd += [(at, told)] if told else []
    checks.that("one changed bit anywhere: told, nothing in place", not odd, odd[:2])
    checks.that("bytes behind its end are told", place.refuses(data + b"\0", "behind its end") is None)
    twice = place.restore(b"gongfu rows 2\n" + data[14:])
    checks.that("another version of the form is no backup", twice[0].returncode != 0 and not glob.glob(twice[1].split(":", 1)[1] + "*"), twice[0].stderr)


def made_up(tables, schema):
    """Name, bytes, words of the sentence: all whole by their own hash."""
    def changed(which, **how):
        out = [Table(t.name, list(t.columns), list(t.rows)) for t in tables]
        one = next(t for t in out if t.name == which)
        for key, value in how.items():
            setattr(one, key, value)
        return archive(out, schema)
    places = next(t for t in tables if t.name == "places")
    entry = next(t for t in tables if t.name == "entry")
    first = list(places.rows[0])
    front = MAGIC + frame(b"S", struct.pack(">I", schema))
    yield "a table that no schema has", archive(sorted(tables + [Table("zz_evil", [("t", "a")], [("x",)])], key=lambda t: t.name), schema), ["zz_evil"]
    yield "a table that is missing", archive([t for t in tables if t.name != "places"], schema), ["places" if places is tables[-1] else "not one of its schema"]
    yield "the last table missing", archive(tables[:-1], schema), ["lacks"]
    yield "a name with a quote", changed("places", name='places"; DROP TABLE entry; --'), ["name"]
    yield "a column that the table has not", changed("places", columns=places.columns[:-1] + [("i", "evil")]), ["places"]
    yield "columns in another order", changed("places", columns=places.columns[1::-1] + places.columns[2:]), ["places"]
    yield "one column fewer", changed("places", columns=places.columns[:-1], rows=[row[:-1] for row in places.rows]), ["places"]
    yield "a number said to be text", changed("places", columns=places.columns[:-1] + [("t", places.columns[-1][1])], rows=[row[:-1] + ("1",) for row in places.rows]), ["places"]
    yield "a kind that there is not", changed("places", columns=[("x", places.columns[0][1])] + places.columns[1:], rows=[]), ["columns"]
    yield "text that is not UTF-8", changed("places", rows=[tuple([first[0], b"\xff\xfe"] + first[2:])]), ["UTF-8"]
    yield "text with a zero byte", changed("places", rows=[tuple([first[0], "a\0b"] + first[2:])]), ["UTF-8"]
    yield "a number of four bytes", changed("places", columns=places.columns, rows=[], raw=rows_of([("t", "")] * len(places.columns), [first[:-1] + [b"\0\0\0\1"]]), told=1), ["number"]
    yield "a cell longer than its row", changed("places", rows=[], raw=struct.pack(">Hi", len(places.columns), 2 ** 31 - 1) + b"x", told=1), ["cell"]
    yield "a cell of a length below -1", changed("places", rows=[], raw=struct.pack(">Hi", len(places.columns), -2) + b"x" * 40, told=1), ["cell"]
    yield "a row of another width", changed("places", rows=[], raw=struct.pack(">H", 3), told=1), ["cells"]
    yield "half a row at the end of a frame", changed("places", rows=[], raw=rows_of(places.columns, [first])[:-3], told=1), ["cell"]
    yield "fewer rows than it says", changed("places", told=len(places.rows) + 1), ["rows"]
    yield "a row twice", changed("places", rows=places.rows + [places.rows[0]]), ["places"]
    yield "no value where one must be", changed("places", rows=[tuple([None] + first[1:])]), ["places"]
    yield "an entry twice", changed("entry", rows=entry.rows + [entry.rows[0]]), ["entry"]
    yield "tables in another order", archive(tables[::-1], schema), ["order"]
    yield "a table twice", archive(sorted(tables + [places], key=lambda t: t.name), schema), ["order"]
    yield "a schema to come", archive(tables, 4711), ["4711"]
    yield "no schema", archive(tables, 0), ["schema"]
    yield "an older schema than it is of", archive(tables, 3), ["schema"]
    yield "rows outside a table", finish(front + frame(b"R", b"x"), 0, 0), ["rows"]
    yield "a table in a table", finish(front + frame(b"T", b"a\nt b\n") * 2, 2, 0), ["table"]
    yield "a frame of no kind", finish(front + frame(b"Q", b""), 0, 0), ["kind"]
    yield "a frame of four gigabytes", front + b"R\xff\xff\xff\xff" + b"x" * 100, ["longer"]
    yield "a frame of a gigabyte that does not come", front + frame(b"T", b"a\nt b\n") + b"R\x3f\xff\xff\xff" + b"x" * 100, ["early"]
    yield "two schemas", finish(front + frame(b"S", struct.pack(">I", schema)), 0, 0), ["schema"]
    yield "nothing at all", finish(front, 0, 0), ["lacks"]
    yield "300 tables", finish(front + b"".join(frame(b"T", f"t{n:03}\nt b\n".encode()) + frame(b"E", bytes(8)) for n in range(300)), 300, 0), ["archive"]
    yield "a hash of something else", archive(tables, schema)[:-1] + bytes([archive(tables, schema)[-1] ^ 1]), ["hash"]


def hostile(checks, place, tables, schema, server):
    for name, data, words in made_up(tables, schema):
        told = place.refuses(data, *words)
        checks.that(f"{name}: a sentence, and nothing in place", told is None, told)
        if server:
            db = pg_server.fresh("hostile")
            done, _ = place.restore(data, db)
            there = pg_server.psql(db.rsplit("/", 1)[1], "SELECT count(*) FROM pg_class WHERE relname = 'entry' AND relkind = 'r'")[0][0] == "1"
            rows = int(pg_server.psql(db.rsplit("/", 1)[1], "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM places)")[0][0]) if there else 0
            if done.returncode == 0 or rows or "archive" not in done.stderr:
                checks.that(f"{name}: on a server too", False, (done.returncode, done.stderr, rows))


def older(checks, place, server):
    """Fixtures of released schemas, as a server of that time would have backed them up."""
    for base in [name[:-len(".sql.xz")] for name in sorted(glob.glob(os.path.join(ROOT, "tests", "fixtures", "*.sql.xz")))]:
        path, restored = os.path.join(place.folder, "old.db"), os.path.join(place.folder, os.path.basename(base) + ".db")
        test_upgrade.build(base, path)
        tables, schema = tables_of(path)
        data = archive(tables, schema)
        own, os.environ["GONGFU_KEY_FILE"] = os.environ["GONGFU_KEY_FILE"], path + ".key"
        done, _ = place.restore(data, stores.file(restored))
        odd = done.stderr if done.returncode else test_upgrade.as_promised(place.gongfu, base, restored)
        checks.that(f"an archive of schema {schema} is made a store of today's", not odd and not glob.glob(restored + ".before*"), odd)
        if server:
            db = pg_server.fresh("older")
            done, _ = place.restore(data, db)
            checks.that("on a server too", done.returncode == 0 and head(place, db) == head(place, stores.file(restored)) and dumped(place, db) == dumped(place, stores.file(restored)), done.stderr)
        os.environ["GONGFU_KEY_FILE"] = own


def of_a_server(checks, place, source):
    """What the program writes is read here."""
    db, path = pg_server.fresh("backed"), os.path.join(place.folder, "server.rows")
    place.run("move", "--from", source, "--to", db)
    told = json.loads(place.run("backup", path, "--db", db).stdout)
    with open(path, "rb") as file:
        data = file.read()
    checks.that("a server's backup is an archive, with its hash and its head", data.startswith(MAGIC) and told["sha256"] == hashlib.sha256(data).hexdigest() and told["head_hash"] == head(place, db)[1], told)
    at, counts, ends, own = len(MAGIC), {}, None, b""
    while at < len(data):
        letter, length = data[at:at + 1], struct.unpack(">I", data[at + 1:at + 5])[0]
        body = data[at + 5:at + 5 + length]
        if letter == b"T":
            name = body.split(b"\n")[0].decode()
        elif letter == b"E":
            counts[name] = struct.unpack(">Q", body)[0]
        elif letter == b"Z":
            ends, own = struct.unpack(">IQ", body[:12]) + (body[12:],), hashlib.sha256(data[:at]).digest()
        at += 5 + length
    wanted = {table.name: len(table.rows) for table in tables_of(source.split(":", 1)[1])[0]}
    checks.that("with every row of every table", counts == wanted and ends == (len(wanted), sum(wanted.values()), own), (counts, ends))
    broken_off(checks, place, db)
    again = place.run("backup", path, "--db", db)
    checks.that("a file that is there is never written over", again.returncode == 5 and open(path, "rb").read() == data, again.stderr)
    full = place.run("backup", "/dev/full/x", "--db", db)
    checks.that("where nothing can be written it says so", full.returncode == 7 and "cannot be written" in full.stderr, full.stderr)
    small = subprocess.run(["sh", "-c", f"ulimit -f 300; trap '' XFSZ; exec {place.gongfu} backup {path}.small --db '{db}'"], capture_output=True, text=True, check=False)
    checks.that("when the room ends half of it is taken away", small.returncode == 7 and "cannot be written" in small.stderr and not os.path.exists(path + ".small"), (small.returncode, small.stderr))
    for name, target in (("a file", stores.file(os.path.join(place.folder, "from-server.db"))), ("another server", pg_server.fresh("again"))):
        done = place.run("restore", path, "--db", target)
        checks.that(f"it is restored into {name}", done.returncode == 0 and head(place, target) == head(place, db) and dumped(place, target) == dumped(place, db), done.stderr)


def broken_off(checks, place, db):
    """The server ends the connection in the middle of a table, which somebody keeps locked until then."""
    name, path = db.rsplit("/", 1)[1], os.path.join(place.folder, "broken.rows")
    waits = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY \"units\"%' AND wait_event_type = 'Lock'"
    with subprocess.Popen(["psql", "-X", "-q", "-h", pg_server.server_folder(), "-U", "gongfu", "-d", name], stdin=subprocess.PIPE, text=True) as locker:
        locker.stdin.write("BEGIN; LOCK TABLE units;\n")
        locker.stdin.flush()
        ends, held = time.monotonic() + 8, []
        while not held and time.monotonic() < ends:
            held = pg_server.psql(name, "SELECT 1 FROM pg_locks WHERE relation = 'units'::regclass AND mode = 'AccessExclusiveLock' AND granted")
        with subprocess.Popen([place.gongfu, "backup", path, "--db", db], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as backup:
            ends, waiting = time.monotonic() + 8, []
            while not waiting and time.monotonic() < ends:
                waiting = pg_server.psql(name, waits)
            written = os.path.getsize(path) if waiting else 0
            for (pid,) in waiting:
                pg_server.psql(name, f"SELECT pg_terminate_backend({pid})")
            said = backup.communicate(timeout=20)[1]
        locker.stdin.close()
    checks.that("a connection that breaks off is told, and the half is taken away", written > 1000 and backup.returncode == 7 and said.count("\n") == 1 and not os.path.exists(path), (written, backup.returncode, said))


def main():
    checks, chance = Checks(), random.Random(5)
    server = stores.on_postgres()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(os.path.abspath(sys.argv[1]), folder)
        source = stores.file(os.path.join(folder, "s.db"))
        os.environ["GONGFU_KEY_FILE"] = os.path.join(folder, "s.key")
        for name in ("taishun", "calendar"):
            assert place.run("load", os.path.join(ROOT, "data", name), "--db", source).returncode == 0
        tables, schema, data = whole(checks, place, source, [("a file", None)] + ([("a server", pg_server.fresh("whole"))] if server else []))
        hostile(checks, place, tables, schema, server)
        older(checks, place, server)
        if server:
            of_a_server(checks, place, source)
        else:
            erased(checks, place, source)
            manifest(checks, place, data)
            damage(checks, place, data, chance)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
