"""bench_towers.py GONGFU: towers and parcels, siting, monoplotting, and whose coordinates, on the shared elevation.

30 m is the shared 90 m grid resampled bilinearly (terrain_bench writes it). Parcels are invented (gongfu demo parcels), towers those of
observers.csv. Times are what the commands say of themselves (views and choice, files apart) and, where it says so, the whole
command. Medians of five.
"""
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")
DEM, OBSERVERS = (os.path.join(DATA, "terrain", name) for name in ("taishun_west_90m_epsg4549.tif", "observers.csv"))
RUNS = 5


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"{words[0]}: {done.stderr[-500:]}")
    return done.stdout


def tables(folder):
    with open(OBSERVERS, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    paths = [os.path.join(folder, name) for name in ("towers.csv", "candidates.csv")]
    for path, part in zip(paths, (rows[:94], rows)):
        with open(path, "w", encoding="utf-8") as file:
            file.write("id,x,y,mast_m,focal_mm,pixel_um\n")
            file.writelines(f"{r['id']},{r['x_4549']},{r['y_4549']},{r['mast_m']},150,2.9\n" for r in part)
    return paths


def towers(gongfu, name, dem, table, parcels, folder, threads):
    own, whole = [], []
    for _ in range(RUNS):
        begun = time.monotonic()
        told = json.loads(run(gongfu, "terrain", "towers", "--dem", dem, "--towers", table, "--parcels", parcels, "--out", os.path.join(folder, "o"),
                              "--threads", str(threads), "--json"))
        whole.append(time.monotonic() - begun)
        own.append(told["ms"])
    print(f"| 94 towers × {told['parcels']:,} parcels, {name}, {threads} thread{'s' * (threads > 1)}; file to file | {statistics.median(own) / 1e3:.2f} s; "
          f"{statistics.median(whole):.2f} s; {told['pairs']:,} pairs | ≤ 3 s |")


def site(gongfu, name, dem, candidates, parcels, threads, runs):
    choice, views = [], []
    for _ in range(runs):
        told = json.loads(run(gongfu, "terrain", "site", "--dem", dem, "--candidates", candidates, "--parcels", parcels, "--new", "14", "--threads", str(threads), "--json"))
        choice.append(told["choice_ms"])
        views.append(told["ms"] - told["choice_ms"])
    print(f"| 14 of 1,000 sites, {name}, {threads} threads: choice and bound; views before it; gap | {statistics.median(choice):.0f} ms; {statistics.median(views) / 1e3:.1f} s; "
          f"{100 * told['gap']:.2f} % | ≤ 1 s |")


def main():
    gongfu = sys.argv[1]
    print("## Towers, parcels, sites\n")
    if not os.path.exists(DEM):
        print("Not measured: ../shared is not there.")
        return
    print("| what | here | reach |\n|---|---|---|")
    beside = os.path.join(os.path.dirname(os.path.abspath(gongfu)), "bench")
    with tempfile.TemporaryDirectory() as folder:
        fine, parcels = os.path.join(folder, "fine.tif"), os.path.join(folder, "parcels.geojson")
        table, candidates = tables(folder)
        run(os.path.join(beside, "terrain_bench"), DEM, OBSERVERS, fine)
        run(gongfu, "demo", "parcels", "--count", "50000", "--seed", "7", "--dem", DEM, "--out", parcels)
        towers(gongfu, "90 m", DEM, table, parcels, folder, 2)
        towers(gongfu, "30 m", fine, table, parcels, folder, 1)
        towers(gongfu, "30 m", fine, table, parcels, folder, 2)
        site(gongfu, "90 m", DEM, candidates, parcels, 2, RUNS)
        site(gongfu, "30 m", fine, candidates, parcels, 2, 2)
        told = dict(line.split("\t") for line in run(os.path.join(beside, "pose_bench"), fine).splitlines())
        print(f"| 1,000 pixels to the ground, 30 m, 10 km, one thread: median of 31 (worst); there and back: worst of {int(told['pixels.met']):,} | "
              f"{told['pixels.ms']} ms ({told['pixels.ms_max']}); {float(told['back.worst_m']):.3f} m | ≤ 10 ms; ≤ 30 m |")
        for name, want in (("boundary", "wgs84"), ("boundary_gcj02", "gcj02")):
            begun = time.monotonic()
            told = json.loads(run(gongfu, "terrain", "crs", "--dem", DEM, "--layer", os.path.join(DATA, "taishun", name + ".geojson"), "--json"))
            print(f"| `terrain crs` of {name}, file to file: answer (right: {want}), shift | {1e3 * (time.monotonic() - begun):.0f} ms: {told['crs']}, {told['shift_m']} m | |")
    print(f"\nPeak memory of the largest command: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
