"""bench_solar.py GONGFU: positions a second, a year of minutes through the whole chain, and a year's file from bytes to faults.

The peer's rate is a published one, of another machine: pvlib's default (numpy), 100,000 positions in 1.40 s, as printed in
pvlib-python pull request 730 (2019). Where python3 finds pvlib, it is measured beside instead.
"""
import os
import subprocess
import sys
import tempfile
import time

PUBLISHED = 100000 / 1.400652


def peer():
    """Positions a second of the pvlib that is installed, or None."""
    try:
        import pandas
        import pvlib
    except ImportError:
        return None
    times = pandas.date_range("2024-01-01", periods=100000, freq="1min", tz="UTC")
    begun = time.process_time()
    pvlib.solarposition.spa_python(times, 27.56, 119.72)
    return len(times) / (time.process_time() - begun)


def main():
    gongfu = sys.argv[1]
    run = subprocess.run([os.path.join(os.path.dirname(gongfu), "bench", "solar_bench")], capture_output=True, text=True, check=True)
    got = dict(line.split() for line in run.stdout.splitlines())
    measured = peer()
    theirs = f"{measured:,.0f}/s (pvlib, here)" if measured else f"{PUBLISHED:,.0f}/s (pvlib, published, another machine)"
    print("## Sun (`bench/bench_solar.py`)\n\nOne core, CPU time, the best of five.\n")
    print("| what | gongfu | beside |\n|---|---|---|")
    print(f"| positions, the day's terms kept | {float(got['positions_by_day_per_s']):,.0f}/s | {theirs} |")
    print(f"| positions, each in full | {float(got['positions_in_full_per_s']):,.0f}/s | |")
    for name, what in (("clear", "clear sky"), ("global", "measured global, split, Perez"), ("fuentes", "the same with Fuentes' heat")):
        print(f"| a year of minutes through the chain: {what} | {float(got[f'year_of_minutes_{name}_s']):.2f} s | 1 s asked |")
    print(f"| all fault rules but the clock on a year of minutes, one inverter | {float(got['year_of_minutes_faults_s']):.2f} s | |")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([gongfu, "demo", "pv", "--seed", "1", "--out", folder], check=True)
        wall = []
        for _ in range(5):
            begun = time.monotonic()
            done = subprocess.run([gongfu, "solar", "check", "--plant", f"{folder}/plant.json", "--readings", f"{folder}/readings.csv", "--json"], capture_output=True, check=False)
            wall.append(time.monotonic() - begun)
            if done.returncode != 1:
                raise SystemExit("check answered otherwise than expected")
        size = os.path.getsize(f"{folder}/readings.csv") / 1e6
    print(f"| `solar check`, a year of quarter hours, three inverters, {size:.1f} MB, file to faults | {min(wall) * 1000:.0f} ms (wall) | |")


main()
