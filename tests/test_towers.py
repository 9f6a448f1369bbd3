"""test_towers.py GONGFU: towers and parcels, sites, whose coordinates, invented parcels, by command; and what is refused with which sentence."""
import csv
import io
import json
import math
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tiff  # noqa: E402

SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data")
VOID = 12345   # what the hills declare
HILLS = os.path.join(ROOT, "tests", "terrain", "hills.tif")


class Checks:
    passed = failed = skipped = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:600]}" if note != "" and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)

    def skip(self, name, why):
        print(f"SKIP {name}: {why}")
        self.skipped += 1


class Bench:
    """The program, a folder to write into, and the hills."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        with open(HILLS, "rb") as file:
            self.rows, self.place = tiff.read(file.read())
        self.west, self.north, self.cell = 463680, 3053970, 90

    def path(self, name, data=None):
        path = os.path.join(self.folder, name)
        if data is not None:
            with open(path, "wb") as file:
                file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=200, check=False)

    def json(self, *words):
        run = self.run(*words, "--json")
        return json.loads(run.stdout) if run.stdout else {"failed": run.stderr}

    def centre(self, row, column):
        return self.west + (column + 0.5) * self.cell, self.north - (row + 0.5) * self.cell

    def table(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def towers_csv(bench, seed, count, more=()):
    dice = random.Random(seed)
    high, wide = len(bench.rows), len(bench.rows[0])
    lines = ["id,x,y,mast_m,range_m,focal_mm,pixel_um" + "".join("," + name for name, _ in more)]
    for i in range(count):
        x, y = bench.centre(dice.randrange(high), dice.randrange(wide))
        lines.append(f"T{i},{x},{y},30,4000,150,2.9" + "".join("," + str(value(i)) for _, value in more))
    return "\n".join(lines) + "\n"


# ---- Layers, written by hand ----

def parcels_of(bench, path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["features"]


def shapefile(features, encoding):
    records, body = [], b""
    for number, feature in enumerate(features, 1):
        rings = feature["geometry"]["coordinates"]
        points = [p for ring in rings for p in ring]
        starts = [sum(len(r) for r in rings[:i]) for i in range(len(rings))]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        content = struct.pack("<i4d2i", 5, min(xs), min(ys), max(xs), max(ys), len(rings), len(points))
        content += struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *p) for p in points)
        records.append(struct.pack(">2i", number, len(content) // 2) + content)
    body = b"".join(records)
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2) + struct.pack("<2i8d", 1000, 5, *[0.0] * 8)
    names = list(features[0]["properties"])
    sizes = [max(len(str(f["properties"][n]).encode(encoding)) for f in features) for n in names]
    table = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(features), 33 + 32 * len(names), 1 + sum(sizes))
    for name, size in zip(names, sizes):
        table += name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([size, 0]) + bytes(14)
    table += b"\r" + b"".join(b" " + b"".join(str(f["properties"][n]).encode(encoding).ljust(s) for n, s in zip(names, sizes)) for f in features)
    return head + body, table


def geopackage(path, features, epsg):
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);"
                     "CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
                     f"INSERT INTO gpkg_spatial_ref_sys VALUES('x', {epsg}, 'EPSG', {epsg}, '');"
                     f"INSERT INTO gpkg_geometry_columns VALUES('dltb', 'shape', 'MULTIPOLYGON', {epsg}, 0, 0);")
    names = list(features[0]["properties"])
    db.execute("CREATE TABLE dltb(fid INTEGER PRIMARY KEY, shape BLOB, " + ", ".join(f'"{n}" TEXT' for n in names) + ")")
    for feature in features:
        rings = feature["geometry"]["coordinates"]
        single = struct.pack("<BII", 1, 3, len(rings)) + b"".join(struct.pack("<I", len(r)) + b"".join(struct.pack("<2d", *p) for p in r) for r in rings)
        blob = b"GP\0\1" + struct.pack("<i", epsg) + struct.pack("<BII", 1, 6, 1) + single
        db.execute(f"INSERT INTO dltb VALUES(NULL, ?{', ?' * len(names)})", [blob, *[str(feature["properties"][n]) for n in names]])
    db.commit()
    db.close()


PRJ = ('PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000"]],PROJECTION["Gauss_Kruger"],'
       'PARAMETER["False_Easting",40500000.0],PARAMETER["Central_Meridian",120.0]]')


def alike(row):
    return row["parcel"], row["cells"], row["seen_share"], float(row["TBMJ"])


def kinds_of_files(bench, checks):
    """The same parcels as GeoJSON in degrees and in two metric systems, as a shapefile in GBK without .cpg, as a GeoPackage: the same tables."""
    answers = {}
    towers = bench.path("T.csv", towers_csv(bench, 3, 10))
    for name, crs in (("deg", []), ("m4549", ["--layer-crs", "EPSG:4549"]), ("m4528", ["--layer-crs", "EPSG:4528"])):
        run = bench.run("demo", "parcels", "--count", "300", "--seed", "4", "--dem", HILLS, "--out", bench.path(name + ".geojson"), *crs)
        checks.that(f"demo parcels are written ({name})", run.returncode == 0, run.stderr)
    features = parcels_of(bench, bench.path("m4528.geojson"))
    shp, dbf = shapefile(features, "gbk")
    for suffix, data in (("shp", shp), ("dbf", dbf), ("prj", PRJ)):
        bench.path("s." + suffix, data)
    shp, dbf = shapefile(features, "utf-8")
    for suffix, data in (("shp", shp), ("dbf", dbf)):
        bench.path("bare." + suffix, data)
    geopackage(bench.path("g.gpkg"), features, 4528)
    for name in ("deg.geojson", "m4549.geojson", "m4528.geojson", "s.shp", "bare.shp", "g.gpkg"):
        told = bench.json("terrain", "towers", "--dem", HILLS, "--towers", towers, "--parcels", bench.path(name), "--out", bench.path("o-" + name))
        checks.that(f"parcels are read from {name}", told.get("parcels") == 300 and told.get("key") == "BSM", told)
        answers[name] = (bench.table(f"o-{name}/parcels.csv"), bench.table(f"o-{name}/pairs.csv"))
    first = answers["m4528.geojson"]
    for name, (fields, pairs) in answers.items():
        same = [alike(a) for a in fields] == [alike(a) for a in first[0]]
        near = all(abs(float(a["area_m2"]) - float(b["area_m2"])) < 0.5 for a, b in zip(fields, first[0]))
        checks.that(f"{name} gives the same tables", same and near and pairs == first[1])
    told = {f["properties"]["BSM"]: f["properties"] for f in features}
    checks.that("TBMJ comes back as it was written", all(float(r["TBMJ"]) == told[r["parcel"]]["TBMJ"] for r in first[0]))
    return features


# ---- Towers ----

def pairs_can_be_walked_again(bench, checks):
    """Every number of a pair belongs to one sight line: `terrain line` to the cell that it names says the same."""
    pairs = bench.table("o-m4528.geojson/pairs.csv")
    towers = {r["id"]: r for r in csv.DictReader(io.StringIO(towers_csv(bench, 3, 10)))}
    lines = ["id,obs_x,obs_y,obs_h_m,tgt_x,tgt_y,tgt_h_m"]
    lines += [f"{i},{towers[p['tower']]['x']},{towers[p['tower']]['y']},30,{p['x']},{p['y']},1.5" for i, p in enumerate(pairs)]
    run = bench.run("terrain", "line", "--dem", HILLS, "--pairs", bench.path("walk.csv", "\n".join(lines) + "\n"))
    walked = list(csv.DictReader(io.StringIO(run.stdout)))
    checks.that("there are pairs", len(pairs) >= 30 and len(walked) == len(pairs), (len(pairs), run.stderr))
    checks.that("each is a line that sees", all(w["visible"] == "1" for w in walked))
    checks.that("with the same place of the greatest slope", all(w["blocker_dist_m"] == p["blocker_dist_m"] for w, p in zip(walked, pairs)))
    for pair in pairs:
        east, north = float(towers[pair["tower"]]["x"]) - float(pair["x"]), float(towers[pair["tower"]]["y"]) - float(pair["y"])
        if abs(math.hypot(east, north) - float(pair["dist_m"])) > 0.06 or float(pair["pixel_m"]) < float(pair["dist_m"]) * 2.9e-6 / 0.15 - 1e-4:
            checks.that("distance and pixel fit the places", False, pair)
            break
    else:
        checks.that("distance and pixel fit the places", True)
    fields = bench.table("o-m4528.geojson/parcels.csv")
    best = {}
    for pair in pairs:
        key = (-float(pair["seen_share"]), float(pair["dist_m"]))
        best[pair["parcel"]] = min(best.get(pair["parcel"], (key, pair["tower"])), (key, pair["tower"]))
    checks.that("the best tower has the greatest share, then the least distance",
                all(f["best_tower"] == (best[f["parcel"]][1] if f["parcel"] in best else "") for f in fields))
    sums = {}
    area = {f["parcel"]: float(f["area_m2"]) for f in fields}
    for pair in pairs:
        sums[pair["tower"]] = sums.get(pair["tower"], 0) + area[pair["parcel"]] * float(pair["seen_share"])
    rows = bench.table("o-m4528.geojson/towers.csv")
    checks.that("a tower's sum is that of its pairs", all(abs(float(r["seen_m2"]) - sums.get(r["tower"], 0)) < 0.5 for r in rows))
    checks.that("a tower at the rim lacks data", any(float(r["nodata_share"]) > 0.1 for r in rows))


def voids_are_a_third_answer(bench, checks, features):
    rows = [list(r) for r in bench.rows]
    half = len(rows[0]) // 2
    for row in rows:
        row[half:] = [VOID] * (len(row) - half)
    dem = bench.path("void.tif", tiff.write(rows, west=bench.west, north=bench.north, nodata=VOID))
    lines = towers_csv(bench, 3, 40).split("\n")
    edge = bench.west + half * bench.cell
    west = [line for line in lines[1:] if line and float(line.split(",")[1]) < edge][:6]
    towers = bench.path("TW.csv", "\n".join([lines[0], *west]) + "\n")
    told = bench.json("terrain", "towers", "--dem", dem, "--towers", towers, "--parcels", bench.path("m4549.geojson"), "--out", bench.path("ov"))
    fields = {r["parcel"]: r for r in bench.table("ov/parcels.csv")}
    with open(bench.path("m4549.geojson"), encoding="utf-8") as file:
        shapes = json.load(file)["features"]
    beyond = [f["properties"]["BSM"] for f in shapes if min(p[0] for p in f["geometry"]["coordinates"][0]) > edge + 90]
    checks.that("parcels without elevation say so", beyond and all(float(fields[b]["nodata_share"]) == 1 and float(fields[b]["seen_share"]) == 0 for b in beyond), told)
    seen = sum(float(r["seen_share"]) > 0 for r in fields.values())
    checks.that("seen, unseen and unknown are all there is", told["unknown"] >= len(beyond) and seen + told["unseen"] + told["unknown"] == told["parcels"], told)
    bad = bench.path("TX.csv", f"id,x,y,mast_m\na,{edge + 4000},{bench.north - 2000},30\n")
    run = bench.run("terrain", "towers", "--dem", dem, "--towers", bad, "--parcels", bench.path("m4549.geojson"), "--out", bench.path("ox"))
    checks.that("a tower on a void is a sentence with its line", run.returncode == 3 and "TX.csv:2" in run.stderr and not os.path.exists(bench.path("ox")), run.stderr)


# ---- Sites ----

def sites(bench, checks):
    towers = bench.path("T.csv")
    cands = bench.path("C.csv", towers_csv(bench, 8, 40, (("cost", lambda i: 10 + i % 7 + 0.5), ("kind", lambda i: "upgrade" if i % 5 == 0 else "")))
                       .replace("\nT", "\nC").replace("\nC7,", "\nT1,"))
    common = ["terrain", "site", "--dem", HILLS, "--towers", towers, "--candidates", cands, "--parcels", bench.path("m4528.geojson")]
    told = bench.json(*common, "--new", "3", "--upgrade", "2", "--out", bench.path("S.csv"))
    rows = bench.table("S.csv")
    checks.that("sites come with a bound", told.get("upper_bound", 0) >= told.get("covered_total", 1) > told.get("covered_before", 0)
                and abs(told["gap"] - (1 - told["covered_total"] / told["upper_bound"])) < 1e-5, told)
    checks.that("ranks, gains and totals add up", [int(r["rank"]) for r in rows] == list(range(1, len(rows) + 1)) and
                all(abs(float(r["covered_total"]) - told["covered_before"] - sum(float(q["gain"]) for q in rows[:i + 1])) < 0.1 for i, r in enumerate(rows)), rows)
    checks.that("kinds keep to their numbers", sum(r["kind"] == "new" for r in rows) <= 3 and sum(r["kind"] == "upgrade" for r in rows) <= 2, rows)
    checks.that("villages gain what the sites gain", abs(sum(v["gain"] for v in told["villages"]) - told["covered_total"] + told["covered_before"]) < 1)
    # the answer, from the tables of `terrain towers` over standing and chosen together
    chosen = {r["id"] for r in rows}
    with open(cands, encoding="utf-8") as file:
        head, *lines = file.read().strip().split("\n")
    with open(towers, encoding="utf-8") as file:
        standing = file.read().strip().split("\n")[1:]
    both = [",".join(line.split(",")[:7]) for line in lines if line.split(",")[0] in chosen]
    joined = bench.path("J.csv", "\n".join(["id,x,y,mast_m,range_m,focal_mm,pixel_um", *standing, *both]) + "\n")
    bench.run("terrain", "towers", "--dem", HILLS, "--towers", joined, "--parcels", bench.path("m4528.geojson"), "--out", bench.path("oj"))
    covered = sum(float(r["area_m2"]) * float(r["seen_share"]) for r in bench.table("oj/parcels.csv"))
    checks.that("what the sites cover is what the towers see", abs(covered - told["covered_total"]) < 2, (covered, told["covered_total"]))
    cheap = bench.json(*common, "--new", "9", "--upgrade", "9", "--budget", "33.5", "--out", bench.path("B.csv"))
    spent = sum(float(r["cost"]) for r in bench.table("B.csv"))
    checks.that("a budget holds", 0 < spent <= 33.5 and cheap["upper_bound"] >= cheap["covered_total"], (spent, cheap))
    one, four = (bench.run(*common, "--new", "5", "--threads", n).stdout for n in ("1", "4"))
    checks.that("threads change no byte", one == four and one.startswith("rank,id,kind,cost,gain,covered_total\n1,"), one[:200])
    bare = bench.path("N.csv", towers_csv(bench, 8, 5))
    run = bench.run("terrain", "site", "--dem", HILLS, "--candidates", bare, "--parcels", bench.path("m4528.geojson"), "--new", "2", "--budget", "9")
    checks.that("a budget without costs is a sentence", run.returncode == 3 and "cost" in run.stderr, run.stderr)
    twice = bench.path("D.csv", "id,x,y,mast_m\na,470000,3048000,30\na,471000,3048000,30\n")
    run = bench.run("terrain", "site", "--dem", HILLS, "--candidates", twice, "--parcels", bench.path("m4528.geojson"), "--new", "2")
    checks.that("an id that occurs twice names both lines", run.returncode == 3 and "D.csv:3" in run.stderr and "line 2" in run.stderr, run.stderr)
    people = bench.json("terrain", "site", "--dem", HILLS, "--candidates", cands, "--parcels", bench.path("m4528.geojson"), "--new", "3", "--weight", "GDPDJ")
    checks.that("a field of numbers takes the place of areas", people.get("unit") == "GDPDJ" and
                people["total"] == sum(int(f["properties"]["GDPDJ"]) for f in parcels_of(bench, bench.path("m4528.geojson"))), people)


# ---- What is refused ----

def layer(ring, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": [{"type": "Feature", "properties": {"BSM": "1"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]})


def refusals(bench, checks):
    towers = bench.path("T.csv")
    metric = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}}
    x, y = bench.centre(20, 20)
    cases = [
        ("a file of 0 bytes", "zero.geojson", "", "the file is empty"),
        ("a self-crossing parcel", "bow.geojson", layer([[x, y], [x + 90, y + 90], [x + 90, y], [x, y + 90], [x, y]], **metric), "feature 1 (BSM 1): ring 1 crosses itself"),
        ("an open ring", "open.geojson", layer([[x, y], [x + 90, y], [x + 90, y + 90], [x, y + 90]], **metric), "ring 1 is open"),
        ("x and y exchanged", "swap.geojson", layer([[y, x], [y, x + 90], [y + 90, x], [y, x]], **metric), "x and y seem to have changed places"),
        ("degrees in metres", "deg-in-m.geojson", layer([[119.7, 27.5], [119.8, 27.5], [119.8, 27.6], [119.7, 27.5]], **metric), "look like degrees"),
        ("NaN", "nan.geojson", layer([[x, y], [x, 0.5], [x + 9, y], [x, y]], **metric).replace("0.5", "NaN"), "no JSON"),
        ("a .shp that claims 100 GB", "huge.shp", struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 2**31 - 1) + struct.pack("<2i8d", 1000, 5, *[0.0] * 8), "claims 4294967294 bytes"),
        ("another kind of file", "p.txt", "BSM,geometry\n", "none of the kinds of layers"),
    ]
    for name, file, data, sentence in cases:
        out = bench.path("or")
        run = bench.run("terrain", "towers", "--dem", HILLS, "--towers", towers, "--parcels", bench.path(file, data), "--out", out, "--json")
        told = json.loads(run.stderr)["error"] if run.stderr.startswith("{") else {}
        whole = f"{told.get('where')}: {told.get('what')}"
        checks.that(f"{name}: a sentence, nothing written", run.returncode == 3 and sentence in whole and file in whole and run.stdout == "" and not os.path.exists(out), whole or run.stderr)
    for name, text, sentence in (("off the elevation", "id,x,y,mast_m\na,100,100,30\n", "Q.csv:2"), ("no mast", "id,x,y,mast_m\na,470000,3048000,\n", "mast_m is missing"),
                                 ("no column", "id,x,mast_m\na,1,2\n", "needs the columns"), ("half a sector", "id,x,y,mast_m,pan_from_deg\na,470000,3048000,30,5\n", "one end of the pan sector"),
                                 ("exchanged", "id,x,y,mast_m\na,3048000,470000,30\n", "surveyors write X for north"), ("empty", "id,x,y,mast_m\n", "no row")):
        run = bench.run("terrain", "towers", "--dem", HILLS, "--towers", bench.path("Q.csv", text), "--parcels", bench.path("m4549.geojson"), "--out", bench.path("oq"))
        checks.that(f"a table of towers: {name}", run.returncode == 3 and sentence in run.stderr and "Q.csv" in run.stderr, run.stderr)
    run = bench.run("terrain", "towers", "--dem", HILLS, "--parcels", bench.path("m4549.geojson"), "--out", bench.path("oq"))
    checks.that("no towers: usage", run.returncode == 2, run.stderr)


# ---- Invented parcels ----

def demo(bench, checks, features):
    with open(bench.path("deg.geojson"), encoding="utf-8") as file:
        text = file.read()
    told = json.loads(text)
    again = bench.run("demo", "parcels", "--count", "300", "--seed", "4", "--dem", HILLS).stdout
    other = bench.run("demo", "parcels", "--count", "300", "--seed", "5", "--dem", HILLS).stdout
    checks.that("the same seed gives the same bytes, another others", again == text and other != text)
    checks.that("the file and each parcel say that they are invented", told["synthetic"] is True and "invented" in told["note"] and
                all(f["properties"]["origin"] == "demo" for f in told["features"]))
    want = {"BSM", "YSDM", "TBBH", "DLBM", "DLMC", "ZLDWDM", "ZLDWMC", "GDPDJ", "TBMJ"}
    checks.that("with the national field names", all(want <= set(f["properties"]) and len(f["properties"]["BSM"]) == 18 and len(f["properties"]["ZLDWDM"]) == 19 for f in features))
    run = bench.run("demo", "parcels", "--count", "900000", "--seed", "4", "--dem", HILLS)
    checks.that("more than fit: a limit, said how many fit", run.returncode == 6 and "room for" in run.stderr, run.stderr)


# ---- Whose coordinates: on the shared elevation and boundary ----

def arc(ring, start, km):
    kx, ky, out, length = 98.75, 110.8, [], 0.0
    for i in range(len(ring) - 1):
        point = ring[(start + i) % (len(ring) - 1)]
        if out:
            length += math.hypot((point[0] - out[-1][0]) * kx, (point[1] - out[-1][1]) * ky)
        out.append(point)
        if length > km:
            break
    return out


def crs(bench, checks):
    dem, county = os.path.join(SHARED, "terrain", "taishun_west_90m_epsg4549.tif"), os.path.join(SHARED, "taishun")
    if not os.path.exists(dem):
        checks.skip("crs", "../shared is not there")
        return
    rings = {}
    for name, want, shift in (("boundary", "wgs84", (0, 0)), ("boundary_gcj02", "gcj02", (-433, 373))):
        path = os.path.join(county, name + ".geojson")
        told = bench.json("terrain", "crs", "--dem", dem, "--layer", path)
        checks.that(f"{name} is {want}", told.get("crs") == want and math.dist(told["shift_m"], shift) < 150, told)
        with open(path, encoding="utf-8") as file:
            rings[want] = json.load(file)["features"][0]["geometry"]["coordinates"][0]

    def ask(line):
        text = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}]})
        return bench.json("terrain", "crs", "--dem", dem, "--layer", bench.path("b.geojson", text))

    dice, wrong, named, asked = random.Random(12), [], 0, 0
    west = [i for i, p in enumerate(rings["wgs84"][:-1]) if p[0] < 119.98]
    for _ in range(12):
        start, km = dice.choice(west), dice.choice((25, 40, 80))
        for want, ring in rings.items():
            told = ask(arc(ring, start, km))
            asked, named = asked + 1, named + (told["crs"] == want)
            wrong += [told] if told["crs"] not in (want, "unsure") else []
    checks.that("parts of the boundary are never called wrong, and mostly named", not wrong and named * 2 >= asked, (named, asked, wrong))
    sure = []
    for _ in range(8):   # moved by 700 to 1200 m, not to the other system's place; turned and mirrored; circles
        turn, reach = dice.uniform(0, 2 * math.pi), dice.uniform(0.7, 1.2)
        east, north = reach * math.cos(turn), reach * math.sin(turn)
        if math.hypot(-east + 0.433, -north - 0.373) > 0.5:
            sure.append(ask([[p[0] + east / 98.75, p[1] + north / 110.8] for p in rings["wgs84"]])["crs"])
        sure.append(ask([[119.45 + (119.7 - p[0]) * 0.6, 27.5 + (p[1] - 27.5) * 0.6] for p in arc(rings["wgs84"], dice.choice(west), 60)])["crs"])
        sure.append(ask([[119.5 + reach * 0.15 * math.cos(t / 30), 27.5 + reach * 0.13 * math.sin(t / 30)] for t in range(190)])["crs"])
    checks.that("lines that follow no relief are unsure", set(sure) == {"unsure"}, sure)
    run = bench.run("terrain", "crs", "--dem", dem, "--layer", bench.path("c.geojson", layer([[119.5, 27.5], [119.51, 27.5], [119.51, 27.51], [119.5, 27.5]])))
    checks.that("too short a line is unsure: exit 1", run.returncode == 1, run.stdout)
    run = bench.run("terrain", "crs", "--dem", dem, "--layer", bench.path("f.geojson", layer([[100, 30], [101, 30], [101, 31], [100, 30]])))
    checks.that("a boundary elsewhere is a sentence", run.returncode == 3 and "known ground" in run.stderr, run.stderr)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.abspath(sys.argv[1]), folder)
        features = kinds_of_files(bench, checks)
        pairs_can_be_walked_again(bench, checks)
        voids_are_a_third_answer(bench, checks, features)
        sites(bench, checks)
        refusals(bench, checks)
        demo(bench, checks, features)
        crs(bench, checks)
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return checks.failed > 0


if __name__ == "__main__":
    sys.exit(main())
