"""Write a folder of records with a large ledger: make_ledger.py --rows N --out DIR [--seed S] [--multi PERCENT] [--spread]

Every name and amount is invented. A row is one transfer, that is two ledger lines. The same options give the same
bytes. The mix is that of a busy county: dates over three years, some loose periods, some lower bounds, a few
reversals, entries of several rows, moves inside a stage, parties that are places or unknown. A project has one fund and
one village, as in life. --spread draws fund, project and village apart: nearly every line then has an account of its own,
which no county has; it is the worst case for accounts.
"""
import argparse
import os
import random

UNITS, TOWNS, VILLAGES, FUNDS, PROJECTS = 11, 6, 8, 40, 60
STAGES = {
    "cash": [("申报", "applied"), ("审批", "approved"), ("取得", "received"), ("落实", "allocated"), ("投入", "paid")],
    "in_kind": [("承担", "paid")],
    "loan": [("审批", "approved"), ("提款", "drawn"), ("还款", "repaid")],
    "investment": [("新增投资", "paid")],
    "result": [("取得", "received")],
}
KINDS = ["cash"] * 14 + ["in_kind"] * 2 + ["loan"] * 2 + ["investment", "result"]
HEADER = ("entry,date,period,verb,kind,from_party,to_party,fund,project,place,stage_from,stage_to,amount_fen,bound,purpose,"
          "voucher,source,origin,key,reverses,unit,note\n")


def write(folder, name, header, rows):
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="\n") as file:
        file.write(header + "\n")
        file.writelines(row + "\n" for row in rows)


def registers(folder, town_count, village_count):
    units = [f"u{i:02d}" for i in range(UNITS)]
    towns = [f"990101{i + 100:03d}" for i in range(town_count)]
    villages = [f"{town}{k + 200:03d}" for town in towns for k in range(village_count)]
    funds = [f"f{i:02d}" for i in range(FUNDS)]
    projects = [f"p{i:02d}" for i in range(PROJECTS)]
    write(folder, "units", "id,name,kind,origin", [f"{u},单位{u},department,entered" for u in units])
    write(folder, "places", "code,name,level,parent,origin",
          ["990101,某县,county,,entered"] + [f"{t},镇{t[6:]},town,990101,entered" for t in towns] +
          [f"{v},村{v[6:]},village,{v[:9]},entered" for v in villages])
    write(folder, "programmes", "id,name,lead,place,period,zone,origin", ["bench,试算,u00,990101,2021-01/2023-12,Asia/Shanghai,entered"])
    write(folder, "groups", "id,programme,name,lead,period,origin", ["g,bench,团组,u00,2021-01/2023-12,entered"])
    write(folder, "members", "id,group,unit,role,period,origin",
          [f"m{u},g,{u},{'lead' if u == 'u00' else 'member'},2021-01/2023-12,entered" for u in units])
    write(folder, "funds", "id,name,programme,owner,origin", [f"{f},资金{f},bench,{units[i % UNITS]},entered" for i, f in enumerate(funds)])
    write(folder, "projects", "id,name,units,place,origin",
          [f"{p},项目{p},{units[i % UNITS]},{villages[i % len(villages)]},entered" for i, p in enumerate(projects)])
    return units, villages, funds, projects


def site(rng, funds, projects, villages, spread):
    """Fund, project and village of an entry."""
    project = rng.randrange(len(projects))
    if spread:
        return rng.choice(funds), projects[project], rng.choice(villages)
    return funds[project % len(funds)], projects[project], villages[project % len(villages)]


def transfer(rng, kind, units, villages, village):
    """One row's own cells: parties, stages, amount, bound."""
    verb, stage = rng.choice(STAGES[kind])
    before = ""
    if stage == "paid" and rng.random() < 0.3:
        before = "received"
    giver = rng.choice(units) if rng.random() < 0.8 else "unstated"
    taker = rng.choice(units) if rng.random() < 0.25 else village
    if kind == "cash" and stage == "received" and giver != "unstated" and rng.random() < 0.2:
        before = "received"
    if giver == taker and before == stage:
        taker = rng.choice(villages)
    bound = "exact" if rng.random() < 0.9 else rng.choice(["at_least", "about"])
    return verb, before, stage, giver, taker, rng.randint(1, 5_000_000_00), bound


def entries(folder, rows, multi, spread, rng, world):
    units, villages, funds, projects = world
    kept = []
    with open(os.path.join(folder, "entries.csv"), "w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        written = number = 0
        out = []
        while written < rows:
            number += 1
            key = f"K{number:08d}"
            if kept and rng.random() < 0.005:  # take one back, word for word
                old_number, cells = kept.pop(rng.randrange(len(kept)))
                head = f"2023-12-{rng.randint(1, 31):02d}"
                for row in cells:
                    out.append(f"{number},{head},{row},冲正,,,entered,{key},{old_number},,\n")
                written += len(cells)
            else:
                kind = rng.choice(KINDS)
                day = f"{rng.randint(2021, 2023)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
                period = "" if rng.random() < 0.95 else f"{day[:4]}"
                count = rng.randint(2, 4) if rng.random() * 100 < multi else 1
                fund, project, village = site(rng, funds, projects, villages, spread)
                verb, *first = transfer(rng, kind, units, villages, village)
                cells = []
                for k in range(count):
                    if k:
                        _, *first = transfer(rng, kind, units, villages, village)
                    before, stage, giver, taker, amount, bound = first
                    cells.append(f"{period},{verb},{kind},{giver},{taker},{fund},{project},"
                                 f"{village},{before},{stage},{amount},{bound}")
                voucher = f"V{number}" if rng.random() < 0.8 else ""
                unit = rng.choice(units) if rng.random() < 0.3 else ""
                for row in cells:
                    out.append(f"{number},{day},{row},用途{number % 97},{voucher},,entered,{key},,{unit},\n")
                written += count
                if len(kept) < 1000:
                    kept.append((number, cells))
            if len(out) > 20000:
                file.writelines(out)
                out.clear()
        file.writelines(out)
    return number, written


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--multi", type=int, default=5, help="entries of several rows, in percent")
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--villages", type=int, default=VILLAGES, help="of a town")
    parser.add_argument("--spread", action="store_true", help="worst case: an account of its own for nearly every line")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    world = registers(args.out, args.towns, args.villages)
    count, written = entries(args.out, args.rows, args.multi, args.spread, random.Random(args.seed), world)
    print(f"{count} entries, {written} rows, {2 * written} ledger lines")


if __name__ == "__main__":
    main()
