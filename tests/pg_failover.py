"""pg_failover.py GONGFU: a primary killed under load, its standby promoted: nothing that was acknowledged is lost.

Two servers on this machine, each with its socket in a folder of its own. The standby follows by streaming and the primary
waits for it (synchronous_standby_names), so that an answer means: on two disks. gongfu serve names both in its address and
goes to whichever may be written. Eight clients book entries, each with a key of its own, and send again what had no answer.
"""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import pg_server
from test_serve import Checks, Server

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLIENTS = 8
SECONDS = 3 if not os.environ.get("GONGFU_PROOF") else 20


def ask(folder, sql, database="postgres"):
    os.environ["GONGFU_TEST_PG"] = folder
    return pg_server.psql(database, sql)


def follow(primary):
    """A standby of the primary, streaming."""
    standby = pg_server.Server(durable=True)
    standby.call("pg_basebackup", "-h", primary.folder, "-U", "gongfu", "-D", standby.data, "-R", "-X", "stream", "-c", "fast")
    with open(os.path.join(standby.data, "postgresql.auto.conf"), "a", encoding="utf-8") as file:
        file.write("\nsynchronous_standby_names = ''\n")
    return standby.start()


class Client(threading.Thread):
    """Books entry after entry; an entry without an answer is sent again with the same key until it has one."""

    def __init__(self, server, number):
        super().__init__()
        self.server, self.number, self.acknowledged, self.stopped, self.slowest, self.refusals = server, number, [], False, 0.0, 0

    def book(self, key):
        entry = {"key": key, "date": "2024-05-06", "verb": "投入", "purpose": "试", "rows": [{"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 100}]}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        begun = time.monotonic()
        while time.monotonic() - begun < 60:
            try:
                if self.server.ask("POST", "/api/v1/records/entries", json.dumps(entry), headers)[0].status == 201:
                    self.slowest = max(self.slowest, time.monotonic() - begun)
                    return True
            except OSError:
                pass
            self.refusals += 1
            time.sleep(0.1)
        return False

    def run(self):
        turn = 0
        while not self.stopped:
            key = f"c{self.number}-{turn}"
            if not self.book(key):
                return
            self.acknowledged.append(key)
            turn += 1


def ask_standby(checks, server, standby):
    """A standby answers questions and refuses to be written, with a sentence."""
    db = f"postgres://gongfu@/books?host={standby.folder}"
    checked = subprocess.run([server.gongfu, "check", "--json", "--db", db], capture_output=True, text=True, check=False)
    reported = subprocess.run([server.gongfu, "report", "--format", "json", "--out", "/dev/null", "--db", db], capture_output=True, text=True, check=False)
    checks.that("a standby is checked and reported from", checked.returncode == 0 and reported.returncode == 0, (checked.stdout[:300], checked.stderr, reported.stderr))
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "units.csv"), "w", encoding="utf-8") as file:
            file.write("id,name\nu-standby,甲\n")
        refused = subprocess.run([server.gongfu, "load", folder, "--db", db], capture_output=True, text=True, check=False)
    checks.that("and refuses to be written", refused.returncode == 7 and "name the primary" in refused.stderr, (refused.returncode, refused.stderr))


def main():
    checks = Checks()
    if not pg_server.programs():
        print("SKIP PostgreSQL 15 is not installed (apt-get install postgresql-15)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    primary = pg_server.Server(durable=True).start()
    standby = server = None
    try:
        standby = follow(primary)
        ask(primary.folder, "CREATE DATABASE books TEMPLATE template0")
        ask(primary.folder, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        ask(primary.folder, "SELECT pg_reload_conf()")
        with tempfile.TemporaryDirectory() as folder:
            os.environ["GONGFU_KEY_FILE"] = os.path.join(folder, "master.key")
            server = Server.__new__(Server)
            server.gongfu, server.path = os.path.abspath(sys.argv[1]), os.path.join(folder, "t")
            server.db = f"postgres://gongfu@/books?host={primary.folder},{standby.folder}&target_session_attrs=read-write"
            for name in ("taishun", "calendar", "demo"):
                server.run("load", os.path.join(ROOT, "data", name))
            server.run("user", "add", "program", "--role", "office")
            ask(primary.folder, "UPDATE user_account SET state = 'active' WHERE id = 'program'", "books")
            server.token = server.run("token", "add", "program").strip()
            server.start()
            ask_standby(checks, server, standby)
            clients = [Client(server, n) for n in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(SECONDS)
            before = sum(len(c.acknowledged) for c in clients)
            killed = time.monotonic()
            primary.stop("immediate")  # SIGQUIT to every process: nothing is written any more
            standby.call("pg_ctl", "-D", standby.data, "-w", "promote")
            promoted = time.monotonic() - killed
            time.sleep(SECONDS)
            for client in clients:
                client.stopped = True
            for client in clients:
                client.join()
            acknowledged = [key for c in clients for key in c.acknowledged]
            kept = {row[0] for row in ask(standby.folder, "SELECT key FROM entry", "books")}
            total = int(ask(standby.folder, "SELECT count(*) FROM entry WHERE key LIKE 'c%-%'", "books")[0][0])
            lost = [key for key in acknowledged if key not in kept]
            print(f"{before} entries acknowledged before the kill, {len(acknowledged) - before} after; standby promoted in {promoted:.1f} s, slowest answer {max(c.slowest for c in clients):.1f} s, {sum(c.refusals for c in clients)} refusals")
            checks.that("entries were acknowledged before and after the kill", before > 20 and len(acknowledged) > before + 20, (before, len(acknowledged)))
            checks.that("nothing that was acknowledged is lost", not lost, lost[:5])
            checks.that("nothing is booked twice, nothing that nobody sent", total == len(acknowledged), (total, len(acknowledged)))
            server.stop()
            checked = json.loads(subprocess.run([server.gongfu, "check", "--json", "--db", server.db], capture_output=True, text=True, check=False).stdout)
            checks.that("check is clean on the new primary", checked["ok"], checked["problems"][:3])
    finally:
        if server and getattr(server, "process", None) and server.process.poll() is None:
            server.process.kill()
        primary.end()
        if standby:
            standby.end()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
