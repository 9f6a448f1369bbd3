"""Random programmes as folders of records: invented units, places, funds and entries with every turn money can take."""
import csv
import os
import random

STAGES = {"cash": ["applied", "approved", "committed", "received", "allocated", "paid", "accepted"], "in_kind": ["paid", "accepted"],
          "loan": ["approved", "drawn", "repaid"], "investment": ["committed", "paid"], "result": ["received"]}


def write(folder, name, rows):
    if not rows:
        return
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def period_at_random(dice):
    year, month = dice.randint(2020, 2024), dice.randint(1, 12)
    return dice.choice(["", str(year), f"{year}-{month:02d}", f"{year}-{month:02d}/{year + 1}-06", f"{year}/.."])


def make(folder, seed, entry_count=200):
    """Write a programme made from `seed` into the new folder; returns the number of entries."""
    dice = random.Random(seed)
    os.makedirs(folder)
    units = [f"u{n}" for n in range(8)]
    towns = [f"9901012{n:02d}" for n in range(3)]
    villages = [town + f"{n:03d}" for town in towns for n in range(1, 4)]
    write(folder, "units", [{"id": u, "name": f"单位{u}", "origin": "entered"} for u in units])
    write(folder, "places", [{"code": "990101", "name": "某县", "level": "county", "parent": ""}] +
          [{"code": t, "name": f"某镇{t[-2:]}", "level": "town", "parent": "990101"} for t in towns] +
          [{"code": v, "name": f"某村{v[-5:]}", "level": "village", "parent": v[:9]} for v in villages])
    write(folder, "programmes", [{"id": "p", "name": "某项目群", "lead": "u0", "place": "990101", "period": "2020/2024"}])
    write(folder, "groups", [{"id": "g", "programme": "p", "name": "某团组", "lead": "u0", "period": "2020/2024"}])
    write(folder, "members", [{"id": f"m{n}", "group": "g", "unit": u, "role": "member", "block": 1, "period": "2020/2024"} for n, u in enumerate(units[:6])])
    write(folder, "pairings", [{"id": f"pa{n}", "unit": u, "place": dice.choice(villages), "role": "member", "period": period_at_random(dice)} for n, u in enumerate(units[:6])])
    write(folder, "funds", [{"id": f"f{n}", "name": f"资金{n}", "programme": "p", "owner": dice.choice(units)} for n in range(5)])
    write(folder, "projects", [{"id": f"pr{n}", "name": f"项目{n}", "units": dice.choice(units), "place": dice.choice(villages), "quantity": dice.randint(1, 99), "quantity_unit": "project",
                                "bound": dice.choice(["exact", "at_least", "about"])} for n in range(6)])
    write(folder, "indicators", [{"id": f"i{n}", "name": f"指标{n}", "place": dice.choice(villages), "unit": "CNY", "reads": "entries" if n == 0 else "observations"} for n in range(4)])
    write(folder, "observations", [{"id": f"{n}", "indicator": f"i{1 + n % 3}", "place": "990101", "period": str(2020 + n // 3), "value": f"{dice.randint(1, 10**7)}.{dice.randint(1, 99):02d}".rstrip("0").rstrip("."), "unit": "CNY",
                                    "bound": dice.choice(["exact", "at_least"])} for n in range(12)])
    rows, number, reversible = [], 0, []
    while number < entry_count:
        number += 1
        if reversible and dice.random() < 0.08:
            target = reversible.pop(dice.randrange(len(reversible)))
            for row in [r for r in rows if r["entry"] == target]:
                rows.append(dict(row, entry=number, from_party=row["to_party"], to_party=row["from_party"], stage_from=row["stage_to"], stage_to=row["stage_from"], key=f"k{seed}-{number}", reverses=target))
            continue
        kind = dice.choice(["cash"] * 5 + list(STAGES))
        date = f"{dice.randint(2020, 2024)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            giver, taker = dice.sample(units + villages + ["unstated"], 2)
            before, after = dice.choice([""] + STAGES[kind]), dice.choice(STAGES[kind])
            rows.append({"entry": number, "date": date, "period": period_at_random(dice) if dice.random() < 0.3 else "", "verb": "某动词", "kind": kind, "from_party": giver, "to_party": taker,
                         "fund": dice.choice(["", "f0", "f1", "f2", "f3", "f4"]), "project": dice.choice(["", "pr0", "pr1"]), "place": dice.choice(["", "990101"] + towns + villages),
                         "stage_from": before, "stage_to": after, "amount_fen": dice.randint(1, 10**10), "bound": dice.choice(["exact"] * 6 + ["at_least", "about"]), "purpose": "", "voucher": "",
                         "source": "", "origin": dice.choice(["entered", "imported"]), "key": f"k{seed}-{number}", "reverses": ""})
        origin = rows[-1]["origin"]
        for row in rows:
            if row["entry"] == number:
                row["origin"] = origin
        voucher = dice.choice(["", f"V{number}"])
        for row in rows:
            if row["entry"] == number:
                row["voucher"] = voucher
        reversible.append(number)
    write(folder, "entries", rows)
    return number
