"""test_facts_placed.py GONGFU: the article's records hold what the article says, and nothing else.

Two halves. What the tables say of each other (citations, places, units, parties, numbers of records against the facts they cite)
is checked anywhere. What they say against the seed's own tables (words, readings, the register of each fact, divisions, positions)
needs ../shared, and is skipped with the reason where that is absent.
"""
import csv
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(ROOT, "data", "taishun")
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data", "taishun")
# A register may keep part of its matter in a table of its own.
PARTS = {"projects": ["projects", "project_stages", "project_conditions"], "loans": ["loans", "loan_policies"], "source": ["sources"], "units": ["units", "members"]}
BOUNDS = {"exact": "exact", "min": "at_least", "approx": "about", "": ""}
# The columns in which a record repeats a number of its fact, and how many of its units make one of the fact's.
NUMBERS = {"quantity": 1, "value": 1, "capacity": 1, "approved_fen": 100, "amount_fen": 100}
MONEY = {"F050", "F063", "F074", "F087", "F090", "F105", "F111", "F134", "F138"}
# Where the article names no place of the divisions, and the level that it does give.
READ_AS = {"泰顺县罗阳镇岭北小学": "罗阳镇", "龟湖石坑": "龟湖镇", "温州市": "", "": ""}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cites(row, key="source"):
    return [word for word in row.get(key, "").split(";") if word]


def key_of(row):
    return next(iter(row.values()))


# ---- What the tables say of each other ----

def references(tables):
    facts, places, units = ({key_of(r) for r in tables[name]} for name in ("facts", "places", "units"))
    sources = facts | {key_of(r) for name in ("sources", "documents") for r in tables[name]}
    for name, rows in sorted(tables.items()):
        stray = [f"{key_of(r)}: {s}" for r in rows for s in cites(r) if s not in sources]
        yield f"{name}: every source cited exists", not stray, stray
        silent = [key_of(r) for r in rows if not cites(r) and name != "sources"]
        yield f"{name}: every row cites something", not silent, silent
        lost = [f"{key_of(r)}: {r['place']}" for r in rows if r.get("place") and r["place"] not in places]
        lost += [f"{key_of(r)}: {u}" for r in rows for u in cites(r, "units") + cites(r, "unit") if u not in units and name not in ("facts", "indicators", "observations")]
        lost += [f"{key_of(r)}: {u}" for r in rows for u in cites(r, "units") if u not in units]
        lost += [f"{key_of(r)}: {r[c]}" for r in rows for c in ("from_party", "to_party") if c in r and r[c] not in units | places | {"unstated"}]
        yield f"{name}: every place, unit and party exists", not lost, lost
        strange = [key_of(r) for r in rows if r.get("origin") not in ("article", "imported")]
        yield f"{name}: article or imported, nothing else", not strange, strange
    yield "all 141 facts, F001 to F141", facts == {f"F{n:03}" for n in range(1, 142)}, sorted(facts)[:3]
    cited = {s for name, rows in tables.items() if name != "facts" for r in rows for s in cites(r)}
    yield "every fact is cited by a record", facts <= cited, sorted(facts - cited)


def numbers(tables):
    facts = {f["id"]: f for f in tables["facts"]}
    for name, rows in sorted(tables.items()):
        for row in rows if name not in ("facts", "positions") else []:
            cited = [facts[s] for s in cites(row) if s in facts]
            for column, scale in NUMBERS.items():
                if not row.get(column):
                    continue
                same = [f for f in cited if f["value"] and "." not in row[column] + f["value"] and int(row[column]) == int(f["value"]) * scale or f["value"] == row[column]]
                yield f"{name}/{key_of(row)}: {column} is its fact's", bool(same), row[column]
                bounds = {f["bound"] for f in same}
                yield f"{name}/{key_of(row)}: so is its bound", row.get("bound") in bounds, f"{row.get('bound')} for {bounds}"
                unit = row.get({"quantity": "quantity_unit", "value": "unit", "capacity": "capacity_unit"}.get(column, ""), "CNY")
                yield f"{name}/{key_of(row)}: so is its unit", unit in {f["unit"] for f in same}, unit
            periods = {f["period"] for f in cited if f["period"]}
            if row.get("period") and periods:
                yield f"{name}/{key_of(row)}: its period is its fact's", row["period"] in periods, f"{row['period']} for {periods}"


def who_and_where(tables):
    """A record stands at a place and under a unit of the facts it cites."""
    facts = {f["id"]: f for f in tables["facts"]}
    for name, rows in sorted(tables.items()):
        for row in rows if name != "facts" else []:
            cited = [facts[s] for s in cites(row) if s in facts]
            places, units = {f["place"] for f in cited if f["place"]}, {u for f in cited for u in cites(f, "units")}
            if row.get("place") and cited:
                yield f"{name}/{key_of(row)}: its place is its fact's", row["place"] in places, f"{row['place']} for {places}"
            named = cites(row, "unit" if name not in ("indicators", "observations") else "units") + cites(row, "units")
            if named and cited:
                yield f"{name}/{key_of(row)}: its units are its fact's", set(named) <= units, f"{named} for {units}"


def money(tables):
    facts = {f["id"]: f for f in tables["facts"]}
    booked = [e["source"] for e in tables["entries"]]
    yield "nine facts are booked, each once", sorted(booked) == sorted(MONEY), booked
    # A verb of the article names one stage, and none before it: what came before is unknown.
    yield "no entry claims a stage before its own", all(e["stage_from"] == "" for e in tables["entries"]), ""
    verbless = [e["key"] for e in tables["entries"] if e["verb"] not in facts[e["source"]]["phrase"]]
    yield "the verb of an entry stands in the article's words", not verbless, verbless
    yield "no project is called accepted: the article tells of no acceptance", all(p["stage"] not in ("accepted", "handed_over") for p in tables["projects"]), ""


# ---- What they say against the seed's own tables ----

def placed(tables):
    for row in read(os.path.join(SHARED, "fact_registers.csv")):
        homes = PARTS.get(row["register"], [row["register"]])
        yield f"{row['id']} stands in {row['register']}", any(row["id"] in cites(r) for name in homes for r in tables[name]), ""


def words(tables):
    ours = {f["id"]: f for f in tables["facts"]}
    place = {p["code"]: p for p in tables["places"]}
    names = {u["id"]: {u["name"], u["short_name"], *u["aliases"].split(";")} for u in tables["units"]}
    for fact in read(os.path.join(SHARED, "facts.csv")):
        mine = ours.get(fact["id"], {})
        yield f"{fact['id']}: its words, where they stand, its period", all(mine.get(k) == fact[k] for k in ("line", "char", "phrase", "period")), mine
        counted = fact["kind"] not in ("document", "source_meta") and fact["amount_base"]
        reading = (fact["amount_base"], fact["base_unit"], BOUNDS[fact["bound"]]) if counted else ("", "", "")
        yield f"{fact['id']}: its reading", (mine.get("value"), mine.get("unit"), mine.get("bound")) == reading, mine
        at = place.get(mine.get("place"), {"name": "", "aliases": ""})
        where = READ_AS.get(fact["where"], fact["where"])
        told = where.endswith(at["name"]) if at["name"] else where == ""
        yield f"{fact['id']}: its place", told or any(where.endswith(a) for a in cites(at, "aliases")), f"{at['name']} for {fact['where']}"
        who = zip(fact["who"].split(";"), mine.get("units", "").split(";"))
        stranger = [w for w, u in who if w not in names.get(u, set()) and not any(n.startswith(w) for n in names.get(u, ()))]
        yield f"{fact['id']}: its units", not stranger and fact["who"].count(";") == mine.get("units", "").count(";"), stranger


def map_of_the_county(tables):
    divisions = {d["code"]: d for d in read(os.path.join(SHARED, "divisions.csv"))}
    places = {p["code"]: p for p in tables["places"]}
    yield "the places are the divisions", set(places) == set(divisions) and all(re.fullmatch(r"\d{6}|\d{9}|\d{12}", c) for c in places), ""
    renamed = [c for c, p in places.items() if divisions[c]["name"] not in (p["name"], *p["aliases"].split(";"))]
    yield "each under its official name or with it as an alias", not renamed, renamed
    misplaced = [c for c, p in places.items() if p["parent"] and p["parent"] != divisions[c]["parent_code"]]
    yield "each under its official parent", not misplaced, misplaced
    names = [p["name"] for p in places.values()]
    found = [p for p in places.values() if "唯一名称" in p["note"]]
    yield "five villages found by name, each name once", len(found) == 5 and all(names.count(p["name"]) == 1 for p in found), [p["name"] for p in found]
    theirs = read(os.path.join(SHARED, "positions.csv"))
    point = lambda r, code: (r[code], r["lon"], r["lat"], r["match"], r["error_m"], r["crs_found"])
    yield "the positions are theirs, none invented", sorted(point(r, "place") for r in tables["positions"]) == sorted(point(r, "code") for r in theirs), ""


def main():
    tables = {os.path.basename(p)[:-4]: read(p) for p in glob.glob(os.path.join(DATA, "*.csv"))}
    shared = os.path.exists(SHARED)
    halves = [references, numbers, who_and_where, money] + ([placed, words, map_of_the_county] if shared else [])
    checks = [check for half in halves for check in half(tables)]
    failed = [(name, note) for name, ok, note in checks if not ok]
    for name, note in failed:
        print(f"FAIL {name}: {note}")
    if not shared:
        print("SKIP facts_placed: words, readings, divisions and positions are not compared, ../shared is not there")
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed, {0 if shared else 3} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
