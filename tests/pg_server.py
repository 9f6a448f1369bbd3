"""PostgreSQL 15 of our own for the tests: an unprivileged user, a socket in the build folder, no TCP.

python3 tests/pg_server.py COMMAND...  runs COMMAND with $GONGFU_TEST_PG naming the server and ends with its code; without
PostgreSQL it says so and ends with the line of a suite that was skipped. Inside, fresh() makes an empty database and returns
its address for --db. fsync is off unless durable: these tests are not about the disk.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

PLACES = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def programs():
    for place in PLACES:
        if os.path.exists(os.path.join(place, "initdb")):
            return place
    return None


class Server:
    """One cluster in a folder of its own under build/; port only names the socket."""

    def __init__(self, durable=False, options=""):
        self.bin = programs()
        base = os.path.join(ROOT, "build")
        os.makedirs(base, exist_ok=True)
        self.as_user, self.owner = [], None
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            user = "postgres" if self.has_user("postgres") else "nobody"
            self.owner = pwd.getpwnam(user)
            self.as_user = ["setpriv", "--reuid", user, "--regid", str(self.owner.pw_gid), "--clear-groups"]
        self.folder = self.make_folder(base)
        if len(self.folder) > 80 or not self.reaches(self.folder):  # the path of a socket has at most 107 bytes
            os.rmdir(self.folder)
            self.folder = self.make_folder(None)
        self.data = os.path.join(self.folder, "data")
        self.options = options + ("" if durable else " -c fsync=off -c full_page_writes=off")
        self.count = 0

    def make_folder(self, base):
        folder = tempfile.mkdtemp(prefix="gongfu-pg-", dir=base)
        if self.owner:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
        return folder

    def reaches(self, folder):
        return subprocess.run([*self.as_user, "test", "-w", folder], cwd="/", check=False).returncode == 0

    @staticmethod
    def has_user(name):
        try:
            return bool(pwd.getpwnam(name))
        except KeyError:
            return False

    def call(self, *words, **how):
        return subprocess.run([*self.as_user, os.path.join(self.bin, words[0]), *words[1:]], cwd=self.folder, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, **how)

    def start(self):
        if not os.path.exists(self.data):
            self.call("initdb", "-D", self.data, "-A", "trust", "-U", "gongfu", "--locale=C", "-E", "UTF8", "-N")
        log = os.path.join(self.folder, "log")
        self.call("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=60 -c shared_buffers=64MB -c log_statement=ddl {self.options}", "start")
        return self

    def stop(self, mode="fast"):
        self.call("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def made(self):
        """How many stores were made in it."""
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
            return log.read().count("CREATE TABLE gf_store ")

    def end(self):
        try:
            self.stop("immediate")
        except subprocess.CalledProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)


def server_folder():
    return os.environ.get("GONGFU_TEST_PG", "")


def address(name):
    return f"postgres://gongfu@{urllib.parse.quote(server_folder(), safe='')}/{name}"


def psql(name, sql):
    """What one statement says: rows of cells, as text."""
    run = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-h", server_folder(), "-U", "gongfu", "-d", name, "-c", sql], check=True, capture_output=True, text=True)
    return [line.split("\x1f") for line in run.stdout.splitlines()]


def fresh(label="t"):
    """An empty database; its name is unused in this server."""
    name = f"{label}_{os.getpid()}_{os.urandom(4).hex()}"
    psql("postgres", f'CREATE DATABASE "{name}" TEMPLATE template0')
    return address(name)


def main():
    if not programs():
        print("SKIP PostgreSQL 15 is not installed (apt-get install postgresql-15)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    server = Server()
    try:
        server.start()
        code = subprocess.run(sys.argv[1:], env=dict(os.environ, GONGFU_TEST_PG=server.folder, GONGFU_TEST_DB="postgres"), check=False).returncode
        if not server.made():
            print("FAIL nothing asked this server for a database: the suite ran on something else")
            print("0 passed, 1 failed, 0 skipped")
            return 1
        return code
    finally:
        server.end()


if __name__ == "__main__":
    sys.exit(main())
