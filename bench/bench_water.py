"""bench_water.py GONGFU: re-solves beside EPANET, and the sizes of the public problems seed by seed.

Re-solves: build/bench/water_solve on the networks of ../shared/data/water/public and on a town of 12,500 nodes made by
`gongfu demo water`; EPANET is the shared library named by $GONGFU_EPANET_LIB, in the same run with the same diameters. Without it
epanet-js (tests/oracle) is timed and no ratio is told. More networks: $GONGFU_WATER_NETS, files separated by blanks.
Sizes: `gongfu water size --json`, each answer judged by tests/oracle/judge.mjs (EPANET 2.2). $GONGFU_WATER_LONG=1 adds Balerma
with 600 s.
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data", "water", "public")
ORACLE = os.path.join(ROOT, "tests", "oracle")
GONGFU = os.path.abspath(sys.argv[1])
SOLVE = os.path.join(os.path.dirname(GONGFU), "bench", "water_solve")
RESOLVED = ("hanoi", "fossolo", "balerma", "village_demo_tree", "village_demo_loop", "new_york")
# name, seconds, seeds, the cost to reach
SIZED = (("two_loop", 2, 20, 419000), ("hanoi", 2, 20, 6081087), ("new_york", 2, 20, 38643523.2), ("goyang", 2, 20, 177009557), ("bakryan", 2, 20, 903620000),
         ("village_demo_tree", 1, 1, 124851.5), ("village_demo_loop", 5, 5, 188834.9), ("fossolo", 60, 5, 28503), ("balerma", 120, 5, 1925000))


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def networks(folder):
    for name in RESOLVED:
        path = os.path.join(folder, name + ".inp")
        with open(os.path.join(DATA, "design", name, "network.inp"), "rb") as source, open(path, "wb") as target:
            target.write(source.read())
        yield path
    yield os.path.join(DATA, "raw", "KL.inp")
    yield from os.environ.get("GONGFU_WATER_NETS", "").split()


def resolves(folder):
    print("## Water: re-solves after every pipe got another diameter (`bench/bench_water.py`)\n")
    town = os.path.join(folder, "town_12500.inp")
    run(GONGFU, "demo", "water", "--nodes", "12500", "--seed", "1", "--out", town)
    native = bool(os.environ.get("GONGFU_EPANET_LIB"))
    print(run(SOLVE, *networks(folder), "--runs", "30", town).stdout)
    if native:
        return
    print("No native EPANET is named by GONGFU_EPANET_LIB; epanet-js (EPANET 2.2 in WebAssembly) takes, without a ratio:\n")
    for path in networks(folder):
        print(f"- {os.path.basename(path)}: {run('node', os.path.join(ORACLE, 'time.mjs'), path).stdout.strip()} us")


def judged(problem, answers):
    """Worst slack at EPANET 2.2 over all answers, or None when it is not installed."""
    if not os.path.isdir(os.path.join(ORACLE, "node_modules")):
        return None
    lines = run("node", os.path.join(ORACLE, "judge.mjs"), problem, *answers).stdout.splitlines()
    return min((json.loads(line)["slack"] for line in lines), default=None) if len(lines) == len(answers) else None


def size_one(folder, name, seconds, seeds, goal):
    problem = os.path.join(DATA, "design", name, "problem.json")
    costs, bounds, files, took = [], [], [], []
    for seed in range(1, seeds + 1):
        answer = run(GONGFU, "water", "size", problem, "--seconds", str(seconds), "--seed", str(seed), "--threads", "2", "--json").stdout
        files.append(os.path.join(folder, f"{name}-{seed}.json"))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(answer)
        sized = json.loads(answer)
        costs.append(sized["cost"])
        bounds.append(sized["lower_bound"])
        took.append(sized["seconds"])
    slack = judged(problem, files)
    reached = sum(cost <= goal * (1 + 1e-9) for cost in costs)
    each = ", ".join(f"{cost:,.2f}" for cost in costs) if len(set(costs)) > 1 else f"all {costs[0]:,.2f}"
    print(f"| {name} | {seconds} | {goal:,.1f} | {reached} of {seeds} | {each} | {max(bounds) / min(costs):.3f} | {'not installed' if slack is None else f'{slack:.6f}'} | {max(took):.2f} |")


def main():
    if not os.path.isdir(DATA):
        print("## Water: skipped, ../shared/data/water is not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        resolves(folder)
        print("## Water: sizes, 2 threads\n")
        print("| problem | seconds given | to reach | reached | cost, seed after seed | best bound / best cost | least slack at EPANET 2.2 | longest, s |\n|---|---|---|---|---|---|---|---|")
        for case in SIZED:
            size_one(folder, *case)
        size_one(folder, "village_demo_loop", 60, 1, 188834.9)
        if os.environ.get("GONGFU_WATER_LONG"):
            size_one(folder, "balerma", 600, 1, 1921000)


main()
