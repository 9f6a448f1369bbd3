"""test_village.py GONGFU: a demo village designed by command: feasible when solved again, sums, files that open, what is refused."""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HILLS = os.path.join(ROOT, "tests", "terrain", "hills.tif")
FILES = ["bill.csv", "design.dxf", "design.geojson", "households.csv", "network.inp", "pipes.csv", "profile.csv", "profile.svg", "report.pdf", "report.xlsx", "village.json"]


class Bench:
    passed = failed = 0

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:600]}" if note != "" and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=120, check=False)

    def design(self, village, out, *words):
        with open(self.path(out + ".in.json"), "w", encoding="utf-8") as file:
            json.dump(village, file)
        run = self.run("water", "village", self.path(out + ".in.json"), "--dem", HILLS, "--out", self.path(out), "--json", "--work", "4000", "--on", "2024-03-05", *words)
        return run, json.loads(run.stdout) if run.stdout else None

    def table(self, *names):
        with open(self.path(*names), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def read(self, *names):
        with open(self.path(*names), "rb") as file:
            return file.read()


def solved_again(bench, folder, told, name):
    """Every house has its head in the network file as the program's own reader and solver see it."""
    run = bench.run("water", "solve", bench.path(folder, "network.inp"), "--hours", "0", "--out", bench.path(folder + ".csv"), "--json")
    heads = {r["id"]: float(r["head"]) for r in bench.table(folder + ".csv") if r["kind"] == "node"} if run.returncode == 0 else {}
    houses = bench.table(folder, "households.csv")
    short = [(h["id"], heads.get(h["node"])) for h in houses if heads.get(h["node"], -1) - float(h["ground_m"]) < float(h["pressure_min_m"]) - 0.01]
    apart = [h["id"] for h in houses if abs(heads.get(h["node"], -1) - float(h["ground_m"]) - float(h["pressure_m"])) > 0.02]
    bench.that(f"{name}: solved again, every house keeps its head", told["feasible"] and heads and not short, (run.stderr, short))
    bench.that(f"{name}: and the pressures told are those of the network file", not apart, apart)


def sums(bench, folder, told):
    rows = bench.table(folder, "bill.csv")
    items = [r for r in rows if r["quantity"]]
    wrong = [r for r in items if abs(float(r["quantity"]) * int(r["price_fen"]) - int(r["total_fen"])) > 0.51]
    total = {r["code"]: int(r["total_fen"]) for r in rows if not r["quantity"]}
    bench.that("each line of the bill is quantity times price, to the fen", items and not wrong, wrong)
    bench.that("the bill adds up, contingency and total too", total["works"] == sum(int(r["total_fen"]) for r in items) and total["contingency"] == (total["works"] * 800 + 5000) // 10000
               and total["total"] == total["works"] + total["contingency"], total)
    pipes = bench.table(folder, "pipes.csv")
    by_size = {}
    for p in pipes:
        if p["dn_mm"]:
            key = f"DN{p['dn_mm']} SDR{p['sdr']}"
            by_size[key] = by_size.get(key, 0) + float(p["length_m"])
    billed = {r["size"]: float(r["quantity"]) for r in items if r["code"] == "pipe"}
    bench.that("the pipe in the bill is the pipe of the design", billed.keys() == by_size.keys() and all(abs(billed[k] - by_size[k]) < 0.01 * len(pipes) for k in billed), (billed, by_size))
    strong = [p["id"] for p in pipes if p["pn_mpa"] and float(p["pn_mpa"]) * 101.97 < float(p["still_max_m"]) * 1.25 - 0.01]
    bench.that("every pipe's class stands its still head with the reserve", not strong, strong)
    need = told["demand"]
    house_need = sum(float(h["need_m3d"]) for h in bench.table(folder, "households.csv"))
    bench.that("what the houses use and losses are the greatest day", abs(house_need * 1.15 - need["max_day_m3"]) < 0.01, (house_need, need))


def drawings(bench, folder, village, told):
    with open(bench.path(folder, "design.geojson"), encoding="utf-8") as file:
        features = json.load(file)["features"]
    pipes = [f for f in features if f["properties"]["kind"] in ("pipe", "loop")]
    ring = village["forbidden"][0]["ring"]
    west, east, south, north = min(p[0] for p in ring), max(p[0] for p in ring), min(p[1] for p in ring), max(p[1] for p in ring)
    inside = [f["properties"]["id"] for f in pipes for p in f["geometry"]["coordinates"] if west < p[0] < east and south < p[1] < north]
    bench.that("no trench enters the forbidden ground", pipes and not inside, inside)
    off = []
    for f in pipes:
        line, length = f["geometry"]["coordinates"], 0
        for a, b in zip(line, line[1:]):
            length += math.sqrt(((b[0] - a[0]) * 111320 * math.cos(math.radians(a[1]))) ** 2 + ((b[1] - a[1]) * 110900) ** 2 + (b[2] - a[2]) ** 2)
        if abs(length - f["properties"]["length_m"]) > 0.02 * length + 0.5:
            off.append((f["properties"]["id"], length, f["properties"]["length_m"]))
    bench.that("lengths are true lengths over the ground", not off, off[:3])
    lines = bench.read(folder, "design.dxf").decode("ascii").split("\n")
    codes, values = lines[0:-1:2], lines[1::2]
    layers = {v for i, (c, v) in enumerate(zip(codes, values)) if c == "2" and values[i - 1] == "LAYER" and v != "LAYER"}
    used = {v for c, v in zip(codes, values) if c == "8"}
    dns = {f"PIPE_DN{f['properties']['dn_mm']}" for f in pipes}
    bench.that("DXF R12 in pairs, a layer for each DN", "AC1009" in values and values[-1] == "EOF" and dns <= layers and used <= layers and all(c.strip().lstrip("-").isdigit() for c in codes), (dns, layers, used - layers))
    profile = bench.table(folder, "profile.csv")
    at = [float(r["distance_m"]) for r in profile]
    bench.that("the profile goes on and its water stands above ground", len(at) > 20 and at == sorted(at) and min(float(r["pressure_m"]) for r in profile) > -0.01, profile[:2])
    xml.etree.ElementTree.fromstring(bench.read(folder, "profile.svg"))
    pdf = bench.read(folder, "report.pdf")
    bench.that("the report is a PDF", pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF"))
    text = subprocess.run(["pdftotext", bench.path(folder, "report.pdf"), "-"], capture_output=True, text=True, check=False).stdout
    bench.that("it says that the village is invented, and shows the formula with its numbers", "虚构" in text and f"{told['demand']['max_day_m3']:.3f}" in text, text[:300])
    with zipfile.ZipFile(bench.path(folder, "report.xlsx")) as book:
        bench.that("the workbook has five sheets", book.testzip() is None and sum(n.startswith("xl/worksheets/sheet") for n in book.namelist()) == 5, book.namelist())


def verdicts(bench, village):
    for name, change, want in (("unknown stays unknown", {}, ("pass", "pass", "unknown", "unknown")), ("what fails, fails", {"quality": "fail"}, ("pass", "pass", "fail", "fail")),
                               ("all four", {"quality": "pass"}, ("pass", "pass", "pass", "pass")), ("a poor spring", {"quality": "pass", "reliability_percent": 91}, ("pass", "basic", "pass", "basic")),
                               ("a dry spring", {"quality": "pass", "dry_yield_m3d": 2}, ("fail", "pass", "pass", "fail")),
                               ("no yield known", {"quality": "pass", "dry_yield_m3d": None}, ("unknown", "pass", "pass", "unknown"))):
        changed = dict(village, sources=[dict(village["sources"][0], **change)])
        _, told = bench.design(changed, "v")
        got = {(v["quantity"], v["reliability"], v["quality"], v["all"]) for v in told["verdicts"]}
        bench.that(f"verdicts: {name}", got == {want}, got)


def breaks_by_tank(bench, village):
    """With valves dear and tanks cheap a break-pressure tank is placed: its zones are solved apart, and the whole is solved again."""
    spring, houses = village["sources"][0], village["households"]
    middle = {axis: sum(house[axis] for house in houses) / len(houses) for axis in ("lon", "lat")}
    tank = {axis: spring[axis] + 0.15 * (middle[axis] - spring[axis]) for axis in ("lon", "lat")}
    dear = dict(village, tank=tank, prices_fen={"house_prv": 3000000, "prv": 9000000, "break_tank": 300000})
    run, told = bench.design(dict(dear, forbidden=[]), "k")
    designs = {design["id"]: design for design in told["designs"]} if told else {}
    tanks = designs.get("tree_tanks", {})
    bench.that("a break-pressure tank is placed and the design holds", tanks.get("breaks", 0) > 0 and tanks.get("feasible") is True, run.stderr or designs)
    bench.that("it is the cheapest then", told is not None and told["chosen"] == "tree_tanks", told and told["chosen"])
    solved_again(bench, "k", told, "with a break-pressure tank")


def breaks(bench, village):
    """A tank right below the spring stands too high for the taps: its zone is broken by the trunk's break-pressure tank."""
    spring, house = village["sources"][0], village["households"][0]
    high = dict(village, tank={"lon": spring["lon"] + (house["lon"] - spring["lon"]) * 0.2, "lat": spring["lat"] + (house["lat"] - spring["lat"]) * 0.2},
                forbidden=[], prices_fen={"house_prv": 900000})
    run, told = bench.design(high, "b")
    designs = {d["id"]: d for d in told["designs"]} if told else {}
    bench.that("still heads above 40 m: breaks by tanks and by valves are both priced", "tree_prvs" in designs and designs["tree_prvs"]["breaks"] > 0, run.stderr or designs)
    best = min((d for d in designs.values() if d["feasible"]), key=lambda d: d["total_fen"])
    bench.that("the cheapest that keeps every limit is chosen", told["chosen"] == best["id"], (told["chosen"], best["id"]))
    solved_again(bench, "b", told, "broken into zones")
    houses = bench.table("b", "households.csv")
    bench.that("what breaks do not settle gets a valve in the house", sum(int(h["house_prv"]) for h in houses) == best["house_prvs"] and
               all((float(h["still_m"]) > 40) == (h["house_prv"] == "1") for h in houses))


def low_tank(bench, village):
    """The tank beside a house in the middle of the village: no size of pipe helps those above it."""
    house = village["households"][3]
    run, told = bench.design(dict(village, tank={"lon": house["lon"] + 1e-5, "lat": house["lat"]}), "low")
    design = told["designs"][0]
    bench.that("a tank too low: not feasible, all files written", run.returncode == 1 and not design["feasible"] and sorted(os.listdir(bench.path("low"))) == FILES, run.stderr)
    metres = design["lack"].split(" lacks ")[1].split(" m ")[0]
    bench.that("the reason in both languages, with the same metres", "No pipe helps" in design["lack"] and f"{metres} 米" in design["lack_zh"], (design["lack"], design["lack_zh"]))


def refusals(bench, village):
    h = village["households"]
    far = dict(h[0], lon=h[0]["lon"] + 3)
    ring = [[h[3]["lon"] + dx, h[3]["lat"] + dy] for dx, dy in ((-3e-4, -3e-4), (3e-4, -3e-4), (3e-4, 3e-4), (-3e-4, 3e-4))]
    low = dict(village["sources"][0], lon=village["roads"][0]["line"][4][0], lat=village["roads"][0]["line"][4][1])
    cases = [("off the elevation", {"households": [far]}, "lies off the elevation", 3), ("an id twice", {"households": [h[0], h[0]]}, "stands twice", 3),
             ("no household", {"households": []}, "households", 3), ("no source", {"sources": []}, "sources", 3), ("persons are a text", {"households": [dict(h[0], persons="4")]}, "persons", 3),
             ("an unknown animal", {"households": [dict(h[0], livestock={"cat": 1})]}, "cat", 3), ("an unknown norm", {"norms": {"person": 1}}, "norm", 3),
             ("a norm out of reason", {"norms": {"person_lpd": 5000}}, "person_lpd", 3), ("a price that is no fen", {"prices_fen": {"valve": 3.5}}, "valve", 3),
             ("a house on forbidden ground", {"forbidden": [{"ring": ring}]}, h[3]["id"], 3), ("a spring below the village", {"sources": [low]}, "", None)]
    for name, change, sentence, code in cases:
        run, told = bench.design(dict(village, **change), "r")
        if code is None:    # either nowhere for a tank, or a design that names what it lacks
            lack = told["designs"][0]["lack"] if told else json.loads(run.stderr)["error"]["what"]
            bench.that(f"{name}: not feasible, with a reason", run.returncode in (1, 9) and len(lack) > 20, run.stderr or lack)
            continue
        error = json.loads(run.stderr)["error"] if run.stderr.startswith("{") else {}
        whole = f"{error.get('where')} {error.get('what')}"
        bench.that(f"{name}: a sentence, nothing written", run.returncode == code and sentence in whole and "r.in.json" in whole + run.stderr or name == "a house on forbidden ground" and sentence in whole
                   and run.returncode == code and not os.path.exists(bench.path("r")), run.stderr)
    with open(bench.path("bad.json"), "wb") as file:
        file.write(b"\x00\x01{]")
    run = bench.run("water", "village", bench.path("bad.json"), "--dem", HILLS, "--out", bench.path("r2"), "--json")
    bench.that("garbage: a sentence with its line", run.returncode == 3 and "bad.json:1" in run.stderr and not os.path.exists(bench.path("r2")), run.stderr)
    run = bench.run("water", "village", bench.path("bad.json"), "--dem", HILLS)
    bench.that("no folder: usage", run.returncode == 2, run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.abspath(sys.argv[1]), folder)
        run = bench.run("demo", "village", "--seed", "2", "--count", "30", "--dem", HILLS, "--out", bench.path("demo"))
        again = bench.run("demo", "village", "--seed", "2", "--count", "30", "--dem", HILLS, "--out", bench.path("demo2"))
        bench.that("the same seed invents the same village", run.returncode == again.returncode == 0 and bench.read("demo", "demo_village.json") == bench.read("demo2", "demo_village.json"), run.stderr)
        village = json.loads(bench.read("demo", "demo_village.json"))
        bench.that("which says that it is invented", village["origin"] == "demo" and "invented" in village["note"])
        run, told = bench.design(village, "a")
        bench.that("a design with all its files", run.returncode == 0 and sorted(os.listdir(bench.path("a"))) == FILES, run.stderr or os.listdir(bench.path("a")))
        bench.design(village, "a2")
        same = [name for name in FILES if bench.read("a", name) == bench.read("a2", name)]
        bench.that("the same input gives the same bytes", same == FILES, sorted(set(FILES) - set(same)))
        tree = told["designs"][0]
        bench.that("a tree's sizes are proven cheapest; loops cost more", tree["proven"] and abs(tree["lower_bound"] - tree["sized_cost"]) < 0.01 and
                   all(d["total_fen"] >= tree["total_fen"] for d in told["designs"] if d["id"] == "loops"), told["designs"])
        solved_again(bench, "a", told, "the tree")
        sums(bench, "a", told)
        drawings(bench, "a", village, told)
        verdicts(bench, village)
        breaks(bench, village)
        breaks_by_tank(bench, village)
        fire, told = bench.design(dict(village, options={"hydrants": True, "timed": True}), "f")
        bench.that("hydrants and timed supply: a larger tank, hydrants in the bill, still feasible", fire.returncode == 0 and told["demand"]["fire_m3"] == 36 and told["demand"]["kh"] == 3.5 and
                   any(i["code"] == "hydrant" for i in told["bill"]), fire.stderr)
        low_tank(bench, village)
        refusals(bench, village)
        print(f"{bench.passed} passed, {bench.failed} failed, 0 skipped")
    return bench.failed > 0


if __name__ == "__main__":
    sys.exit(main())
