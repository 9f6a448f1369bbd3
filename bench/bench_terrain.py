"""bench_terrain.py GONGFU: terrain beside gdal_viewshed and GRASS r.viewshed, where they are installed, on the same grid in one run.

The grid is ../shared/data/terrain's 90 m one, and the same resampled bilinearly to 30 m. In-process numbers come from
terrain_bench. Peers are not needed for anything else: apt-get install gdal-bin grass-core.
"""
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tiff  # noqa: E402

DATA = os.path.join(os.path.dirname(ROOT), "shared", "data", "terrain")
DEM, TOWERS, GOLD = (os.path.join(DATA, name) for name in ("taishun_west_90m_epsg4549.tif", "observers.csv", "los_gold.csv"))


def timed(*words, **options):
    """Wall and CPU milliseconds of a command that must succeed."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        raise SystemExit(f"{words[0]}: {run.stderr[-500:]}")
    return wall * 1e3, (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1e3, run.stdout


def read(path):
    with open(path, "rb") as file:
        return tiff.read(file.read())[0]


def gdal(dem, tower, reach, out):
    words = ["gdal_viewshed", "-q", "-ox", tower["x_4549"], "-oy", tower["y_4549"], "-oz", tower["mast_m"], "-tz", "1.5", "-cc", "0.87", "-om", "NORMAL",
             "-co", "COMPRESS=DEFLATE", *(["-md", str(reach)] if reach else []), dem, out]
    return timed(*words)


def grass(folder, dem, tower, reach):
    """Milliseconds of r.viewshed alone: the import of the grid is not counted."""
    script = os.path.join(folder, "view.sh")
    far = f"max_distance={reach}" if reach else ""
    with open(script, "w", encoding="utf-8") as file:
        file.write(f'r.in.gdal -o --quiet input={dem} output=dem\ng.region raster=dem\nbegun=$(date +%s%N)\n'
                   f'r.viewshed -c -r -b --quiet --overwrite input=dem output=view coordinates={tower["x_4549"]},{tower["y_4549"]} observer_elevation={tower["mast_m"]} '
                   f'target_elevation=1.5 refraction_coeff=0.13 {far}\necho "took $((($(date +%s%N) - begun) / 1000000))"\n')
    _, _, out = timed("grass", "--tmp-location", "EPSG:4549", "--exec", "sh", script)
    return float(out.split("took ")[1].split()[0])


def agreement(ours, theirs):
    """IoU of the seen cells, and the share of ours that the other misses, within our range."""
    both = either = missed = own = 0
    for a, b in zip(ours, theirs):
        for x, y in zip(a, b):
            if x == 255:
                continue
            seen, other = x == 1, y == 255
            both, either, own, missed = both + (seen and other), either + (seen or other), own + seen, missed + (seen and not other)
    return both / either, missed / own


def equality(gongfu, folder, towers):
    wall, _, out = timed(os.path.join(os.path.dirname(gongfu), "tests", "terrain_table"), GOLD)
    print(f"| 2,000 gold lines (visible, margin within 0.01 m, blocker) | {out.splitlines()[-1]}, {wall:.0f} ms | all |")
    if not shutil.which("gdal_viewshed"):
        print("| agreement of gdal_viewshed | not installed | |")
        return
    ratios = []
    for tower in towers[:3]:
        ours, theirs = os.path.join(folder, "a.tif"), os.path.join(folder, "b.tif")
        timed(gongfu, "terrain", "view", "--dem", DEM, "--at", f"{tower['x_4549']},{tower['y_4549']}", "--mast", tower["mast_m"], "--out", ours)
        gdal(DEM, tower, 0, theirs)
        ratios.append(agreement(read(ours), read(theirs)))
    print("| gdal_viewshed against it, 90 m, 10 km, towers 1-3: IoU, share of the seen that it misses | " + "; ".join(f"{a:.3f}, {100 * b:.1f} %" for a, b in ratios) + " | |")


def in_process(gongfu, fine):
    _, _, out = timed(os.path.join(os.path.dirname(gongfu), "bench", "terrain_bench"), DEM, TOWERS, fine)
    v = dict(line.split("\t") for line in out.splitlines())
    print(f"| views of towers 1-5 at 30 m, 10 km, each cell against its line: cells; wrong; margins that differ | {int(v['equal.cells']):,}; {v['equal.wrong']}; {v['equal.wrong_margins']} | 0 |")
    print(f"| one tower, 30 m, 10 km, one thread: median of 31 (worst) | {v['one.1']} ms ({v['one.1.max']}) | ≤ 25 ms |")
    print(f"| the same, two threads | {v['one.2']} ms ({v['one.2.max']}) | ≤ 15 ms |")
    print(f"| one tower with the margin of every cell, two threads, mean of 5 | {v['margin.2']} ms | |")
    print(f"| one tower, all {int(v['whole.1.cells']):,} cells, one thread: median of 5 (worst) | {v['whole.1']} ms ({v['whole.1.max']}) | ≤ 1,500 ms |")
    print(f"| the same, two threads | {v['whole.2']} ms ({v['whole.2.max']}) | |")
    print(f"| 1,000 towers, 30 m, 10 km, two threads, who sees what kept | {float(v['many.2.ms']) / 1e3:.1f} s, CPU {float(v['many.2.cpu_ms']) / 1e3:.1f} s; bits {v['many.kept_mb']} MB, "
          f"whole process {v['peak_mb']} MB | ≤ 15 s (10), ≤ 300 MB |")


def commands(gongfu, folder, fine, towers):
    tower, out = towers[0], os.path.join(folder, "v.tif")
    at = f"{tower['x_4549']},{tower['y_4549']}"
    ours = [timed(gongfu, "terrain", "view", "--dem", fine, "--at", at, "--mast", tower["mast_m"], "--out", out) for _ in range(5)]
    print(f"| the command, 30 m, 10 km, file to file: wall, CPU | {statistics.median(r[0] for r in ours):.0f}, {statistics.median(r[1] for r in ours):.0f} ms | |")
    if shutil.which("gdal_viewshed"):
        for name, reach in (("10 km", 10000), ("all cells", 0)):
            runs = [gdal(fine, tower, reach, out) for _ in range(5)]
            print(f"| gdal_viewshed (inexact), 30 m, {name}: wall, CPU | {statistics.median(r[0] for r in runs):.0f}, {statistics.median(r[1] for r in runs):.0f} ms | |")
    else:
        print("| gdal_viewshed | not installed | |")
    if shutil.which("grass"):
        for name, reach in (("10 km", 10000), ("all cells", 0)):
            print(f"| GRASS r.viewshed, 30 m, {name}: wall, one run | {grass(folder, fine, tower, reach):,.0f} ms | |")
    else:
        print("| GRASS r.viewshed | not installed | |")


def main():
    gongfu = os.path.abspath(sys.argv[1])
    print("## Terrain (`bench/bench_terrain.py`)\n")
    if not os.path.exists(DEM):
        print("No ../shared/data/terrain: not measured.")
        return
    with open(TOWERS, encoding="utf-8") as file:
        towers = list(csv.DictReader(file))
    print(f"Load of the machine when it began: {os.getloadavg()[0]:.1f}.\n\n| what | measured | hoped |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        fine = os.path.join(folder, "fine.tif")
        equality(gongfu, folder, towers)
        in_process(gongfu, fine)
        commands(gongfu, folder, fine, towers)


main()
