"""make_table.py DEM.tif: hills.tif and lines.csv of this folder, from a metric GeoTIFF derived from SRTM (public domain).

The rule of sight is written here a second time, from its sentence and with fractions of its own: walk the crossings, lower
every height, compare slopes. Nothing of the engine is used. Answers whose margin is under a centimetre are left out.
"""
import csv
import math
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tiff  # noqa: E402

ROW, COLUMN, SIDE, VOID, CELL = 500, 700, 140, 12345, 90.0


def ground(rows, r, c):
    """Height at a point of a grid line, None when a neighbour that weighs in is unknown."""
    r0, c0 = math.floor(r + 1e-9), math.floor(c + 1e-9)
    fr, fc = r - r0, c - c0
    fr, fc = (0 if abs(fr) < 1e-9 else fr), (0 if abs(fc) < 1e-9 else fc)
    a = rows[r0][c0]
    b = rows[r0 + 1][c0] if fr else rows[r0][c0 + 1] if fc else a
    if a == VOID or b == VOID:
        return None
    return a + (b - a) * (fr or fc)


def line(rows, r0, c0, h0, r1, c1, h1):
    if rows[r0][c0] == VOID or rows[r1][c1] == VOID:
        return "unknown", None, None
    dist = CELL * math.hypot(r1 - r0, c1 - c0)
    eye = rows[r0][c0] + h0
    drop = lambda d: 0.87 * d * d / (2 * 6371000)
    steps = set()
    for n in (abs(r1 - r0), abs(c1 - c0)):
        steps.update(i / n for i in range(1, n))
    best, place, gap = -math.inf, None, False
    for t in sorted(steps):
        h = ground(rows, r0 + (r1 - r0) * t, c0 + (c1 - c0) * t)
        if h is None:
            gap = True
            continue
        slope = (h - drop(t * dist) - eye) / (t * dist)
        if slope > best:
            best, place = slope, t * dist
    target = (rows[r1][c1] + h1 - drop(dist) - eye) / dist if dist else math.inf
    if place is None:
        return ("unknown" if gap else "1"), None, None
    margin = (target - best) * dist
    if margin >= 0 and gap:
        return "unknown", None, None
    return ("1" if margin >= 0 else "0"), margin, place


def main():
    with open(sys.argv[1], "rb") as file:
        rows, _ = tiff.read(file.read())
    rows = [line[COLUMN:COLUMN + SIDE] for line in rows[ROW:ROW + SIDE]]
    dice = random.Random(330329)
    for r in range(60, 66):
        for c in range(80, 92):
            rows[r][c] = VOID
    for _ in range(12):
        rows[dice.randrange(SIDE)][dice.randrange(SIDE)] = VOID
    with open(os.path.join(HERE, "hills.tif"), "wb") as file:
        file.write(tiff.write(rows, tile=64, nodata=VOID, west=400680 + 90 * COLUMN, north=3098970 - 90 * ROW))
    with open(os.path.join(HERE, "lines.csv"), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("id obs_row obs_col obs_h_m tgt_row tgt_col tgt_h_m visible margin_m blocker_dist_m".split())
        written = 0
        while written < 1500:
            spot = [dice.randrange(SIDE) for _ in range(2)]
            near = dice.random() < 0.6
            target = [min(max(v + dice.randint(-25, 25), 0), SIDE - 1) if near else dice.randrange(SIDE) for v in spot]
            heights = dice.choice([25, 30, 45]), dice.choice([1.5, 10])
            visible, margin, place = line(rows, *spot, heights[0], *target, heights[1])
            if margin is not None and abs(margin) < 0.01:
                continue
            written += 1
            out.writerow([written, *spot, heights[0], *target, heights[1], visible, "" if margin is None else f"{margin:.4f}", "" if place is None else f"{place:.1f}"])


main()
