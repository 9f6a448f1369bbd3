"""ledger_random.py GONGFU: random operations on one ledger, and a full scan after every 1,000.

Operations: entries of one to three rows of every kind, the same key again (books once), the same key with other words
(refused), reversals, a second reversal (refused), moves inside a stage, unknown parties, loose periods. After every
1,000 operations `check` scans everything (sum zero per kind and fund, totals equal to the scan, group = views of the
members - counted twice + outside), and Python adds up the lines of the store by itself. At the end of a seed every kept
total is compared with the meaning of its name, computed from the dump. 10^4 operations; 10^6 over 20 seeds with
GONGFU_PROOF=1.
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

import books_at_random
import recompute
import stores

PROOF = bool(os.environ.get("GONGFU_PROOF"))
SEEDS, BATCHES, BATCH = (20, 50, 1000) if PROOF else (2, 5, 1000)
COLUMNS = "entry,date,period,verb,kind,from_party,to_party,fund,project,place,stage_from,stage_to,amount_fen,bound,purpose,voucher,source,origin,key,reverses".split(",")


class Operations:
    """Makes batches; remembers what was booked, so that it can be repeated, contradicted and taken back."""

    def __init__(self, seed, places):
        self.dice, self.places, self.number = random.Random(seed), places, 0
        self.booked, self.open = {}, []   # key -> rows; keys that may be reversed

    def fresh(self):
        dice = self.dice
        kind = dice.choice(["cash"] * 5 + list(books_at_random.STAGES))
        self.number += 1
        key, date, rows = f"k{self.number}", f"{dice.randint(2020, 2024)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}", []
        voucher = dice.choice(["", f"V{self.number}"])
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            giver, taker = dice.sample([f"u{n}" for n in range(8)] + self.places + ["unstated"], 2)
            rows.append([key, date, books_at_random.period_at_random(dice) if dice.random() < 0.2 else "", "动词", kind, giver, taker, dice.choice(["", "f0", "f1", "f2", "f3", "f4"]), dice.choice(["", "pr0", "pr1"]),
                         dice.choice([""] + self.places), dice.choice([""] + books_at_random.STAGES[kind]), dice.choice(books_at_random.STAGES[kind]), str(dice.randint(1, 10**9)),
                         dice.choice(["exact"] * 5 + ["at_least", "about"]), "", voucher, "", "entered", key, ""])
        return rows

    def reversal(self):
        target = self.open.pop(self.dice.randrange(len(self.open)))
        self.number += 1
        key = f"k{self.number}"
        rows = []
        for row in self.booked[target]:
            back = list(row)
            back[0], back[18], back[19] = key, key, target
            back[5], back[6], back[10], back[11] = row[6], row[5], row[11], row[10]
            rows.append(back)
        return rows

    def batch(self, count):
        """Rows to load, how many entries they add, and a list of single loads that must be refused."""
        rows, added, refused = [], 0, []
        while added < count:
            if self.open and self.dice.random() < 0.1:
                made = self.reversal()
            else:
                made = self.fresh()
                self.open.append(made[0][18])
            self.booked[made[0][18]] = made
            rows += made
            added += 1
        again = self.dice.choice([key for key, made in self.booked.items() if not made[0][19]])
        other = [list(r) for r in self.booked[again]]
        other[0][12] = str(int(other[0][12]) + 1)
        refused.append((other, 5))
        taken_back = [made for made in self.booked.values() if made[0][19]]
        if taken_back:
            twice = [list(r) for r in self.dice.choice(taken_back)]
            for row in twice:
                row[0] = row[18] = f"again{self.number}"
            refused.append((twice, 5))
        return rows, added, refused


def load(gongfu, folder, db, rows, code=0):
    path = os.path.join(folder, "entries.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
    run = subprocess.run([gongfu, "load", path, "--db", db, "--json"], capture_output=True, check=False)
    if run.returncode != code:
        raise SystemExit(f"load: exit {run.returncode}, expected {code}: {run.stderr.decode()}")
    return json.loads(run.stdout)["loaded"] if code == 0 else 0


def scan(db):
    """Python's own sums over the lines of the store: nothing left over in any kind and fund."""
    left = stores.execute(db, "SELECT a.kind, a.fund, sum(l.amount_fen) FROM entry_line l JOIN account a ON a.id = l.account_id GROUP BY 1, 2 HAVING sum(l.amount_fen) <> 0")
    return left, int(stores.execute(db, "SELECT count(*) FROM entry")[0][0])


def compare_totals(gongfu, folder, db):
    dump = os.path.join(folder, "dump")
    subprocess.run([gongfu, "dump", dump, "--db", db], check=True, capture_output=True)
    books = recompute.Books(dump)
    kept = {}
    for programme, scope, kind, stage, origin, amount in stores.execute(db, "SELECT programme, scope, kind, stage, origin, sum(amount_fen) FROM total GROUP BY 1, 2, 3, 4, 5"):
        kept[programme, scope, kind, stage, origin] = int(amount)
    meant = {}
    for rows in books.entries.values():
        for row in rows:
            units = {row["from_party"], row["to_party"], row["unit"]} & books.units
            scopes = ["group", "outside"] + [f"unit:{u}" for u in units] + [f"place:{p}" for p in books.ancestors(row["place"])] + [f"{c}:{row[c]}" for c in ("fund", "project") if row[c]]
            for scope in scopes:
                amount, stage = books.share(row, scope)
                key = books.programme_of(row), scope, row["kind"], stage, row["origin"]
                meant[key] = meant.get(key, 0) + amount
    keys = set(kept) | set(meant)
    return sum(kept.get(k, 0) != meant.get(k, 0) for k in keys), len(keys)


def main():
    gongfu = os.path.abspath(sys.argv[1])
    passed = failed = operations = 0

    def that(name, ok, note=""):
        nonlocal passed, failed
        if not ok:
            print(f"FAIL {name}: {note}")
        passed, failed = passed + bool(ok), failed + (not ok)

    for seed in range(1, SEEDS + 1):
        with tempfile.TemporaryDirectory() as folder:
            db = stores.address(os.path.join(folder, "l.db"))
            books_at_random.make(os.path.join(folder, "books"), seed, 0)
            subprocess.run([gongfu, "load", os.path.join(folder, "books"), "--db", db], check=True, capture_output=True)
            with open(os.path.join(folder, "books", "places.csv"), encoding="utf-8", newline="") as file:
                work = Operations(seed, [p["code"] for p in csv.DictReader(file)])
            total = 0
            for turn in range(BATCHES):
                rows, added, refused = work.batch(BATCH)
                total += added
                first = {r[18] for r in rows[:50]}
                operations += added + 1 + len(refused)
                that(f"seed {seed}, batch {turn}: all booked", load(gongfu, folder, db, rows) == added)
                that(f"seed {seed}, batch {turn}: the same keys book once", load(gongfu, folder, db, [r for r in rows if r[18] in first]) == 0)
                for wrong, code in refused:
                    load(gongfu, folder, db, wrong, code)
                run = subprocess.run([gongfu, "check", "--json", "--db", db], capture_output=True, check=False)
                checked = json.loads(run.stdout)
                that(f"seed {seed}, batch {turn}: the full scan", checked["ok"] and checked["entries"] == total, checked["problems"][:2])
                left, entries = scan(db)
                that(f"seed {seed}, batch {turn}: nothing left over", not left and entries == total, left)
            wrong, keys = compare_totals(gongfu, folder, db)
            that(f"seed {seed}: {keys} kept totals are what their names mean", wrong == 0 and keys > 100, wrong)
    print(f"{operations} operations over {SEEDS} seeds")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
