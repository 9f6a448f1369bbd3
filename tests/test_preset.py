"""test_preset.py GONGFU: a camera's preset on the ground, against a pinhole that is worked out here.

A level plain of 400 m, a camera 45 m above it, fields of 60 x 40 m in rows before it; a ridge of 60 m hides some of them. Pixels of
control points come from this file's own pinhole with the curve of the earth. Then the pose that was told wrongly is found again, each
field's own pixel lands on it, an error in pixels becomes one in metres, and what lies behind the ridge is not seen.
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile

CELL, SIDE, WEST, SOUTH = 10, 401, 470000, 3040000
CAMERA, HEIGHT, GROUND = (WEST + 2000.0, SOUTH + 500.0), 45.0, 400.0
FOCAL, WIDTH, PICTURE_HEIGHT = 2600.0, 1920, 1080
HEADING, TILT = 12.0, -3.4
FALL = 0.87 / (2 * 6371000)


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:500]}" if not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


def lonlat_of(x, y):
    """EPSG:4549 back to degrees (Krueger's series, third order)."""
    a, f = 6378137.0, 1 / 298.257222101
    n = f / (2 - f)
    big = a / (1 + n) * (1 + n * n / 4 + n ** 4 / 64)
    xi, eta = y / big, (x - 500000) / big
    beta = (n / 2 - 2 * n * n / 3 + 37 * n ** 3 / 96, n * n / 48 + n ** 3 / 15, 17 * n ** 3 / 480)
    xi0 = xi - sum(b * math.sin(2 * (j + 1) * xi) * math.cosh(2 * (j + 1) * eta) for j, b in enumerate(beta))
    eta0 = eta - sum(b * math.cos(2 * (j + 1) * xi) * math.sinh(2 * (j + 1) * eta) for j, b in enumerate(beta))
    chi = math.asin(math.sin(xi0) / math.cosh(eta0))
    delta = (2 * n - 2 * n * n / 3 - 2 * n ** 3, 7 * n * n / 3 - 8 * n ** 3 / 5, 56 * n ** 3 / 15)
    lat = chi + sum(d * math.sin(2 * (j + 1) * chi) for j, d in enumerate(delta))
    return 120 + math.degrees(math.atan2(math.sinh(eta0), math.cos(xi0))), math.degrees(lat)


def pixel_of(x, y, heading=HEADING, tilt=TILT):
    """Where the pinhole shows a point of the plain."""
    east, north = x - CAMERA[0], y - CAMERA[1]
    up = -HEIGHT - (east * east + north * north) * FALL
    h, t = math.radians(heading), math.radians(tilt)
    ahead = math.cos(t) * (math.sin(h) * east + math.cos(h) * north) + math.sin(t) * up
    right = math.cos(h) * east - math.sin(h) * north
    below = math.sin(t) * (math.sin(h) * east + math.cos(h) * north) - math.cos(t) * up
    return (WIDTH - 1) / 2 + FOCAL * right / ahead, (PICTURE_HEIGHT - 1) / 2 + FOCAL * below / ahead


def at(distance, aside):
    """A point so far ahead and so far to the right of the camera's heading."""
    h = math.radians(HEADING)
    return CAMERA[0] + distance * math.sin(h) + aside * math.cos(h), CAMERA[1] + distance * math.cos(h) - aside * math.sin(h)


def field(distance, aside):
    corners = [at(distance + d, aside + a) for d, a in ((-20, -30), (-20, 30), (20, 30), (20, -30), (-20, -30))]
    return [list(lonlat_of(x, y)) for x, y in corners]


def dem(ridge_at=None):
    """Rows from the north; with a ridge, a wall of 60 m that far ahead, across the view."""
    h = math.radians(HEADING)
    lines = [f"ncols {SIDE}", f"nrows {SIDE}", f"xllcorner {WEST}", f"yllcorner {SOUTH}", f"cellsize {CELL}", "NODATA_value -9999"]
    for r in range(SIDE):
        row = []
        for k in range(SIDE):
            x, y = WEST + (k + 0.5) * CELL, SOUTH + (SIDE - r - 0.5) * CELL
            ahead = (x - CAMERA[0]) * math.sin(h) + (y - CAMERA[1]) * math.cos(h)
            row.append("460" if ridge_at and abs(ahead - ridge_at) < 15 else "400")
        lines.append(" ".join(row))
    return "\n".join(lines) + "\n"


FIELDS = {f"f{d}-{a}": (d, a) for d in (350, 600, 900, 1300, 1900) for a in (-90, 0, 90)}


class Preset:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        for name, text in (("plain.asc", dem()), ("ridge.asc", dem(1000))):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        layer = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"BSM": key}, "geometry": {"type": "Polygon", "coordinates": [field(*where)]}} for key, where in FIELDS.items()]}
        with open(os.path.join(folder, "fields.geojson"), "w", encoding="utf-8") as file:
            json.dump(layer, file)

    def document(self, heading=HEADING, tilt=TILT, noise=0.0, seed=1, **more):
        rng = random.Random(seed)
        points = []
        for d, a in ((320, -60), (450, 70), (700, -120), (800, 100), (1200, 0), (1500, -200)):
            x, y = at(d, a)
            px, py = pixel_of(x, y)
            lon, lat = lonlat_of(x, y)
            points.append({"x": px + rng.gauss(0, noise), "y": py + rng.gauss(0, noise), "lon": lon, "lat": lat})
        lon, lat = lonlat_of(*CAMERA)
        return {"schema": "gongfu.watch.preset/1", "name": "t", "width": WIDTH, "height": PICTURE_HEIGHT, "lon": lon, "lat": lat, "lens_m": HEIGHT, "heading_deg": heading, "tilt_deg": tilt,
                "focal_px": FOCAL, "points": points} | more

    def run(self, document, *words, ground="plain.asc"):
        path = os.path.join(self.folder, "preset.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        return subprocess.run([self.program, "terrain", "preset", "--preset", path, "--dem", os.path.join(self.folder, ground), "--crs", "4549", "--parcels", os.path.join(self.folder, "fields.geojson"),
                               "--layer-crs", "EPSG:4490", *words], capture_output=True, text=True, timeout=120, check=False)

    def ask(self, document, *words, ground="plain.asc"):
        done = self.run(document, "--json", *words, ground=ground)
        return json.loads(done.stdout) if done.stdout else json.loads(done.stderr.splitlines()[-1])

    def table(self, document, ground="plain.asc"):
        rows = self.run(document, ground=ground).stdout.splitlines()
        return {line.split(",")[0]: dict(zip(rows[0].split(","), line.split(","))) for line in rows[1:]}


def the_pose(c, p):
    for heading, tilt in ((12, -3.4), (14, -2.5), (9.5, -4.5), (192, -3.4)):
        got = p.ask(p.document(heading, tilt))
        c.that(f"told {heading}, {tilt}: the pose is found again", abs(got["heading_deg"] - HEADING) < 0.02 and abs(got["tilt_deg"] - TILT) < 0.02 and got["rms_px"] < 1, got)
    got = p.ask(p.document(noise=3, seed=5))
    c.that("control points 3 pixels off leave their error", 1 < got["rms_px"] < 6 and 0 < got["heading_error_deg"] < 0.2, got)


def findings(c, p):
    document = p.document()
    for key, (d, a) in FIELDS.items():
        x, y = pixel_of(*at(d, a))
        spot = p.ask(document, "--pixel", f"{x:.3f},{y:.3f}", "--pixel-error", "0.5")["spot"]
        c.that(f"the pixel of {key} lands on it", spot["parcel"] == key and spot["candidates"] == [] and abs(spot["dist_m"] - math.hypot(d, a)) < 0.02 * d, spot)
    x, y = pixel_of(*at(900, 0))
    far, near = (p.ask(document, "--pixel", f"{x:.2f},{y:.2f}", "--pixel-error", str(e))["spot"] for e in (8, 1))
    c.that("an error in pixels is one in metres: along the ray d^2 / (h f) a pixel", 0.7 < near["pose_error_m"] / (1 * 900 ** 2 / (HEIGHT * FOCAL)) < 1.6 and far["pose_error_m"] > 5 * near["pose_error_m"], (near, far))
    x, y = pixel_of(*at(900, 45))   # between two fields
    spot = p.ask(document, "--pixel", f"{x:.2f},{y:.2f}", "--pixel-error", "8")["spot"]
    c.that("between two fields, and unsure: both are candidates, none is the parcel", spot["parcel"] is None and {"f900-0", "f900-90"} <= set(spot["candidates"]), spot)
    spot = p.ask(document, "--pixel", "900,20")["spot"]
    c.that("the sky has no ground", spot["on_ground"] is False and spot["lon"] is None and spot["parcel"] is None and spot["candidates"] == [], spot)
    x, y = pixel_of(*at(480, 0))
    spot = p.ask(document, "--pixel", f"{x:.2f},{y:.2f}", "--pixel-error", "0.5")["spot"]
    c.that("open ground is no parcel", spot["on_ground"] and spot["parcel"] is None and spot["candidates"] == [], spot)


def watched(c, p):
    table = p.table(p.document())
    c.that("every field before the camera is seen", set(table) == set(FIELDS), sorted(table))
    wrong = [(key, row) for key, row in table.items() if abs(float(row["object_px"]) - 8 * FOCAL / float(row["dist_m"])) > 0.1 or (row["watched"] == "1") != (float(row["object_px"]) >= 32)]
    c.that("an object of 8 m takes 8 f / d pixels; watched from 32 on", not wrong, wrong)
    c.that("near fields are watched, far ones are only seen", table["f350-0"]["watched"] == "1" and table["f1900-0"]["watched"] == "0", (table["f350-0"], table["f1900-0"]))
    behind = p.table(p.document(), "ridge.asc")
    c.that("what lies behind a ridge is not seen", not {key for key in behind if FIELDS[key][0] > 1000} and {key for key in behind if FIELDS[key][0] < 900} == {key for key in FIELDS if FIELDS[key][0] < 900}, sorted(behind))


def refused(c, p):
    good = p.document()
    for name, document, code in (
            ("three points", good | {"points": good["points"][:3]}, "preset.points"), ("a point without a place", good | {"points": good["points"][:4] + [{"x": 1, "y": 2}]}, "preset.points"),
            ("another schema", good | {"schema": "x"}, "preset.json"), ("a misspelt key", good | {"fokal_px": 1}, "preset.json"), ("no focal length", {k: v for k, v in good.items() if k != "focal_px"}, "preset.json"),
            ("a picture of one pixel", good | {"width": 1}, "preset.json"), ("a camera on another continent", good | {"lon": 10.0, "lat": 50.0}, None),
            ("points that no pose shows", good | {"points": [dict(one, x=random.Random(i).uniform(0, 1920), y=random.Random(i + 9).uniform(0, 1080)) for i, one in enumerate(good["points"])]}, None)):
        got = p.ask(document)
        c.that(f"refused with a sentence: {name}", got.get("error", {}).get("what") and (code is None or got["error"]["code"] == code), got)


def main():
    c = Checks()
    with tempfile.TemporaryDirectory() as folder:
        p = Preset(os.path.abspath(sys.argv[1]), folder)
        the_pose(c, p)
        findings(c, p)
        watched(c, p)
        refused(c, p)
    print(f"{c.passed} passed, {c.failed} failed, 0 skipped")
    sys.exit(0 if c.failed == 0 and c.passed else 1)


if __name__ == "__main__":
    main()
