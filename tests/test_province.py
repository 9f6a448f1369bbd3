"""test_province.py GONGFU: the invented province says that it is invented, is the same on every machine, has the counts that it promises, loads beside
the real books without touching them, and is clean.

The digest stands for the bytes of the whole folder: who changes the generator on purpose changes it here. Counts are 496,000 households, 760,000
persons and 5,000 villages at 5 million lines, scaled; a check digit is worked out again as GB 11643 says: weights 2^(17-i) modulo 11.
"""
import collections
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

from test_serve import ROOT, Checks, Server

LINES = 20_000
DIGEST = "8e1b2e8425820cd916d24b5f1056a9c6562a03e72906106485e9d989516d9eed"
COUNTIES = 26
OPEN_NAMES = ("places", "units", "programmes", "groups", "funds", "projects", "assets", "households", "visits", "measures", "cases", "documents", "indicators")
SAYS_SO = ("演示", "示例")


def make(gongfu, folder, seed=1, lines=LINES):
    return subprocess.run([gongfu, "demo", "province", "--seed", str(seed), "--lines", str(lines), "--out", folder, "--json"], capture_output=True, text=True, check=False)


def digest(folder):
    whole = hashlib.sha256()
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            whole.update(name.encode() + hashlib.sha256(file.read()).digest())
    return whole.hexdigest()


def tables_of(folder):
    tables = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
            tables[name[:-4]] = list(csv.DictReader(file))
    return tables


def right_digit(number):
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(number[:17]))
    return len(number) == 18 and number[17] == "10X98765432"[total % 11]


def bytes_are_the_same(gongfu, checks, folder):
    a, b, c = (os.path.join(folder, name) for name in "abc")
    run = make(gongfu, a)
    made = json.loads(run.stdout)
    make(gongfu, b)
    make(gongfu, c, seed=2)
    checks.that("twice the same bytes", digest(a) == digest(b))
    checks.that("the same bytes as on any machine", digest(a) == DIGEST, digest(a))
    checks.that("another seed gives other bytes", digest(a) != digest(c))
    checks.that("it tells the bytes", made["bytes"] == sum(os.path.getsize(os.path.join(a, name)) for name in os.listdir(a)), made["bytes"])
    for name, lines in (("odd", 20_001), ("few", 9_998), ("many", 10_000_002)):
        refused = make(gongfu, os.path.join(folder, name), lines=lines)
        checks.that(f"{lines} lines are refused, and nothing is made", refused.returncode == 2 and not os.path.exists(os.path.join(folder, name)), refused.stderr)
    refused = make(gongfu, a)
    checks.that("a folder that holds something is left alone", refused.returncode == 5 and digest(a) == DIGEST, refused.stderr)
    return a, made


def rows_say_so(checks, tables, made):
    counts = {"households": 496_000 * LINES // 5_000_000, "household_members": 760_000 * LINES // 5_000_000, "entries": LINES // 2}
    for name, count in counts.items():
        checks.that(f"{count} {name}", len(tables[name]) == count, len(tables[name]))
    checks.that("it tells the rows of every register", made["rows"] == {name: len(rows) for name, rows in tables.items()}, made["rows"])
    checks.that("it tells lines and entries", made["lines"] == LINES and made["entries"] == len({e["entry"] for e in tables["entries"]}), made)
    checks.that("26 counties, each with villages", collections.Counter(p["level"] for p in tables["places"])["county"] == COUNTIES
                and len({p["code"][:6] for p in tables["places"] if p["level"] == "village"}) == COUNTIES)
    for name, rows in tables.items():
        checks.that(f"{name}: origin demo in every row", bool(rows) and all(row["origin"] == "demo" for row in rows))
        if name not in ("places", "programmes", "entries"):
            keys = [next(iter(row.values())) for row in rows]
            checks.that(f"{name}: ids of its own, each once", all(key.startswith("pv-") for key in keys) and len(set(keys)) == len(keys))
    for name in OPEN_NAMES:
        silent = [row["name"] for row in tables[name] if not any(word in row["name"] for word in SAYS_SO)]
        checks.that(f"{name}: every name says that it is invented", not silent, silent[:3])
    people = [m["name"] for m in tables["household_members"]] + [p["name"] for p in tables["persons"]] + [h["head"] for h in tables["households"]]
    checks.that("so does every person's", all("示例" in name for name in people))
    checks.that("places are of a province that is none", all(p["code"].startswith("99") for p in tables["places"]))
    checks.that("names are not met twice in a county", max(collections.Counter((p["name"], p["code"][:6]) for p in tables["places"] if p["level"] == "village").values()) == 1)
    members = tables["household_members"]
    checks.that("numbers of persons have a right check digit, and an area that is none", all(right_digit(m["id_number"]) and m["id_number"].startswith("99") for m in members))
    checks.that("and their year of birth", all(m["id_number"][6:10] == m["birth_year"] for m in members))
    heads = {m["household"]: m["name"] for m in members if m["relation"] == "户主"}
    checks.that("every household has one head, by the same name", len(heads) == sum(m["relation"] == "户主" for m in members) == len(tables["households"]) and all(heads[h["id"]] == h["head"] for h in tables["households"]))


def books_say_so(checks, tables):
    entries = tables["entries"]
    sites = collections.defaultdict(set)
    for e in entries:
        sites[e["project"]].add((e["fund"], e["place"]))
    checks.that("a project has one fund and one village", all(len(site) == 1 for site in sites.values()))
    checks.that("keys begin with pv-", all(e["key"].startswith("pv-") for e in entries))
    checks.that("three years", min(e["date"] for e in entries)[:4] == "2021" and max(e["date"] for e in entries)[:4] == "2023" and len({e["date"][:7] for e in entries}) == 36)
    checks.that("all five kinds, loose periods, bounds", len({e["kind"] for e in entries}) == 5 and any(len(e["period"]) == 4 for e in entries) and any(len(e["period"]) == 7 for e in entries)
                and len({e["bound"] for e in entries}) == 3)
    many = collections.Counter(e["entry"] for e in entries)
    checks.that("entries of several rows", set(many.values()) == {1, 2, 3, 4}, many.most_common(2))
    said = collections.defaultdict(list)
    WORDS = ("period", "verb", "kind", "from_party", "to_party", "fund", "project", "place", "stage_from", "stage_to", "amount_fen", "bound")
    for e in entries:
        said[e["entry"]].append([e[word] for word in WORDS])
    back = {e["entry"]: e["reverses"] for e in entries if e["reverses"]}
    checks.that("some are taken back, once, word for word, later", len(back) > 20 and len(set(back.values())) == len(back) and all(said[a] == said[b] for a, b in back.items()), len(back))


def real_rows(gongfu, db, folder):
    """Every row of the books that is not the province's, as dump writes it, but for the ledger's numbers."""
    subprocess.run([gongfu, "dump", folder, "--db", db], check=True, capture_output=True)
    tables = {}
    for name in os.listdir(folder):
        if name.endswith(".csv") and name not in ("history.csv", "batches.csv", "subject_keys.csv", "settings.csv", "imports.csv", "operation_log.csv", "login_log.csv"):
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                tables[name] = [row for row in csv.reader(file) if "demo" not in row]
    return tables


def entry_of(ask, label):
    """The number that the ledger gave to the entry of this label, by its key."""
    return ask(f"/api/v1/records/entries?programme=province-demo&limit=1&key=pv-{int(label):07}")["records"][0]["entry"]


def office_answers(server, checks, tables):
    def ask(path):
        answer, data = server.ask("GET", path)
        return json.loads(data) if answer.status == 200 else {"status": answer.status, "said": data[:200]}
    county = "990101"
    inside = [h for h in tables["households"] if h["place"].startswith(county)]
    listed = ask(f"/api/v1/records/households?within={county}&limit=200&count=1&programme=province-demo")
    checks.that("the households of a county are listed", listed.get("count", listed.get("total")) == len(inside) and len(listed["records"]) == min(200, len(inside)), str(listed)[:300])
    checks.that("and none of their names is open", not any(h["head"] in json.dumps(listed, ensure_ascii=False) for h in inside))
    name = next(p["name"] for p in tables["places"] if p["code"] == "990101100201")
    found = ask(f"/api/v1/search?q={urllib.parse.quote(name)}&programme=province-demo")
    checks.that("a village is found by its name", any(f["id"] == "990101100201" for f in found["found"]), str(found)[:300])
    statement = ask(f"/api/v1/statement?programme=province-demo&scope=place:{county}")
    booked = collections.Counter()
    for e in tables["entries"]:
        if e["place"].startswith(county) and e["kind"] == "investment":
            booked[e["stage_to"]] += int(e["amount_fen"]) * (-1 if e["reverses"] else 1)
    told = {m["stage"]: m["amount_fen"] for m in statement["money"] if m["kind"] == "investment"}
    checks.that("a county's statement is the sum of its rows", told == dict(booked) and told, (told, booked))
    cockpit = ask("/api/v1/cockpit?programme=province-demo")
    checks.that("the cockpit shows its counties", {f"9901{i + 1:02d}" for i in range(COUNTIES)} <= {p["code"] for p in cockpit["places"]}, str(cockpit)[:200])
    below = collections.Counter(p["place"][:6] for p in tables["projects"])
    seats = {p["code"]: p for p in cockpit["places"]}
    checks.that("with all projects below each, and no town or village", all(seats[code]["projects"] == count and seats[code]["below"] for code, count in below.items())
                and all(p["level"] in ("province", "city", "county") for p in cockpit["places"]))
    report = ask(f"/api/v1/report?programme=province-demo&place={county}")
    inside = {m["scope"] for m in report["money"]}
    checks.that("a county's report speaks of it and of what lies below it alone", report["scope"] == f"place:{county}" and inside and all(scope.startswith(f"place:{county}") for scope in inside)
                and all(i["place"].startswith(county) for i in report["indicators"]) and len(report["indicators"]) == 3, str(report)[:300])
    checks.that("and says what its statement says", {m["stage"]: m["amount_fen"] for m in report["money"] if m["scope"] == f"place:{county}" and m["kind"] == "investment"} == told)
    villages = {p["code"] for p in tables["places"] if p["level"] == "village" and p["code"].startswith(county)}
    checks.that("a chapter for each of its villages", {c["scope"][6:] for c in report["chapters"]} - {county} == villages, [c["scope"] for c in report["chapters"]])
    whole = ask("/api/v1/report?programme=province-demo")
    checks.that("the province's speaks of its counties and units", {len(m["scope"]) for m in whole["money"] if m["scope"].startswith("place:")} == {len("place:990101")} and any(m["scope"].startswith("unit:") for m in whole["money"])
                and not any(m["scope"].startswith(("project:", "fund:")) for m in whole["money"]))
    checks.that("no such place", ask("/api/v1/report?programme=province-demo&place=999999")["status"] == 404)
    flow = ask("/api/v1/flow?programme=province-demo&kind=in_kind")
    sums = collections.Counter()
    for e in tables["entries"]:
        if e["kind"] == "in_kind":
            sums["place:" + e["place"][:6]] += int(e["amount_fen"]) * (-1 if e["reverses"] else 1)
    checks.that("money flows from the group to the counties", {link["to"]: link["amount_fen"] for link in flow["links"]} == {place: fen for place, fen in sums.items() if fen > 0}, str(flow)[:300])
    traced = ask("/api/v1/trace/" + urllib.parse.quote(flow["links"][0]["figure"], safe=""))
    checks.that("and each opens", round(float(traced["figure"]["value"]) * 100) == flow["links"][0]["amount_fen"] and traced["recomputed"]["equal"], str(traced)[:200])
    numbers = {e["entry"] for e in tables["entries"]}
    count = lambda path: ask(f"/api/v1/records/entries?programme=province-demo&limit=1&count=1{path}")["count"]
    checks.that("all entries are counted", count("") == len(numbers) == count(""))
    project = tables["entries"][0]["project"]
    checks.that("and those of a project", count(f"&project={project}") == len({e["entry"] for e in tables["entries"] if e["project"] == project}))
    back = next(e for e in tables["entries"] if e["reverses"])
    checks.that("and those that take one back", count(f"&reverses={entry_of(ask, back['reverses'])}") == 1)
    row = {"kind": "cash", "from_party": "pv-u-01-0", "to_party": "990101100201", "fund": "pv-f-01-00", "stage_to": "paid", "amount_fen": 100, "bound": "exact"}
    answer, data = server.ask("POST", "/api/v1/records/entries", json.dumps({"key": "pv-test-1", "date": "2023-12-31", "verb": "投入", "origin": "demo", "rows": [row]}), {"Content-Type": "application/json", "Idempotency-Key": "pv-test-1"})
    checks.that("one more is counted on", answer.status == 201 and count("") == len(numbers) + 1, (answer.status, data[:200]))
    real = ask("/api/v1/cockpit?programme=taishun")
    checks.that("and the real programme's nothing of it", "pv-" not in json.dumps(real))


def beside_the_real_books(gongfu, checks, folder, made, tables):
    server = Server(gongfu, folder, ("taishun", "calendar"))
    try:
        server.stop()
        before = real_rows(gongfu, server.db, os.path.join(folder, "before"))
        report = server.run("report", "--programme", "taishun", "--format", "md")
        server.run("load", os.path.join(folder, "a"))
        after = real_rows(gongfu, server.db, os.path.join(folder, "after"))
        checks.that("no real row is touched", before == after and sum(len(rows) for rows in before.values()) > 500, [name for name in before if before[name] != after.get(name)])
        words = lambda text: [line for line in text.splitlines() if "SHA" not in line and "链" not in line]
        checks.that("nor a word of the real report", words(report) == words(server.run("report", "--programme", "taishun", "--format", "md")))
        again = json.loads(server.run("load", os.path.join(folder, "a"), "--json"))
        checks.that("loaded again it adds nothing", again["loaded"] == 0, str(again))
        server.start("--demo")
        office_answers(server, checks, tables)
    finally:
        server.stop()
    check = subprocess.run([gongfu, "check", "--json", "--db", server.db], capture_output=True, text=True, check=False)
    said = json.loads(check.stdout)
    checks.that("check is clean", said["ok"], check.stdout[:400])


def in_full(gongfu, checks, folder):
    """The whole of it, written but not loaded: half a gigabyte."""
    made = json.loads(make(gongfu, os.path.join(folder, "full"), lines=5_000_000).stdout)
    counted = {}
    for name in ("households", "household_members", "entries"):
        with open(os.path.join(folder, "full", name + ".csv"), "rb") as file:
            counted[name] = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
    checks.that("in full: 496,000 households, 760,000 persons, 5 million lines", counted == {"households": 496_000, "household_members": 760_000, "entries": 2_500_000}, counted)
    checks.that("as it tells", all(made["rows"][name] == count for name, count in counted.items()))


def main():
    gongfu, checks = os.path.abspath(sys.argv[1]), Checks()
    with tempfile.TemporaryDirectory() as folder:
        made_in, made = bytes_are_the_same(gongfu, checks, folder)
        tables = tables_of(made_in)
        rows_say_so(checks, tables, made)
        books_say_so(checks, tables)
        empty = os.path.join(folder, "empty.db")
        run = subprocess.run([gongfu, "load", made_in, "--json", "--db", "sqlite:" + empty], capture_output=True, text=True, check=False)
        loaded = json.loads(run.stdout)["loaded"] if run.returncode == 0 else run.stderr
        checks.that("an empty store takes it", loaded == sum(made["rows"].values()) - made["rows"]["entries"] + made["entries"], loaded)
        beside_the_real_books(gongfu, checks, folder, made, tables)
        if os.environ.get("GONGFU_PROOF"):
            in_full(gongfu, checks, folder)
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
