"""test_plant.py GONGFU: PV plants in the books.

Energy by day and what it earns are added up a second time here, from the rows of the demo's files and the tariffs, in whole Wh and exact
fractions. Then a month is settled, readings are corrected and it is settled again; alarms are opened once; tables that cannot be
read are refused with a sentence and leave nothing; who may not see or write is refused.
"""
import collections
import csv
import datetime
import fractions
import http.client
import json
import math
import os
import subprocess
import sys
import tempfile
import time

import stores

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEMO = os.path.join(ROOT, "data", "demo")
PLANT, STEP_H, ZONE = "demo-pv", fractions.Fraction(1, 4), datetime.timedelta(hours=8)
SENSOR_FAULTS = ("stale", "outlier", "night")


class Tally:
    passed = failed = 0

    def note(self, ok, name, detail=""):
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)
        print(f"{'ok' if ok else 'FAIL'} {name}" + ("" if ok else f": {str(detail)[:600]}"))


class Client:
    def __init__(self, port, user):
        self.port, self.headers = port, {"Accept-Language": "en"}
        status, session, headers = self.ask("POST", "/session", {"user": user, "password": f"demo-{user}-2024"})
        self.headers |= {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": session["csrf"]}

    def ask(self, method, path, body=None, kind="application/json", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        data = json.dumps(body) if body is not None and kind == "application/json" else body
        connection.request(method, "/api/v1" + path, data, self.headers | ({"Content-Type": kind} if body is not None else {}) | headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        try:
            return answer.status, json.loads(data), dict(answer.getheaders())
        except ValueError:
            return answer.status, data, dict(answer.getheaders())

    def get(self, path):
        return self.ask("GET", path)[1]

    def take(self, table, name="more.csv", stamp=""):
        return self.ask("POST", f"/solar/{PLANT}/readings" + (f"?stamp={stamp}" if stamp else ""), table.encode(), "text/csv", **{"X-File-Name": name})

    def worked_out(self):
        """Waits until the newest readings are worked out."""
        until = time.time() + 60
        while time.time() < until:
            plant = self.get(f"/solar/{PLANT}")
            if plant["fresh"]:
                return plant
            time.sleep(0.1)
        raise RuntimeError("the plant was never worked out")


# ---- By hand ----

def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def rows_of_files():
    for quarter in range(1, 5):
        with open(os.path.join(DEMO, "documents", f"pv-2025-q{quarter}.csv"), encoding="utf-8") as file:
            yield from csv.DictReader(line for line in file if not line.startswith("#"))


def left_out(faults):
    """(inverter, instant of the step's middle) of every reading that a fault of its sensor disproves."""
    found = set()
    for fault in faults:
        if fault["kind"] in SENSOR_FAULTS:
            at = utc(fault["first_utc"])
            while at <= utc(fault["last_utc"]):
                found.add((fault["inverter"], at))
                at += datetime.timedelta(minutes=15)
    return found


def half_up(value):
    return math.floor(value + fractions.Fraction(1, 2))


def days_by_hand(rows, faults):
    out, sums = left_out(faults), collections.defaultdict(lambda: collections.Counter())
    for row in rows:
        middle = utc(row["utc"]) + datetime.timedelta(minutes=7, seconds=30)
        day = (middle + ZONE).date().isoformat()
        for inverter in ("N1", "N2", "N3"):
            watt = fractions.Fraction(row[f"{inverter}_ac_w"])
            sums[day]["left_out_wh" if (inverter, middle) in out else "generated_wh"] += watt * STEP_H
        sums[day]["fed_in_wh"] += fractions.Fraction(row["fed_in_w"]) * STEP_H
    return {day: {name: half_up(value) for name, value in one.items()} for day, one in sums.items()}


def price(part, day):
    with open(os.path.join(DEMO, "plant_tariffs.csv"), encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["part"] == part and row["begins"] <= day and (not row["ends"] or day <= row["ends"])]
    return fractions.Fraction(max(found, key=lambda row: row["begins"])["price_yuan_kwh"])


def part_wh(day, part):
    if part == "self_use":
        return None if day["steps_fed"] < day["steps"] else max(0, day["generated_wh"] - day["fed_in_wh"])
    return day["fed_in_wh" if part == "feed_in" else "generated_wh"]


# ---- Held against it ----

def energy(office, tally):
    plant = office.get(f"/solar/{PLANT}")
    days = {one["day"]: one for one in office.get(f"/solar/{PLANT}/days?from=2025-01-01&to=2025-12-31")["days"]}
    hand = days_by_hand(rows_of_files(), plant["faults"])
    tally.note(len(days) == 365 and set(days) == set(hand), "a day for each civil day of the readings", (len(days), len(hand)))
    wrong = [(day, name, days[day][name], value) for day, one in hand.items() for name, value in one.items() if days[day][name] != value]
    tally.note(not wrong, "energy of 365 days, made, fed in and left out, is what the rows add up to", wrong[:5])
    tally.note(sum(one["left_out_wh"] for one in days.values()) > 0, "some readings are not believed")
    for month in plant["months"]:
        of = [one for day, one in days.items() if day.startswith(month["month"])]
        same = all(month[name] == sum(one[name] for one in of) for name in ("generated_wh", "fed_in_wh", "expected_wh", "clear_wh", "left_out_wh"))
        tally.note(same and month["generated_wh"] <= month["clear_wh"], f"{month['month']} is the sum of its days, and below a sky without clouds", month)
        for part in month["parts"]:
            told = [(one["day"], part_wh(one, part["part"])) for one in of]
            worth = half_up(sum((wh or 0) * price(part["part"], day) for day, wh in told) / 10)
            exact = all(wh is not None for _, wh in told) and all(one["steps_read"] == one["steps"] and one["left_out_wh"] == 0 for one in of)
            tally.note(part["amount_fen"] == worth and part["wh"] == sum(wh or 0 for _, wh in told) and (part["bound"] == "exact") == exact, f"{month['month']} {part['part']}: energy times tariff", (part, worth, exact))
    return plant


def figures(office, tally, plant):
    for id_ in (f"energy.{PLANT}.generated@2025-05", f"energy.{PLANT}.expected@2025-02-03", f"energy.{PLANT}.self_use@2025", f"light.{PLANT}@2025-05", f"energy.{PLANT}.left_out@2025-02",
                f"pr.{PLANT}@2025-05", f"pr.{PLANT}.corrected@2025-05", f"earning.{PLANT}.feed_in@2025-05", f"energy.{PLANT}.clear@2025-01/2025-06"):
        status, trace, _ = office.ask("GET", f"/trace/{id_}")
        tally.note(status == 200 and trace["recomputed"]["equal"] and trace["tree"]["children"], f"{id_} opens, and is the same when worked out again from the files", (status, str(trace)[:300]))
    may = next(one for one in plant["months"] if one["month"] == "2025-05")
    trace = office.get(f"/trace/energy.{PLANT}.generated@2025-05")
    tally.note(abs(trace["figure"]["value"] * 1000 - may["generated_wh"]) < 0.5 and sum(child["value"] or 0 for child in trace["tree"]["children"] if child["node"] == "observation") - trace["figure"]["value"] < 1e-6,
               "a month's figure is the sum of its days", trace["figure"])
    for bad in (f"energy.{PLANT}.colour@2025-05", "energy.nobody.generated@2025-05", f"energy.{PLANT}.generated", f"pr.{PLANT}@2025-99", f"earning.{PLANT}.tax@2025-05"):
        status, told, _ = office.ask("GET", f"/trace/{bad}")
        tally.note(status in (400, 404, 422) and told["detail"], f"{bad} is no figure: a sentence", (status, told))


def alarms(office, tally, plant):
    faults = office.get("/records/plant_faults?limit=200&programme=taishun-demo")["records"]
    ids = {one["fault"] for one in plant["faults"] if one["kind"] != "clipping"}
    tally.note(ids == {one["id"] for one in faults} and None not in ids, "every fault stands under one alarm; clipping is none", (ids, len(faults)))
    with open(os.path.join(DEMO, "plant_faults.csv"), encoding="utf-8") as file:
        before = {row["id"] for row in csv.DictReader(file)}
    tally.note(before < {one["id"] for one in faults} and len(faults) == len(before) + 2, "alarms that stood are not opened again; two are new", sorted(one["id"] for one in faults))
    for one in faults:
        case = office.get(f"/records/cases/{one['case']}")
        steps = office.get(f"/records/case_steps?case={one['case']}&limit=50")["records"]
        tally.note(case["kind"] == "alarm" and case["asset"] == "demo-as-pv" and any(step["stage"] == "found" and step["actor"] == case["opener"] for step in steps) and one["readings"],
                   f"{one['id']}: a case of kind alarm, found in its opener's name, with the readings that prove it", (case, steps, one))


def settle(office, tally, plant):
    month = "2025-10"
    told = next(one for one in plant["months"] if one["month"] == month)
    status, made, _ = office.ask("POST", f"/solar/{PLANT}/settle", {"month": month})
    tally.note(status == 200 and made["booked"] == 3, "a month is settled in three entries", (status, made))
    for part, booked in zip(told["parts"], made["parts"]):
        entry = office.get(f"/records/entries/{booked['entry']}")
        row = entry["rows"][0]
        tally.note((row["kind"], row["stage_to"], row["amount_fen"], row["bound"], row["period"], row["to_party"], entry["voucher"], entry["origin"]) ==
                   ("result", "received", part["amount_fen"], part["bound"], month, "330329105223", made["document"], "demo"), f"{part['part']}: the village's own book, with the settlement as voucher", entry)
        trace = office.get(f"/trace/entry.{booked['entry']}")
        under = json.dumps(trace["tree"])
        tally.note(trace["recomputed"]["equal"] and f"energy.{PLANT}." in under and '"document"' in under, f"{part['part']}: the entry opens to energy and voucher", under[:300])
    document = office.get(f"/records/documents/{made['document']}")
    paper = office.get(f"/documents/{document['sha256']}")
    readings = office.get("/records/documents/demo-d-pv-q4")
    tally.note(paper["schema"] == "gongfu.solar.settlement/1" and len(paper["days"]) == 31 and paper["readings"] == [{"id": "demo-pv.4", "document": "demo-d-pv-q4", "sha256": readings["sha256"]}] and
               sum(day["generated_wh"] for day in paper["days"]) == told["generated_wh"], "the settlement holds the days and the hashes of the readings", str(paper)[:300])
    status, again, _ = office.ask("POST", f"/solar/{PLANT}/settle", {"month": month})
    tally.note(status == 200 and again["booked"] == 0 and again["unchanged"] == 3 and again["document"] is None, "settled again: nothing is booked twice", again)
    for bad, code in (("2025-13", 400), ("2026-01", 422), ("May", 400), ("2025", 400)):
        status, no, _ = office.ask("POST", f"/solar/{PLANT}/settle", {"month": bad})
        tally.note(status == code and no["detail"] and no["hint"], f"{bad} is not settled: a sentence", (status, no))


def correct(office, tally):
    """The meter had failed on an afternoon of October: the corrected rows are laid over the first ones."""
    noon = datetime.datetime(2025, 10, 14, 4, 0)
    rows = ["utc,N1_ac_w,N2_ac_w,N3_ac_w,fed_in_w"] + [f"{(noon + datetime.timedelta(minutes=15 * i)).isoformat()}Z,9000,9000,9000,11000" for i in range(8)]
    before = next(one for one in office.get(f"/solar/{PLANT}")["months"] if one["month"] == "2025-10")
    status, batch, _ = office.take("\n".join(rows) + "\n", "corrected.csv")
    tally.note(status == 201 and batch["plant"] == PLANT, "a corrected table is taken in", (status, batch))
    after = next(one for one in office.worked_out()["months"] if one["month"] == "2025-10")
    tally.note(after["generated_wh"] != before["generated_wh"], "the month's energy is another one", (before["generated_wh"], after["generated_wh"]))
    status, twice, _ = office.take("\n".join(rows) + "\n", "again.csv")
    tally.note(status == 409 and twice["code"] == "solar.twice", "the same bytes are taken in once", (status, twice))
    status, made, _ = office.ask("POST", f"/solar/{PLANT}/settle", {"month": "2025-10"})
    changed = [one for one in made["parts"] if one["entry"]]
    tally.note(status == 200 and made["booked"] == len(changed) >= 2 and all(one["reversal"] for one in changed), "settled again: the old entries are taken back, new ones stand", (status, made))
    for one in changed:
        back, new = office.get(f"/records/entries/{one['reversal']}"), office.get(f"/records/entries/{one['entry']}")
        tally.note(back["reverses"] and new["key"].endswith("/2") and new["voucher"] != office.get(f"/records/entries/{back['reverses']}")["voucher"], f"{one['part']}: reversal and new entry", (back, new))
    now = next(one for one in office.get(f"/solar/{PLANT}")["months"] if one["month"] == "2025-10")
    tally.note(all(part["booked_fen"] == part["amount_fen"] and part["reversed"] is None for part in now["parts"]), "what is booked is what the readings say", now["parts"])


def refused(office, tally):
    count = lambda: office.get("/records/plant_readings?limit=1&count=1&programme=taishun-demo")["count"]
    before, papers = count(), office.get("/records/documents?limit=1&count=1&programme=taishun-demo")["count"]
    for name, table, code in (
            ("not a byte", "", None), ("no table", "hello", "solar.csv"), ("a column of no inverter", "utc,N9_ac_w\n2026-01-01T04:00Z,5\n2026-01-01T04:15Z,6\n", "solar.readings"),
            ("a column without a unit", "utc,N1_ac\n2026-01-01T04:00Z,5\n2026-01-01T04:15Z,6\n", "solar.unit"), ("a cell that is no number", "utc,N1_ac_w\n2026-01-01T04:00Z,5\n2026-01-01T04:15Z,x\n", "solar.cell"),
            ("another length of step", "utc,N1_ac_w\n2026-01-01T04:00Z,5\n2026-01-01T04:05Z,6\n", "solar.steps"), ("times that fall", "utc,N1_ac_w\n2026-01-01T04:15Z,5\n2026-01-01T04:00Z,6\n", "solar.steps"),
            ("a day that is none", "utc,N1_ac_w\n2026-02-30T04:15Z,5\n2026-02-30T04:30Z,6\n", "solar.cell"), ("far in time", "utc,N1_ac_w\n2126-01-01T04:00Z,5\n2126-01-01T04:15Z,6\n", "solar.large")):
        status, no, _ = office.take(table)
        tally.note(400 <= status < 500 and no["detail"] and no["hint"] and (code is None or no["code"] == code), f"refused with a sentence: {name}", (status, no))
    tally.note(count() == before and office.get("/records/documents?limit=1&count=1&programme=taishun-demo")["count"] == papers, "and nothing of them lies in the books")
    for path, status in ((f"/solar/{PLANT}/days?from=2025-01-01&to=2036-01-01", 400), (f"/solar/{PLANT}/course?from=2025-01-01&to=2025-03-01", 400), ("/solar/none", 404), (f"/solar/{PLANT}/days?from=x&to=2025-01-01", 400)):
        got, no, _ = office.ask("GET", path)
        tally.note(got == status and no["detail"], f"{path}: a sentence", (got, no))


def rights(port, tally):
    viewer, village = Client(port, "viewer"), Client(port, "village")
    status, no, _ = viewer.ask("POST", f"/solar/{PLANT}/settle", {"month": "2025-11"})
    tally.note(status == 403 and no["detail"], "who only looks settles nothing", (status, no))
    status, no, _ = viewer.take("utc,N1_ac_w\n2026-01-01T04:00Z,5\n2026-01-01T04:15Z,6\n")
    tally.note(status == 403, "and brings no readings in", (status, no))
    for path in (f"/solar/{PLANT}", f"/solar/{PLANT}/days?from=2025-01-01&to=2025-01-02", f"/trace/energy.{PLANT}.generated@2025-05", f"/trace/pr.{PLANT}@2025-05"):
        status, no, _ = village.ask("GET", path)
        tally.note(status == 404, f"a cadre of another village does not see {path}", (status, no))
    tally.note(village.get("/solar?programme=taishun-demo")["plants"] == [], "nor the plant in the list")


def course(office, tally):
    plant = office.get(f"/solar/{PLANT}")
    got = office.get(f"/solar/{PLANT}/course?from=2025-05-12&to=2025-05-12")
    rows = {row["utc"]: row for row in rows_of_files()}
    at = {(utc(text) - datetime.timedelta(minutes=7, seconds=30)).strftime("%Y-%m-%dT%H:%MZ"): i for i, text in enumerate(got["utc"])}
    wrong = [key for key, i in at.items() if key in rows and any(abs(one["read_w"][i] - float(rows[key][f"{one['name']}_ac_w"])) > 0.5 for one in got["inverters"])]
    tally.note(len(got["utc"]) == 96 and not wrong, "the course of a day is that of the file", wrong[:3])
    stale = next(one for one in plant["faults"] if one["kind"] == "stale")
    day = (utc(stale["first_utc"]) + ZONE).date().isoformat()
    got = office.get(f"/solar/{PLANT}/course?from={day}&to={day}")
    inverter = next(one for one in got["inverters"] if one["name"] == stale["inverter"])
    tally.note(inverter["left_out"] and stale["first_utc"] == got["utc"][inverter["left_out"][0]], "readings that stood still are marked in it", stale)


def on_the_command_line(gongfu, folder, tally):
    """In a copy of the store: readings taken in are settled only when they have been worked out."""
    table = os.path.join(folder, "late.csv")
    with open(table, "w", encoding="utf-8") as file:
        file.write("utc,N1_ac_w,N2_ac_w,N3_ac_w,fed_in_w\n2025-11-03T04:00Z,8000,8000,8000,9000\n2025-11-03T04:15Z,8000,8000,8000,9000\n")
    copy = os.path.join(folder, "copy.db")
    subprocess.run([gongfu, "backup", copy, "--db", stores.address(os.path.join(folder, "t.db"))], check=True, capture_output=True)
    store = os.path.join(folder, "restored.db")
    subprocess.run([gongfu, "restore", copy, "--db", "sqlite:" + store], check=True, capture_output=True)
    on_copy = lambda *words: subprocess.run([gongfu, "plant", *words, "--db", "sqlite:" + store], capture_output=True, text=True)
    taken = on_copy("take", PLANT, table, "--json")
    tally.note(taken.returncode == 0 and json.loads(taken.stdout)["plant"] == PLANT, "readings come in by file", taken.stderr)
    early = on_copy("settle", PLANT, "2025-11", "--json")
    tally.note(early.returncode == 5 and '"solar.stale"' in early.stderr, "a month is not settled on readings that are not worked out yet", early.stderr)
    on_copy("run")
    late = on_copy("settle", PLANT, "2025-11", "--json")
    tally.note(late.returncode == 0 and json.loads(late.stdout)["booked"] == 3, "and is, once they are", late.stderr)
    unknown = on_copy("take", "nobody", table)
    tally.note(unknown.returncode == 4 and unknown.stderr, "a plant that nobody knows: a sentence", unknown)


def main():
    gongfu, tally = os.path.abspath(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory() as folder:
        db = stores.address(os.path.join(folder, "t.db"))
        run = lambda *words: subprocess.run([gongfu, *words, "--db", db], check=True, capture_output=True, text=True).stdout
        for name in ("calendar", "taishun", "terrain", "demo"):
            run("load", os.path.join(ROOT, "data", name))
        first = json.loads(run("plant", "run", "--json"))
        tally.note(first["plants"] == 1 and first["days"] == 365 and first["alarms"] == 2 and first["problems"] == 0, "the plants of the books are worked out", first)
        tally.note(json.loads(run("plant", "run", "--json"))["plants"] == 0, "and not again while nothing has changed")
        on_the_command_line(gongfu, folder, tally)
        run("demo", "accounts")
        child = subprocess.Popen([gongfu, "serve", "--demo", "--db", db, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = int(child.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        office = Client(port, "office")
        plant = energy(office, tally)
        figures(office, tally, plant)
        alarms(office, tally, plant)
        course(office, tally)
        settle(office, tally, plant)
        refused(office, tally)
        rights(port, tally)
        correct(office, tally)
        child.terminate()
        child.wait(30)
        checked = json.loads(run("check", "--json"))
        tally.note(checked["ok"], "the books hold", checked["problems"][:3])
        dumped = os.path.join(folder, "dump")
        run("dump", dumped)
        again = stores.address(os.path.join(folder, "again.db"))
        subprocess.run([gongfu, "load", dumped, "--db", again], check=True, capture_output=True)
        told = json.loads(subprocess.run([gongfu, "plant", "run", "--json", "--db", again], check=True, capture_output=True, text=True).stdout)
        tally.note(told["alarms"] == 0 and told["days"] == 365, "moved to another store, the plant is worked out from the same files and opens no alarm twice", told)
    print(f"{tally.passed} passed, {tally.failed} failed, 0 skipped")
    sys.exit(1 if tally.failed or not tally.passed else 0)


if __name__ == "__main__":
    main()
