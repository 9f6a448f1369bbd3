"""test_pg_upgrade.py GONGFU, through pg_server.py: an older store on PostgreSQL is brought up to date with a copy of what it was beside it;
an upgrade that fails leaves all as it was; with the extension amcheck every index is held against its table."""
import json
import os
import subprocess
import sys

import pg_server
from test_serve import Checks

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LAST = sorted(name for name in os.listdir(os.path.join(ROOT, "sql", "schema")))[-1]


def run(program, db, *args):
    return subprocess.run([program, *args, "--db", db], capture_output=True, text=True, check=False, env=dict(os.environ, GONGFU_KEY_FILE=os.path.join(pg_server.server_folder(), "upgrade.key")))


def counts(name, schema):
    tables = [row[0] for row in pg_server.psql(name, f"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '{schema}'::regnamespace ORDER BY 1")]
    return {table: int(pg_server.psql(name, f'SELECT count(*) FROM {schema}."{table}"')[0][0]) for table in tables}


def schemas(name):
    return [row[0] for row in pg_server.psql(name, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%' ORDER BY 1")]


# The way back from the last migration, what makes its last step fail, and what clears that away again: to be written anew with each.
WAY_BACK = ("ALTER TABLE search_record DROP COLUMN open_words", "ALTER TABLE search_record DROP COLUMN personal_words", "CREATE INDEX search_word_record ON search_word (record_id)")
IN_THE_WAY, AWAY_AGAIN, NAMED = "ALTER INDEX search_word_record RENAME TO put_aside", "ALTER INDEX put_aside RENAME TO search_word_record", "search_word_record"
assert LAST == "0013_search.sql", f"{LAST}: this test needs another way back"


def words(name):
    """The words that records name, and those that are in the index."""
    named = pg_server.psql(name, "SELECT id, 0, regexp_split_to_table(open_words, ' ') FROM search_record WHERE open_words <> '' UNION ALL "
                                 "SELECT id, 1, regexp_split_to_table(personal_words, ' ') FROM search_record WHERE personal_words <> ''")
    return sorted(map(tuple, named)), sorted(map(tuple, pg_server.psql(name, "SELECT record_id, personal, gram FROM search_word")))


def make_older(name):
    for sql in (*WAY_BACK, "UPDATE gf_store SET schema = schema - 1"):
        pg_server.psql(name, sql)


def main():
    checks, program = Checks(), os.path.abspath(sys.argv[1])
    db = pg_server.fresh("upgrade")
    name = db.rsplit("/", 1)[1]
    loaded = run(program, db, "load", os.path.join(ROOT, "data", "taishun"), os.path.join(ROOT, "data", "calendar"))
    checks.that("a store of today", loaded.returncode == 0, loaded.stderr)
    latest = int(pg_server.psql(name, "SELECT schema FROM gf_store")[0][0])
    pg_server.psql(name, "CREATE EXTENSION amcheck")
    checked = run(program, db, "check", "--json")
    checks.that("with amcheck every index fits its table", checked.returncode == 0 and json.loads(checked.stdout)["ok"], checked.stdout[:300] + checked.stderr)
    make_older(name)
    was = counts(name, "public")
    told = run(program, db, "check")
    checks.that("an older store is told apart", told.returncode == 5 and "schema" in told.stderr, told.stderr)
    pg_server.psql(name, IN_THE_WAY)
    failed = run(program, db, "upgrade")
    checks.that("an upgrade that fails says why", failed.returncode != 0 and NAMED in failed.stderr, failed.stderr)
    checks.that("and leaves the old store, and no copy", schemas(name) == [] and counts(name, "public") == was and pg_server.psql(name, "SELECT schema FROM gf_store")[0][0] == str(latest - 1), schemas(name))
    pg_server.psql(name, AWAY_AGAIN)
    done = run(program, db, "upgrade")
    checks.that("an upgrade is made", done.returncode == 0 and pg_server.psql(name, "SELECT schema FROM gf_store")[0][0] == str(latest), done.stderr)
    named, held = words(name)
    checks.that("records name their words, as many as there are", named == held and len(held) > 1000, (len(named), len(held)))
    kept = f"before_v{latest}"
    checks.that("what it was stands beside it, table by table", schemas(name) == [kept] and counts(name, kept) == was, (schemas(name), len(was)))
    again = run(program, db, "upgrade")
    checks.that("a store of today is not copied again", again.returncode == 0 and schemas(name) == [kept], again.stderr)
    checked = run(program, db, "check", "--json")
    checks.that("check is clean", checked.returncode == 0 and json.loads(checked.stdout)["ok"], checked.stdout[:300] + checked.stderr)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
