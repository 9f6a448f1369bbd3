"""test_crash.py GONGFU [GONGFU_POWERCUT]: killed at random moments under eight writers, and what the disk then holds.

On SQLite: the process is killed; the lights go out (gongfu_powercut: what was not synced is dropped, kept or torn); the disk is full, refuses to
sync, refuses to be written. On PostgreSQL (through pg_server.py): now gongfu, now every process of the server is killed. After each: what was
acknowledged is there, nothing is half there, check is clean. 20 kills of each sort, 200 in make proof.
"""
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pg_server
import stores
from test_serve import Checks, Server

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "crash"))
import powercut

CLIENTS = 8
KILLS = 200 if os.environ.get("GONGFU_PROOF") else 20
ROWS = 3  # of an entry: six lines
START_SECONDS_MAX = 10  # a slow, busy machine; the measured start stands in docs/bench.md


class Writer(threading.Thread):
    """Books entries and writes records until the server is gone; remembers what it was told is kept, and what it had asked for."""

    def __init__(self, server, number, turn):
        super().__init__()
        self.server, self.name, self.kept, self.asked = server, f"c{turn}-{number}", [], []
        self.told, self.begun = {}, time.monotonic()

    def ask(self, connection, register, id_, body):
        self.asked.append((register, id_))
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.server.token}", "Idempotency-Key": id_}
        connection.request("POST", f"/api/v1/records/{register}", json.dumps(body), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 201:
            raise OSError(answer.status)  # the database is gone, and gongfu says so
        self.kept.append((register, id_))
        self.told[id_] = (time.monotonic() - self.begun, body[:120].decode(errors="replace"))

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            for turn in range(100000):
                id_ = f"{self.name}-{turn}"
                if turn % 4 == 3:
                    self.ask(connection, "units", "u-" + id_, {"id": "u-" + id_, "name": "甲" * (turn % 40 + 1)})
                else:
                    row = {"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 100}
                    self.ask(connection, "entries", id_, {"key": id_, "date": "2024-05-06", "verb": "投入", "purpose": "试" * (turn % 60 + 1), "rows": [row] * ROWS})
        except (OSError, http.client.HTTPException):
            pass
        connection.close()


LAST = {}  # of the last fire: what each answer said and when, and when was killed; told when something is lost


def story(db, lost):
    """What is needed to understand a loss."""
    head = stores.execute(db, "SELECT id, key FROM entry ORDER BY id DESC LIMIT 12")
    return {"killed": LAST["killed"], "lost": [(key, LAST["told"].get(key)) for _, key in lost], "head": head, "last answers": sorted((at, key, body) for key, (at, body) in LAST["told"].items())[-12:]}


def book_under_fire(server, turn, chance, kill):
    writers = [Writer(server, n, turn) for n in range(CLIENTS)]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not any(w.kept for w in writers) and any(w.is_alive() for w in writers):
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.25))
    begun = writers[0].begun
    before = time.monotonic() - begun
    kill()
    after = time.monotonic() - begun
    for writer in writers:
        writer.join()
    LAST.update(told={k: v for w in writers for k, v in w.told.items()}, killed=(before, after))
    return [k for w in writers for k in w.kept], [a for w in writers for a in w.asked]


class Books:
    """What must be in the store, over all kills."""

    def __init__(self, checks):
        self.checks, self.kept, self.asked, self.kills, self.uncertain = checks, set(), set(), 0, 0

    def faults(self, db):
        entries = {row[0]: int(row[1]) for row in stores.execute(db, "SELECT e.key, count(*) FROM entry e JOIN entry_line l ON l.entry_id = e.id WHERE e.key LIKE 'c%-%' GROUP BY e.key")}
        there = {("entries", key) for key in entries} | {("units", row[0]) for row in stores.execute(db, "SELECT id FROM units WHERE id LIKE 'u-c%-%'")}
        self.uncertain = len(there - self.kept)
        return {"lost": sorted(self.kept - there)[:3], "half": [key for key, lines in entries.items() if lines != 2 * ROWS][:3], "nobody asked": sorted(there - self.asked)[:3]}

    def close(self, label, wrong, slowest, spent):
        self.checks.that(f"{label}: after {self.kills} kills nothing acknowledged is lost, nothing is half there, nothing that nobody sent", not wrong, wrong[:3])
        self.checks.that(f"{label}: every start afterwards is soon", slowest <= START_SECONDS_MAX, slowest)
        self.checks.that(f"{label}: writers were answered before each kill", len(self.kept) >= 2 * self.kills, len(self.kept))
        print(f"{label}: {self.kills} kills, {len(self.kept)} writes acknowledged, {self.uncertain} kept without an answer, slowest start {slowest:.2f} s, {spent:.0f} s in all")


def checked(server, wrong):
    """check on the store at rest; a store that was just killed has its log replayed by this very call."""
    run = subprocess.run([server.gongfu, "check", "--json", "--db", server.db], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        wrong.append(("check", run.returncode, run.stdout[:400], run.stderr[:200]))


def kills(checks, label, server, chance, kill, afterwards):
    """kill(turn) ends something while eight write; afterwards(turn) brings the store back for the next start."""
    books, wrong, slowest, begun = Books(checks), [], 0.0, time.monotonic()
    for turn in range(KILLS):
        kept, asked = book_under_fire(server, f"{label[:2]}{turn}", chance, lambda turn=turn: kill(turn))
        books.kept |= set(kept)
        books.asked |= set(asked)
        books.kills += 1
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait()
        afterwards(turn)
        if turn % 2:
            checked(server, wrong)  # and every other time the server itself is the first to open what was left
        server.start()
        slowest = max(slowest, server.seconds)
        faults = books.faults(server.db)
        if any(faults.values()):
            wrong.append((turn, faults, story(server.db, faults["lost"])))
            break
    server.stop()
    checked(server, wrong)
    books.close(label, wrong, slowest, time.monotonic() - begun)


def kill_server(server):
    return lambda turn: server.process.send_signal(signal.SIGKILL)


def on_files(checks, gongfu, folder, chance):
    server = Server(gongfu, folder, options=())
    kills(checks, "kill -9 on SQLite", server, chance, kill_server(server), lambda turn: None)


class DarkServer(Server):
    """It ends by itself at some write or sync: a kill from outside seldom meets one. When that is before it could say its
    address, what was being mended is mended again."""

    def start(self, *options):
        while True:
            os.environ["GONGFU_CUT_AFTER"] = str(self.chance.randint(1, 500))
            try:
                super().start(*options)
                return
            except ValueError:  # no address
                self.process.wait()
                self.doubt.append(powercut.cut(self.folder, self.chance))
            finally:
                del os.environ["GONGFU_CUT_AFTER"]


def in_the_dark(checks, program, folder, chance):
    server = DarkServer.__new__(DarkServer)
    doubt = server.doubt = []
    server.folder, server.chance = folder, chance
    server.__init__(program, folder, options=())
    kills(checks, "power cut on SQLite", server, chance, lambda turn: server.process.wait(), lambda turn: doubt.append(powercut.cut(folder, chance)))
    checks.that("power cuts met writes that were not synced", sum(count > 0 for count in doubt) * 2 > len(doubt), doubt)
    print(f"power cuts: {sum(doubt)} writes in doubt")


# ---- A disk that refuses ----

FAULTS = [("f", "a full disk"), ("e", "a disk that refuses to sync"), ("w", "a disk that refuses a write"), ("r", "a disk mounted read-only")]


def book_one(server, key):
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    row = {"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 100}
    # Long enough that a full disk must grow a file for it: a log that is reused has room.
    answer, body = server.ask("POST", "/api/v1/records/entries", json.dumps({"key": key, "date": "2024-05-06", "verb": "投入", "purpose": "试" * 300, "rows": [row] * 400}), headers)
    return answer.status, json.loads(body)


def on_a_bad_disk(checks, program, folder, chance):
    fault = os.path.join(folder, "fault")
    os.environ["GONGFU_CUT_FAULT"] = fault
    server = Server(program, folder, options=())
    try:
        for letter, label in FAULTS:
            status, _ = book_one(server, f"before-{letter}")
            with open(fault, "w", encoding="ascii") as file:
                file.write(letter)
            refusals = [book_one(server, f"during-{letter}-{n}") for n in range(3)]
            read, _ = server.ask("GET", "/api/v1/records/units?limit=3")
            os.unlink(fault)
            after, body = book_one(server, f"during-{letter}-0")
            checks.that(f"on {label} writes are refused with a sentence", status == 201 and all(code == 503 and "disk" in answer["hint"] for code, answer in refusals), refusals[:1])
            checks.that(f"on {label} the office still reads", read.status == 200, read.status)
            checks.that(f"when {label} is mended the same write is booked", after == 201, (after, body))
            server.process.kill()
            server.process.wait()
            powercut.cut(folder, chance)
            wrong = []
            checked(server, wrong)
            counts = {row[0]: int(row[1]) for row in stores.execute(server.db, f"SELECT e.key, count(*) FROM entry e JOIN entry_line l ON l.entry_id = e.id WHERE e.key LIKE 'before-{letter}%' OR e.key LIKE 'during-{letter}%' GROUP BY e.key")}
            kept = {f"before-{letter}", f"during-{letter}-0"}
            checks.that(f"after {label} and a power cut: what was acknowledged is there, once and whole", not wrong and kept <= set(counts) and set(counts.values()) == {800}, (wrong, counts))
            server.start()
    finally:
        del os.environ["GONGFU_CUT_FAULT"]
        server.process.kill()
        server.process.wait()


# ---- PostgreSQL ----

def on_a_server(checks, gongfu, folder, chance):
    """Even turns kill gongfu, odd ones every process of the database."""
    database = pg_server.Server(durable=True).start()
    os.environ["GONGFU_TEST_PG"], os.environ["GONGFU_TEST_DB"] = database.folder, "postgres"
    try:
        server = Server(gongfu, folder, options=())
        pid_file = os.path.join(database.data, "postmaster.pid")

        def kill(turn):
            if turn % 2 == 0:
                server.process.send_signal(signal.SIGKILL)
                return
            with open(pid_file, encoding="ascii") as file:
                parent = int(file.readline())
            children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False).stdout.split()
            for pid in [parent, *map(int, children)]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass

        def afterwards(turn):
            if turn % 2:
                # The last of its processes may still be going, and then the server does not start beside it.
                for _ in range(50):
                    try:
                        database.start()
                        return
                    except subprocess.CalledProcessError:
                        time.sleep(0.2)
                raise RuntimeError("the killed database does not start again")

        kills(checks, "kill -9 on PostgreSQL", server, chance, kill, afterwards)
    finally:
        database.end()
        del os.environ["GONGFU_TEST_PG"], os.environ["GONGFU_TEST_DB"]


def main():
    checks, chance, skipped = Checks(), random.Random(int(os.environ.get("GONGFU_SEED", "1"))), 0
    gongfu, program = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    parts = [(on_files, gongfu), (in_the_dark, program), (on_a_bad_disk, program)]
    if pg_server.programs():
        parts.append((on_a_server, gongfu))
    else:
        print("SKIP PostgreSQL 15 is not installed (apt-get install postgresql-15)")
        skipped = 1
    for part, which in parts:
        if len(sys.argv) > 3 and part.__name__ not in sys.argv[3:]:
            continue
        folder = tempfile.mkdtemp(prefix="gongfu-crash-")
        try:
            part(checks, which, folder, chance)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{checks.passed} passed, {checks.failed} failed, {skipped} skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
