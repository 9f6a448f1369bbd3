"""bench_documents.py GONGFU: documents out, with their time and memory. Exit 1 when a bound is passed."""
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GONGFU = os.path.abspath(sys.argv[1])
ROWS = os.path.join(os.path.dirname(GONGFU), "bench", "xlsx_rows")


def measured(args):
    """Seconds and megabytes of one run of a program."""
    begun = time.monotonic()
    child = subprocess.Popen(args)
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{args} failed")
    return time.monotonic() - begun, used.ru_maxrss / 1024


def main():
    failed = False
    print("## Documents\n\n| document | seconds | RSS, MB | bytes | bound |\n|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        db = os.path.join(folder, "books.db")
        for name in ("calendar", "taishun", "demo"):
            subprocess.run([GONGFU, "load", os.path.join(ROOT, "data", name), "--db", "sqlite:" + db], check=True, capture_output=True)
        for kind, limit in (("pdf", 160), ("xlsx", 160), ("json", 160)):
            out = os.path.join(folder, "report." + kind)
            seconds, mb = measured([GONGFU, "report", "--format", kind, "--out", out, "--db", "sqlite:" + db])
            failed |= mb > limit
            print(f"| report as {kind} | {seconds:.2f} | {mb:.0f} | {os.path.getsize(out):,} | < {limit} MB |")
        out = os.path.join(folder, "rows.xlsx")
        run = subprocess.run([ROWS, out, "500000", "45"], check=True, capture_output=True, env={**os.environ, "TMPDIR": folder})
        answer = json.loads(run.stdout)
        failed |= answer["rss_mb"] > 256
        print(f"| table of 500,000 rows × 45 columns as xlsx | {answer['seconds']:.1f} | {answer['rss_mb']:.0f} | {os.path.getsize(out):,} | < 256 MB |")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
