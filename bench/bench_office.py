"""bench_office.py GONGFU [--lines 5000000] [--users 500] [--seconds 60] [--engine sqlite|postgres]... [--store ADDRESS]

An office of many people at once against `gongfu serve` with the invented province, on SQLite and on PostgreSQL: each has an account, a token and a
connection of his own, opens a page (its requests one after the other), looks at it for some seconds, opens the next. What a page asks is recorded
from the real pages (bench/office_mix.json, made by office_record.mjs); which record is asked for is drawn by chance. Writes are durable. Markdown on
standard output. The load comes from one process with epoll and no framework; its own share of the machine is told, and how late it was.
"""
import argparse
import collections
import contextlib
import csv
import heapq
import json
import os
import random
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import pg_server
import stores

P99_MS_MAX = 200
WARM_S = 12  # longer than the longest pause: by then everybody has come
TICKS = os.sysconf("SC_CLK_TCK")
KINDS = [("cockpit", r"GET /cockpit"), ("flow", r"GET /flow"), ("search", r"GET /search"), ("open a figure", r"GET /trace/"), ("statement", r"GET /statement"), ("story", r"GET /(places|units)/.*/story"),
         ("roster", r"GET /roster"), ("history", r"GET /records/.*/history"), ("list with its count", r"GET /records/\w+\?.*count=1"), ("list", r"GET /records/\w+\?"), ("record", r"GET /records/\w+/"),
         ("book an entry", r"POST /records/entries"), ("change a record", r"PATCH /records/"), ("other", r".")]


def kind_of(method, path):
    text = f"{method} {path.removeprefix('/api/v1')}"
    return next(kind for kind, shape in KINDS if re.match(shape, text))


# ---- Stores ----

class Store:
    """A store with the province, accounts and tokens, and the server on it."""

    def __init__(self, gongfu, folder, db, users):
        self.gongfu, self.db, self.folder = gongfu, db, folder
        self.tokens = self.people(users)

    def run(self, *args):
        done = subprocess.run([self.gongfu, *args, "--db", self.db], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(args)}: {done.stderr}{done.stdout}")
        return done.stdout

    def people(self, count):
        names = [f"bench-{n:03}" for n in range(count)]
        known = self.run("user", "list")
        for name in names:
            if name not in known:
                self.run("user", "add", name, "--role", "office")
        stores.execute(self.db, "UPDATE user_account SET state = 'active' WHERE id LIKE 'bench-%'")
        return [self.run("token", "add", name).strip() for name in names]

    def serve(self):
        self.process = subprocess.Popen([self.gongfu, "serve", "--db", self.db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return int(self.process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


def cpu_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children_cpu(pid):
    """Of a server process and all that it has started, those that have ended among them."""
    total = cpu_of(pid)
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                if int(fields[1]) == pid:
                    total += (int(fields[11]) + int(fields[12])) / TICKS
            except (OSError, ValueError):
                pass
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return total + (int(fields[13]) + int(fields[14])) / TICKS


def machine_cpu():
    """Seconds that all cores worked, for whomever."""
    with open("/proc/stat", encoding="ascii") as file:
        fields = [int(word) for word in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def rss_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


# ---- What people ask ----

class World:
    """Which records there are, and one of each by chance."""

    def __init__(self, folder, rng):
        self.rng, self.folder = rng, folder
        column = self.column
        self.lists = {"village": column("places", "code", lambda row: row["level"] == "village"), "county": column("places", "code", lambda row: row["level"] == "county"), "project": column("projects", "id"),
                      "unit": column("units", "id"), "case": column("cases", "id"), "household": column("households", "id")}
        self.visits = column("visits", "id")
        with open(os.path.join(folder, "entries.csv"), "rb") as file:
            file.seek(-2000, os.SEEK_END)
            self.entries = int(file.read().splitlines()[-1].split(b",")[0])

    def column(self, name, key, keep=lambda row: True):
        with open(os.path.join(self.folder, name + ".csv"), encoding="utf-8", newline="") as file:
            return [row[key] for row in csv.DictReader(file) if keep(row)]

    def words(self, user):
        chosen = {word: self.rng.choice(values) for word, values in self.lists.items()} | {"booked": "0"}
        chosen["entry"] = str(self.rng.randint(1, self.entries))
        chosen["visit"] = self.visits[user % len(self.visits)]  # each his own: two who change one record would meet
        return chosen


class Mix:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.recorded = json.load(file)
        self.pages = self.recorded["pages"]
        self.shares = [page["share"] for page in self.pages]
        self.pause = self.recorded["pause_s"]

    def page(self, rng):
        return rng.choices(self.pages, self.shares)[0]["requests"]


# ---- One person ----

class Person:
    def __init__(self, number, token, port):
        self.number, self.port, self.socket, self.todo, self.tags, self.written = number, port, None, [], {}, 0
        self.token = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n".encode()
        self.got, self.need, self.sent_at, self.asked = b"", -1, 0.0, None

    def connect(self, poll, people):
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        poll.register(self.socket.fileno(), select.EPOLLIN)
        people[self.socket.fileno()] = self

    def begin_page(self, requests, words):
        self.words, self.todo = words, list(reversed(requests))

    def send_next(self):
        one = self.todo.pop()
        fill = lambda text: re.sub(r"\{(\w+)\}", lambda found: self.words[found[1]], text)
        method, path, body = one["method"], fill(one["path"]), one.get("body")
        head = self.token
        plain = path.split("?")[0]
        data = b""
        if body is not None:
            if method == "POST" and plain.endswith("/entries"):
                self.written += 1
                key = f"office-{self.number}-{self.written}-{time.time_ns()}"
                body = dict(body, key=key, rows=[{name: fill(value) if isinstance(value, str) else value for name, value in row.items()} for row in body["rows"]])
                head += f"Idempotency-Key: {key}\r\n".encode()
            if method == "PATCH":
                head += f"If-Match: {self.tags.get(plain, '')}\r\n".encode()
                body = {name: f"{value} {time.time_ns()}" for name, value in body.items()}
            data = json.dumps(body).encode()
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n".encode()
        self.asked = (method, path, plain)
        self.got, self.need, self.sent_at = b"", -1, time.perf_counter()
        self.socket.sendall(f"{method} {urllib.parse.quote(path, safe='/?=&@:.%~-_')} HTTP/1.1\r\n".encode() + head + b"\r\n" + data)

    def take(self):
        """The status when the answer is whole; 0 while it is not; -1 when the line is cut."""
        part = self.socket.recv(1 << 18)
        if not part:
            return -1
        self.got += part if self.need < 0 else b""
        if self.need >= 0:
            self.need -= len(part)
        else:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return 0
            self.head = self.got[:end].lower()
            at = self.head.find(b"content-length:")
            length = int(self.head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0
            self.need = length - (len(self.got) - end - 4)
        if self.need > 0:
            return 0
        status = int(self.head[9:12])
        booked = re.search(rb"\r\nlocation: [^\r]*/entries/(\d+)", self.head)
        if booked:
            self.words["booked"] = booked[1].decode()
        tag = re.search(rb"\r\netag: *([^\r]+)", self.head)
        if tag and self.asked[0] in ("GET", "PATCH"):
            self.tags[self.asked[2]] = tag[1].decode()
        return status


# ---- The run ----

class Run:
    def __init__(self, store, world, mix, seconds, rng):
        self.store, self.world, self.mix, self.seconds, self.rng = store, world, mix, seconds, rng
        self.times, self.errors, self.late = collections.defaultdict(list), collections.Counter(), []

    def go(self, port, watched):
        poll, people, clock = select.epoll(), {}, []
        for number, token in enumerate(self.store.tokens):
            person = Person(number, token, port)
            person.connect(poll, people)
            heapq.heappush(clock, (time.perf_counter() + self.rng.uniform(0, self.mix.pause[1]), number, person))
        begun = time.perf_counter() + WARM_S
        end, measured = begun + self.seconds, False
        while True:
            now = time.perf_counter()
            if not measured and now >= begun:
                measured, cpu, own, machine = True, [children_cpu(pid) for pid in watched], time.process_time(), machine_cpu()
            if now >= end:
                break
            while clock and clock[0][0] <= now:
                due, _, person = heapq.heappop(clock)
                self.late.append(now - due)
                person.begin_page(self.mix.page(self.rng), self.world.words(person.number))
                person.send_next()
            wait = min(end, clock[0][0] if clock else end, end if measured else begun) - now
            for handle, _ in poll.poll(max(wait, 0)):
                self.answered(people[handle], poll, people, clock, measured)
        wall = time.perf_counter() - begun
        self.cpu = [(children_cpu(pid) - before) / wall for pid, before in zip(watched, cpu)]
        self.own = (time.process_time() - own) / wall
        self.others = max((machine_cpu() - machine) / wall - sum(self.cpu) - self.own, 0)
        self.memory = rss_mb(self.store.process.pid)
        for person in people.values():
            person.socket.close()

    def answered(self, person, poll, people, clock, measured):
        status = person.take()
        if status == 0:
            return
        if status < 0:
            people.pop(person.socket.fileno())
            poll.unregister(person.socket.fileno())
            person.socket.close()
            self.errors["connection closed"] += 1
            person.todo = []
            person.connect(poll, people)
        elif measured:
            method, path, _ = person.asked
            self.times[kind_of(method, path)].append(1000 * (time.perf_counter() - person.sent_at))
            if status >= 400:
                self.errors[f"{status} {method} {kind_of(method, path)}: {person.got[-200:].decode(errors='replace')}"] += 1
        if person.todo:
            person.send_next()
        else:
            heapq.heappush(clock, (time.perf_counter() + self.rng.uniform(*self.mix.pause), person.number, person))


def at(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def told(engine, run, users):
    whole = [value for values in run.times.values() for value in values]
    print(f"\n### {engine}: {users} people, {len(whole):,} requests in {run.seconds} s ({len(whole) / run.seconds:,.0f} a second)\n\n| request | of all | median ms | p99 ms | slowest ms |\n|---|---:|---:|---:|---:|")
    for kind, values in sorted(run.times.items(), key=lambda item: -at(item[1], .99)):
        print(f"| {kind} | {100 * len(values) / len(whole):.1f} % | {at(values, .5):.1f} | {at(values, .99):.1f} | {max(values):.1f} |")
    print(f"| **all** | | {at(whole, .5):.1f} | **{at(whole, .99):.1f}** (goal < {P99_MS_MAX}) | {max(whole):.1f} |\n")
    engine_cpu = f", PostgreSQL {run.cpu[1]:.2f}" if len(run.cpu) > 1 else ""
    print(f"Cores in use: server {run.cpu[0]:.2f}{engine_cpu}, the load itself {run.own:.2f}, which was {1000 * at(run.late, .99):.1f} ms late at p99; all else on this machine {run.others:.2f}. Memory of the server: {run.memory:.0f} MB. Errors: {sum(run.errors.values())}.")
    for what, count in run.errors.most_common(5):
        print(f"- {count} × {what}")
    return at(whole, .99) < P99_MS_MAX and not run.errors


def prepare(gongfu, folder, db, lines, users):
    tables = os.path.join(folder, "province")
    if not os.path.exists(tables):
        subprocess.run([gongfu, "demo", "province", "--seed", "1", "--lines", str(lines), "--out", tables], check=True, capture_output=True)
    for path in (os.path.join(ROOT, "data", "taishun"), os.path.join(ROOT, "data", "calendar"), tables):
        subprocess.run([gongfu, "load", path, "--db", db], check=True, capture_output=True)
    return Store(gongfu, folder, db, users)


def office(engine, store, tables, args, extra):
    rng = random.Random(1)
    run = Run(store, World(tables, rng), Mix(os.path.join(ROOT, "bench", "office_mix.json")), args.seconds, rng)
    port = store.serve()
    try:
        run.go(port, [store.process.pid, *extra])
    finally:
        store.stop()
    good = told(engine, run, args.users)
    if not args.no_check:
        check = subprocess.run([store.gongfu, "check", "--db", store.db], capture_output=True, text=True, check=False)
        print(f"\nCheck behind it: exit {check.returncode}.", flush=True)
        good = good and check.returncode == 0
    return good


@contextlib.contextmanager
def own_postgres(folder):
    """A server of our own with memory as one would give it, that syncs."""
    server = pg_server.Server(durable=True, options="-c shared_buffers=1GB -c effective_cache_size=4GB -c random_page_cost=1.1 -c max_wal_size=4GB")
    try:
        server.start()
        os.environ["GONGFU_TEST_PG"], os.environ["GONGFU_KEY_FILE"] = server.folder, os.path.join(folder, "pg.key")
        yield server
    finally:
        server.end()
        os.environ.pop("GONGFU_KEY_FILE", None)


def on_postgres(gongfu, folder, args):
    if not pg_server.programs():
        print("\nPostgreSQL is not installed: nothing is said of it.")
        return True
    with own_postgres(folder) as server:
        store = prepare(gongfu, folder, pg_server.fresh("office"), args.lines, args.users)
        pg_server.psql(store.db.rsplit("/", 1)[1], "ANALYZE")
        with open(os.path.join(server.data, "postmaster.pid"), encoding="ascii") as file:
            postmaster = int(file.readline())
        return office("PostgreSQL", store, os.path.join(folder, "province"), args, [postmaster])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gongfu")
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--no-check", action="store_true", help="do not prove the books behind it")
    parser.add_argument("--store", help="a store that holds the province already; with --tables")
    parser.add_argument("--tables", help="the folder that it was loaded from")
    args = parser.parse_args()
    gongfu, good = os.path.abspath(args.gongfu), True
    print(f"## An office at once (`bench/bench_office.py`): the invented province with {args.lines:,} ledger lines")
    if args.store:
        return 0 if office(args.store.split(":")[0], Store(gongfu, None, args.store, args.users), args.tables, args, []) else 1
    with tempfile.TemporaryDirectory() as folder:
        if not args.engine or "sqlite" in args.engine:
            good = office("SQLite", prepare(gongfu, folder, "sqlite:" + os.path.join(folder, "office.db"), args.lines, args.users), os.path.join(folder, "province"), args, []) and good
        if not args.engine or "postgres" in args.engine:
            good = on_postgres(gongfu, folder, args) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
