"""test_terrain.py GONGFU: elevation of every kind, lines and views by command, and what is refused with which sentence."""
import csv
import io
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tiff  # noqa: E402

HILLS = os.path.join(ROOT, "tests", "terrain", "hills.tif")
LINES = os.path.join(ROOT, "tests", "terrain", "lines.csv")
VOID = 12345


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:600]}" if note != "" and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


class Bench:
    """The program, a folder to write into, and the hills as lists."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        with open(HILLS, "rb") as file:
            self.rows, _ = tiff.read(file.read())

    def path(self, name, data=None):
        path = os.path.join(self.folder, name)
        if data is not None:
            with open(path, "wb") as file:
                file.write(data)
        return path

    def run(self, *words):
        return subprocess.run([self.program, "terrain", *words], capture_output=True, text=True, timeout=120, check=False)

    def lines(self, *dems, pairs=LINES, extra=()):
        words = [w for d in dems for w in ("--dem", d)]
        return self.run("line", *words, "--pairs", pairs, *extra)


# ---- The same hills in every kind of file ----

def asc(rows, centre=False, void="-9999", head_case=str):
    keys = [("ncols", len(rows[0])), ("nrows", len(rows)), ("xllcenter" if centre else "xllcorner", 463680 + (45 if centre else 0)),
            ("yllcenter" if centre else "yllcorner", 3053970 - 90 * len(rows) + (45 if centre else 0)), ("cellsize", 90), ("NODATA_value", void)]
    head = "".join(f"{head_case(k)} {v}\n" for k, v in keys)
    return (head + "\n".join(" ".join(void if v == VOID else str(v) for v in line) for line in rows) + "\n").encode()


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/" + name, data)
        archive.writestr("readme.txt", "hills")
    return out.getvalue()


def kinds_of_files(bench):
    place = {"west": 463680, "north": 3053970}
    swapped = lambda v: [[v if h == VOID else h for h in line] for line in bench.rows]
    yield "int16.tif", tiff.write(bench.rows, nodata=VOID, **place), ()
    yield "strips.tif", tiff.write(bench.rows, nodata=VOID, strip=7, **place), ()
    yield "plain.tif", tiff.write(bench.rows, nodata=VOID, deflate=False, **place), ()
    yield "tiles32.tif", tiff.write(bench.rows, nodata=VOID, tile=32, **place), ()
    yield "big_endian.tif", tiff.write(bench.rows, nodata=VOID, order=">", tile=16, **place), ()
    yield "uint16.tif", tiff.write(swapped(65535), sample="uint16", nodata=65535, **place), ()
    yield "int32.tif", tiff.write(swapped(-2147483648), sample="int32", nodata=-2147483648, **place), ()
    yield "float32.tif", tiff.write(swapped(-3.4028234663852886e38), sample="float32", nodata="-3.4028234663852886e+38", tile=64, **place), ()
    yield "float64_nan.tif", tiff.write(swapped(math.nan), sample="float64", nodata="nan", **place), ()
    yield "nan_undeclared.tif", tiff.write(swapped(math.nan), sample="float32", **place), ()
    yield "point.tif", tiff.write(bench.rows, nodata=VOID, point=True, **place), ()
    yield "matrix.tif", tiff.write(bench.rows, nodata=VOID, place=False, tags={34264: (12, [90.0, 0, 0, 463680.0, 0, -90.0, 0, 3053970.0] + [0.0] * 8)}.items()), ()
    yield "no_keys.tif", tiff.write(bench.rows, nodata=VOID, keys=False, **place), ("--crs", "EPSG:4549")
    yield "undeclared.tif", tiff.write(bench.rows, **place), ("--nodata", str(VOID))
    yield "corner.asc", asc(bench.rows), ("--crs", "4549")
    yield "centre.asc", asc(bench.rows, centre=True, void="32767", head_case=str.upper), ("--crs", "epsg:4549")
    yield "hills.zip", zipped("hills.tif", tiff.write(bench.rows, nodata=VOID, **place)), ()
    yield "asc.zip", zipped("hills.asc", asc(bench.rows)), ("--crs", "EPSG:4549")


def check_kinds(bench, checks):
    expected = bench.lines(HILLS)
    checks.that("the hills are read", expected.returncode == 0 and expected.stdout.count("\n") == 1501, expected.stderr)
    for name, data, extra in kinds_of_files(bench):
        got = bench.lines(bench.path(name, data), extra=extra)
        checks.that(f"{name} gives the same lines", got.returncode == 0 and got.stdout == expected.stdout, got.stderr)


def check_table(bench, checks):
    with open(LINES, encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    got = list(csv.DictReader(io.StringIO(bench.lines(HILLS).stdout)))
    wrong = [a["id"] for a, b in zip(table, got) if (a["id"], a["visible"]) != (b["id"], b["visible"])]
    checks.that("every line is as the table says", len(got) == len(table) and not wrong, wrong)
    unknown = [g for g in got if g["visible"] == "unknown"]
    checks.that("unknown leaves the last two empty", unknown and all(g["margin_m"] == g["blocker_dist_m"] == "" for g in unknown))


# ---- Pairs by coordinates ----

def check_points(bench, checks):
    with open(LINES, encoding="utf-8") as file:
        table = list(csv.DictReader(file))[:300]
    x, y = (lambda c: 463680 + 90 * (int(c) + 0.5)), (lambda r: 3053970 - 90 * (int(r) + 0.5))
    by_xy = "id,obs_x,obs_y,obs_h_m,tgt_x,tgt_y,tgt_h_m\n" + "".join(
        f"{t['id']},{x(t['obs_col']) + 31},{y(t['obs_row']) - 40},{t['obs_h_m']},{x(t['tgt_col']) - 44},{y(t['tgt_row']) + 12},{t['tgt_h_m']}\n" for t in table)
    got = list(csv.DictReader(io.StringIO(bench.lines(HILLS, pairs=bench.path("xy.csv", by_xy.encode())).stdout)))
    checks.that("points go to the nearest cell centre", [g["visible"] for g in got] == [t["visible"] for t in table])
    # the zone's number before the east coordinate: EPSG:4528
    rows = [[f"{t['id']}", f"{40000000 + x(t['obs_col'])}", f"{y(t['obs_row'])}", t["obs_h_m"], f"{40000000 + x(t['tgt_col'])}", f"{y(t['tgt_row'])}", t["tgt_h_m"]] for t in table]
    prefixed = "id,obs_x,obs_y,obs_h_m,tgt_x,tgt_y,tgt_h_m\n" + "".join(",".join(r) + "\n" for r in rows)
    got = list(csv.DictReader(io.StringIO(bench.lines(HILLS, pairs=bench.path("zone.csv", prefixed.encode()), extra=("--crs", "EPSG:4528")).stdout)))
    checks.that("points with a zone prefix are understood with --crs", [g["visible"] for g in got] == [t["visible"] for t in table])
    # a tower of the shared observers.csv, which gives both
    lonlat = "id,obs_lon,obs_lat,obs_h_m,tgt_lon,tgt_lat,tgt_h_m\na,119.737608,27.511132,40,119.737608,27.511132,0\n"
    plain = "id,obs_x,obs_y,obs_h_m,tgt_x,tgt_y,tgt_h_m\na,474075,3044295,40,474075,3044295,0\n"
    a, b = (bench.lines(HILLS, pairs=bench.path(n, d.encode())) for n, d in (("ll.csv", lonlat), ("pl.csv", plain)))
    checks.that("longitude and latitude lead to the same cell", a.returncode == 0 and a.stdout == b.stdout, a.stderr)
    document = json.loads(bench.lines(HILLS, extra=("--json",)).stdout)
    checks.that("--json is one document", document["schema"] == "gongfu.terrain.line/1" and document["epsg"] == 4549 and len(document["lines"]) == 1500
                and document["unknown"] == sum(v["visible"] is None for v in document["lines"]))


# ---- Degrees and several tiles ----

def hgt(lat, lon, side=1201):
    """Smooth ground of longitude and latitude, so that any tile of it is the same ground."""
    height = lambda i, j: int(800 + 300 * math.sin((lon + j / (side - 1)) * 40) + 250 * math.cos((lat + 1 - i / (side - 1)) * 55))
    data = bytearray(b"".join(struct.pack(f">{side}h", *(height(i, j) for j in range(side))) for i in range(side)))
    return bytes(data)


def check_degrees(bench, checks):
    north, south = bench.path("N27E119.hgt", hgt(27, 119)), bench.path("N26E119.hgt", hgt(26, 119))
    view = lambda out, *dems: bench.run("view", *(w for d in dems for w in ("--dem", d)), "--lonlat", "119.5,27.02", "--mast", "60", "--range", "8000",
                                        "--out", bench.path(out), "--json")
    one, both = view("one.tif", north), view("both.tif", north, south)
    a, b = json.loads(one.stdout or "{}"), json.loads(both.stdout or "{}")
    checks.that("degrees become metres in the 3-degree zone", a.get("epsg") == 4549 and a.get("cell_m") == 90, one.stderr)
    checks.that("beyond the only tile nothing is known, not even what is seen", a.get("outside", 0) > 0 and a["seen"] + a["hidden"] + a["unknown"] < b["seen"] + b["hidden"] + b["unknown"])
    checks.that("two tiles are one surface without a seam", b.get("unknown") == 0 and b["seen"] > 0, b)
    zip_path = bench.path("any_name.zip", zipped("n27e119.HGT", hgt(27, 119)))
    packed = view("zip.tif", zip_path)
    checks.that("a zipped tile is the tile", packed.returncode == 0 and {**json.loads(packed.stdout), "ms": 0} == {**a, "ms": 0}, packed.stderr)
    cell = bench.run("view", "--dem", north, "--cell", "1176,600", "--mast", "60", "--range", "8000", "--out", bench.path("cell.tif"), "--json")
    checks.that("row and column count in the file's own degrees: row 1176 of 1/1200 from 28N is 27.02N", cell.returncode == 0 and {**json.loads(cell.stdout), "ms": 0} == {**a, "ms": 0},
                cell.stderr)
    fine = bench.run("view", "--dem", bench.path("N28E119.hgt", hgt(28, 119, 3601)), "--lonlat", "119.5,28.5", "--mast", "60", "--range", "3000", "--out", bench.path("f.tif"), "--json")
    checks.that("an arc second is 30 m", fine.returncode == 0 and json.loads(fine.stdout)["cell_m"] == 30, fine.stderr)


# ---- Views ----

def check_view(bench, checks):
    out, margin = bench.path("v.tif"), bench.path("m.tif")
    got = bench.run("view", "--dem", HILLS, "--cell", "70,60", "--mast", "40", "--range", "5000", "--pan", "300,80", "--pitch", "-30,10", "--threads", "2", "--out", out,
                    "--margin", margin, "--json")
    checks.that("a view is made", got.returncode == 0, got.stderr)
    answer = json.loads(got.stdout)
    with open(out, "rb") as file:
        rows, tags = tiff.read(file.read())
    with open(margin, "rb") as file:
        margins, margin_tags = tiff.read(file.read())
    keys = tags[34735]
    checks.that("the raster says where it lies", tags[33550][:2] == [90, 90] and tags[33922][3:5] == [463680, 3053970] and 4549 in keys and tags[42113] == b"255\0"
                and tags[322] == [256] and tags[259] == [8] and len(rows) == 140 and len(rows[0]) == 140, tags)
    flat = [v for line in rows for v in line]
    checks.that("the counts are those of the raster", [flat.count(v) for v in (0, 1, 2, 255)] == [answer[k] for k in ("hidden", "seen", "unknown", "outside")], answer)
    checks.that("the area is that of the cells", abs(answer["seen_km2"] - answer["seen"] * 0.0081) < 1e-4)
    cells = [(r, c) for r in range(140) for c in range(140) if rows[r][c] != 255]
    pairs = "id,obs_row,obs_col,obs_h_m,tgt_row,tgt_col,tgt_h_m\n" + "".join(f"{r}-{c},70,60,40,{r},{c},1.5\n" for r, c in cells)
    lines = list(csv.DictReader(io.StringIO(bench.lines(HILLS, pairs=bench.path("all.csv", pairs.encode())).stdout)))
    word = {"0": 0, "1": 1, "unknown": 2}
    wrong = [line["id"] for (r, c), line in zip(cells, lines) if rows[r][c] != word[line["visible"]]]
    checks.that(f"each of {len(cells)} cells is as its line", len(lines) == len(cells) > 900 and not wrong, wrong[:5])
    wrong = [line["id"] for (r, c), line in zip(cells, lines) if abs(float(line["margin_m"] or -9999) - margins[r][c]) > 0.001]
    checks.that("each margin is that of its line", margin_tags[42113] == b"-9999\0" and not wrong, wrong[:5])
    outside = [(r, c) for r in range(140) for c in range(140) if rows[r][c] == 255 and (r, c) != (70, 60)]
    bearing = lambda r, c: math.degrees(math.atan2(c - 60, 70 - r)) % 360
    inside_by_angle = [(r, c) for r, c in outside if math.hypot(r - 70, c - 60) * 90 < 4990 and (bearing(r, c) > 300.01 or bearing(r, c) < 79.99) and bench.rows[r][c] != VOID]
    checks.that("what is outside though near and in the sector is outside by its pitch", all(steep(bench, r, c) for r, c in inside_by_angle), inside_by_angle[:5])
    again = bench.path("again.tif")
    bench.run("view", "--dem", HILLS, "--cell", "70,60", "--mast", "40", "--range", "5000", "--pan", "300,80", "--pitch", "-30,10", "--out", again)
    with open(out, "rb") as a, open(again, "rb") as b:
        checks.that("one thread or two: the same bytes", a.read() == b.read())


def steep(bench, r, c):
    dist = math.hypot(r - 70, c - 60) * 90
    up = bench.rows[r][c] + 1.5 - 0.87 * dist * dist / 12742000 - bench.rows[70][60] - 40
    return not -30 <= math.degrees(math.atan2(up, dist)) <= 10


def png_pixels(data):
    at, idat, chunks = 8, b"", {}
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        chunks[kind] = data[at + 8:at + 8 + size]
        idat += chunks[kind] if kind == b"IDAT" else b""
        at += 12 + size
    wide, high = struct.unpack(">II", chunks[b"IHDR"][:8])
    raw = zlib.decompress(idat)
    return wide, high, [raw[r * (wide + 1) + 1:(r + 1) * (wide + 1)] for r in range(high)], {raw[r * (wide + 1)] for r in range(high)}


def ring_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def check_pictures(bench, checks):
    view = lambda out, *extra: bench.run("view", "--dem", HILLS, "--at", "474075,3044295", "--mast", "40", "--range", "4000", "--out", bench.path(out), "--json", *extra)
    answer = json.loads(view("p.tif").stdout)
    with open(bench.path("p.tif"), "rb") as file:
        rows, _ = tiff.read(file.read())
    checks.that("a picture is made", view("p.png").returncode == 0)
    with open(bench.path("p.png"), "rb") as file:
        wide, high, pixels, filters = png_pixels(file.read())
    checks.that("its pixels are the cells", (wide, high, filters) == (140, 140, {0}) and all(list(pixels[r]) == rows[r] for r in range(140)), (wide, high, filters))
    with open(bench.path("p.pgw"), encoding="utf-8") as file:
        checks.that("its world file names the first centre", [float(v) for v in file] == [90, 0, 0, -90, 463725, 3053925])
    checks.that("an outline is made", view("p.geojson").returncode == 0)
    with open(bench.path("p.geojson"), encoding="utf-8") as file:
        seen, unknown = json.load(file)["features"]
    polygons = seen["geometry"]["coordinates"]
    checks.that("its rings are closed, outer ones counter-clockwise, holes clockwise",
                polygons and all(r[0] == r[-1] and (ring_area(r) > 0) == (i == 0) for p in polygons for i, r in enumerate(p)))
    scale = 111320 ** 2 * math.cos(math.radians(27.51))  # of a square degree; a sphere's, so a percent is left open
    area = sum(ring_area(r) for p in polygons for r in p) * scale / 1e6
    checks.that("its area is that of the cells", seen["properties"]["cells"] == answer["seen"] and abs(area / answer["seen_km2"] - 1) < 0.01, (area, answer))
    own = min((abs(x - 119.737608) + abs(y - 27.511132) for p in polygons for r in p for x, y in r), default=9)
    checks.that("the tower stands in it, by its degrees in another table", own < 0.01 and unknown["properties"]["sight"] == "unknown", own)
    kml = view("p.kml", "--lang", "en")
    with open(bench.path("p.kml"), encoding="utf-8") as file:
        text = file.read()
    checks.that("KML holds the same rings", kml.returncode == 0 and text.count("<outerBoundaryIs>") == len(polygons) + len(unknown["geometry"]["coordinates"]) and "<name>seen</name>" in text)


# ---- What is refused ----

def check_refusals(bench, checks):
    good = ("--cell", "70,60", "--mast", "40")
    huge = tiff.write([[1, 2], [3, 4]], tags={256: (4, [220000]), 257: (4, [230000])}.items())
    nan = tiff.write([[math.nan] * 4] * 4, sample="float32")
    degrees = tiff.write(bench.rows, nodata=VOID, west=119.5, north=27.9, step=1 / 1200, keys=False)
    place = {"west": 463680, "north": 3053970}
    cases = [
        ("degrees without a system", degrees, good, 3, "in degrees and does not say"),
        ("degrees called metres", degrees, (*good, "--crs", "EPSG:4549"), 3, "EPSG:4549 is in metres"),
        ("a tower off the grid", None, ("--at", "100000,3000000", "--mast", "40"), 3, "off the elevation"),
        ("a row off the grid", None, ("--cell", "140,3", "--mast", "40"), 3, "off the first file's 140 rows"),
        ("x and y exchanged", None, ("--at", "3044295,474075", "--mast", "40"), 3, "exchanged"),
        ("latitude first", None, ("--lonlat", "27.511132,119.737608", "--mast", "40"), 3, "longitude comes first"),
        ("a tower on a void", None, ("--cell", "62,85", "--mast", "40"), 3, "is unknown"),
        ("no height at all", nan, ("--cell", "1,1", "--mast", "40"), 3, "no cell of the elevation has a known height"),
        ("an empty file", b"", good, 3, "the file is empty"),
        ("a header that claims 100 GB", huge, good, 6, "claims 220000 x 230000 cells"),
        ("a void that is not declared", tiff.write([[1, -32768], [3, 4]], **place), good, 3, "is no height on earth"),
        ("three bands", tiff.write(bench.rows, tags={277: (3, [3])}.items(), **place), good, 3, "3 bands"),
        ("half a file", open(HILLS, "rb").read()[:9000], good, 3, "the TIFF is damaged"),
        ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, good, 3, "none of the kinds"),
        ("no place", tiff.write(bench.rows, place=False), good, 3, "does not say where it lies"),
        ("a turned raster", tiff.write(bench.rows, place=False, tags={34264: (12, [0, 90.0, 0, 463680.0, 90.0, 0, 0, 3053970.0] + [0.0] * 8)}.items()), good, 3, "rotated or mirrored"),
        ("feet", tiff.write(bench.rows, epsg=2225, nodata=VOID, **place), good, 3, "in units of"),
        ("a system nobody knows", tiff.write(bench.rows, epsg=64001, nodata=VOID, **place), good, 3, "EPSG:64001"),
        ("an archive of two grids", None, None, 3, "more than one grid"),
        ("a mast below the ground", None, ("--cell", "70,60", "--mast", "-3"), 3, "no height above the ground"),
        ("no range", None, (*good, "--range", "0"), 3, "range"),
        ("pitch upside down", None, (*good, "--pitch", "10,-10"), 3, "pitch"),
        ("words for numbers", None, ("--cell", "70,sixty", "--mast", "40"), 2, "--cell cannot take"),
        ("no place for the tower", None, ("--mast", "40"), 2, "place of the tower is missing"),
        ("two places", None, ("--cell", "1,1", "--at", "2,2", "--mast", "40"), 2, "more than once"),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.tif", b"x")
        archive.writestr("b.tif", b"x")
    for name, data, words, code, sentence in cases:
        dem = HILLS if data is None else bench.path("bad.tif", data)
        if words is None:
            dem, words = bench.path("two.zip", out.getvalue()), good
        target = bench.path("none.tif")
        got = bench.run("view", "--dem", dem, *words, "--out", target, "--margin", bench.path("none2.tif"))
        whole = got.returncode == code and sentence in got.stderr and got.stderr.count("\n") == 1 and not got.stdout
        checks.that(f"{name}: a sentence, and nothing written", whole and not os.path.exists(target) and not os.path.exists(bench.path("none2.tif")), (got.returncode, got.stderr))
    for name, data, code, sentence in (
            ("an .asc that ends too early", asc(bench.rows)[:-4000], 3, "there is no number"),
            ("an .asc with words", asc(bench.rows).replace(b" 90\n", b" ninety\n"), 3, "cannot be read"),
            ("an .asc that claims the moon", b"ncols 900000\nnrows 900000\nxllcorner 0\nyllcorner 0\ncellsize 90\n1 2 3\n", 6, "claims"),
            ("an .asc too short for its claim", b"ncols 9000\nnrows 9000\nxllcorner 0\nyllcorner 0\ncellsize 90\n1 2 3\n", 3, "too short")):
        got = bench.lines(bench.path("bad.asc", data), extra=("--crs", "EPSG:4549", "--json"))
        error = json.loads(got.stderr)["error"] if got.stderr else {}
        checks.that(f"{name}: told as JSON", got.returncode == code and sentence in error.get("what", "") and error["where"] == "bad.asc" and not got.stdout, got.stderr)
    for name, size in (("N27E119.hgt", 100), ("hello.hgt", 1201 * 1201 * 2)):
        got = bench.lines(bench.path(name, b"\1" * size))
        checks.that(f"{name} of {size} bytes is refused", got.returncode == 3 and ("bytes" in got.stderr or "tells no place" in got.stderr), got.stderr)


def check_pair_refusals(bench, checks):
    head = "id,obs_row,obs_col,obs_h_m,tgt_row,tgt_col,tgt_h_m\n"
    for name, text, sentence, where in (
            ("a column that is missing", "id,obs_row\n1,2\n", "needs the columns", ""),
            ("a word for a number", head + "1,2,3,30,4,5,1.5\n2,x,3,30,4,5,1.5\n", "column obs_row holds no number", "bad.csv:3"),
            ("a target off the grid", head + "1,2,3,30,4,5,1.5\n2,2,3,30,4,999,1.5\n", "off the first file's", "bad.csv:3"),
            ("half a cell", head + "1,2.5,3,30,4,5,1.5\n", "off the first file's", "bad.csv:2"),
            ("a height below ground", head + "1,2,3,-30,4,5,1.5\n", "none above the ground", "bad.csv:2")):
        target = bench.path("o.csv")
        got = bench.lines(HILLS, pairs=bench.path("bad.csv", text.encode()), extra=("--out", target))
        checks.that(f"{name}: line and sentence", got.returncode == 3 and sentence in got.stderr and where in got.stderr and not os.path.exists(target), got.stderr)
    got = bench.run("line", "--dem", HILLS, "--pairs", bench.path("nowhere.csv"))
    checks.that("a table that is not there", got.returncode == 4, got.stderr)
    got = bench.run("line", "--pairs", LINES)
    checks.that("no elevation at all", got.returncode == 2 and "--dem" in got.stderr, got.stderr)


def check_tiles(bench, checks):
    """The hills cut into four, given in any order: rows and columns count from the first one."""
    whole = json.loads(bench.run("view", "--dem", HILLS, "--cell", "70,60", "--mast", "40", "--range", "5000", "--out", bench.path("w.tif"), "--json").stdout)
    cut = {}
    for r, c in ((0, 0), (0, 75), (65, 0), (65, 75)):
        rows = [line[c:c + 80] for line in bench.rows[r:r + 80]]
        cut[r, c] = bench.path(f"cut{r}_{c}.tif", tiff.write(rows, nodata=VOID, west=463680 + 90 * c, north=3053970 - 90 * r))
    for first in cut:
        dems = [cut[first]] + [path for at, path in cut.items() if at != first]
        inside = first[0] <= 70 and first[1] <= 60
        spot = ("--cell", f"{70 - first[0]},{60 - first[1]}") if inside else ("--at", f"{463680 + 90 * 60.5},{3053970 - 90 * 70.5}")
        got = bench.run("view", *(w for d in dems for w in ("--dem", d)), *spot, "--mast", "40", "--range", "5000", "--out", bench.path("t.tif"), "--json")
        same = got.returncode == 0 and {**json.loads(got.stdout), "ms": 0} == {**whole, "ms": 0}
        with open(bench.path("t.tif"), "rb") as a, open(bench.path("w.tif"), "rb") as b:
            checks.that(f"four tiles are the whole, {first} first", same and a.read() == b.read(), got.stderr or got.stdout)
    odd = bench.run("view", "--dem", HILLS, "--dem", bench.path("odd.tif", tiff.write([[1, 2], [3, 4]], west=463700)), "--cell", "1,1", "--mast", "4", "--out", bench.path("x.tif"))
    checks.that("a tile that does not fit is refused", odd.returncode == 3 and "do not fit" in odd.stderr, odd.stderr)
    zone = bench.run("view", "--dem", HILLS, "--dem", bench.path("zone.tif", tiff.write([[1, 2], [3, 4]], epsg=4548)), "--cell", "1,1", "--mast", "4", "--out", bench.path("x.tif"))
    checks.that("a tile of another system is refused", zone.returncode == 3 and "EPSG:4548, the first one in EPSG:4549" in zone.stderr, zone.stderr)


def check_shared(bench, checks):
    """The gold lines of the shared data, where it is there."""
    folder = os.path.join(os.path.dirname(ROOT), "shared", "data", "terrain")
    gold = os.path.join(folder, "los_gold.csv")
    if not os.path.exists(gold):
        print("SKIP gold lines: no ../shared/data/terrain")
        return 1
    run = subprocess.run([os.path.join(os.path.dirname(bench.program), "tests", "terrain_table"), gold], capture_output=True, text=True, check=False)
    checks.that("the gold lines", run.returncode == 0 and run.stdout.endswith("2000 passed, 0 failed\n"), run.stdout[-300:])
    return 0


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.abspath(sys.argv[1]), folder)
        for check in (check_kinds, check_table, check_points, check_degrees, check_tiles, check_view, check_pictures, check_refusals, check_pair_refusals):
            check(bench, checks)
        skipped = check_shared(bench, checks)
    print(f"{checks.passed} passed, {checks.failed} failed, {skipped} skipped")
    return checks.failed > 0


sys.exit(main())
