"""test_land.py GONGFU: farmland in the books: what towers see, held against the engine's own command on files; who answers;
what changes when a tower changes; layers that come in as files; rights."""
import csv
import decimal
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

from test_serve import ROOT, Checks, Person, Server

DEM = [os.path.join(ROOT, "data", "terrain", "documents", name) for name in ("N27E119.hgt.zip", "N26E119.hgt.zip")]
FORM = {"Content-Type": "application/json"}


def read(name):
    with open(os.path.join(ROOT, "data", "demo", name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ring(wkt):
    return [[float(n) for n in point.split()] for point in wkt[len("POLYGON(("):-2].split(",")]


def as_the_command_says(server, checks, folder):
    """gongfu terrain towers on tables with the same towers and parcels: the same pairs, shares and distances."""
    cameras = {row["tower"]: row for row in read("cameras.csv")}
    with open(os.path.join(folder, "towers.csv"), "w", encoding="utf-8") as file:
        file.write("id,lon,lat,mast_m,range_m,pitch_min_deg,pitch_max_deg,focal_mm,pixel_um\n")
        for row in read("towers.csv"):
            c = cameras[row["id"]]
            file.write(f"{row['id']},{row['lon']},{row['lat']},{c['height_m']},{c['range_m']},{c['pitch_min_deg']},{c['pitch_max_deg']},{c['focal_mm']},{c['pixel_um']}\n")
    layer = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"BSM": row["id"]}, "geometry": {"type": "Polygon", "coordinates": [ring(row["shape"])]}} for row in read("parcels.csv")]}
    with open(os.path.join(folder, "parcels.geojson"), "w", encoding="utf-8") as file:
        json.dump(layer, file)
    out = os.path.join(folder, "out")
    run = subprocess.run([server.gongfu, "terrain", "towers", *[word for dem in DEM for word in ("--dem", dem)], "--towers", os.path.join(folder, "towers.csv"), "--parcels",
                          os.path.join(folder, "parcels.geojson"), "--out", out], capture_output=True, text=True)
    checks.that("the command runs", run.returncode == 0, run.stderr)
    with open(os.path.join(out, "pairs.csv"), encoding="utf-8", newline="") as file:
        said = {(row["tower"], row["parcel"]): row for row in csv.DictReader(file)}
    kept = {}
    for tower in cameras:
        for s in json.loads(server.ask("GET", f"/api/v1/land/sights?tower={tower}")[1])["sights"]:
            kept[s["tower"], s["parcel"]] = s
    checks.that(f"the same {len(said)} pairs", set(said) == set(kept) and len(said) > 500, sorted(set(said) ^ set(kept))[:5])
    wrong = [key for key, row in said.items() if key in kept and (abs(float(row["seen_share"]) - kept[key]["seen"]) > 1e-4 or abs(float(row["dist_m"]) - kept[key]["dist_m"]) > 0.51)]
    checks.that("with the same shares and distances", not wrong, [(said[key], kept[key]) for key in wrong[:2]])
    with open(os.path.join(out, "parcels.csv"), encoding="utf-8", newline="") as file:
        shares = {row["parcel"]: float(row["seen_share"]) for row in csv.DictReader(file)}
    land = json.loads(server.ask("GET", "/api/v1/land?programme=taishun-demo")[1])
    checks.that("and the parcels as a whole", all(abs(shares[p["id"]] - p["seen"]) < 1e-4 for p in land["parcels"]) and len(land["parcels"]) == len(shares))
    return land


def figures_of_land(server, checks, land):
    """Every number of the map opens: the same sums a second time through their figures, and what stands under one sight."""
    def trace(figure, lang="en"):
        return json.loads(server.ask("GET", f"/api/v1/trace/{urllib.parse.quote(figure, safe='')}?lang={lang}")[1])
    area = {row["id"]: decimal.Decimal(row["area_m2"]) for row in read("parcels.csv")}
    KINDS = {"all": "", "before": ".sight=today", "seen": ".sight=today+built", "unseen": ".sight=unseen", "unanswered": ".answer=county"}
    FITS = {"all": lambda p: True, "before": lambda p: p["before"] > 0, "seen": lambda p: p["seen"] > 0, "unseen": lambda p: p["seen"] == 0 and p["nodata"] < 1, "unanswered": lambda p: not p["answered"]}
    for kind, condition in KINDS.items():
        fits = [p["id"] for p in land["parcels"] if FITS[kind](p)]
        count, total = trace(f"count.taishun-demo/parcels{condition}@all"), trace(f"sum.taishun-demo/parcels#area_m2{condition}@all")
        checks.that(f"the figure of {kind} counts the same parcels", count["figure"]["value"] == land["sums"][kind]["parcels"] == len(fits), count["figure"])
        checks.that(f"and adds up their areas", decimal.Decimal(str(total["figure"]["value"])) == sum(area[one] for one in fits), total["figure"])
    town = land["parcels"][0]["place"][:9]
    inside = [p for p in land["parcels"] if p["place"].startswith(town)]
    checks.that("within a town", trace(f"count.taishun-demo/parcels.within={town}@all")["figure"]["value"] == len(inside) > 0, town)
    ratio = trace("ratio.sum.taishun-demo/parcels#area_m2.sight=today@all|sum.taishun-demo/parcels#area_m2@all")["figure"]
    share = 100 * sum(area[p["id"]] for p in land["parcels"] if p["before"] > 0) / sum(area.values())
    checks.that("a share is one over the other, to one place", abs(decimal.Decimal(str(ratio["value"])) - share) <= decimal.Decimal("0.05") and ratio["unit"] == "percent", (ratio, share))
    sight = json.loads(server.ask("GET", f"/api/v1/land/sights?parcel={next(p['id'] for p in land['parcels'] if p['seen'] > 0)}")[1])["sights"][0]
    for what, value in (("seen", sight["seen"] * 100), ("dist_m", sight["dist_m"]), ("pixel_m", sight["pixel_m"]), ("incidence_deg", sight["incidence_deg"])):
        traced = trace(f"sight.{sight['parcel']}@{sight['tower']}#{what}")
        checks.that(f"{what} of one sight", value is None or abs(traced["figure"]["value"] - value) < 1e-9, (traced["figure"], sight))
    said = json.dumps(trace(f"sight.{sight['parcel']}#seen"), ensure_ascii=False)
    camera = next(row for row in read("cameras.csv") if row["tower"] == sight["tower"])
    for what, words in {"the tower": f"record.towers.{sight['tower']}#mast_m", "the camera": camera["name"], "its pose": f"pan {camera['pan_from_deg']} to {camera['pan_to_deg']}°", "its height": f"{camera['height_m']} m above ground",
                        "the parcel": f"record.parcels.{sight['parcel']}#area_m2", "the ground": "dem-n27e119", "the day": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))}.items():
        checks.that(f"under it stands {what}", words in said, said[:900])
    counted = trace(f"count.taishun-demo/parcels.seen_by={sight['tower']}@all")["figure"]["value"]
    checks.that("a tower counts its parcels", counted == next(t["parcels"] for t in land["towers"] if t["id"] == sight["tower"]), counted)


def sums_and_people(server, checks, land):
    parcels, sums = land["parcels"], land["sums"]
    seen, before = [p for p in parcels if p["seen"] > 0], [p for p in parcels if p["before"] > 0]
    checks.that("sums are those of the list", sums["all"]["parcels"] == len(parcels) and sums["seen"]["parcels"] == len(seen) and sums["before"]["parcels"] == len(before))
    checks.that("what stands today sees less than all will", 0 < len(before) < len(seen) and all(p["before"] <= p["seen"] for p in parcels))
    areas = {row["id"]: float(row["area_m2"]) for row in read("parcels.csv")}
    checks.that("the layer's own areas are never corrected", all(areas[p["id"]] == p["area_m2"] for p in parcels))
    wardens, places = {w["id"]: w for w in land["wardens"]}, {row["id"]: row["place"] for row in read("parcels.csv")}
    checks.that("a warden answers for his town, the county's for all", all(all(places[p["id"]].startswith(wardens[w]["place"]) for w in p["wardens"]) and any(wardens[w]["level"] == "county" for w in p["wardens"])
                                                                          for p in parcels))
    towns = {w["place"] for w in wardens.values() if w["level"] == "town"}
    checks.that("a town without a warden shows", sums["unanswered"]["parcels"] == sum(places[p["id"]] not in towns for p in parcels) > 0, sums)
    checks.that("no personal text on the map", not any(row["name"] and row["name"] in json.dumps(land, ensure_ascii=False) for row in read("persons.csv")))
    real = json.loads(server.ask("GET", "/api/v1/land?programme=taishun")[1])
    checks.that("invented towers and parcels stand in no other programme", not real["towers"] and not real["parcels"])


def why(server, checks, land):
    """A profile tells the same as the engine's line, and its drawing agrees with its verdict."""
    tower = land["towers"][0]
    eye_m = next(row["height_m"] for row in read("cameras.csv") if row["tower"] == tower["id"])
    tried = {"seen": 0, "hidden": 0}
    pairs = ["id,obs_lon,obs_lat,obs_h_m,tgt_lon,tgt_lat,tgt_h_m"]
    told = []
    for i, p in enumerate(land["parcels"][::24]):
        lon, lat = ring(p["shape"])[0]
        profile = json.loads(server.ask("GET", f"/api/v1/land/profile?tower={tower['id']}&lon={lon}&lat={lat}")[1])
        tried[profile["sight"]] += 1
        told.append(profile)
        pairs.append(f"{i},{tower['lon']},{tower['lat']},{eye_m},{lon},{lat},1.5")
    run = subprocess.run([server.gongfu, "terrain", "line", *[word for dem in DEM for word in ("--dem", dem)], "--pairs", "/dev/stdin", "--out", "-"], input="\n".join(pairs) + "\n", capture_output=True, text=True)
    lines = list(csv.DictReader(io.StringIO(run.stdout)))
    checks.that("profiles say what lines say", len(lines) == len(told) and all((line["visible"] == "1") == (p["sight"] == "seen") and abs(float(line["margin_m"]) - p["margin_m"]) < 0.06 for line, p in zip(lines, told)),
                run.stderr)
    checks.that("some are seen, some hidden", tried["hidden"] > 0 and sum(tried.values()) == len(told), tried)
    hidden = next(p for p in told if p["sight"] == "hidden")
    over = [at for at, ground, sight in zip(hidden["at_m"], hidden["ground_m"], hidden["sight_m"]) if ground is not None and ground > sight]
    checks.that("where it is hidden the drawn ground stands over the line of sight, at the place that is named", any(abs(at - hidden["blocker_dist_m"]) < 300 for at in over), (hidden["blocker_dist_m"], over[:5]))
    view = json.loads(server.ask("GET", f"/api/v1/land/view/{tower['id']}")[1])
    checks.that("the area that it sees, as outlines", any(f["properties"]["sight"] == "seen" and f["properties"]["km2"] > 0 for f in view["features"]))
    answer, data = server.ask("GET", f"/api/v1/land/profile?tower={tower['id']}&lon=27.5&lat=119.8")
    checks.that("degrees exchanged are told", answer.status == 422 and "exchanged" in json.loads(data)["hint"], data)
    checks.that("no such tower", server.ask("GET", "/api/v1/land/profile?tower=none&lon=119.8&lat=27.5")[0].status == 404)


def run_again(server, checks):
    """A tower moves: the run is old, a job makes a new one, which is another."""
    def run():
        return json.loads(server.ask("GET", "/api/v1/land?programme=taishun-demo")[1])["run"]
    def job():
        view = json.loads(server.ask("POST", "/api/v1/jobs", json.dumps({"kind": "sights", "format": "json"}), FORM)[1])
        while view["state"] in ("waiting", "running"):
            time.sleep(0.05)
            view = json.loads(server.ask("GET", f"/api/v1/jobs/{view['id']}")[1])
        return view
    before = json.loads(server.ask("GET", "/api/v1/land/sights?tower=demo-tw-002")[1])["sights"]
    record = json.loads(server.ask("GET", "/api/v1/records/towers/demo-tw-002")[1])
    answer, data = server.ask("PATCH", "/api/v1/records/towers/demo-tw-002", json.dumps({"mast_m": "90"}), FORM | {"If-Match": f'"{record["version"]}"'})
    checks.that("a tower is changed", answer.status == 200 and not run()["fresh"], data)
    camera = json.loads(server.ask("GET", "/api/v1/records/cameras/demo-cam-002")[1])
    server.ask("PATCH", "/api/v1/records/cameras/demo-cam-002", json.dumps({"height_m": "88"}), FORM | {"If-Match": f'"{camera["version"]}"'})
    view = job()
    checks.that("a job computes again", view["state"] == "done" and view["answer"]["towers"] == 114 and run()["fresh"], view)
    after = json.loads(server.ask("GET", "/api/v1/land/sights?tower=demo-tw-002")[1])["sights"]
    checks.that("from 50 m higher it sees no less of any parcel", all(any(a["parcel"] == b["parcel"] and a["seen"] >= b["seen"] for a in after) for b in before), (before[:2], after[:2]))
    checks.that("check is clean behind it", subprocess.run([server.gongfu, "check", "--db", server.db], capture_output=True).returncode == 0)


def as_a_table(server, checks, land):
    """Everything on the map leaves as a table, as the actor sees it."""
    view = json.loads(server.ask("POST", "/api/v1/jobs", json.dumps({"kind": "land", "format": "csv", "programme": "taishun-demo"}), FORM)[1])
    while view["state"] in ("waiting", "running"):
        time.sleep(0.02)
        view = json.loads(server.ask("GET", f"/api/v1/jobs/{view['id']}")[1])
    rows = {row["parcel"]: row for row in csv.DictReader(io.StringIO(server.ask("GET", f"/api/v1/jobs/{view['id']}/result")[1].decode("utf-8-sig")))}
    checks.that("the map as a table", set(rows) == {p["id"] for p in land["parcels"]} and
                all(float(rows[p["id"]]["seen_share"]) == p["seen"] and float(rows[p["id"]]["area_m2"]) == p["area_m2"] and rows[p["id"]]["wardens"] == ";".join(p["wardens"]) for p in land["parcels"]), view)


def layers(server, checks):
    def take(name, data, dry=False):
        answer, body = server.ask("POST", "/api/v1/imports?register=parcels" + ("&dry=1" if dry else ""), data, {"Content-Type": "application/octet-stream", "X-File-Name": name})
        view = json.loads(body)
        while view.get("state") in ("waiting", "running"):
            time.sleep(0.02)
            view = json.loads(server.ask("GET", f"/api/v1/jobs/{view['id']}")[1])
        return view
    square = [[[119.70, 27.50], [119.702, 27.50], [119.702, 27.502], [119.70, 27.502], [119.70, 27.50]], [[119.7005, 27.5005], [119.701, 27.5005], [119.701, 27.501], [119.7005, 27.5005]]]
    feature = {"type": "Feature", "properties": {"BSM": "330329105223000001", "TBBH": "0017", "DLBM": "0101", "DLMC": "水田", "TBMJ": 40123.45, "ZLDWDM": "3303291052230000000"},
               "geometry": {"type": "Polygon", "coordinates": square}}
    layer = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False).encode()
    view = take("fields.geojson", layer, dry=True)
    checks.that("a layer is tried first", view["state"] == "done" and view["answer"]["refused"] == 0 and not view["answer"]["import"], view)
    view = take("fields.geojson", layer)
    record = json.loads(server.ask("GET", "/api/v1/records/parcels/330329105223000001")[1])
    checks.that("then taken in, with the village of its code and its own area", view["answer"]["added"] == 1 and record["place"] == "330329105223" and record["area_m2"] == "40123.45" and record["land_name"] == "水田", record)
    checks.that("its hole stays a hole", record["shape"].startswith("POLYGON((119.7 27.5,") and record["shape"].count("),(") == 1, record["shape"])
    answer, _ = server.ask("POST", f"/api/v1/imports/{view['answer']['import']}/undo", b"{}", FORM)
    checks.that("and taken back", answer.status == 204 and server.ask("GET", "/api/v1/records/parcels/330329105223000001")[0].status == 404)
    del feature["properties"]["BSM"]
    view = take("fields.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
    checks.that("without BSM it is refused in a sentence", view["state"] == "failed" and "BSM" in view["error"]["what"], view)
    view = take("fields.geojson", b'{"type":"FeatureCollection","features":[')
    checks.that("a torn layer too", view["state"] == "failed" and view["error"]["hint"], view)


def rights(server, checks):
    warden = Person(server, "warden", "demo-warden-2024")
    answer, land = warden.ask("GET", "/api/v1/land?programme=taishun-demo")
    checks.that("a field chief reads the map of his own place", answer.status == 200 and all(p["place"].startswith(warden.session["place"] or "330329") for p in land["parcels"]), (answer.status, warden.session.get("place")))
    _, view = warden.ask("POST", "/api/v1/jobs", {"kind": "sights", "format": "json"})
    while view["state"] in ("waiting", "running"):
        time.sleep(0.02)
        view = warden.ask("GET", f"/api/v1/jobs/{view['id']}")[1]
    checks.that("and orders no run", view["state"] == "failed" and view["error"]["code"] == "access.role" and warden.ask("PATCH", "/api/v1/records/towers/demo-tw-001", {"mast_m": "1"}, **{"If-Match": '"1"'})[0].status in (403, 404))
    system = Person(server, "system", "demo-system-2024")
    checks.that("the system administrator sees none of it", system.ask("GET", "/api/v1/land")[0].status == 403)


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(os.path.abspath(sys.argv[1]), folder, folders=("calendar", "taishun", "terrain", "demo"))
        try:
            told = json.loads(subprocess.run([server.gongfu, "land", "sights", "--json", "--db", server.db], check=True, capture_output=True, text=True).stdout)
            checks.that("a run over all", told["towers"] == 114 and told["parcels"] == 480 and told["off_grid"] == 0 and told["pairs"] > 500, told)
            land = as_the_command_says(server, checks, folder)
            sums_and_people(server, checks, land)
            figures_of_land(server, checks, land)
            why(server, checks, land)
            as_a_table(server, checks, land)
            run_again(server, checks)
            layers(server, checks)
            rights(server, checks)
        finally:
            server.stop()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
