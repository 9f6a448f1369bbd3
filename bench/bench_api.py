"""bench_api.py GONGFU [--rows N] [--seconds S]: the interface under wrk, 8 connections, through login, scope and audit,
beside bare SQLite's rate for the same query. Markdown on standard output. Needs wrk and libsqlite3's Python module."""
import argparse
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SLOTS = ("SELECT e.id, e.key, e.date, e.verb, e.purpose, e.voucher, e.source, e.origin, e.unit, e.note, e.reverses, e.hash, l.period, l.amount_fen, l.bound, "
         "a.kind, a.stage, a.party, a.fund, a.project, a.place, b.stage, b.party FROM entry e JOIN entry_line l ON l.entry_id = e.id AND l.id % 2 = 0 "
         "JOIN account a ON a.id = l.account_id JOIN entry_line o ON o.id = l.id - 1 JOIN account b ON b.id = o.account_id ")


def wrk(port, kind, lines, token, seconds, run="0", threads=2, connections=8):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    out = subprocess.run(["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", os.path.join(ROOT, "bench", "api.lua"), f"http://127.0.0.1:{port}", "--", kind,
                          file.name, token, run], capture_output=True, text=True)
    os.unlink(file.name)
    result = [line for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not result:
        sys.exit(out.stdout + out.stderr)
    rate, p50, p99, errors = result[0].split()[1:]
    return float(rate), float(p50), float(p99), int(errors)


def bare(path, query, parameters, seconds=3):
    """Rate of the same query on one bare connection, every row taken."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        db.execute(query, parameters()).fetchall()
        count += 1
    db.close()
    return count / seconds


def rss(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def fetch(port, token, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body=json.dumps(body) if body is not None else None, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text


def after_pdf(pid, port, token):
    """Memory when a report has been made as PDF by the server itself."""
    _, job = fetch(port, token, "POST", "/api/v1/jobs", {"kind": "report", "format": "pdf"})
    while job["state"] in ("waiting", "running"):
        time.sleep(0.2)
        _, job = fetch(port, token, "GET", f"/api/v1/jobs/{job['id']}")
    if job["state"] != "done":
        sys.exit(f"no PDF: {job}")
    return rss(pid)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gongfu")
    parser.add_argument("--rows", type=int, default=125000)
    parser.add_argument("--seconds", type=int, default=5)
    args = parser.parse_args()
    gongfu, rng = os.path.abspath(args.gongfu), random.Random(1)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        path = os.path.join(folder, "t.db")
        db = "sqlite:" + path
        subprocess.run([sys.executable, os.path.join(ROOT, "bench", "make_ledger.py"), "--rows", str(args.rows), "--towns", "2", "--villages", "6", "--out", os.path.join(folder, "books")], check=True)
        subprocess.run([gongfu, "load", os.path.join(folder, "books"), "--db", db], check=True, capture_output=True)
        subprocess.run([gongfu, "user", "add", "bench", "--role", "finance", "--db", db], check=True, capture_output=True)
        link = subprocess.run([gongfu, "user", "add", "person", "--role", "viewer", "--db", db], check=True, capture_output=True, text=True).stdout.strip().rsplit("token=", 1)[1]
        with sqlite3.connect(path) as store:
            store.execute("UPDATE user_account SET state = 'active' WHERE id = 'bench'")
            entries = store.execute("SELECT max(id) FROM entry").fetchone()[0]
            slots = store.execute("SELECT place, kind FROM slot_total WHERE place <> '' AND demo = 0 ORDER BY rows DESC LIMIT 60").fetchall()
            groups = store.execute("SELECT count(*) FROM slot_total WHERE demo = 0").fetchone()[0]
            fund, project = store.execute("SELECT fund, project FROM account WHERE fund <> '' LIMIT 1").fetchone()
            unit = store.execute("SELECT id FROM units LIMIT 1").fetchone()[0]
            place = store.execute("SELECT code FROM places WHERE level = 'village' LIMIT 1").fetchone()[0]
        token = subprocess.run([gongfu, "token", "add", "bench", "--db", db], check=True, capture_output=True, text=True).stdout.strip()
        child = subprocess.Popen([gongfu, "serve", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = int(child.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        print(f"## Interface (`bench/bench_api.py`): {entries:,} entries, wrk 8 connections, {args.seconds} s each\n")
        print("| request | per second | goal | median ms | p99 ms | errors | bare SQLite, one connection |\n|---|---|---|---|---|---|---|")

        def row(name, lines, goal, query=None, parameters=tuple, kind="get", **more):
            rate, p50, p99, errors = wrk(port, kind, lines, token, args.seconds, **more)
            beside = f"{bare(path, query, parameters):,.0f}" if query else ""
            print(f"| {name} | {rate:,.0f} | {goal} | {p50:.2f} | {p99:.2f} | {errors} | {beside} |", flush=True)

        row("by id", [f"/api/v1/records/entries/{rng.randint(1, entries)}" for _ in range(20000)], "≥ 20,000", SLOTS + "WHERE e.id = ?", lambda: (rng.randint(1, entries),))
        row("list, 25 newest", ["/api/v1/records/entries"], "≥ 10,000", SLOTS + "WHERE e.id IN (SELECT id FROM entry ORDER BY id DESC LIMIT 25) ORDER BY e.id DESC")
        row("place + kind, date descending, 25", [f"/api/v1/records/entries?place={p}&kind={k}&sort=-date" for p, k in slots], "≥ 8,000",
            SLOTS + "WHERE e.id IN (SELECT entry_id FROM entry_slot WHERE place = ? AND kind = ? ORDER BY date DESC LIMIT 25) ORDER BY e.date DESC", lambda: rng.choice(slots))
        row("unindexed column: filter and sort", ["/api/v1/records/entries?voucher.from=v&sort=-purpose"], "≥ 60", "SELECT id FROM entry WHERE voucher >= 'v' ORDER BY purpose DESC, id DESC LIMIT 26")
        body = json.dumps({"key": "bench/%s", "date": "2025-03-04", "verb": "投入", "purpose": "bench", "voucher": "", "origin": "entered",
                           "rows": [{"kind": "cash", "from_party": unit, "to_party": place, "fund": fund, "project": project, "place": place, "amount_fen": 12345}]}, ensure_ascii=False)
        stop, made = threading.Event(), []

        def write_steadily():
            connection = http.client.HTTPConnection("127.0.0.1", port)
            begun = time.perf_counter()
            while not stop.is_set():
                connection.request("POST", "/api/v1/records/entries", body=(body % f"steady-{len(made)}").encode(), headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
                made.append(connection.getresponse().read())
                time.sleep(max(0, begun + len(made) / 200 - time.perf_counter()))
        writer = threading.Thread(target=write_steadily)
        writer.start()
        begun = time.perf_counter()
        row(f"sum by place and kind ({groups} groups), creates beside", ["/api/v1/money/groups?by=place,kind"], "≥ 5,000", "SELECT place, kind, sum(amount_fen), sum(rows) FROM entry_slot WHERE demo = 0 GROUP BY place, kind")
        wrong = checked = 0
        for _ in range(20):
            _, answer = fetch(port, token, "GET", "/api/v1/money/groups?by=place,kind")
            with sqlite3.connect(path) as store:
                scan = store.execute("SELECT a.place, a.kind, sum(CASE WHEN e.reverses <> 0 THEN -l.amount_fen ELSE l.amount_fen END), count(*) FROM entry e JOIN entry_line l ON l.entry_id = e.id "
                                     "JOIN account a ON a.id = l.account_id WHERE l.id % 2 = 0 AND e.origin <> 'demo' AND e.id <= ? GROUP BY 1, 2 ORDER BY 1, 2", (answer["head_entry"],)).fetchall()
            checked += 1
            wrong += scan != [(g["place"], g["kind"], g["amount_fen"], g["rows"]) for g in answer["groups"]]
        stop.set()
        writer.join()
        print(f"|   … {len(made) / (time.perf_counter() - begun):,.0f} creates a second beside it; {checked} answers held against a full scan: {wrong} differ | | | | | | |")
        print(f"| memory by now: {rss(child.pid):.0f} MB | | | | | | |")
        row("place × month × kind, ad hoc", ["/api/v1/money/groups?by=place,month,kind"], "≥ 15", "SELECT place, substr(date, 1, 7), kind, sum(amount_fen), sum(rows) FROM entry_slot WHERE demo = 0 GROUP BY 1, 2, 3")
        reads = rss(child.pid)
        logins = 0
        fetch(port, token, "POST", "/api/v1/invitation", {"token": link, "password": "a sentence of a person"})
        for i in range(100):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/api/v1/session", body=json.dumps({"user": "person", "password": "a sentence of a person"}), headers={"Content-Type": "application/json"})
            logins += connection.getresponse().status == 200
            connection.close()
        after_logins = rss(child.pid)
        row("create, durable", [body], "≥ 3,000", kind="post", run="w")
        print(f"\nMemory of the server: {reads:.0f} MB after the reads, {after_logins:.0f} MB after {logins} logins too (goal < 64), {rss(child.pid):.0f} MB after the creates, "
              f"{after_pdf(child.pid, port, token):.0f} MB after a report as PDF (goal < 160). "
              f"The program with both faces: {os.path.getsize(gongfu) / 1e6:.1f} MB (goal < 20).")
        child.terminate()
        child.wait()


main()
