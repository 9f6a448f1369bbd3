"""Recompute every figure of a report from what `gongfu dump` wrote, knowing nothing of the program.

recompute.py DUMP_FOLDER REPORT.json: for each figure of the report the value and bound are computed again from the
dumped tables by the meaning of its id and its derivation; they must agree to the fen. Exit 1 when one does not.
"""
import csv
import datetime
import json
import os
import sys
from decimal import Decimal

LOOSER = {"": 0, "exact": 0, "at_least": 1, "about": 2}
BOUNDS = ["exact", "at_least", "about"]
STAGELESS = "none"


def read(folder, name):
    path = os.path.join(folder, name + ".csv")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day_range(text):
    """First and last day of a date or loose period; None for no text."""
    if not text:
        return datetime.date.min, datetime.date.max
    sides = text.split("/")

    def side(part, last):
        if part == "..":
            return datetime.date.max
        numbers = [int(n) for n in part.split("-")]
        year, month, day = (numbers + [0, 0])[:3]
        if not last:
            return datetime.date(year, month or 1, day or 1)
        if day:
            return datetime.date(year, month, day)
        month = month or 12
        after = datetime.date(year + (month == 12), month % 12 + 1, 1)
        return after - datetime.timedelta(days=1)
    return side(sides[0], False), side(sides[-1], True)


class Books:
    def __init__(self, folder):
        self.folder = folder
        self.tables = {}
        self.entries = {}
        for row in read(folder, "entries"):
            self.entries.setdefault(int(row["entry"]), []).append(row)
        self.parents = {p["code"]: p["parent"] for p in self.table("places")}
        self.units = {u["id"] for u in self.table("units")}
        members = {m["unit"] for m in self.table("members")}
        self.members = members or self.units
        self.fund_programme = {f["id"]: f["programme"] for f in self.table("funds")}
        programmes = sorted(self.table("programmes"), key=lambda p: p["id"])
        self.real = next((p["id"] for p in programmes if p["origin"] != "demo"), "")
        self.demo = next((p["id"] for p in programmes if p["origin"] == "demo"), "")
        self.demo_programmes = {p["id"] for p in programmes if p["origin"] == "demo"}

    def table(self, name):
        if name not in self.tables:
            self.tables[name] = read(self.folder, name)
        return self.tables[name]

    def row(self, name, key):
        table = self.table(name)
        first = next(iter(table[0])) if table else ""
        return next(r for r in table if r[first] == key)

    def programme_of(self, row):
        named = self.fund_programme.get(row["fund"], "")
        return named or (self.demo if row["origin"] == "demo" else self.real)

    def ancestors(self, place):
        while place:
            yield place
            place = self.parents.get(place, "")

    def share(self, row, scope):
        """What a row of entries.csv adds to a scope, in fen, and the stage it reached."""
        amount = int(row["amount_fen"])
        giver, taker, before, after = row["from_party"], row["to_party"], row["stage_from"], row["stage_to"]
        if row["reverses"]:
            amount, giver, taker, before, after = -amount, taker, giver, after, before
        inside = before and before == after
        parties = {giver, taker, row["unit"]}
        moved = 0 if inside and giver in self.members else amount
        kind, _, name = scope.partition(":")
        if kind == "group":
            return moved, after
        if kind == "outside":
            return (0 if parties & self.members else amount), after
        if kind == "unit":
            return (amount if name in parties and not (inside and giver == name) else 0), after
        if kind == "place":
            return (moved if name in self.ancestors(row["place"]) else 0), after
        return (moved if row[kind] == name else 0), after

    def total(self, figure):
        """total.<scope>.<kind>.<stage>@<period>[~origins]: value, bound and the entries under it."""
        rest = figure[len("total."):]
        rest, _, origins = rest.partition("~")
        rest, _, period = rest.rpartition("@")
        rest, stage = rest.rsplit(".", 1)
        scope, kind = rest.rsplit(".", 1)
        programme = self.real
        if "/" in scope:
            programme, scope = scope.split("/", 1)
        wanted = set(origins.split(",")) if origins else ({"demo"} if programme in self.demo_programmes else {"article", "entered", "imported", "sensor"})
        span = day_range("" if period == "all" else period)
        value, loose, under = 0, [0, 0, 0], []
        for number, rows in sorted(self.entries.items()):
            mine = False
            for row in rows:
                if row["kind"] != kind or row["origin"] not in wanted or self.programme_of(row) != programme:
                    continue
                first, last = day_range(row["period"] or row["date"])
                if first > span[1] or last < span[0]:
                    continue
                amount, reached = self.share(row, scope)
                if reached != ("" if stage == STAGELESS else stage) or amount == 0:
                    continue
                value += amount
                loose[LOOSER[row["bound"]]] += 1 if amount > 0 else -1  # a reversal takes its bound back too
                mine = True
            if mine:
                under.append(f"entry.{number}")
        bound = "about" if loose[2] > 0 else "at_least" if loose[1] > 0 else "exact"
        return Decimal(value) / 100, bound, under

    def count(self, figure):
        rest, day = figure[len("count."):].rsplit("@", 1)
        register, _, conditions = rest.partition(".")
        on = day_range(day)[1]
        pairs = [c.split("=", 1) for c in conditions.split(",") if c]
        met = 0
        for row in self.table(register):
            if not any(name == "origin" for name, _ in pairs) and row["origin"] == "demo":
                continue
            if any(value not in row[name].split(";") for name, value in pairs):
                continue
            first, last = day_range(row.get("period", ""))
            met += first <= on <= last
        return Decimal(met)

    def entry(self, number):
        rows = self.entries[int(number)]
        value = sum(int(r["amount_fen"]) for r in rows) * (-1 if rows[0]["reverses"] else 1)
        return Decimal(value) / 100, BOUNDS[max(LOOSER[r["bound"]] for r in rows)]

    def plain(self, row, value="value"):
        return (Decimal(row[value]) if row[value] else None), row["bound"] or "exact"


class Recomputer:
    def __init__(self, books, report):
        self.books, self.figures = books, report["figures"]

    def value(self, figure):
        books = self.books
        kind, _, name = figure.partition(".")
        if kind == "entry":
            return books.entry(name)
        if kind == "obs":
            return books.plain(books.row("observations", name))
        if kind == "total":
            return books.total(figure)[:2]
        if kind == "count":
            return books.count(figure), "exact"
        if kind == "record":
            register, _, key = name.partition(".")
            return books.plain(books.row(register, key), "quantity")
        if kind == "fact":
            return books.plain(books.row("facts", name))
        if kind == "indicator":
            return self.indicator(figure, name)
        raise SystemExit(f"no way to recompute {figure}")

    def indicator(self, figure, name):
        inputs = self.figures[figure]["derivation"]["inputs"]
        if ".target@" in name:
            row = self.books.row("indicators", name.split(".target@")[0])
            return Decimal(row["target"]), "exact"
        values = [self.value(i) for i in inputs]
        if self.figures[figure]["derivation"]["op"] == "difference":
            return values[0][0] - values[1][0], max((v[1] for v in values), key=BOUNDS.index)
        return values[0]

    def problems(self):
        for figure, shown in sorted(self.figures.items()):
            derivation = shown["derivation"]
            if figure.startswith("total."):
                value, bound, under = self.books.total(figure)
                if derivation["inputs"] and derivation["inputs"] != under:
                    yield figure, "inputs", under, derivation["inputs"]
            elif figure.startswith("fact.") and derivation["inputs"] != [figure]:
                parts = [self.value(i) for i in derivation["inputs"]]
                value, bound = sum(p[0] for p in parts), max((p[1] for p in parts), key=BOUNDS.index)
            else:
                value, bound = self.value(figure)
            if (value is None) != (shown["value"] is None) or (value is not None and value != shown["value"]):
                yield figure, "value", value, shown["value"]
            elif value is not None and bound != shown["bound"]:
                yield figure, "bound", bound, shown["bound"]


def recompute(folder, report_path):
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file, parse_float=Decimal, parse_int=Decimal)
    books = Books(folder)
    found = list(Recomputer(books, report).problems())
    for money in report["money"]:
        value = books.total(money["figure"])[0]
        if value * 100 != money["amount_fen"]:
            found.append((money["figure"], "amount_fen", value, money["amount_fen"]))
    return len(report["figures"]), found


def main():
    count, found = recompute(sys.argv[1], sys.argv[2])
    for figure, what, ours, theirs in found:
        print(f"{figure}: {what} is {theirs}, recomputed {ours}")
    print(f"{count} figures recomputed, {len(found)} differ")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
