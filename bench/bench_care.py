"""bench_care.py GONGFU [ROWS]: a large ledger cared for: backup, increment, restore; killed under eight writers, started again. Markdown.

ROWS entries (default 1,000,000). The restart is timed from the start of the program to its first answer, its log unread.
"""
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "tests"), os.path.join(HERE, "..", "tests", "crash")]
import stores
import test_crash
from bench_ledger import timed
from test_serve import Server

KILLS = 10


def main():
    gongfu, rows = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        source, path = os.path.join(folder, "rows"), os.path.join(folder, "s.db")
        subprocess.run([sys.executable, os.path.join(HERE, "make_ledger.py"), "--rows", str(rows), "--out", source], check=True, stdout=subprocess.DEVNULL)
        server = Server.__new__(Server)
        server.gongfu, server.path, server.db = gongfu, path, stores.address(path)
        for name in (source, *(os.path.join(HERE, "..", "data", name) for name in ("taishun", "calendar"))):
            subprocess.run([gongfu, "load", name, "--db", server.db], check=True, stdout=subprocess.DEVNULL)
        server.run("user", "add", "program", "--role", "office")
        stores.execute(server.db, "UPDATE user_account SET state = 'active' WHERE id = 'program'")
        server.token = server.run("token", "add", "program").strip()
        print(f"## Care (`bench/bench_care.py`): {rows:,} entries\n\n| what | measured | hoped |\n|---|---|---|")
        seconds, out = timed(gongfu, "backup", os.path.join(folder, "one.backup"), "--db", server.db)
        size = json.loads(out)["bytes"] / 1e6
        print(f"| backup of {size:.0f} MB to a file, copied, read through, hashed | {seconds:.1f} s, {size / seconds:.0f} MB/s | ≥ 200 MB/s |")
        for name, options in (("open", ()), ("sealed", ("--key", os.path.join(folder, "k")))):
            vault = os.path.join(folder, name)
            seconds, _ = timed(gongfu, "backup", "into", vault, "--db", server.db, *options)
            again, out = timed(gongfu, "backup", "into", vault, "--db", server.db, *options)
            print(f"| into a folder, {name}: the first, and one with nothing changed | {seconds:.1f} s, {size / seconds:.0f} MB/s; {again:.1f} s, {json.loads(out)['blocks_new']} new blocks | |")
        seconds, _ = timed(gongfu, "restore", os.path.join(folder, "open"), "--db", "sqlite:" + os.path.join(folder, "restored.db"))
        print(f"| restored from the folder, read through | {seconds:.1f} s | |")
        chance, starts, logs = random.Random(1), [], []
        server.start()
        for turn in range(KILLS):
            test_crash.book_under_fire(server, f"b{turn}", chance, lambda: server.process.kill())
            server.process.wait()
            logs.append(os.path.getsize(path + "-wal") / 1e6 if os.path.exists(path + "-wal") else 0)
            begun = time.monotonic()
            server.start()
            server.raw("GET", "/healthz")
            starts.append(time.monotonic() - begun)
        server.stop()
        print(f"| killed under eight writers, {KILLS} times: start to the first answer, a log of up to {max(logs):.1f} MB | {statistics.median(starts) * 1000:.0f} ms, slowest {max(starts) * 1000:.0f} ms | < 2 s |")


main()
