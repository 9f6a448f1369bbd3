"""Stores for the suites, on the engine that they are run on: SQLite files, or with GONGFU_TEST_DB=postgres databases of the
server that tests/pg_server.py started (python3 tests/pg_server.py python3 tests/test_books.py build/gongfu)."""
import os
import sqlite3
import subprocess

import pg_server

_ADDRESSES = {}


def on_postgres():
    return os.environ.get("GONGFU_TEST_DB") == "postgres"


def file(path):
    """A store that is a file, whatever the engine: what was restored from a backup, or moved."""
    return "sqlite:" + path


def address(path):
    """Of the store that is called by this path; the same for the same path. On a server nothing lies at the path, but the
    master key lies beside it as on SQLite, where the first store of a suite was to be."""
    if not on_postgres():
        return file(path)
    if path not in _ADDRESSES:
        _ADDRESSES[path] = pg_server.fresh(os.path.basename(path).split(".")[0].replace("-", "_"))
        os.environ.setdefault("GONGFU_KEY_FILE", path + ".key")
    return _ADDRESSES[path]


def copy_into_file(gongfu, where, path):
    """The same store as a file, whose bytes a test may change."""
    words = ["move", "--from", where, "--to", file(path)] if where.startswith("postgres") else ["backup", path, "--db", where]
    subprocess.run([gongfu, *words], check=True, capture_output=True)


def execute(where, sql):
    """Some SQL on a store behind the program's back: rows of cells."""
    if where.startswith("sqlite:"):
        store = sqlite3.connect(where.split(":", 1)[1])
        try:
            with store:
                return [list(row) for row in store.execute(sql).fetchall()]
        finally:
            store.close()  # leaving `with` does not, and a connection kept by the collector would see a log that is gone
    return pg_server.psql(where.rsplit("/", 1)[1], sql)


def all_bytes(path):
    """Everything that the store of this path holds, as it lies there (of a server: as pg_dump reads it)."""
    if not on_postgres():
        with open(path, "rb") as stored:
            return stored.read()
    return subprocess.run(["pg_dump", "-h", pg_server.server_folder(), "-U", "gongfu", address(path).rsplit("/", 1)[1]], check=True, capture_output=True).stdout
