"""test_operation.py GONGFU: a service as its keeper sees it: log lines, metrics, warnings of clock and disk, a stop that lets nobody down."""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import stores
from test_serve import Checks, Server

JSON = {"Content-Type": "application/json"}


class Told(Server):
    """With its log kept."""

    def start(self, *options):
        self.log = open(self.path + ".log", "a+", encoding="utf-8")
        self.process = subprocess.Popen([self.gongfu, "serve", "--db", self.db, "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = self.process.stdout.readline().strip()
        self.seconds, self.port = 0, int(self.address.rsplit(":", 1)[1].strip("/"))

    def lines(self):
        with open(self.path + ".log", encoding="utf-8") as file:
            return file.read().splitlines()

    def wait_for(self, words, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(words in line for line in self.lines()):
                return True
            time.sleep(0.05)
        return False


def logs(checks, server):
    secret = "欧阳不见"
    server.ask("POST", "/api/v1/records/persons", json.dumps({"id": "pe-log", "role": "村民", "place": "330329105223", "name": secret, "phone": "13900001111"}), JSON)
    server.ask("POST", "/api/v1/records/persons/pe-log/reveal", json.dumps({"fields": ["name"], "reason": "看一看"}), JSON)
    server.raw("POST", "/api/v1/session", json.dumps({"user": "office", "password": "not the password"}), JSON)
    server.ask("GET", "/api/v1/search?q=%E6%AC%A7%E9%98%B3")
    lines = server.lines()
    form = re.compile(r"^time=\d{4}-\d\d-\d\dT[\d:.]+Z level=(debug|info|warn|error) event=[a-z_.]+( [a-z0-9_]+=\S*)*$")
    odd = [line for line in lines if not form.match(line)]
    checks.that("every line of the log is fields with a time, a level and an event", lines and not odd, odd[:3])
    text = "\n".join(lines)
    checks.that("and holds no name, number, password, token or reason", not any(word in text for word in (secret, "13900001111", "not the password", server.token, "看一看", "%E6%AC%A7")), text[:300])


def metrics(checks, server):
    _, data = server.raw("GET", "/metrics")
    told = dict(line.rsplit(" ", 1) for line in data.decode().splitlines() if not line.startswith("#"))
    disk = os.statvfs(server.path)
    free = disk.f_bavail * disk.f_frsize
    checks.that("metrics tell the room on the store's disk", abs(float(told["gongfu_disk_free_bytes"]) - free) < 0.05 * free + 1e8, (told["gongfu_disk_free_bytes"], free))
    checks.that("and that the clock was not set", told["gongfu_clock_jumps_total"] == "0", told["gongfu_clock_jumps_total"])


def clock(checks, server):
    server.stop()
    stores.execute(server.db, "UPDATE history SET at_utc_ms = 4102444800000 WHERE id = (SELECT max(id) FROM history)")
    server.start("--demo")
    checks.that("a clock behind the books is told at the start", server.wait_for("event=clock behind_the_books_s="), server.lines()[-3:])
    checks.that("a disk with room is not", not any("event=disk" in line for line in server.lines()) or os.statvfs(server.path).f_bavail * os.statvfs(server.path).f_frsize < 2 << 30)


def stop(checks, server):
    """What was asked before the signal is answered; the program ends by itself, with code 0."""
    def worked():
        with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
            return int(file.read().rsplit(")", 1)[1].split()[11])  # hundredths of a second of its own

    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    before, text = worked(), "2023年,累计投入结对帮扶资金500万元,带动12人就业。\n" * 26000  # half a second's work
    line.request("POST", "/api/v1/press", text.encode(), {"Authorization": f"Bearer {server.token}", "Content-Type": "text/plain; charset=utf-8"})
    deadline = time.monotonic() + 20
    while worked() < before + 8 and time.monotonic() < deadline:
        time.sleep(0.005)  # until it is at work on it
    server.process.send_signal(signal.SIGTERM)
    begun, answers = time.monotonic(), []
    answer = line.getresponse()
    answers.append((answer.status, len(answer.read()) > 10**7))
    code = server.process.wait(timeout=60)
    print(f"answered and stopped {time.monotonic() - begun:.2f} s after the signal")
    checks.that("a stop answers what was asked, and ends with 0", code == 0 and answers == [(200, True)], (code, answers))
    checks.that("and says so", any("event=stop" in line for line in server.lines()), server.lines()[-2:])


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        server = Told(os.path.abspath(sys.argv[1]), folder)
        try:
            logs(checks, server)
            metrics(checks, server)
            clock(checks, server)
            stop(checks, server)
        finally:
            server.process.kill()
            server.process.wait()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
