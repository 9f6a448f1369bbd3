"""test_two_servers.py GONGFU: two gongfu serve on one store, as behind a proxy: who comes in at one is known at the other, the same key books once
wherever it is sent, what is taken away at one is gone at the other, and both together keep the ledger's chain."""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from test_serve import Checks, Person, Server

REVOKED_SECONDS_MAX = 4  # what was taken away is believed for a second (api/gate.c); a slow machine takes its while to ask
JSON = {"Content-Type": "application/json"}
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


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        a = Server(os.path.abspath(sys.argv[1]), folder)
        b = second(a)
        try:
            people(checks, a, b)
            ledger(checks, a, b)
            a.process.kill()
            a.process.wait()
            checks.that("when one is killed the other goes on", book(b, "after")[0] == 201)
        finally:
            for server in (a, b):
                server.process.kill()
                server.process.wait()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
