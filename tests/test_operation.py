"""test_operation.py GONGFU: a service as its keeper sees it: log lines, metrics, warnings of clock and disk, a reload and a stop that let nobody down."""
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
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

    def wait_for(self, words, seconds=10, times=1):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if sum(words in line for line in self.lines()) >= times:
                return True
            time.sleep(0.05)
        return False

    def reload(self):
        """The line that the log has of it."""
        before = sum("event=reload" in line for line in self.lines())
        self.process.send_signal(signal.SIGHUP)
        return self.wait_for("event=reload", times=before + 1) and [line for line in self.lines() if "event=reload" in line][-1]


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
    disk = os.statvfs(os.path.dirname(server.path))
    free = disk.f_bavail * disk.f_frsize
    if stores.on_postgres():
        checks.that("metrics tell no room where the disk is a server's", "gongfu_disk_free_bytes" not in told, told)
    else:
        checks.that("metrics tell the room on the store's disk", abs(float(told["gongfu_disk_free_bytes"]) - free) < 0.05 * free + 1e8, (told["gongfu_disk_free_bytes"], free))
    checks.that("and that the clock was not set", told["gongfu_clock_jumps_total"] == "0", told["gongfu_clock_jumps_total"])


def clock(checks, server):
    server.stop()
    stores.execute(server.db, "UPDATE history SET at_utc_ms = 4102444800000 WHERE id = (SELECT max(id) FROM history)")
    server.start("--demo")
    checks.that("a clock behind the books is told at the start", server.wait_for("event=clock behind_the_books_s="), server.lines()[-3:])
    checks.that("a disk with room is not", not any("event=disk" in line for line in server.lines()) or os.statvfs(os.path.dirname(server.path)).f_bavail * os.statvfs(os.path.dirname(server.path)).f_frsize < 2 << 30)


def certificate(folder, name):
    """A pair in the two files, as who renews it writes over them."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-days", "2",
                    "-keyout", os.path.join(folder, "key.pem"), "-out", os.path.join(folder, "cert.pem")], check=True, capture_output=True)


def shown(server):
    """The certificate that a new connection is shown."""
    return ssl.get_server_certificate(("127.0.0.1", server.port), timeout=20)


def renewed(checks, server, folder):
    """A certificate is renewed under load: nobody is refused, and what is open goes on."""
    context = ssl._create_unverified_context()
    head = {"Authorization": f"Bearer {server.token}"}

    def line():
        return http.client.HTTPSConnection("localhost", server.port, context=context, timeout=30)

    certificate(folder, "one")
    server.stop()
    server.start("--demo", "--tls-cert", os.path.join(folder, "cert.pem"), "--tls-key", os.path.join(folder, "key.pem"))
    first, failures, asked, ending = shown(server), [], [0] * 4, threading.Event()
    kept, stream = line(), line()
    kept.request("GET", "/api/v1/session", headers=head)
    kept.getresponse().read()
    stream.request("GET", "/api/v1/events", headers=head)
    news = stream.getresponse()
    news.readline()

    def ask(n):
        while not ending.is_set():
            try:
                one = line()
                one.request("GET", "/api/v1/records/units?limit=1", headers=head)
                answer = one.getresponse()
                answer.read()
                if answer.status != 200:
                    failures.append(answer.status)
                one.close()
            except OSError as error:
                failures.append(repr(error))
            asked[n] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    certificate(folder, "two")
    said = [server.reload()]
    second = shown(server)
    for name in ("three", "four"):
        certificate(folder, name)
        said.append(server.reload())
    last = shown(server)
    time.sleep(0.5)
    ending.set()
    for thread in threads:
        thread.join()
    print(f"{sum(asked)} connections while the certificate was renewed three times")
    with open(os.path.join(folder, "cert.pem"), encoding="ascii") as file:
        wanted = file.read()
    checks.that("a reload takes up a new certificate", len({first, second, last}) == 3 and last.split() == wanted.split() and all(" certificate=1 " in text for text in said), said)
    checks.that("and refuses nobody meanwhile", min(asked) > 5 and not failures, failures[:3])
    kept.request("GET", "/api/v1/session", headers=head)
    checks.that("a connection that was open goes on, and so does the session", kept.getresponse().status == 200)
    other = line()
    other.request("POST", "/api/v1/records/units", json.dumps({"id": "u-reload", "name": "重载"}), head | JSON)
    other.getresponse().read()
    text = b""
    while b"event: changed" not in text and len(text) < 4096:   # beats lie between
        text += news.readline()
    checks.that("and a stream of events", b"event: changed" in text, text)
    with open(os.path.join(folder, "cert.pem"), "w", encoding="ascii") as file:
        file.write("no certificate\n")
    bad = server.reload()
    checks.that("one that does not fit is told, and the old one stays", "level=error" in bad and "code=http.tls" in bad and shown(server) == last, bad)
    certificate(folder, "five")
    for open_line in (kept, stream, other):
        open_line.close()
    begun = time.monotonic()
    while "code=http.retired" in (text := server.reload()) and time.monotonic() - begun < 60:
        time.sleep(0.5)  # the four before have nobody on them any more
    checks.that("a later one is taken", " certificate=1 " in text, text)
    checks.that("and it stops as ever", server.stop() == 0)


def settings(checks, server, folder):
    """What the file of settings names is taken without a restart, or the log says that it waits for one."""
    path, backups = os.path.join(folder, "settings"), os.path.join(folder, "backups")

    def write(*lines):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(("# of the service", *lines)) + "\n")

    write(f"GONGFU_DB={server.db}", "GONGFU_OPTIONS=")
    server.start("--demo", "--settings", path)
    port, before = server.port, server.reload()
    write(f"GONGFU_DB={server.db}", f'GONGFU_OPTIONS="--backup {backups} --keep 7,5,12"')
    after = server.reload()
    taken = server.wait_for("event=backup", 60)
    checks.that("settings are read again: a nightly backup that was not there before is made", "settings=1 waits_for_restart=0" in before and "settings=1 waits_for_restart=0" in after and taken and os.path.isdir(backups), (before, after, server.lines()[-3:]))
    write(f"GONGFU_DB={server.db}", "GONGFU_LISTEN=127.0.0.1:1", f"GONGFU_OPTIONS=--backup {backups}")
    waits = server.reload()
    checks.that("what cannot be taken is told", "level=warn" in waits and "waits_for_restart=1" in waits and server.port == port and server.raw("GET", "/healthz")[0].status == 200, waits)
    write("GONGFU_OPTIONS=--no-such-option")
    bad = server.reload()
    checks.that("settings that cannot be read change nothing, and are told", "level=error" in bad and "code=cli.option" in bad and server.raw("GET", "/healthz")[0].status == 200, bad)
    server.stop()
    server.start("--demo")


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
            renewed(checks, server, folder)
            settings(checks, server, folder)
            stop(checks, server)
        finally:
            server.process.kill()
            server.process.wait()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
