"""test_watch.py GONGFU WATCH_SCORE WATCH_WEEK: a folder watched by command: its files, sway with known pose, made leaves, water, rain and noise with known truth, a week of
visits, and the shared sequences where they are there. Nothing of those enters the project."""
import csv
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data", "watch")
KEYS = ["schema", "source", "width", "height", "frames", "parameters_sha256", "detector", "states", "registration", "events", "cpu_ms", "rss_mb_max"]
EVENT_KEYS = ["schema", "id", "type", "state", "preset", "frame_first", "frame_last", "time_utc", "box_px", "area_px", "frame_box", "score", "class", "picture_px", "witnesses", "parcel", "candidates",
              "lon", "lat", "pose_error_m", "pose_error_px", "pictures"]
STATES = ["looking", "moving", "blind", "dark", "fog", "frozen", "covered"]
WIDTH, HEIGHT, LEARN, FRAMES, PUT_FRAMES = 192, 144, 80, 150, 320


class Checks:
    passed = failed = skipped = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:600]}" if note != "" and not ok else ""))
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)

    def skip(self, name, why):
        print(f"SKIP {name}: {why}")
        self.skipped += 1


class Bench:
    def __init__(self, words, folder):
        self.program, self.score_program, self.week_program = (os.path.abspath(word) for word in words)
        self.folder = folder

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=240, check=False)

    def watch(self, source, name, *words):
        """The answer, the masks' folder, the events."""
        masks, events, poses = self.path(name + "_masks"), self.path(name + ".jsonl"), self.path(name + ".csv")
        run = self.run("watch", source, "--masks", masks, "--events", events, "--poses", poses, *words, "--json")
        if run.returncode:
            return {"error": run.stderr, "code": run.returncode}, masks, []
        with open(events, encoding="utf-8") as file:
            return json.loads(run.stdout), masks, [json.loads(line) for line in file]

    def poses(self, name):
        with open(self.path(name + ".csv"), encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def score(self, truth, masks):
        run = subprocess.run([self.score_program, "--truth", truth, "--masks", masks], capture_output=True, text=True, timeout=120, check=False)
        found = re.search(r"^P (\S+) R (\S+) F (\S+)$", run.stdout, re.M)
        return tuple(map(float, found.groups())) if found and run.returncode == 0 else (0, 0, 0)


# ---- Pictures without a library ----

def png(path, rows, channels):
    """rows of bytes, 8 bits a channel."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), 8, 2 if channels == 3 else 0, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 1)) + chunk(b"IEND", b""))


def grey_of(path):
    """Rows of a grey PNG without filters, and its size; None when it is another kind."""
    with open(path, "rb") as file:
        data = file.read()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    parts, at = b"", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        parts += data[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    raw = zlib.decompress(parts)
    rows = [raw[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]
    return (width, height, rows) if depth == 8 and kind == 0 and not any(raw[y * (width + 1)] for y in range(height)) else None


# ---- Made sequences: a thing drives over a ground that is never at rest ----

def noise_field(rng, step):
    """Smooth noise, -1 ... 1, a value a pixel."""
    columns, lines = WIDTH // step + 2, HEIGHT // step + 2
    knots = [[rng.uniform(-1, 1) for _ in range(columns)] for _ in range(lines)]
    out = []
    for y in range(HEIGHT):
        j, fy = divmod(y, step)
        fy /= step
        row = []
        for x in range(WIDTH):
            i, fx = divmod(x, step)
            fx /= step
            a, b = knots[j][i] + fx * (knots[j][i + 1] - knots[j][i]), knots[j + 1][i] + fx * (knots[j + 1][i + 1] - knots[j + 1][i])
            row.append(a + fy * (b - a))
        out.append(row)
    return out


def ground(rng):
    coarse, fine = noise_field(rng, 24), noise_field(rng, 4)
    return [[110 + 35 * coarse[y][x] + 28 * fine[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def leaves(base, k, rng):
    """The left half is a crown: what is seen comes from beside, further in gusts."""
    from math import sin
    t, out = k / 25, [row[:] for row in base]
    for y in range(HEIGHT):
        for x in range(WIDTH // 2):
            gust = 1 + 0.6 * sin(0.9 * t)
            sx, sy = x + round(gust * (2 * sin(2.1 * t + x / 17 + y / 23) + sin(5.3 * t + y / 7))), y + round(gust * sin(2.7 * t + x / 13))
            out[y][x] = base[min(max(sy, 0), HEIGHT - 1)][min(max(sx, 0), WIDTH - 1)]
    return out


def water(base, k, rng):
    from math import sin
    t, out = k / 25, [row[:] for row in base]
    for y in range(HEIGHT * 3 // 5, HEIGHT):
        for x in range(WIDTH):
            out[y][x] = 90 + 14 * sin(0.3 * x + 0.9 * y + 3.1 * t) + 10 * sin(0.5 * x - 0.45 * y + 4.4 * t)
    return out


def rain(base, k, rng):
    out = [row[:] for row in base]
    for _ in range(70):
        x, y, length = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.randrange(6, 16)
        for i in range(length):
            if y + i < HEIGHT and x + i // 6 < WIDTH:
                out[y + i][x + i // 6] = out[y + i][x + i // 6] * 0.6 + 80
    return out


def noise(base, k, rng):
    return [[value + rng.gauss(0, 10) for value in row] for row in base]


def make(bench, name, disturb, seed):
    """Frames and truth; the thing is a bright and dark block that drives through from frame LEARN on, and back."""
    rng = random.Random(seed)
    folder, truth = bench.path(name), bench.path(name + "_truth")
    os.makedirs(folder)
    os.makedirs(truth)
    base = ground(rng)
    for k in range(FRAMES):
        rows, marked = disturb(base, k, rng), [bytearray(WIDTH) for _ in range(HEIGHT)]
        left, top = (k - LEARN) * 4 - 30, 40 + seed % 3 * 25
        for y in range(top, top + 26):
            for x in range(max(left, 0), min(left + 34, WIDTH)):
                if k >= LEARN:
                    rows[y][x] = 40 if (x - left) // 9 % 2 else 215
                    marked[y][x] = 255
        clipped = [[min(max(int(value + rng.gauss(0, 2)), 0), 255) for value in row] for row in rows]
        png(os.path.join(folder, f"in{k:06d}.png"), clipped, 1)
        if k >= LEARN:
            png(os.path.join(truth, f"gt{k:06d}.png"), marked, 1)
    return folder, truth


def check_made(c, bench):
    for seed, (name, disturb, reach) in enumerate((("leaves", leaves, 0.9), ("water", water, 0.85), ("rain", rain, 0.9), ("noise", noise, 0.9))):
        folder, truth = make(bench, name, disturb, seed)
        answer, masks, events = bench.watch(folder, name)
        p, r, f = bench.score(truth, masks)
        c.that(f"{name}: F at least {reach} (P {p} R {r} F {f})", f >= reach, (p, r, f))
        c.that(f"{name}: one thing moved, nothing stays", [e["type"] for e in events if e["type"] != "state"] == ["motion"], [(e["type"], e["box_px"]) for e in events])
        c.that(f"{name}: seen throughout", answer.get("states", {}).get("looking", 0) >= FRAMES * 0.98, answer)


# ---- Forms ----

def check_forms(c, bench):
    folder = bench.path("noise")
    answer, masks, events = bench.watch(folder, "forms", "--start", "2024-06-21T04:00:00Z", "--fps", "25", "--speed", "max")
    c.that("watch: the keys of the contract", list(answer) == KEYS and list(answer["states"]) == STATES and answer["detector"] is None, answer)
    c.that("watch: every frame has a state and a pose", sum(answer["states"].values()) == answer["frames"] == sum(answer["registration"].values()) == FRAMES, answer)
    c.that("watch: an event has the keys of the contract, no class and no place", events and all(list(e) == EVENT_KEYS and e["class"] is None and e["lon"] is None for e in events), events)
    c.that("watch: times follow --start and --fps", all(e["time_utc"] and e["time_utc"].startswith("2024-06-21T04:00:0") for e in events), events)
    names = sorted(os.listdir(masks))
    c.that("watch: a mask for every frame under its name", names == [f"in{k:06d}.png" for k in range(FRAMES)], names[:3])
    pictures = [grey_of(os.path.join(masks, name)) for name in names[::10]]
    c.that("watch: masks are grey, of the frame's size, 0 or 255", all(p and p[:2] == (WIDTH, HEIGHT) and set(b"".join(p[2])) <= {0, 255} for p in pictures))
    rows = bench.poses("forms")
    c.that("watch: a pose for every frame", list(rows[0]) == ["frame", "accepted", "dx_px", "dy_px", "rotation_deg", "scale"] and [int(r["frame"]) for r in rows] == list(range(FRAMES)))
    again, _, events_again = bench.watch(folder, "again", "--start", "2024-06-21T04:00:00Z")
    same = all(open(os.path.join(masks, n), "rb").read() == open(os.path.join(bench.path("again_masks"), n), "rb").read() for n in names)
    c.that("watch: the same frames give the same bytes", same and events == events_again and again["parameters_sha256"] == answer["parameters_sha256"])
    untimed = bench.watch(folder, "untimed")[2]
    c.that("watch: without --start no time is claimed", all(e["time_utc"] is None for e in untimed), untimed)
    human = bench.run("watch", folder, "--lang", "en").stdout
    c.that("watch: lines for people say that there is no detector", "no detector" in human and "looking" in human, human)


def check_refused(c, bench):
    os.makedirs(bench.path("empty"))
    os.makedirs(bench.path("mixed"))
    flat = [bytes([90] * 96)] * 72
    png(bench.path("mixed", "a.png"), flat, 1)
    png(bench.path("mixed", "b.png"), flat[:64], 1)
    with open(bench.path("mixed", "notes.txt"), "w", encoding="utf-8") as file:
        file.write("not a picture")
    for name, words, code, say in (("nothing there", (bench.path("nowhere"),), 4, "link."), ("a folder without pictures", (bench.path("empty"),), 4, "watch.folder"),
                                   ("pictures of two sizes", (bench.path("mixed"),), 3, "watch.size"), ("a rate of nothing", (bench.path("mixed"), "--fps", "0"), 2, "watch.fps"),
                                   ("a start that is no instant", (bench.path("mixed"), "--start", "noon"), 2, "watch.start"),
                                   ("a model that is not there", (bench.path("pictures"), "--model", bench.path("m.json")), 4, "cli.file")):
        run = bench.run("watch", *words, "--json")
        c.that(f"refused: {name}", run.returncode == code and say in run.stderr, (run.returncode, run.stderr))
    with open(bench.path("mixed", "b.png"), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n broken")
    run = bench.run("watch", bench.path("mixed"), "--json")
    c.that("refused: a broken picture is named", run.returncode == 3 and "b.png" in run.stderr, run.stderr)


# ---- Sway ----

def apart(truth, got, width, height):
    """Mean distance between where two poses put 9 x 9 pixels."""
    from math import cos, hypot, radians, sin

    def place(row, x, y):
        s, a = float(row["scale"]), radians(float(row["rotation_deg"]))
        mx, my = (width - 1) / 2, (height - 1) / 2
        return (mx + s * (cos(a) * (x - mx) - sin(a) * (y - my)) + float(row["dx_px"]), my + s * (sin(a) * (x - mx) + cos(a) * (y - my)) + float(row["dy_px"]))
    points = [((width - 1) * i / 8, (height - 1) * j / 8) for i in range(9) for j in range(9)]
    return sum(hypot(p[0] - q[0], p[1] - q[1]) for p, q in ((place(truth, *xy), place(got, *xy)) for xy in points)) / len(points)


def sway(c, bench, name, sigma, limit, width, height, *words, count=60):
    folder = bench.path(name)
    made = bench.run("demo", "sway", "--seed", "1001", "--sigma", str(sigma), "--count", str(count), "--out", folder, *words)
    c.that(f"{name}: frames are made", made.returncode == 0, made.stderr)
    bench.watch(folder, name + "_watch", "--fps", "5")
    with open(os.path.join(folder, "poses.csv"), encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    rows = bench.poses(name + "_watch")
    errors = sorted(apart(t, g, width, height) for t, g in zip(truth, rows) if g["accepted"] == "1")
    p95 = errors[len(errors) * 95 // 100] if errors else 99
    refused = len(rows) - len(errors)
    c.that(f"{name}: p95 {p95:.3f} px, at most {limit}", p95 <= limit, p95)
    c.that(f"{name}: none wrong and accepted (worst {max(errors, default=99):.2f} px)", errors and errors[-1] < 3, errors[-3:])
    c.that(f"{name}: {refused} of {len(rows)} refused, at most 2 %", refused <= 0.02 * len(rows), refused)


def check_sway(c, bench):
    sway(c, bench, "sway_5", 5, 0.5, 640, 480, count=40)
    sway(c, bench, "sway_40", 40, 1, 640, 480, count=50)
    again = bench.path("sway_again")
    bench.run("demo", "sway", "--seed", "1001", "--sigma", "5", "--count", "3", "--out", again)
    same = all(open(os.path.join(again, n), "rb").read() == open(bench.path("sway_5", n), "rb").read() for n in ("in000000.png", "in000002.png"))
    c.that("demo sway: the same seed gives the same bytes", same)
    source = os.path.join(SHARED, "highway", "input")
    if not os.path.isdir(source):
        c.skip("sway of real frames", "no ../shared/data/watch")
        return
    # 320 x 240: half the deviation is the same sway
    sway(c, bench, "sway_real_5", 2.5, 0.5, 320, 240, "--from", source, count=150)
    sway(c, bench, "sway_real_40", 20, 1, 320, 240, "--from", source, count=150)


# ---- The shared sequences ----

def check_shared(c, bench):
    for name, reach in (("highway", 0.93), ("traffic", 0.65)):
        folder = os.path.join(SHARED, name)
        if not os.path.isdir(folder):
            c.skip(f"{name}: pixels against marked truth", "no ../shared/data/watch")
            continue
        answer, masks, _ = bench.watch(os.path.join(folder, "input"), name)
        p, r, f = bench.score(os.path.join(folder, "groundtruth"), masks)
        c.that(f"{name}: F at least {reach} (P {p} R {r} F {f})", f >= reach, (p, r, f))
        c.that(f"{name}: the gate takes under half a millisecond", answer["cpu_ms"]["gate"] < 0.5, answer["cpu_ms"])


def check_week(c, bench):
    """A floor under what is reached, not the goal: docs/watch.md tells what falls short of it."""
    run = subprocess.run([bench.week_program, "--seeds", "1000-1003"], capture_output=True, text=True, timeout=170, check=False)
    found = re.search(r"recall at 32 px and more (\S+), false (\S+) a preset-week, found twice (\d+),", run.stdout)
    recall, wrong, twice = (float(found[i]) for i in (1, 2, 3)) if found else (0, 99, 99)
    c.that(f"four made weeks: recall {recall} at 32 px and more, {wrong} false a week, {twice:.0f} found twice", recall >= 0.7 and wrong <= 1.5 and twice <= 1, run.stdout)


def check_clips(c, bench):
    """A thing is put there half-way through a clip of 25 frames a second and stays: one lasting change each."""
    grounds = [("made scenes", ())] + [(f"{name}, real frames", ("--from", os.path.join(SHARED, name, "input"), *words)) for name, words in (("highway", ()), ("traffic", ("--still",)))]
    for name, words in grounds:
        if words and not os.path.isdir(words[1]):
            c.skip(f"clips on {name}", "no ../shared/data/watch")
            continue
        run = subprocess.run([bench.week_program, "--clip", "--seeds", "1000-1005", *words], capture_output=True, text=True, timeout=170, check=False)
        found = re.search(r"recall at 32 px and more (\S+), false (\S+) a clip, found twice (\d+),", run.stdout)
        recall, wrong, twice = (float(found[i]) for i in (1, 2, 3)) if found else (0, 99, 99)
        c.that(f"six clips on {name}: recall {recall}, {wrong} false a clip, {twice:.0f} found twice", recall >= 0.8 and wrong <= 0.2 and twice <= 1, run.stdout)


def check_put(c, bench):
    """By command: frames of a folder in which a heap or a block comes half-way, while the light goes from one gain to another."""
    for seed, (size, block, gains) in enumerate(((32, True, (1.0, 1.0)), (48, False, (0.7, 1.3)), (64, True, (1.3, 0.7)))):
        rng, folder = random.Random(seed + 50), bench.path(f"put_{seed}")
        os.makedirs(folder)
        base = ground(rng)
        left, top = 20 + rng.randrange(WIDTH - size - 40), 20 + rng.randrange(HEIGHT - size - 40)
        grain = [[rng.gauss(0, 10) for _ in range(size)] for _ in range(size)]
        placed = [row[:] for row in base]
        for y in range(size):
            for x in range(size):
                dx, dy = 2 * x / size - 1, (y - 0.8 * size) / (0.8 * size)
                if block:
                    placed[top + y][left + x] = 90 if y < size * 2 // 5 else 190
                elif dx * dx + dy * dy <= 1 and y < 0.9 * size:
                    placed[top + y][left + x] = 150 - 40 * dx + grain[y][x]
        noises = [[rng.gauss(0, 2) for _ in range(WIDTH)] for _ in range(7)]
        for k in range(PUT_FRAMES):
            gain = gains[0] + (gains[1] - gains[0]) * k / PUT_FRAMES
            rows = [bytes(min(max(int(value * gain + more), 0), 255) for value, more in zip(row, noises[(k * 3 + y * 5) % 7]))
                    for y, row in enumerate(placed if k >= PUT_FRAMES // 2 else base)]
            png(os.path.join(folder, f"in{k:06d}.png"), rows, 1)
        lasting = [e for e in bench.watch(folder, f"put_{seed}", "--fps", "25")[2] if e["type"] == "lasting_change"]
        boxes = [e["box_px"] for e in lasting]
        on = len(boxes) == 1 and boxes[0][0] < left + size and boxes[0][0] + boxes[0][2] > left and boxes[0][1] < top + size and boxes[0][1] + boxes[0][3] > top
        c.that(f"a {'block' if block else 'heap'} of {size} pixels comes and stays, gain {gains[0]} to {gains[1]}: one lasting change, there", on, (left, top, size, boxes))


def check_score(c, bench):
    """By hand: of 4 pixels of motion 3 are set, of 4 of ground and shadow 1 is; the rest is not counted."""
    truth, masks = bench.path("score_truth"), bench.path("score_masks")
    for folder in (truth, masks):
        os.makedirs(folder)
    rows = [bytes([255, 255, 255, 255, 0, 0, 50, 50, 85, 170])] + [bytes([85] * 10)] * 9
    png(os.path.join(truth, "gt000001.png"), rows, 1)
    png(os.path.join(masks, "in000001.png"), [bytes([255, 255, 255, 0, 0, 0, 255, 0, 255, 255])] + [bytes([255] * 10)] * 9, 1)
    c.that("watch_score: P 0.750 R 0.750 F 0.750 by hand", bench.score(truth, masks) == (0.75, 0.75, 0.75), bench.score(truth, masks))
    png(os.path.join(truth, "gt000002.png"), rows, 1)
    run = subprocess.run([bench.score_program, "--truth", truth, "--masks", masks], capture_output=True, text=True, timeout=60, check=False)
    c.that("watch_score: a mask that is missing fails", run.returncode == 1 and not run.stdout, run.stdout + run.stderr)


def main():
    c = Checks()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(sys.argv[1:4], folder)
        check_score(c, bench)
        check_made(c, bench)
        check_forms(c, bench)
        check_refused(c, bench)
        check_week(c, bench)
        check_clips(c, bench)
        check_put(c, bench)
        check_sway(c, bench)
        check_shared(c, bench)
    print(f"{c.passed} passed, {c.failed} failed, {c.skipped} skipped")
    return 1 if c.failed else 0


if __name__ == "__main__":
    sys.exit(main())
