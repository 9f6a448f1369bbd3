"""bench_serve.py GONGFU: the Taishun page and its JSON over loopback, one client at a time. Markdown on standard output."""
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    gongfu = os.path.abspath(sys.argv[1])
    print("## Page (`bench/bench_serve.py`)\n\n| request | median | of 200, slowest |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        db = "sqlite:" + os.path.join(folder, "t.db")
        subprocess.run([gongfu, "load", os.path.join(ROOT, "data", "taishun"), "--db", db], check=True, capture_output=True)
        child = subprocess.Popen([gongfu, "serve", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = int(child.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        for path in ("/", "/api/v1/report", "/api/v1/trace/fact.F074", "/api/v1/trace/total.group.cash.paid@all"):
            connection, times = http.client.HTTPConnection("127.0.0.1", port), []
            for _ in range(200):
                begun = time.perf_counter()
                connection.request("GET", path)
                connection.getresponse().read()
                times.append(1000 * (time.perf_counter() - begun))
            print(f"| `{path}` | {statistics.median(times):.1f} ms | {max(times):.1f} ms |")
        child.terminate()
        child.wait()


if __name__ == "__main__":
    main()
