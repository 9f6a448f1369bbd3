"""test_two_servers.py GONGFU: two gongfu serve on one store, as behind a proxy: who comes in at one is known at the other, the same key books once
wherever it is sent, what is taken away at one is gone at the other, both together keep the ledger's chain, news of one is heard at the other, and a
job is listed, followed, fetched and cancelled wherever one asks."""
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

import stores
from test_serve import Checks, Person, Server

REVOKED_SECONDS_MAX = 4  # what was taken away is believed for a second (api/gate.c); a slow machine takes its while to ask
HEARD_SECONDS_MAX = 4    # half a second by the clock of api/servers.c
LOST_SECONDS = (25, 75)  # half a minute without a sign of life, and what a slow machine adds
JSON = {"Content-Type": "application/json"}
REPORT = {"kind": "report", "format": "pdf"}
LONG = {"kind": "size", "format": "json", "scope": "demo-wn-loop", "work": 5000000, "seed": 1}  # some ten seconds
ROWS = [{"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 100}]


def second(first):
    """Another server of the same store and the same key."""
    other = Server.__new__(Server)
    other.gongfu, other.path, other.db, other.token = first.gongfu, first.path, first.db, first.token
    other.start("--demo")
    return other


def book(server, key):
    answer, body = server.ask("POST", "/api/v1/records/entries", json.dumps({"key": key, "date": "2024-05-06", "verb": "投入", "purpose": "试", "rows": ROWS}), JSON | {"Idempotency-Key": key})
    return answer.status, json.loads(body)


def people(checks, a, b):
    person = Person(a, "office", "demo-office-2024")
    person.server = b
    checks.that("who logged in at one is known at the other", person.ask("GET", "/api/v1/session")[0].status == 200)
    person.server = a
    out = person.ask("DELETE", "/api/v1/session")[0].status
    person.server, begun = b, time.monotonic()
    while person.ask("GET", "/api/v1/session")[0].status != 401 and time.monotonic() - begun < 10:
        time.sleep(0.02)
    checks.that("who logged out at one is gone at the other", out == 204 and time.monotonic() - begun < REVOKED_SECONDS_MAX, (out, time.monotonic() - begun))
    for n in range(5):
        Person((a, b)[n % 2], "finance", "wrong wrong wrong")
    locked = [Person(server, "finance", "demo-finance-2024").login.status for server in (a, b)]
    checks.that("five failures at either lock at both", all(status in (401, 403, 429) for status in locked), locked)
    token = a.run("token", "add", "program", "--name", "gone").strip()
    ask = lambda server: server.raw("GET", "/api/v1/records/units?limit=1", None, {"Authorization": f"Bearer {token}"})[0].status
    before = (ask(a), ask(b))
    tokens = json.loads(a.run("token", "list", "--json"))
    mark = next(cell for row in tokens["rows"] for cell in [row["cells"] if isinstance(row, dict) else row] if "gone" in cell)[0]
    a.run("token", "revoke", mark)
    begun = time.monotonic()
    while (ask(a), ask(b)) != (401, 401) and time.monotonic() - begun < 10:
        time.sleep(0.02)
    checks.that("a revoked token is refused at both", before == (200, 200) and time.monotonic() - begun < REVOKED_SECONDS_MAX, (before, time.monotonic() - begun))


def ledger(checks, a, b):
    answers, counts = [], {}

    def write(server, n):
        for turn in range(15):
            answers.append((f"t{n % 2}-{turn}", *book(server, f"t{n % 2}-{turn}")))  # each key comes to both servers, about at once

    threads = [threading.Thread(target=write, args=((a, b)[n // 2], n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = {}
    for key, status, body in answers:
        counts[status] = counts.get(status, 0) + 1
        if status == 201:
            entries.setdefault(key, set()).add(body["entry"])
    checks.that("the same key books once, and both are told the same entry", counts == {201: 60} and len(entries) == 30 and all(len(ids) == 1 for ids in entries.values()), (counts, [body for _, status, body in answers if status != 201][:2]))
    _, here = a.ask("GET", "/api/v1/money/groups?by=kind")
    _, there = b.ask("GET", "/api/v1/money/groups?by=kind")
    checks.that("sums are the same at both", json.loads(here) == json.loads(there))
    made, _ = a.ask("POST", "/api/v1/records/units", json.dumps({"id": "u-two", "name": "两台"}), JSON)
    read, body = b.ask("GET", "/api/v1/records/units/u-two")
    tag = read.headers["ETag"]
    first, _ = b.ask("PATCH", "/api/v1/records/units/u-two", json.dumps({"name": "乙改"}), JSON | {"If-Match": tag})
    late, _ = a.ask("PATCH", "/api/v1/records/units/u-two", json.dumps({"name": "甲改"}), JSON | {"If-Match": tag})
    checks.that("who comes second is told that it has changed", (made.status, read.status, first.status, late.status) == (201, 200, 200, 412), (made.status, read.status, first.status, late.status))
    check = json.loads(subprocess.run([a.gongfu, "check", "--json", "--db", a.db], capture_output=True, text=True, check=False).stdout)
    checks.that("check is clean", check["ok"], check["problems"][:2])


class Listener:
    """A stream of events, with when each came."""

    def __init__(self, server, headers, last=None):
        self.events, self.ids = [], []
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.line.request("GET", "/api/v1/events", headers=headers | ({"Last-Event-ID": last} if last else {}))
        self.answer = self.line.getresponse()
        self.answer.readline()  # it is listening now
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        name, number = "", ""
        try:
            for line in iter(self.answer.readline, b""):
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "id":
                    number = value
                elif field == "data":
                    self.events.append((time.monotonic(), name, json.loads(value)))
                    self.ids.append(number)
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # the end of the test, or of the server

    def wait(self, wanted, seconds=HEARD_SECONDS_MAX):
        """When an event that is wanted came; None when none did."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [at for at, name, data in list(self.events) if wanted(name, data)]
            if found:
                return found[0]
            time.sleep(0.02)
        return None

    def count(self, wanted):
        return sum(wanted(name, data) for _, name, data in list(self.events))


class Proxy:
    """Each connection goes to the next server: what nginx does without being told of sessions."""

    def __init__(self, *servers):
        self.ports, self.turn = [server.port for server in servers], 0
        self.listen = socket.create_server(("127.0.0.1", 0))
        self.port = self.listen.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.listen.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.ports[self.turn % len(self.ports)]))
            self.turn += 1
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def pump(source, sink):
        try:
            while block := source.recv(65536):
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def program(server):
    return {"Authorization": f"Bearer {server.token}"}


def changed(register):
    return lambda name, data: name == "changed" and data["register"] == register


def job_is(number, state=None):
    return lambda name, data: name == "job" and data["id"] == number and state in (None, data["state"])


def order(server, body, **headers):
    answer, data = server.ask("POST", "/api/v1/jobs", json.dumps(body), JSON | headers)
    return answer, json.loads(data)


def follow(server, number, wanted=("done", "failed", "cancelled"), seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        view = json.loads(server.ask("GET", f"/api/v1/jobs/{number}")[1])
        if view.get("state") in wanted or time.monotonic() > deadline:
            return view
        time.sleep(0.1)


def news(checks, a, b):
    here, there = Listener(a, program(a)), Listener(b, program(b))
    begun = time.monotonic()
    a.ask("POST", "/api/v1/records/units", json.dumps({"id": "u-news", "name": "新单位"}), JSON)
    at = there.wait(changed("units"))
    print(f"heard at the other {at - begun if at else -1:.2f} s after it was asked for")
    checks.that("what is written through one is heard at the other", at is not None, there.events)
    b.ask("PATCH", "/api/v1/records/units/u-news", json.dumps({"name": "又一个"}), JSON | {"If-Match": b.ask("GET", "/api/v1/records/units/u-news")[0].headers["ETag"]})
    checks.that("and the other way round", here.wait(lambda name, data: here.count(changed("units")) == 2) is not None, here.events)
    time.sleep(1.5)  # three turns of the thread that listens to others
    checks.that("and once each", here.count(changed("units")) == there.count(changed("units")) == 2, (here.events, there.events))
    again = Listener(b, program(b), here.ids[0])
    checks.that("who goes on at another server hears too much rather than too little", again.wait(lambda name, data: again.count(changed("units")) == 2) is not None, again.events)
    same = Listener(a, program(a), here.ids[0])
    checks.that("at the same one, what is behind the last heard", same.wait(lambda name, data: same.count(changed("units")) == 1) is not None and same.count(changed("units")) == 1, same.events)


def jobs(checks, a, b):
    village = Person(b, "village", "demo-village-2024")
    heard, other = Listener(b, program(b)), Listener(b, {"Cookie": village.headers["Cookie"]})
    answer, job = order(a, REPORT, **{"Idempotency-Key": "one-report"})
    replay, twice = order(b, REPORT, **{"Idempotency-Key": "one-report"})
    checks.that("the same order at both is one job", (answer.status, replay.status) == (202, 202) and job["id"] == twice["id"] and replay.headers["Idempotency-Replayed"] == "true", (answer.status, job, replay.status, twice))
    file, kept = "id,name\nu-upload,上传\n".encode(), {"Content-Type": "text/csv", "X-File-Name": "units.csv", "Idempotency-Key": "one-upload"}
    ones = [server.ask("POST", "/api/v1/imports?register=units", file, kept) for server in (a, b)]
    checks.that("an upload sent to both is one job", [answer.status for answer, _ in ones] == [202, 202] and len({json.loads(body)["id"] for _, body in ones}) == 1, ones)
    refusal, body = b.ask("POST", "/api/v1/imports?register=persons", file, kept)
    checks.that("its key is not taken for another register", refusal.status == 409 and b"idempotency.other" in body, body)
    follow(a, json.loads(ones[0][1])["id"])
    view = follow(b, job["id"])
    path = f"/api/v1/jobs/{job['id']}/result"
    (near, mine), (far, theirs) = a.ask("GET", path), b.ask("GET", path)
    checks.that("ordered at one, followed at the other", view.get("state") == "done" and view["result"] == path, view)
    checks.that("its result is the same at both, larger than one piece", (near.status, far.status) == (200, 200) and len(mine) > 1 << 20 and hashlib.sha256(mine).digest() == hashlib.sha256(theirs).digest(), (near.status, far.status, len(mine), len(theirs)))
    checks.that("with its name and type", all(near.headers[name] == far.headers[name] for name in ("Content-Type", "Content-Disposition")) and far.headers["Content-Type"] == "application/pdf", dict(far.headers))
    checks.that("listed at both, once", all([row["id"] for row in json.loads(server.ask("GET", "/api/v1/jobs")[1])["jobs"]].count(job["id"]) == 1 for server in (a, b)))
    checks.that("its end is heard at the other", heard.wait(job_is(job["id"], "done")) is not None, heard.events)
    refused = [village.ask(method, f"/api/v1/jobs/{job['id']}{end}")[0].status for method, end in (("GET", ""), ("GET", "/result"), ("DELETE", ""))]
    checks.that("somebody else's job is not seen, fetched, cancelled or heard of", refused == [404] * 3 and village.ask("GET", "/api/v1/jobs")[1] == {"jobs": []} and not other.count(job_is(job["id"])), (refused, other.events))
    numbers = [order((a, b)[n % 2], {"kind": "statement", "format": "md"})[1]["id"] for n in range(6)]
    checks.that("numbers are given once over both", len(set(numbers + [job["id"]])) == 7 and numbers == sorted(numbers), numbers)
    for number in numbers:
        follow(a, number)


def cancelled(checks, a, b):
    _, job = order(a, LONG)
    heard = Listener(b, program(b))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not json.loads(b.ask("GET", f"/api/v1/jobs/{job['id']}")[1])["done"]:
        time.sleep(0.05)
    view = json.loads(b.ask("GET", f"/api/v1/jobs/{job['id']}")[1])
    checks.that("how far it is is seen at the other", view["state"] == "running" and 0 < view["done"] < view["total"], view)
    checks.that("and heard", heard.wait(job_is(job["id"], "running")) is not None, heard.events)
    _, waits = order(a, LONG | {"seed": 2})
    never = b.ask("DELETE", f"/api/v1/jobs/{waits['id']}")[0].status
    view = follow(b, waits["id"], seconds=HEARD_SECONDS_MAX)
    checks.that("one that waits is cancelled at the other, and never runs", never == 204 and view["state"] == "cancelled" and view["started_utc"] is None, (never, view))
    begun = time.monotonic()
    asked = b.ask("DELETE", f"/api/v1/jobs/{job['id']}")[0].status
    view = follow(b, job["id"], seconds=HEARD_SECONDS_MAX)
    print(f"cancelled at the other {time.monotonic() - begun:.2f} s after it was asked for")
    checks.that("one that runs is cancelled at the other", asked == 204 and view["state"] == "cancelled" and follow(a, job["id"], seconds=1)["state"] == "cancelled", (asked, view))


def behind_proxy(checks, a, b):
    """Nobody is kept to the server where he came in."""
    proxy = Server.__new__(Server)
    front = Proxy(a, b)
    proxy.port, proxy.token = front.port, a.token
    person = Person(proxy, "office", "demo-office-2024")
    answers = [person.ask("GET", "/api/v1/session")[0].status for _ in range(6)]
    job = person.ask("POST", "/api/v1/jobs", REPORT)[1]
    seen, deadline = [], time.monotonic() + 60
    while (not seen or seen[-1] in ("waiting", "running")) and time.monotonic() < deadline:
        seen.append(person.ask("GET", f"/api/v1/jobs/{job['id']}")[1].get("state"))
        time.sleep(0.05)
    results = [proxy.raw("GET", f"/api/v1/jobs/{job['id']}/result", None, person.headers) for _ in range(4)]
    order_of = {"waiting": 0, "running": 1, "done": 2}
    checks.that("behind a proxy that takes turns a session holds", answers == [200] * 6 and front.turn > 10, answers)
    checks.that("and a job only goes forward, and is fetched anywhere once it is done", seen[-1] == "done" and seen == sorted(seen, key=order_of.get) and [answer.status for answer, _ in results] == [200] * 4 and len({data for _, data in results}) == 1, (seen, [answer.status for answer, _ in results]))
    front.listen.close()


def erased(checks, a, b):
    a.ask("POST", "/api/v1/records/persons", json.dumps({"id": "pe-two", "role": "村民", "place": "330329105223", "name": "欧阳不见", "phone": "13912345678"}), JSON)
    _, job = order(a, {"kind": "export", "format": "csv", "register": "persons"})
    follow(a, job["id"])
    _, sheet = b.ask("GET", f"/api/v1/jobs/{job['id']}/result")
    masked = "139****5678".encode()
    raw = stores.all_bytes(a.path)
    checks.that("a result that holds something of a person lies sealed in the store", masked in sheet and masked not in raw and masked.hex().encode() not in raw)
    gone = a.ask("POST", "/api/v1/records/persons/pe-two/erase", json.dumps({"reason": "本人要求"}), JSON)[0].status
    answers = [(server.ask("GET", f"/api/v1/jobs/{job['id']}/result")) for server in (a, b)]
    checks.that("when a person is erased no result made before can be fetched", gone == 200 and [(answer.status, json.loads(data)["code"]) for answer, data in answers] == [(404, "job.dropped")] * 2, (gone, [data[:200] for _, data in answers]))
    left = stores.execute(a.db, "SELECT count(*) FROM server_job_part")
    checks.that("nor lies in the store", int(left[0][0]) == 0, left)
    _, job = order(b, {"kind": "export", "format": "csv", "register": "persons"})
    checks.that("one made behind it can", follow(a, job["id"])["state"] == "done" and a.ask("GET", f"/api/v1/jobs/{job['id']}/result")[0].status == 200)


def lost(checks, b, number, killed):
    """Told by the other when the server that ran it has been silent for half a minute."""
    early = time.monotonic() - killed < LOST_SECONDS[0] and json.loads(b.ask("GET", f"/api/v1/jobs/{number}")[1])["state"] == "running"
    view = follow(b, number, seconds=killed + LOST_SECONDS[1] - time.monotonic())
    print(f"told lost {time.monotonic() - killed:.0f} s after its server was killed")
    checks.that("a job whose server is gone is told as failed, with a sentence", early and view["state"] == "failed" and view["error"]["code"] == "job.lost" and view["error"]["hint"], (early, view))


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        a = Server(os.path.abspath(sys.argv[1]), folder)
        b = second(a)
        c = None
        try:
            news(checks, a, b)
            jobs(checks, a, b)
            behind_proxy(checks, a, b)
            cancelled(checks, a, b)
            erased(checks, a, b)
            _, kept = order(a, REPORT)
            follow(a, kept["id"])
            _, running = order(a, LONG | {"seed": 3})
            follow(a, running["id"], ("running",))
            time.sleep(1.5)  # until the other has heard of it
            a.process.kill()
            a.process.wait()
            killed = time.monotonic()
            checks.that("when one is killed the other goes on", book(b, "after")[0] == 201)
            c = second(a)  # as after a restart
            view = follow(c, kept["id"])
            checks.that("jobs that had ended are listed after a restart, with their results", view["state"] == "done" and c.ask("GET", view["result"])[0].status == 200, view)
            people(checks, c, b)
            ledger(checks, c, b)
            lost(checks, b, running["id"], killed)
            _, last = order(c, LONG | {"seed": 4})
            _, behind = order(c, LONG | {"seed": 5})
            follow(c, last["id"], ("running",))
            c.process.terminate()
            code = c.process.wait(timeout=30)
            views = [follow(b, job["id"], seconds=HEARD_SECONDS_MAX) for job in (last, behind)]
            checks.that("a server that is stopped says so of its jobs", code == 0 and [view["state"] for view in views] == ["cancelled", "failed"] and views[1]["error"]["code"] == "job.stopped", (code, views))
        finally:
            for server in (a, b, c):
                if server:
                    server.process.kill()
                    server.process.wait()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
