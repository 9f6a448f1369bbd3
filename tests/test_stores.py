"""test_stores.py GONGFU: one set of books on SQLite and on PostgreSQL: the same bytes out, the same head, moved both ways; two
servers on one database. Run by tests/pg_server.py."""
import json
import os
import subprocess
import sys
import tempfile

import pg_server
import stores
from test_serve import Checks, Person, Server

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GONGFU = os.path.abspath(sys.argv[1])


def gongfu(*words, code=0):
    run = subprocess.run([GONGFU, *words], capture_output=True, text=True, check=False)
    if code is not None and run.returncode != code:
        raise SystemExit(f"{words}: exit {run.returncode}, expected {code}\n{run.stderr}")
    return run


def head(db):
    answer = json.loads(gongfu("check", "--json", "--db", db).stdout)
    return answer["ok"], answer["head_entry"], answer["head_hash"]


def same(a, b):
    run = subprocess.run(["diff", "-r", a, b], capture_output=True, text=True, check=False)
    return run.returncode == 0, run.stdout[:400]


def dumped(folder, name, db):
    out = os.path.join(folder, name)
    gongfu("dump", out, "--db", db)
    return out


def carried(checks, folder, file, server):
    """dump and load, from each store into the other."""
    ours = dumped(folder, "sqlite-1", file)
    gongfu("load", ours, "--db", server)
    theirs = dumped(folder, "postgres-1", server)
    checks.that("dump of SQLite, load and dump on PostgreSQL: the same bytes", *same(ours, theirs))
    checks.that("and the same head, checked", head(file) == head(server) and head(server)[0], (head(file), head(server)))
    back = stores.file(os.path.join(folder, "back.db"))
    gongfu("load", theirs, "--db", back)
    checks.that("and back again", *same(ours, dumped(folder, "sqlite-2", back)))
    for words in (["report", "--programme", "taishun", "--format", "json"], ["report", "--programme", "taishun-demo", "--format", "json"], ["statement", "group", "--json"], ["roster", "pairings", "--json"],
                  ["cases", "--on", "2025-01-01", "--json"], ["ageing", "--on", "2025-01-01", "--json"], ["queue", "--on", "2025-01-01", "--json"]):
        one, two = gongfu(*words, "--db", file).stdout, gongfu(*words, "--db", server).stdout
        checks.that(f"{' '.join(words)}: the same bytes on both", one == two and len(one) > 20, (one[:200], two[:200]))


def moved(checks, folder, file, filled):
    server, back = pg_server.fresh("moved"), stores.file(os.path.join(folder, "moved-back.db"))
    answer = json.loads(gongfu("move", "--from", file, "--to", server).stdout)
    checks.that("move to PostgreSQL tells rows and head", answer["rows"] > 10000 and answer["head_hash"] == head(file)[2], answer)
    checks.that("both check, with one head", head(file) == head(server))
    checks.that("their dumps are the same bytes", *same(os.path.join(folder, "sqlite-1"), dumped(folder, "moved-1", server)))
    answer = json.loads(gongfu("move", "--from", server, "--to", back).stdout)
    checks.that("and back into a file", head(back) == head(file))
    checks.that("with the same bytes", *same(os.path.join(folder, "sqlite-1"), dumped(folder, "moved-2", back)))
    backup = os.path.join(folder, "backup.db")
    gongfu("backup", backup, "--db", server)
    restored = stores.file(os.path.join(folder, "restored.db"))
    gongfu("restore", backup, "--db", restored)
    checks.that("a backup of PostgreSQL is restored into a file", head(restored) == head(server) and os.path.exists(backup + ".manifest.json"))
    checks.that("with the same bytes", *same(os.path.join(folder, "sqlite-1"), dumped(folder, "restored-1", restored)))
    return server


def refused(checks, folder, file, server):
    """Each with a sentence, and nothing written."""
    before = head(server)
    empty = pg_server.fresh("empty")
    doctored = stores.file(os.path.join(folder, "doctored.db"))
    gongfu("move", "--from", file, "--to", doctored)
    stores.execute(doctored, "UPDATE entry_line SET amount_fen = amount_fen + 1 WHERE id = 2")
    for name, words, code, part in (
            ("a target with rows", ["--from", file, "--to", server], 5, "not empty"),
            ("one store twice", ["--from", server, "--to", server], 5, "same store"),
            ("one store under two addresses", ["--from", server, "--to", server.replace("postgres://", "postgresql://")], 5, "same store"),
            ("no source", ["--from", stores.file(os.path.join(folder, "none.db")), "--to", empty], 4, "no store"),
            ("an empty source", ["--from", empty, "--to", stores.file(os.path.join(folder, "none.db"))], 4, "schema 0"),
            ("a source that does not check", ["--from", doctored, "--to", empty], 3, "does not check"),
            ("no target", ["--from", file], 2, "two stores"),
            ("an address of nobody", ["--from", file, "--to", "mysql://a:secret@b/c"], 2, "no address"),
            ("a server that is not there", ["--from", file, "--to", "postgres://gongfu:secret@/x?host=/nowhere"], 7, "cannot be reached")):
        run = gongfu("move", *words, code=None)
        checks.that(f"{name}: refused", run.returncode == code and part in run.stderr and "secret" not in run.stderr and not run.stdout, (run.returncode, run.stderr))
    checks.that("and nothing was written", head(server) == before and stores.execute(empty, "SELECT count(*) FROM pg_class WHERE relname = 'entry'") == [["0"]])


def two_servers(checks, folder):
    """Both on one database: a session of one holds in the other, a key books once, what one writes the other tells."""
    one = Server(GONGFU, folder)
    two = Server.__new__(Server)
    two.gongfu, two.path, two.db, two.token = one.gongfu, one.path, one.db, one.token
    two.start("--demo")
    try:
        office = Person(one, "office", "demo-office-2024")
        office.server = two
        answer, body = office.ask("GET", "/api/v1/session")
        checks.that("a session of one server holds in the other", answer.status == 200, (answer.status, body))
        entry = {"key": "both-1", "date": "2024-05-06", "verb": "投入", "purpose": "试", "rows": [{"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 12300}]}
        headers = {"Content-Type": "application/json", "Idempotency-Key": "both-1"}
        figure = "/api/v1/trace/total.unit:u-sport.cash.paid@2024"
        before = json.loads(two.ask("GET", figure)[1])
        first, data = one.ask("POST", "/api/v1/records/entries", json.dumps(entry), headers)
        second, again = two.ask("POST", "/api/v1/records/entries", json.dumps(entry), headers)
        checks.that("one key sent to both books once", first.status == 201 and second.status == 201 and data == again, (first.status, second.status, data[:200], again[:200]))
        after = json.loads(two.ask("GET", figure)[1])
        checks.that("what one books the other tells", before != after, (before, after))
        entry["key"] = "both-2"
        turns = [server.ask("POST", "/api/v1/records/entries", json.dumps(entry | {"key": f"turn-{i}"}), {"Content-Type": "application/json"})[0].status for i, server in enumerate([one, two] * 10)]
        checks.that("they book in turns", turns == [201] * 20, turns)
        name = one.db.rsplit("/", 1)[1]
        pg_server.psql("postgres", f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'")
        statuses = [two.ask("GET", "/api/v1/report")[0].status for _ in range(8)]
        written = two.ask("POST", "/api/v1/records/entries", json.dumps(entry | {"key": "behind-1"}), {"Content-Type": "application/json"})[0].status
        checks.that("lines that the server cut are made again", statuses[-1] == 200 and written == 201, (statuses, written))
        office.ask("DELETE", "/api/v1/session")
        office.server = one
        checks.that("logged out of one is logged out of the other", office.ask("GET", "/api/v1/session")[0].status == 401)
    finally:
        one.stop()
        two.stop()
    checks.that("check is clean behind them", head(one.db)[0])


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        file, server = stores.file(os.path.join(folder, "books.db")), pg_server.fresh("books")
        os.environ["GONGFU_KEY_FILE"] = os.path.join(folder, "master.key")
        for name in ("calendar", "taishun", "demo"):
            gongfu("load", os.path.join(ROOT, "data", name), "--db", file)
        carried(checks, folder, file, server)
        server = moved(checks, folder, file, server)
        refused(checks, folder, file, server)
        two_servers(checks, folder)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
