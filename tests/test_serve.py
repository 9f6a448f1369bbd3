"""test_serve.py GONGFU: the server over real sockets: forms, headers, refusals, limits, and its start."""
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START_SECONDS_MAX = 10  # a slow, busy machine; the measured start stands in docs/bench.md


class Server:
    """gongfu serve on a free port; used by the page test too."""

    def __init__(self, gongfu, folder, folders=("taishun", "calendar", "demo")):
        self.db = "sqlite:" + os.path.join(folder, "serve.db")
        for name in folders:
            subprocess.run([gongfu, "load", os.path.join(ROOT, "data", name), "--db", self.db], check=True, capture_output=True)
        begun = time.monotonic()
        self.process = subprocess.Popen([gongfu, "serve", "--db", self.db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.seconds = time.monotonic() - begun
        self.port = int(self.address.rsplit(":", 1)[1].strip("/"))

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer, data

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=20)


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {note}" if note and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


def refusals(server, checks):
    problems = [("GET", "/nothing", None, {}, 404), ("GET", "/api/v1/trace/fact.F999", None, {}, 404), ("GET", "/api/v1/trace/total.group.all.paid@all", None, {}, 403),
                ("DELETE", "/api/v1/report", None, {}, 405), ("GET", "/api/v1/report?colour=red", None, {}, 400), ("GET", "/api/v1/report?from=2023-02-31", None, {}, 422),
                ("GET", "/api/v1/report?lang=%FF", None, {}, 400), ("GET", "/api/v1/trace/%zz", None, {}, 404), ("POST", "/api/v1/press", b"{broken", {"Content-Type": "application/json"}, 400),
                ("POST", "/api/v1/press", b"\xff\xfe", {}, 422), ("GET", "/", None, {"Host": "books.example"}, 421), ("POST", "/api/v1/press", b"x" * (3 << 20), {}, 413),
                ("GET", "/api/v1/report?lang=fr", None, {}, 400), ("GET", "/api/v1/report?lang=zh&lang=en", None, {}, 400), ("GET", "/api/v1/programmes?x=1", None, {}, 400),
                *[("POST", "/api/v1/press", body, {"Content-Type": "application/json"}, 400) for body in (
                    b"[]", b"{}", b'{"text": 5}', b'{"text": "1", "text": "2"}', b'{"text": "1", "colour": "red"}', b'{"text": "1", "programme": null}', b'{"text": "1", "lang": "fr"}',
                    b'{"text": "\\u0000"}', b'{"text": "\xff"}', b'{"text": "1"} x', b"[" * 100000)],
                ("GET", "/static/../gf_api.h", None, {}, 404), ("GET", "/?" + "a" * 9000, None, {}, 413)]
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
    again, _ = server.ask("GET", "/", headers={"If-None-Match": answer.headers["ETag"]})
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
    for path in ("/healthz", "/api/v1/programmes", "/api/v1/statement?scope=unit:u-adbc", "/api/v1/ageing", "/api/v1/roster?what=gaps", "/api/v1/report.md", "/static/app.css"):
        checks.that(path, server.ask("GET", path)[0].status == 200)


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
            many_at_once(server, checks)
        finally:
            code = server.stop()
        checks.that("stops when asked", code == 0, str(code))
        run = subprocess.run([gongfu, "serve", "--db", server.db, "--listen", "0.0.0.0:0", "--json"], capture_output=True, text=True, timeout=20, check=False)
        checks.that("serves this machine only", run.returncode == 8 and "loopback" in run.stderr)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
