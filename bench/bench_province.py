"""bench_province.py GONGFU [--lines 5000000] [--engine sqlite|postgres]... [--store ADDRESS --tables DIR]: cockpit, a county's report, lists, search, statements and traces of the invented
province over loopback, one client, every record by chance. Markdown on standard output."""
import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_office
import pg_server

P = "programme=province-demo"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
# name, goal in ms, how many, which share counts; the path with words of bench_office.World
ASKED = [
    ("cockpit of the province", 200, 20, 1.0, f"/cockpit?{P}&lang={{lang}}"),
    ("flow of the province", None, 20, 1.0, f"/flow?{P}&kind={{kind}}&lang={{lang}}"),
    ("a county's report", 1000, 26, 1.0, f"/report?{P}&place={{county}}"),
    ("the province's report", None, 3, 1.0, f"/report?{P}"),
    ("list: households of the province, with their count", 50, 200, .99, f"/records/households?{P}&limit=25&count=1"),
    ("list: households of a county, with their count", 50, 200, .99, f"/records/households?{P}&limit=25&count=1&within={{county}}"),
    ("list: households of a village", 50, 200, .99, f"/records/households?{P}&limit=25&count=1&place={{village}}"),
    ("list: members of a household", 50, 200, .99, f"/records/household_members?{P}&limit=200&household={{household}}"),
    ("list: the newest entries, with their count", 50, 200, .99, f"/records/entries?{P}&sort=-entry&limit=25&count=1"),
    ("list: entries of a project", 50, 200, .99, f"/records/entries?{P}&project={{project}}&limit=25"),
    ("list: entries of a village, by date", 50, 200, .99, f"/records/entries?{P}&place={{village}}&sort=-date&limit=25"),
    ("list: entries of a county", 50, 200, .99, f"/records/entries?{P}&within={{county}}&limit=25"),
    ("list: projects of a county", 50, 200, .99, f"/records/projects?{P}&within={{county}}&limit=25&count=1"),
    ("search: a village", 50, 200, .99, f"/search?{P}&limit=12&q={{village_name}}"),
    ("search: a family name", 50, 200, .99, f"/search?{P}&limit=12&q={{surname}}"),
    ("search: a person", 50, 200, .99, f"/search?{P}&limit=12&q={{person}}"),
    ("statement of the group", None, 200, .99, f"/statement?{P}&scope=group"),
    ("statement of a county", None, 200, .99, f"/statement?{P}&scope=place:{{county}}"),
    ("statement of a unit", None, 200, .99, f"/statement?{P}&scope=unit:{{unit}}"),
    ("story of a village", None, 100, .99, f"/places/{{village}}/story?{P}"),
    ("what stands under a village's total", None, 100, .99, "/trace/total.province-demo%2Fplace:{village}.cash.paid%40all"),
    ("what stands under a county's total", None, 3, 1.0, "/trace/total.province-demo%2Fplace:{county}.cash.paid%40all"),
    ("ageing of the province", None, 1, 1.0, f"/ageing?{P}"),
]


def words_of(world, rng, names, people):
    return world.words(rng.randint(0, 499)) | {"surname": rng.choice(SURNAMES), "village_name": rng.choice(names), "person": rng.choice(people), "lang": rng.choice(["zh", "en"]),
                                               "kind": rng.choice(["cash", "loan", "in_kind", "investment", "result"])}


def measure(engine, store, tables, lines):
    rng = random.Random(7)
    world = bench_office.World(tables, rng)
    names = world.column("places", "name", lambda row: row["level"] == "village")
    people = [name.split("(")[0] for name in world.column("persons", "name")]
    connection = http.client.HTTPConnection("127.0.0.1", store.serve(), timeout=600)
    good = True
    print(f"\n### {engine}, {lines:,} lines\n\n| request | median ms | p99 (few: slowest) ms | goal | bytes |\n|---|---:|---:|---:|---:|", flush=True)
    for name, goal, count, share, path in ASKED:
        times, size = [], 0
        for turn in range(count + 1):
            words = {word: urllib.parse.quote(value) for word, value in words_of(world, rng, names, people).items()}
            if name.startswith(("cockpit", "flow")):
                time.sleep(1.1)  # what was asked is kept for a second: ask anew
            begun = time.perf_counter()
            connection.request("GET", "/api/v1" + path.format(**words), headers={"Authorization": f"Bearer {store.tokens[0]}"})
            answer = connection.getresponse()
            size = len(answer.read())
            if turn or count == 1:  # the first warms the pages of the file
                times.append(1000 * (time.perf_counter() - begun))
            if answer.status != 200:
                print(f"{name}: {answer.status} {path.format(**words)}")
                good = False
        worst = bench_office.at(times, share)
        good = good and (goal is None or worst < goal)
        print(f"| {name} | {bench_office.at(times, .5):.1f} | {worst:.1f} | {'' if goal is None else f'< {goal}'} | {size:,} |", flush=True)
    store.stop()
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gongfu")
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--store")
    parser.add_argument("--tables")
    args = parser.parse_args()
    gongfu, good = os.path.abspath(args.gongfu), True
    print("## The invented province, asked by one (`bench/bench_province.py`)")
    if args.store:
        return 0 if measure(args.store.split(":")[0], bench_office.Store(gongfu, None, args.store, 1), args.tables, args.lines) else 1
    with tempfile.TemporaryDirectory() as folder:
        tables = os.path.join(folder, "province")
        if not args.engine or "sqlite" in args.engine:
            good = measure("SQLite", bench_office.prepare(gongfu, folder, "sqlite:" + os.path.join(folder, "p.db"), args.lines, 1), tables, args.lines)
        if (not args.engine or "postgres" in args.engine) and pg_server.programs():
            with bench_office.own_postgres(folder):
                good = measure("PostgreSQL", bench_office.prepare(gongfu, folder, pg_server.fresh("province"), args.lines, 1), tables, args.lines) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
