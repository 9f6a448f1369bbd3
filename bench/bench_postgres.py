"""bench_postgres.py GONGFU [ROWS]: the same ledger on PostgreSQL and on SQLite: load, check, report, move, entries over HTTP.
Markdown on standard output. The server is started by tests/pg_server.py with fsync on; a row is two ledger lines."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tests"))
import pg_server
from test_serve import Server

CLIENTS, SECONDS = 8, 5


def timed(*command):
    begun = time.monotonic()
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode:
        raise SystemExit(run.stderr.decode())
    return time.monotonic() - begun, run.stdout


def entries(gongfu, db, activate):
    """Entries a second of eight clients that each wait for their answer."""
    server = Server.__new__(Server)
    server.gongfu, server.db = gongfu, db
    server.run("user", "add", "program", "--role", "office")
    activate()
    server.token = server.run("token", "add", "program").strip()
    server.start()
    took, wrong, ends = [], [], time.monotonic() + SECONDS

    def client(number):
        turn = 0
        while time.monotonic() < ends:
            entry = {"key": f"b{number}-{turn}", "date": "2024-05-06", "verb": "投入", "rows": [{"kind": "cash", "amount_fen": 100}]}
            begun = time.monotonic()
            answer, data = server.ask("POST", "/api/v1/records/entries", json.dumps(entry), {"Content-Type": "application/json"})
            took.append(time.monotonic() - begun)
            if answer.status != 201:
                wrong.append(data)
            turn += 1
    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    if wrong:
        raise SystemExit(wrong[0].decode())
    took.sort()
    return f"{len(took) / SECONDS:,.0f} /s, median {1000 * statistics.median(took):.1f} ms, p99 {1000 * took[len(took) * 99 // 100]:.1f} ms"


def main():
    gongfu, rows = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 125_000
    server = pg_server.Server(durable=True).start()
    os.environ["GONGFU_TEST_PG"] = server.folder
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["GONGFU_KEY_FILE"] = os.path.join(folder, "master.key")
            source = os.path.join(folder, "rows")
            subprocess.run([sys.executable, os.path.join(HERE, "make_ledger.py"), "--rows", str(rows), "--out", source], check=True, stdout=subprocess.DEVNULL)
            path = os.path.join(folder, "t.db")
            stores = [("SQLite", "sqlite:" + path), ("PostgreSQL", pg_server.fresh("bench"))]
            moved = pg_server.fresh("moved")
            print(f"## PostgreSQL beside SQLite (`bench/bench_postgres.py`): {2 * rows:,} ledger lines\n\n| what | SQLite | PostgreSQL 15, one socket away, fsync on |\n|---|---|---|")
            loads, checks, reports = ([timed(gongfu, *words, "--db", db)[0] for _, db in stores] for words in (["load", source], ["check"], ["report", "--format", "json", "--out", "/dev/null"]))
            print("| load through all checks | " + " | ".join(f"{s:.1f} s, {2 * rows / s:,.0f} lines/s" for s in loads) + " |")
            print("| check | " + " | ".join(f"{s:.1f} s" for s in checks) + " |")
            print("| report | " + " | ".join(f"{s:.2f} s" for s in reports) + " |")
            one, out = timed(gongfu, "move", "--from", stores[0][1], "--to", moved)
            two, _ = timed(gongfu, "move", "--from", moved, "--to", "sqlite:" + os.path.join(folder, "back.db"))
            count = json.loads(out)["rows"]
            print(f"| move of {count:,} rows into the other, both checked | {one:.1f} s, {count / one:,.0f} rows/s | {two:.1f} s, {count / two:,.0f} rows/s |")
            sql = "UPDATE user_account SET state = 'active' WHERE id = 'program'"

            def activate_file():
                subprocess.run([sys.executable, "-c", "import sqlite3,sys\nwith sqlite3.connect(sys.argv[1]) as s: s.execute(sys.argv[2])", path, sql], check=True)
            told = [entries(gongfu, stores[0][1], activate_file), entries(gongfu, stores[1][1], lambda: pg_server.psql(stores[1][1].rsplit("/", 1)[1], sql))]
            print(f"| entries over HTTP, {CLIENTS} clients | " + " | ".join(told) + " |")
    finally:
        server.end()


if __name__ == "__main__":
    main()
