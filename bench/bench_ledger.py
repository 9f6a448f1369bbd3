"""bench_ledger.py GONGFU [ROWS]: load, check, report and trace of a large ledger; memory of serve. Markdown on standard output.

Rows of entries.csv; a row is two ledger lines. Default 2,500,000: five million lines.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))


def timed(*command):
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = child.communicate()
    if child.returncode not in (0, 1):
        raise SystemExit(err.decode())
    return time.monotonic() - begun, out


def several(count, *command):
    runs = [timed(*command)[0] for _ in range(count)]
    return f"{statistics.median(runs):.2f} s (of {count}: {min(runs):.2f} to {max(runs):.2f})"


def books(gongfu, folder, rows):
    source, db = os.path.join(folder, f"rows{rows}"), "sqlite:" + os.path.join(folder, f"{rows}.db")
    subprocess.run([sys.executable, os.path.join(HERE, "make_ledger.py"), "--rows", str(rows), "--out", source], check=True, stdout=subprocess.DEVNULL)
    seconds, _ = timed(gongfu, "load", source, "--db", db, "--json")
    return db, seconds


def serve(gongfu, db):
    begun = time.monotonic()
    child = subprocess.Popen([gongfu, "serve", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = child.stdout.readline().strip()
    urllib.request.urlopen(address + "healthz").read()
    start = time.monotonic() - begun
    for path in ("api/v1/report", "api/v1/trace/total.group.cash.paid@all", "api/v1/statement") * 3:
        urllib.request.urlopen(address + path).read()
    with open(f"/proc/{child.pid}/status", encoding="ascii") as file:
        rss = int(next(line for line in file if line.startswith("VmRSS")).split()[1]) / 1024
    child.terminate()
    child.wait()
    return start, rss


def main():
    gongfu, rows = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_500_000
    print("## Ledger (`bench/bench_ledger.py`)\n\n| what | measured | hoped |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        db, seconds = books(gongfu, folder, rows)
        print(f"| load of {2 * rows:,} ledger lines through all checks | {seconds:.1f} s, {2 * rows / seconds:,.0f} lines/s | ≥ 100,000 lines/s |")
        seconds, out = timed(gongfu, "check", "--db", db, "--json")
        checked = json.loads(out)
        print(f"| check of {checked['lines']:,} lines: {'clean' if checked['ok'] else 'PROBLEMS'} | {seconds:.1f} s | ≤ 25 s |")
    with tempfile.TemporaryDirectory() as folder:
        db, _ = books(gongfu, folder, 550_000)
        print(f"| report on 500,000 entries | {several(5, gongfu, 'report', '--format', 'json', '--out', '/dev/null', '--db', db)} | < 1 s |")
        for figure in ("total.group.cash.paid@all", "total.group.cash.paid@2022", "total.unit:u01.cash.received@2022-03-05/2023-02-11", "entry.250000"):
            print(f"| trace {figure} on 500,000 entries | {several(3, gongfu, 'trace', figure, '--db', db)} | < 1 s |")
    with tempfile.TemporaryDirectory() as folder:
        db, _ = books(gongfu, folder, 110_000)
        start, rss = serve(gongfu, db)
        print(f"| start of serve to the first answer, 100,000 entries | {1000 * start:.0f} ms | ≤ 200 ms |")
        print(f"| memory of serve after reports and traces, 100,000 entries | {rss:.0f} MB | < 64 MB |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nLargest process of all: {peak:.0f} MB.")


if __name__ == "__main__":
    main()
