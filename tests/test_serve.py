"""test_serve.py GONGFU: the server over real sockets: forms, headers, refusals, limits, and its start."""
import base64
import hmac
import html
import http.client
import json
import os
import re
import shlex
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START_SECONDS_MAX = 10  # a slow, busy machine; the measured start stands in docs/bench.md


class Server:
    """gongfu serve on a free port with demo accounts, and a token of the office for programs; used by other tests too."""

    def __init__(self, gongfu, folder, folders=("taishun", "calendar", "demo"), options=("--demo",)):
        self.gongfu, self.path = gongfu, os.path.join(folder, "serve.db")
        os.environ.pop("GONGFU_KEY_FILE", None)  # each server its own
        self.db = stores.address(self.path)
        for name in folders:
            self.run("load", os.path.join(ROOT, "data", name))
        self.run("demo", "accounts")
        self.run("user", "add", "program", "--role", "office")
        stores.execute(self.db, "UPDATE user_account SET state = 'active' WHERE id = 'program'")
        self.token = self.run("token", "add", "program").strip()
        self.start(*options)

    def run(self, *args):
        return subprocess.run([self.gongfu, *args, "--db", self.db], check=True, capture_output=True, text=True).stdout

    def start(self, *options):
        begun = time.monotonic()
        self.process = subprocess.Popen([self.gongfu, "serve", "--db", self.db, "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.seconds = time.monotonic() - begun
        self.port = int(self.address.rsplit(":", 1)[1].strip("/"))

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer, data

    def ask(self, method, path, body=None, headers=None):
        """As the office's program."""
        return self.raw(method, path, body, {"Authorization": f"Bearer {self.token}"} | (headers or {}))

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)


class Person:
    """Somebody with a browser: cookie and csrf."""

    def __init__(self, server, user, password, totp=None):
        self.server, self.headers = server, {"Content-Type": "application/json"}
        body = {"user": user, "password": password} | ({"totp": totp} if totp else {})
        self.login, data = server.raw("POST", "/api/v1/session", json.dumps(body), self.headers)
        self.session = json.loads(data)
        self.cookie = self.login.headers.get("Set-Cookie", "")
        if self.login.status == 200:
            self.headers |= {"Cookie": self.cookie.split(";")[0], "X-CSRF-Token": self.session["csrf"]}

    def ask(self, method, path, body=None, **headers):
        answer, data = self.server.raw(method, path, json.dumps(body).encode() if body is not None else None, self.headers | headers)
        try:
            return answer, json.loads(data)
        except ValueError:
            return answer, data


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {note}" if note and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


def refusals(server, checks):
    problems = [("GET", "/nothing", None, {}, 404), ("GET", "/api/v1/trace/fact.F999", None, {}, 404), ("GET", "/api/v1/trace/total.group.all.paid@all", None, {}, 403),
                ("DELETE", "/api/v1/report", None, {}, 405), ("GET", "/api/v1/report?colour=red", None, {}, 400), ("GET", "/api/v1/report?from=2023-02-31", None, {}, 400),
                ("GET", "/api/v1/report?lang=%FF", None, {}, 400), ("GET", "/api/v1/trace/%zz", None, {}, 404), ("POST", "/api/v1/press", b"{broken", {"Content-Type": "application/json"}, 400),
                ("POST", "/api/v1/press", b"\xff\xfe", {}, 422), ("GET", "/", None, {"Host": "books.example"}, 421), ("POST", "/api/v1/press", b"x" * (3 << 20), {}, 413),
                ("GET", "/api/v1/report?lang=fr", None, {}, 400), ("GET", "/api/v1/report?lang=zh&lang=en", None, {}, 400), ("GET", "/api/v1/programmes?x=1", None, {}, 400),
                *[("POST", "/api/v1/press", body, {"Content-Type": "application/json"}, 400) for body in (
                    b"[]", b"{}", b'{"text": 5}', b'{"text": "1", "text": "2"}', b'{"text": "1", "colour": "red"}', b'{"text": "1", "programme": null}', b'{"text": "1", "lang": "fr"}',
                    b'{"text": "\\u0000"}', b'{"text": "\xff"}', b'{"text": "1"} x', b"[" * 100000)],
                ("GET", "/app/../gf_api.h", None, {}, 404), ("GET", "/?" + "a" * 9000, None, {}, 413)]
    for method, path, body, headers, status in problems:
        try:
            answer, data = server.ask(method, path, body, headers)
        except (ConnectionError, http.client.HTTPException) as error:
            checks.that(f"{method} {path[:50]}", False, repr(error))
            continue
        body_json = json.loads(data) if answer.headers["Content-Type"].startswith("application/problem+json") else {}
        checks.that(f"{method} {path[:50]} → {status}, a problem with code", answer.status == status and body_json.get("code") and body_json.get("status") == status, f"{answer.status} {data[:200]}")


def answers(server, checks):
    answer, data = server.ask("OPTIONS", "/api/v1/press")
    checks.that("OPTIONS names the methods", answer.status == 204 and answer.headers["Allow"] == "POST, OPTIONS", f"{answer.status} {answer.headers['Allow']}")
    answer, data = server.ask("HEAD", "/api/v1/report")
    checks.that("HEAD has no body", answer.status == 200 and not data and int(answer.headers["Content-Length"]) > 1000)
    answer, data = server.ask("GET", "/")
    checks.that("the page", answer.status == 200 and b"<html" in data and answer.headers["Content-Security-Policy"].startswith("default-src 'self'") and answer.headers["X-Content-Type-Options"] == "nosniff")
    held, _ = server.ask("GET", "/app/")
    again, _ = server.ask("GET", "/app/", headers={"If-None-Match": held.headers["ETag"]})
    checks.that("unchanged is 304", again.status == 304)
    _, data = server.ask("GET", "/api/v1/report")
    report = json.loads(data)
    checks.that("the report is that of Taishun", report["schema"] == "gongfu.report/1" and report["programme"] == "taishun" and report["origins"] == ["article", "entered", "imported", "sensor"])
    checks.that("every figure of every paragraph is there", all(f in report["figures"] for c in report["chapters"] for p in c["paragraphs"] for f in p["figures"]))
    checks.that("parts join to the text", all("".join(q["text"] for q in p["parts"]) == p["text"] for c in report["chapters"] for p in c["paragraphs"]))
    opened = 0
    for figure in report["figures"]:
        _, data = server.ask("GET", "/api/v1/trace/" + figure.replace("/", "%2F"))
        traced = json.loads(data)
        opened += traced.get("recomputed", {}).get("equal", False) and traced["figure"]["value"] == report["figures"][figure]["value"] and traced["figure"]["basis"] == report["figures"][figure]["basis"]
    checks.that(f"each of {len(report['figures'])} figures opens, equal", opened == len(report["figures"]), str(opened))
    _, data = server.ask("GET", "/api/v1/report?programme=taishun-demo&lang=en")
    demo = json.loads(data)
    checks.that("demo stands apart", demo["origins"] == ["demo"] and all(f["origin"] in ("demo", None) for f in demo["figures"].values()) and demo["marks"]["derived"] > 0)
    _, data = server.ask("POST", "/api/v1/press", json.dumps({"text": "取得帮扶资金300万元", "lang": "en"}).encode(), {"Content-Type": "application/json"})
    checks.that("press check", json.loads(data)["tokens"][0]["verdict"] == "stated_only")
    for path in ("/healthz", "/api/v1/programmes", "/api/v1/statement?scope=unit:u-adbc", "/api/v1/ageing", "/api/v1/roster?what=gaps", "/api/v1/report.md", "/app/", "/public/public.css", "/public/money", "/iati/activities.xml", "/metrics", "/api/docs", "/api/openapi.json"):
        checks.that(path, server.ask("GET", path)[0].status == 200)


def the_page_of_the_interface(server, checks):
    """Every call of the description has a line for a shell, and those that only read work as they stand."""
    for lang in ("zh", "en"):
        _, data = server.ask("GET", f"/api/docs?lang={lang}")
        lines = [html.unescape(line) for line in re.findall(r"<pre>(.*?)</pre>", data.decode())]
        paths = json.loads(server.ask("GET", "/api/openapi.json")[1])["paths"]
        shapes = {re.sub(r"^/api/v1/records/[a-z_]+", "/api/v1/records/R", path) + method for path, item in paths.items() for method in item}
        checks.that(f"a line of curl for each of {len(shapes)} calls, {lang}", len(lines) == len(shapes), str(len(lines)))
    reads = [shlex.split(line)[-1].split("8080", 1)[1] for line in lines if " -X " not in line and not line.endswith("/events'")]
    none = ("/api/v1/jobs/", "/api/v1/documents/", "/api/v1/land/profile", "/api/v1/land/view/", "/api/v1/water-village/demo-")  # of a job, a paper, elevation and a design that are not there
    asks = {"/api/v1/land/sights": 400}  # for one of two, neither needed by itself
    wrong = [(path, status) for path in reads for status in [server.ask("GET", urllib.parse.quote(path, "/?=&%@:,"))[0].status]
             if status != asks.get(path, 404 if path.startswith(none) else 403 if path.startswith(("/api/v1/users", "/api/v1/logs")) else 200)]
    checks.that(f"{len(reads)} of them read, and answer as they stand", len(reads) > 25 and not wrong, str(wrong))


def sentences(server, checks):
    """A failure in the language of who asks; the table of Chinese ones is in order and names only codes that exist."""
    path = "/api/v1/records/units/none"
    zh, en = (json.loads(server.ask("GET", path, headers={"Accept-Language": lang})[1]) for lang in ("zh-CN", "en"))
    checks.that("a failure in Chinese, the original in brackets", zh["detail"].startswith("没有这条记录") and en["detail"] in zh["detail"] and zh["code"] == en["code"] == "record.none", (zh, en))
    checks.that("nobody's language: as written", json.loads(server.ask("GET", path)[1])["detail"] == en["detail"])
    with open(os.path.join(ROOT, "src", "report", "faults.c"), encoding="utf-8") as file:
        codes = re.findall(r'^    { "([a-z_.0-9]+)",', file.read(), re.M)
    sources = "".join(open(os.path.join(folder, name), encoding="utf-8").read() for folder, _, names in os.walk(os.path.join(ROOT, "src")) for name in names if name.endswith(".c") and name != "faults.c")
    unknown = [code for code in codes if f'"{code}"' not in sources]
    checks.that(f"{len(codes)} Chinese sentences, in order, of codes that exist", len(codes) > 100 and codes == sorted(codes) and not unknown, unknown)


def proof_of_the_books(server, checks):
    """The check of the command line, ordered as a job by the office and by the auditor; others are refused."""
    def check(user, password):
        person = Person(server, user, password)
        _, job = person.ask("POST", "/api/v1/jobs", {"kind": "check", "format": "json"})
        for _ in range(600):
            _, view = person.ask("GET", f"/api/v1/jobs/{job['id']}")
            if view["state"] in ("done", "failed"):
                return view, person.ask("GET", f"/api/v1/jobs/{job['id']}/result")[1]
            time.sleep(0.05)
        return view, None
    for user in ("office", "audit"):
        view, told = check(user, f"demo-{user}-2024")
        checks.that(f"{user}: the books are proven", view["state"] == "done" and told["schema"] == "gongfu.check/1" and told["ok"] and told["entries"] > 0, str(view))
    for user in ("unit", "warden", "system"):
        checks.that(f"{user}: refused", check(user, f"demo-{user}-2024")[0]["state"] == "failed")
def programmes(server, checks):
    """A list, a sum, a search and a document of one programme hold no row of the other; common ground is seen from both."""
    def rows(path):
        answer, data = server.ask("GET", path)
        checks.that(path, answer.status == 200, data[:200])
        return json.loads(data)

    shared = {"places", "positions", "units", "holidays"}
    for register in [one["name"] for one in rows("/api/v1/registers")["registers"]]:
        both, real, demo = (rows(f"/api/v1/records/{register}?limit=1&count=1{ask}")["count"] for ask in ("", "&programme=taishun", "&programme=taishun-demo"))
        checks.that(f"{register}: {real} + {demo} of {both}", real == both and demo == both if register in shared else real + demo == both, (both, real, demo))
        for ask, origins in (("taishun", {"article", "imported", "entered", "sensor"}), ("taishun-demo", {"demo"})):
            found = {row["origin"] for row in rows(f"/api/v1/records/{register}?limit=200&programme={ask}")["records"]}
            checks.that(f"{register} of {ask}: {sorted(found)}", found <= origins or register in shared, found)
    real, demo = (rows(f"/api/v1/money/groups?by=kind,origin&programme={one}")["groups"] for one in ("taishun", "taishun-demo"))
    checks.that("sums stand apart", {g["origin"] for g in real} == {"article"} and {g["origin"] for g in demo} == {"demo"}, (real, demo))
    place = "/api/v1/records/entries?place=330329105223&kind=cash&sort=-date&programme="  # 月湖村 has entries of both
    real, demo = rows(place + "taishun")["records"], rows(place + "taishun-demo")["records"]
    checks.that("the newest of a place and kind too", real and demo and {e["origin"] for e in real} == {"article"} and {e["origin"] for e in demo} == {"demo"}, (len(real), len(demo)))
    real, demo = (rows(f"/api/v1/ageing?programme={one}")["rows"] for one in ("taishun", "taishun-demo"))
    checks.that("ageing stands apart", not {r["entry"] for r in real} & {r["entry"] for r in demo} and real and demo, (real, demo))
    real, demo = (rows(f"/api/v1/roster?what=gaps&programme={one}")["rows"] for one in ("taishun", "taishun-demo"))
    checks.that("gaps are of one programme's people", not real and demo and all("demo" in row[5] for row in demo), (real, demo))
    found = {one["id"] for one in rows("/api/v1/search?q=%E9%B8%A1%E8%88%8D&programme=taishun")["found"]}  # 鸡舍
    invented = {one["id"] for one in rows("/api/v1/search?q=%E9%B8%A1%E8%88%8D&programme=taishun-demo")["found"]}
    checks.that("search too", invented and not found & invented, (found, invented))
    for figure, value in (("record.projects.demo-pr-hen#budget_fen", 1000000), ("record.loans.demo-lo-1#quota_fen", 30000000), ("record.projects.demo-pr-hen", 6)):  # data/demo
        traced = rows("/api/v1/trace/" + figure.replace("#", "%23"))
        checks.that(f"{figure} is {value}", traced["figure"]["value"] == value and traced["recomputed"]["equal"], traced["figure"])
    figures_of_lists(checks, rows)
    answer, data = server.ask("GET", "/api/v1/trace/record.projects.demo-pr-hen%23name")
    checks.that("a column that holds no money is no figure", answer.status == 404 and json.loads(data)["code"] == "figure.column", data)
    answer, data = server.ask("GET", "/api/v1/records/visits?programme=none")
    checks.that("a programme that is not there is told", answer.status == 404 and json.loads(data)["code"] == "programme.none", data)
    for one in ("taishun", "taishun-demo"):
        for tally in rows(f"/api/v1/cockpit?programme={one}")["tallies"]:
            figure = f"count.{tally['register']}{'.origin=demo' if one == 'taishun-demo' else ''}@all"
            traced = rows("/api/v1/trace/" + figure)
            listed = rows(f"/api/v1/trace/count.{one}/{tally['register']}@all")["figure"]
            checks.that(f"count.{one}/{tally['register']}@all too", listed["value"] == tally["count"], listed)
            checks.that(f"{figure} is {tally['count']}", traced["figure"]["value"] == tally["count"] == len(traced["tree"]["children"]) and traced["recomputed"]["equal"], traced["figure"])


def figures_of_lists(checks, rows):
    """The newer forms of ids, each against what the lists themselves say."""
    def trace(figure):
        return rows("/api/v1/trace/" + urllib.parse.quote(figure, safe=""))
    def value(figure):
        return trace(figure)["figure"]["value"]
    for figure, asked in (("count.taishun-demo/entries.kind=cash@all", "entries?kind=cash"), ("count.taishun-demo/entries.date.from=2024-06-01,date.to=2024-12-31@all", "entries?date.from=2024-06-01&date.to=2024-12-31"),
                          ("count.taishun-demo/projects.q=%E6%BC%94%E7%A4%BA@all", "projects?q=%E6%BC%94%E7%A4%BA"), ("count.taishun-demo/towers.state=planned@all", "towers?state=planned"), ("count.taishun-demo/units@all", "units?q=")):
        wanted = rows(f"/api/v1/records/{asked}&programme=taishun-demo&limit=1&count=1")["count"]
        checks.that(f"{figure} is {wanted}", value(figure) == wanted > 0, value(figure))
    groups = rows("/api/v1/money/groups?by=kind,stage&programme=taishun-demo")["groups"]
    cash = {g["stage"]: g["amount_fen"] / 100 for g in groups if g["kind"] == "cash"}
    checks.that("money of rows by kind and stage", cash and all(value(f"sum.taishun-demo/entries#amount_fen.kind=cash,stage={stage}@all") == yuan for stage, yuan in cash.items()), cash)
    aged = rows("/api/v1/ageing?programme=taishun-demo&on=2024-12-31")["rows"]
    checks.that("days and money that wait", aged and all(value(f"age.entries.{r['entry']}#date@2024-12-31") == r["days"] and value(f"unpaid.{r['entry']}@2024-12-31") * 100 == r["unpaid_fen"] for r in aged if r["days"] is not None), aged)
    queue = rows("/api/v1/queue?programme=taishun-demo")["rows"]
    checks.that("a place in the queue", queue and all(value(f"rank.{row[1]}@all") == int(row[0]) for row in queue), queue)
    cases = [c for c in rows("/api/v1/cockpit?programme=taishun-demo")["cases"] if c["stage"] not in ("closed", "passed_on")]
    checks.that("open cases", value("count.taishun-demo/cases.open=yes@all") == len(cases) > 0, cases)
    parts = [value(f"record.projects.demo-pr-hen#budget_fen"), value("total.taishun-demo/project:demo-pr-hen.cash.paid@all")]
    share, rest = trace("ratio.total.taishun-demo/project:demo-pr-hen.cash.paid@all|record.projects.demo-pr-hen#budget_fen"), trace("difference.record.projects.demo-pr-hen#budget_fen|total.taishun-demo/project:demo-pr-hen.cash.paid@all")
    checks.that("a share and a rest name both sides", abs(share["figure"]["value"] - 100 * parts[1] / parts[0]) <= 0.05 and rest["figure"]["value"] == parts[0] - parts[1]
                and len(share["tree"]["children"]) == 2 and share["recomputed"]["equal"] and rest["recomputed"]["equal"], (share["figure"], rest["figure"], parts))
    checks.that("neither is better than the weaker of them", share["figure"]["basis"] == min((trace(f"record.projects.demo-pr-hen#budget_fen")["figure"]["basis"], trace("total.taishun-demo/project:demo-pr-hen.cash.paid@all")["figure"]["basis"]),
                                                                                              key=["none", "stated", "documented", "derived"].index), share["figure"])
    opened = trace("record.cases.demo-c-risk#opened")["figure"]
    checks.that("a day of a record is a figure without a value", opened["value"] is None and opened["period"] == rows("/api/v1/records/cases/demo-c-risk")["opened"], opened)


def totp(secret, at=None):
    """RFC 6238, a second time."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(at or time.time()) // 30), "sha1").digest()
    return f"{struct.unpack('>I', mac[mac[19] & 15:][:4])[0] % (1 << 31) % 1000000:06d}"


def people(server, checks):
    office = Person(server, "office", "demo-office-2024")
    checks.that("logging in gives a cookie that scripts cannot read", office.login.status == 200 and "HttpOnly" in office.cookie and "SameSite=Lax" in office.cookie and "Secure" not in office.cookie)
    checks.that("the session says who", office.ask("GET", "/api/v1/session")[1]["user"] == "office")
    bare = dict(office.headers)
    office.headers = {k: v for k, v in bare.items() if k != "X-CSRF-Token"}
    answer, body = office.ask("POST", "/api/v1/records/units", {"id": "u-x", "name": "新单位"})
    checks.that("a write without the csrf is refused", answer.status == 403 and body["code"] == "session.csrf", body)
    office.headers = bare
    answer, body = office.ask("POST", "/api/v1/records/units", {"id": "u-x", "name": "新单位"}, **{"Idempotency-Key": "k1"})
    again, same = office.ask("POST", "/api/v1/records/units", {"id": "u-x", "name": "新单位"}, **{"Idempotency-Key": "k1"})
    other, _ = office.ask("POST", "/api/v1/records/units", {"id": "u-y", "name": "新单位"}, **{"Idempotency-Key": "k1"})
    checks.that("the same key writes once", answer.status == again.status == 201 and body == same and again.headers["Idempotency-Replayed"] == "true" and other.status == 409, (answer.status, again.status, other.status))
    checks.that("what a demo person writes is demo", body["origin"] == "demo", body)
    changed, _ = office.ask("PATCH", "/api/v1/records/units/u-x", {"note": "一"}, **{"If-Match": answer.headers["ETag"]})
    stale, problem = office.ask("PATCH", "/api/v1/records/units/u-x", {"note": "二"}, **{"If-Match": answer.headers["ETag"]})
    blind, _ = office.ask("PATCH", "/api/v1/records/units/u-x", {"note": "三"})
    checks.that("a stale change hears of the newer one", (changed.status, stale.status, blind.status) == (200, 412, 428) and problem["current"]["note"] == "一", (changed.status, stale.status, blind.status, problem))
    _, history = office.ask("GET", "/api/v1/records/units/u-x/history")
    checks.that("history has both", [h["op"] for h in history["history"]] == ["create", "change"] and history["history"][1]["new"] == "一")
    for turn in range(5):
        wrong = Person(server, "finance", "wrong")
    locked = Person(server, "finance", "demo-finance-2024")
    checks.that("five failures lock", wrong.login.status == 429 and locked.login.status == 429 and locked.session["code"] == "login.locked", locked.session)
    guard = Person(server, "security", "demo-security-2024")
    answer, _ = guard.ask("POST", "/api/v1/users/finance/unlock", {})
    checks.that("the security administrator unlocks", answer.status == 204 and Person(server, "finance", "demo-finance-2024").login.status == 200)
    nobody = Person(server, "nobody", "demo-finance-2024")
    checks.that("a name that is not there hears the same", nobody.login.status == 401 and nobody.session["code"] == "login.refused")
    system = Person(server, "system", "demo-system-2024")
    answer, link = system.ask("POST", "/api/v1/users", {"id": "newcomer", "name": "新人", "role": "office"})
    token = link["invitation"].rsplit("token=", 1)[1]
    refused, _ = guard.ask("POST", "/api/v1/users", {"id": "x", "name": "x"})
    own, _ = system.ask("PATCH", "/api/v1/users/newcomer", {"role": "office"})
    checks.that("the administrators stand apart", answer.status == 201 and refused.status == own.status == 403)
    short, _ = server.raw("POST", "/api/v1/invitation", json.dumps({"token": token, "password": "short"}), {"Content-Type": "application/json"})
    taken, _ = server.raw("POST", "/api/v1/invitation", json.dumps({"token": token, "password": "一句好记的话，长一些"}), {"Content-Type": "application/json"})
    twice, _ = server.raw("POST", "/api/v1/invitation", json.dumps({"token": token, "password": "一句好记的话，长一些"}), {"Content-Type": "application/json"})
    checks.that("a link works once", (short.status, taken.status, twice.status) == (422, 204, 403), (short.status, taken.status, twice.status))
    newcomer = Person(server, "newcomer", "一句好记的话，长一些")
    _, users = system.ask("GET", "/api/v1/users")
    row = next(u for u in users["users"] if u["id"] == "newcomer")
    checks.that("a new account begins with the least", newcomer.session["role"] == "viewer" and newcomer.session["scope"] == "own" and row["state"] == "active")
    guard.ask("PATCH", "/api/v1/users/newcomer", {"role": "office", "scope": "all"})
    time.sleep(1.1)
    checks.that("changed rights end sessions within a second", newcomer.ask("GET", "/api/v1/session")[0].status == 401)
    enrol = Person(server, "newcomer", "一句好记的话，长一些")
    refused, body = enrol.ask("GET", "/api/v1/records/units")
    checks.that("an office role must set up its second factor first", enrol.session["must_enrol"] and refused.status == 403 and body["code"] == "access.enrol", body)
    paths = json.loads(server.ask("GET", "/api/openapi.json")[1])["paths"]
    let_in = [(method, path) for path, item in paths.items() for method, operation in item.items() if "security" not in operation and not path.startswith("/api/v1/session")
              for answer, body in [enrol.ask(method.upper(), re.sub(r"\{\w+\}", "1", path), {"kind": "report", "format": "pdf"} if path == "/api/v1/jobs" else {})] if answer.status != 403]
    checks.that("and until then no other path lets him in, jobs included", not let_in, let_in[:5])
    _, setup = enrol.ask("POST", "/api/v1/session/totp", {})
    confirmed, _ = enrol.ask("PUT", "/api/v1/session/totp", {"code": totp(setup["secret"])})
    without = Person(server, "newcomer", "一句好记的话，长一些")
    used = Person(server, "newcomer", "一句好记的话，长一些", totp(setup["secret"]))
    later = Person(server, "newcomer", "一句好记的话，长一些", totp(setup["secret"], time.time() + 30))
    checks.that("then its code is wanted, and works once", confirmed.status == 204 and without.session["code"] == "login.totp" and used.login.status == 401 and later.login.status == 200 and
                not later.session["must_enrol"], (confirmed.status, without.session, used.session, later.session))
    left, _ = office.ask("DELETE", "/api/v1/session")
    checks.that("logging out ends it", left.status == 204 and office.ask("GET", "/api/v1/session")[0].status == 401)
    kept = str(stores.execute(server.db, "SELECT * FROM user_session")) + str(stores.execute(server.db, "SELECT password, invitation FROM user_account"))
    checks.that("the store keeps no token and no password", later.cookie.split("=")[1].split(";")[0] not in kept and "一句好记的话" not in kept and "$argon2id$" in kept)


def money_and_events(server, checks):
    village = Person(server, "village", "demo-village-2024")
    answer, body = village.ask("GET", "/api/v1/report")
    checks.that("a report asks for the whole scope", answer.status == 403)
    stream = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    stream.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {server.token}"})
    events = stream.getresponse()
    entry = {"key": "serve-1", "date": "2024-05-06", "verb": "投入", "purpose": "试", "rows": [{"kind": "cash", "to_party": "u-sport", "place": "330329102", "amount_fen": 12300}]}
    head = {"Content-Type": "application/json"}
    answer, data = server.ask("POST", "/api/v1/records/entries", json.dumps(entry), head)
    again, _ = server.ask("POST", "/api/v1/records/entries", json.dumps(entry), head)
    other, _ = server.ask("POST", "/api/v1/records/entries", json.dumps(entry | {"purpose": "另"}), head)
    booked = json.loads(data)
    checks.that("a key books once", (answer.status, again.status, other.status) == (201, 200, 409), (answer.status, again.status, other.status))
    text = b""
    while b"changed" not in text and len(text) < 4000:
        text += events.read1(400)
    checks.that("who listens hears of it", b"event: changed" in text and b'{"register":"entries"}' in text, text)
    stream.close()
    back = {"key": "serve-2", "date": "2024-05-07", "verb": "冲销", "reverses": booked["entry"], "rows": booked["rows"]}
    answer, data = server.ask("POST", "/api/v1/records/entries", json.dumps(back), head)
    checks.that("an entry is taken back by another", answer.status == 201 and json.loads(data)["reverses"] == booked["entry"], data[:300])
    for broken, column in ((entry | {"key": "serve-3", "rows": [{"kind": "cash", "to_party": "u-nobody", "amount_fen": 5}]}, "u-nobody"), (entry | {"key": "serve-4", "rows": []}, "rows"),
                           (entry | {"key": "serve-5", "rows": [{"kind": "cash", "to_party": "u-sport", "amount_fen": -5}]}, "zero"), (entry | {"key": ""}, "key")):
        answer, data = server.ask("POST", "/api/v1/records/entries", json.dumps(broken), head)
        checks.that(f"a wrong entry is refused: {column}", answer.status == 422 and column in data.decode(), data[:200])
    job, data = server.ask("POST", "/api/v1/jobs", json.dumps({"kind": "report", "format": "pdf"}), head)
    number, view = json.loads(data)["id"], {}
    for _ in range(300):
        view = json.loads(server.ask("GET", f"/api/v1/jobs/{number}")[1])
        if view["state"] in ("done", "failed"):
            break
        time.sleep(0.05)
    answer, data = server.ask("GET", f"/api/v1/jobs/{number}/result")
    checks.that("a job makes a document", job.status == 202 and view["state"] == "done" and data.startswith(b"%PDF-") and "attachment" in answer.headers["Content-Disposition"], view)
    checks.that("a job is its owner's", village.ask("GET", f"/api/v1/jobs/{number}")[0].status == 404)
    answer, data = server.ask("POST", "/api/v1/documents", b"a voucher", {"X-File-Name": "%E5%87%AD%E8%AF%81.txt", "Content-Type": "application/octet-stream"})
    sha256 = json.loads(data)["sha256"]
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="v.txt"\r\nContent-Type: text/plain\r\n\r\na voucher\r\n--b--\r\n'
    answer, data = server.ask("POST", "/api/v1/documents", form, {"Content-Type": "multipart/form-data; boundary=b"})
    checks.that("a form uploads the same bytes", answer.status == 201 and json.loads(data)["sha256"] == sha256 and json.loads(data)["name"] == "v.txt", data)
    hidden, _ = server.ask("GET", f"/api/v1/documents/{sha256}")
    server.ask("POST", "/api/v1/records/documents", json.dumps({"id": "d-x", "name": "凭证", "sha256": sha256}), head)
    shown, data = server.ask("GET", f"/api/v1/documents/{sha256}")
    checks.that("a file is shown through its document, as an attachment", answer.status == 201 and hidden.status == 404 and data == b"a voucher" and "attachment" in shown.headers["Content-Disposition"])


def logs(server, checks):
    audit = Person(server, "audit", "demo-audit-2024")
    _, operations = audit.ask("GET", "/api/v1/logs/operations?limit=500")
    _, logins = audit.ask("GET", "/api/v1/logs/logins?limit=500")
    actions = {line["action"] for line in operations["log"]}
    checks.that("writes and refusals are logged", {"create", "change", "book", "reverse", "user.add", "token.add", "invitation.take", "totp.confirm", "upload", "refused"} <= actions, actions)
    checks.that("logins are logged, also those that failed", {line["outcome"] for line in logins["log"]} == {"done", "refused"} and all(line["address"] == "127.0.0.1" for line in logins["log"][:3]))
    answer, data = audit.ask("GET", "/api/v1/logs/operations?format=csv")
    checks.that("they leave as a table, and that is logged", answer.status == 200 and data.startswith(b"\xef\xbb\xbfid,") and audit.ask("GET", "/api/v1/logs/operations?action=export")[1]["log"])
    checks.that("nobody else reads them", Person(server, "office", "demo-office-2024").ask("GET", "/api/v1/logs/operations")[0].status == 403)
    for table in ("operation_log", "login_log"):
        copy = server.path + "." + table
        stores.copy_into_file(server.gongfu, server.db, copy)
        with sqlite3.connect(copy) as store:
            store.execute(f"UPDATE {table} SET reason = reason || ' ' WHERE id = 3")
        changed = subprocess.run([server.gongfu, "check", "--json", "--db", "sqlite:" + copy], capture_output=True, text=True)
        problems = json.loads(changed.stdout)["problems"]
        checks.that(f"a changed line of {table} shows", changed.returncode == 1 and any(p["test"] == "logs" and p["record"] == "3" for p in problems), problems[:2])


def keys(server, checks):
    """The server is down: the master key changes, and everything still opens; without it personal fields stay closed."""
    before = server.run("dump", os.path.join(os.path.dirname(server.path), "before-rotation"), "--reveal", "--reason", "test")
    server.run("key", "rotate")
    server.run("dump", os.path.join(os.path.dirname(server.path), "after-rotation"), "--reveal", "--reason", "test")
    with open(os.path.join(os.path.dirname(server.path), "before-rotation", "persons.csv"), encoding="utf-8") as one, open(os.path.join(os.path.dirname(server.path), "after-rotation", "persons.csv"), encoding="utf-8") as two:
        checks.that("a new master key opens all", one.read() == two.read() and before == "")
    key = server.path + ".key"
    checks.that("the key file is its owner's only", os.stat(key).st_mode & 0o777 == 0o600)
    os.rename(key, key + ".away")
    server.start("--demo")
    person = json.loads(server.ask("GET", "/api/v1/records/persons?limit=1")[1])["records"][0]
    answer, data = server.ask("POST", f"/api/v1/records/persons/{person['id']}/reveal", json.dumps({"fields": ["name"], "reason": "试一试"}), {"Content-Type": "application/json"})
    checks.that("without the key everything else works", person["name"] in ("***", "") and answer.status == 503 and json.loads(data)["code"] == "keys.open", data[:300])
    server.stop()
    os.rename(key + ".away", key)
    server.start()
    checks.that("demo accounts come in only where it is a demo", Person(server, "office", "demo-office-2024").login.status == 401 and json.loads(server.raw("GET", "/api/v1/demo-accounts")[1]) == {"accounts": []})
    server.stop()


def refused_then_right(server, checks):
    """A person who is refused at first and entered again has a key that is in the store: the key of the refusal went with it."""
    server.start("--demo")
    headers = {"Content-Type": "application/json"}
    def write(body):
        return server.ask("POST", "/api/v1/records/persons", json.dumps(body).encode(), headers)[0].status
    first = write({"id": "twice-1", "name": "李小二", "phone": "13900000000", "unit": "no-such-unit"})
    second = write({"id": "twice-1", "name": "李小二", "phone": "13900000000"})
    server.stop()
    checked = subprocess.run([server.gongfu, "check", "--db", server.db], capture_output=True, text=True)
    checks.that("refused, then right: sealed with a key that is kept", first == 422 and second == 201 and checked.returncode == 0, (first, second, checked.stdout[-300:]))


def rotation_beside(server, checks):
    """The master key changes while the server runs: what it seals behind that opens after the next start, too."""
    headers = {"Content-Type": "application/json"}
    def write(id):
        body = {"id": id, "role": "测试", "name": "王小二"}
        return server.ask("POST", "/api/v1/records/persons", json.dumps(body).encode(), headers)[0].status
    def reveal(id):
        return server.ask("POST", f"/api/v1/records/persons/{id}/reveal", json.dumps({"fields": ["name"], "reason": "试一试"}).encode(), headers)[1].decode()
    server.start("--demo")
    first = write("rot-1")
    server.run("key", "rotate")
    second = write("rot-2")
    beside = [reveal(id) for id in ("rot-1", "rot-2", "pe-headmaster")]
    server.stop()
    server.start("--demo")
    after = [reveal(id) for id in ("rot-1", "rot-2", "pe-headmaster")]
    server.stop()
    checks.that("a key changed beside a running server loses nobody", first == second == 201 and beside == after and "王小二" in after[0] and "王小二" in after[1] and "朱荷花" in after[2], (first, second, beside, after))


def outside(server, checks):
    run = subprocess.run([server.gongfu, "serve", "--db", server.db, "--listen", "0.0.0.0:0", "--json"], capture_output=True, text=True, timeout=20, check=False)
    checks.that("an open address needs TLS or a proxy", run.returncode == 8 and "loopback" in run.stderr, run.stderr)
    server.start("--behind-proxy", "--demo")
    answer, _ = server.raw("POST", "/api/v1/session", json.dumps({"user": "viewer", "password": "demo-viewer-2024"}),
                           {"Content-Type": "application/json", "Host": "books.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    checks.that("behind a proxy: any name, and the cookie is Secure", answer.status == 200 and "Secure" in answer.headers["Set-Cookie"] and "Strict-Transport-Security" in answer.headers)
    checks.that("the address is the last hop's word", stores.execute(server.db, "SELECT address FROM login_log ORDER BY id DESC LIMIT 1")[0][0] == "198.51.100.7")
    server.stop()
    folder = os.path.dirname(server.path)
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", os.path.join(folder, "key.pem"), "-out", os.path.join(folder, "cert.pem")],
                          capture_output=True, check=False)
    if made.returncode:
        checks.that("openssl makes a certificate", False, made.stderr[-200:])
        return
    server.start("--tls-cert", os.path.join(folder, "cert.pem"), "--tls-key", os.path.join(folder, "key.pem"))
    context = ssl.create_default_context(cafile=os.path.join(folder, "cert.pem"))
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=20)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    checks.that("TLS", server.address.startswith("https://") and answer.status == 200 and "Strict-Transport-Security" in answer.headers)
    connection.close()
    server.stop()


def many_at_once(server, checks):
    wrong = []

    def hammer(number):
        for turn in range(12):
            path = ("/api/v1/report", "/api/v1/trace/fact.F074", "/healthz")[(number + turn) % 3]
            if server.ask("GET", path)[0].status != 200:
                wrong.append(path)
    threads = [threading.Thread(target=hammer, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.that("eight at once", not wrong, str(wrong[:3]))


def main():
    gongfu = os.path.abspath(sys.argv[1])
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(gongfu, folder)
        try:
            checks.that("serves soon", server.seconds < START_SECONDS_MAX)
            refusals(server, checks)
            answers(server, checks)
            the_page_of_the_interface(server, checks)
            sentences(server, checks)
            proof_of_the_books(server, checks)
            programmes(server, checks)
            many_at_once(server, checks)
            people(server, checks)
            money_and_events(server, checks)
            logs(server, checks)
        finally:
            code = server.stop()
        checks.that("stops when asked", code == 0, str(code))
        keys(server, checks)
        refused_then_right(server, checks)
        rotation_beside(server, checks)
        outside(server, checks)
        check = subprocess.run([gongfu, "check", "--db", server.db], capture_output=True, text=True, check=False)
        checks.that("check is clean behind it", check.returncode == 0, check.stdout)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
