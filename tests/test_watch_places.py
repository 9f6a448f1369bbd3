"""test_watch_places.py GONGFU: a finding lands on its parcel, and its picture shows no more than the parcels.

The plain and the camera of test_preset.py, a third as large: noise of a fixed seed for ground, a bright box that drives over one field
and is gone. The same pictures as a video (when ffmpeg is there) must say the same.
"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_preset as world

WIDTH, HEIGHT, FRAMES, ENTERS, LEAVES = 640, 360, 140, 60, 110
SCALE = WIDTH / world.WIDTH


def pixel_of(distance, aside):
    """In pixels of the small picture: its middle is the large one's."""
    x, y = world.pixel_of(*world.at(distance, aside))
    return (x + 0.5) * SCALE - 0.5, (y + 0.5) * SCALE - 0.5


def write_bmp(path, rows):
    palette = b"".join(bytes((i, i, i, 0)) for i in range(256))
    head = struct.pack("<2sIHHI", b"BM", 1078 + WIDTH * HEIGHT, 0, 0, 1078) + struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 8, 0, WIDTH * HEIGHT, 2835, 2835, 256, 0)
    with open(path, "wb") as file:
        file.write(head + palette + b"".join(bytes(row) for row in reversed(rows)))


def ground(rng):
    """Patches of grey with grain: something to hold on to."""
    patches = [[rng.randint(60, 150) for _ in range(WIDTH // 8)] for _ in range(HEIGHT // 8)]
    return [bytearray(max(0, min(255, patches[y // 8][x // 8] + rng.randint(-9, 9))) for x in range(WIDTH)) for y in range(HEIGHT)]


def frames(folder):
    """A box of 26 x 16 pixels drives over the field f350-0 from left to right, from frame ENTERS to LEAVES."""
    rng = random.Random(4)
    plain = ground(rng)
    for n in range(FRAMES):
        rows = [bytearray(row) for row in plain]
        for row in rows:   # a little noise that is another one each time
            for _ in range(20):
                row[rng.randrange(WIDTH)] ^= 3
        if ENTERS <= n < LEAVES:
            x, y = pixel_of(350, -24 + 48 * (n - ENTERS) / (LEAVES - ENTERS))
            for dy in range(-16, 0):
                for dx in range(-13, 13):
                    rows[int(y) + dy][int(x) + dx] = 245 if (dx + dy) % 7 else 20
        write_bmp(os.path.join(folder, f"f{n:05d}.bmp"), rows)


def png_rgb(path):
    """Rows of (r, g, b) of an 8-bit PNG in colour."""
    with open(path, "rb") as file:
        data = file.read()
    width, height, bits, kind = struct.unpack(">IIBB", data[16:26])
    assert (bits, kind) == (8, 2), (bits, kind)
    at, packed = 8, b""
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if name == b"IDAT" else b""
        at += 12 + size
    raw, rows, before = zlib.decompress(packed), [], bytearray(3 * width)
    for y in range(height):
        line, how = bytearray(raw[y * (3 * width + 1) + 1:(y + 1) * (3 * width + 1)]), raw[y * (3 * width + 1)]
        for i in range(len(line)):
            a, b, c = line[i - 3] if i >= 3 else 0, before[i], before[i - 3] if i >= 3 else 0
            guess = (0, a, b, (a + b) // 2, min((a, b, c), key=lambda v: (abs(a + b - c - v), (a, b, c).index(v))))[how]
            line[i] = (line[i] + guess) & 255
        rows.append(line)
        before = line
    return width, height, rows


def events_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def watch(program, folder, source, name, *words):
    path = os.path.join(folder, name)
    done = subprocess.run([program, "watch", source, "--events", path, "--start", "2024-06-21T02:00:00Z", "--json", *words], capture_output=True, text=True, timeout=120, check=False)
    return done, events_of(path) if done.returncode == 0 else []


def words_of(folder, p):
    """The preset of the small picture, and what goes with it."""
    scaled = p.document() | {"width": WIDTH, "height": HEIGHT, "focal_px": world.FOCAL * SCALE, "margin_px": 6, "range_m": 2500}
    scaled["points"] = [one | {"x": (one["x"] + 0.5) * SCALE - 0.5, "y": (one["y"] + 0.5) * SCALE - 0.5} for one in scaled["points"]]
    preset = os.path.join(folder, "small.json")
    with open(preset, "w", encoding="utf-8") as file:
        json.dump(scaled, file)
    return scaled, preset, ("--preset", preset, "--dem", os.path.join(folder, "plain.asc"), "--crs", "4549", "--parcels", os.path.join(folder, "fields.geojson"), "--layer-crs", "EPSG:4490")


def places(c, program, folder, p, pictures):
    scaled, preset, words = words_of(folder, p)
    shown = os.path.join(folder, "shown")
    done, events = watch(program, folder, pictures, "e.jsonl", *words, "--pictures", shown)
    moved = [one for one in events if one["type"] == "motion"]
    c.that("what drives over a field is found once", done.returncode == 0 and len(moved) == 1, (done.stderr, events))
    if len(moved) != 1:
        return
    one = moved[0]
    lon, lat = world.lonlat_of(*world.at(350, 0))
    c.that("it lands on that field", (one["parcel"] == "f350-0" or "f350-0" in one["candidates"]) and abs(one["lon"] - lon) < 6e-4 and abs(one["lat"] - lat) < 6e-4, one)
    c.that("with its pose error in metres, the preset's name, the instant, and no class", 0 < one["pose_error_m"] < 30 and one["preset"] == "t" and one["time_utc"].startswith("2024-06-21T02:00:0") and one["class"] is None and
           one["witnesses"] == ["motion"], one)
    c.that("the picture is there", one["pictures"] and os.path.exists(os.path.join(shown, one["pictures"][0])), one)
    width, height, rows = png_rgb(os.path.join(shown, one["pictures"][0]))
    fields = {key: pixel_of(*where) for key, where in world.FIELDS.items()}
    painted = lambda x, y: rows[int(y)][3 * int(x):3 * int(x) + 3] == rows[0][:3]
    c.that("the sky and the ground between camera and fields are painted over", (width, height) == (WIDTH, HEIGHT) and painted(10, 10) and painted(WIDTH - 10, HEIGHT - 10) and painted(*pixel_of(470, 0)), None)
    near = [key for key in fields if world.FIELDS[key][0] <= 900]
    c.that("the fields are not", not [key for key in near if painted(*fields[key])], [key for key in near if painted(*fields[key])])
    share = sum(rows[y][3 * x:3 * x + 3] == rows[0][:3] for y in range(0, HEIGHT, 4) for x in range(0, WIDTH, 4)) / (HEIGHT // 4 * (WIDTH // 4))
    c.that("most of the picture is painted over", 0.5 < share < 0.98, share)
    done, bare = watch(program, folder, pictures, "bare.jsonl")
    c.that("without a preset nothing is told of the ground", done.returncode == 0 and all(e["parcel"] is None and e["lon"] is None and e["pose_error_m"] is None and e["candidates"] == [] and e["pictures"] == [] for e in bare) and
           [e["type"] for e in bare] == [e["type"] for e in events], bare)
    done, _ = watch(program, folder, pictures, "no.jsonl", "--pictures", shown)
    c.that("and no picture may be kept: a sentence", done.returncode == 2 and "preset" in done.stderr, done.stderr)
    wrong = dict(scaled, width=640, height=480)
    with open(preset, "w", encoding="utf-8") as file:
        json.dump(wrong, file)
    done, _ = watch(program, folder, pictures, "no.jsonl", *words)
    c.that("a preset of another shape of picture: a sentence", done.returncode == 3 and "watch.preset" in done.stderr, done.stderr)


def shifted(rows, dx, dy):
    """The view of a camera that has turned a little: borders repeated."""
    return [bytearray(rows[min(max(y - dy, 0), HEIGHT - 1)][min(max(x - dx, 0), WIDTH - 1)] for x in range(WIDTH)) for y in range(HEIGHT)]


def live(c, program, folder, p):
    """What is shown of now follows the pose of each frame, and shows nothing of a frame that has none."""
    _, _, words = words_of(folder, p)
    plain, rng = ground(random.Random(4)), random.Random(5)
    # Light in no cell that is grey by chance: what is not 96 in the picture is shown.
    kept = {}
    for name, last in (("still", plain), ("right", shifted(plain, 9, 4)), ("left", shifted(plain, -13, -6)), ("noise", [bytearray(rng.randrange(256) for _ in range(WIDTH)) for _ in range(HEIGHT)])):
        source, shown = os.path.join(folder, "live-" + name), os.path.join(folder, "shown-" + name)
        os.mkdir(source)
        for n in range(12):
            write_bmp(os.path.join(source, f"f{n:05d}.bmp"), last if n == 11 else plain)
        done = subprocess.run([program, "watch", source, "--live", shown, "--live-every", "0", "--json", *words], capture_output=True, text=True, timeout=120, check=False)
        c.that(f"live, {name}: watched", done.returncode == 0 and os.listdir(shown) == ["01.png"], (done.stderr, os.path.isdir(shown) and os.listdir(shown)))
        width, height, rows = png_rgb(os.path.join(shown, "01.png"))
        grey = bytes(rows[0][:3])
        kept[name] = {(x, y) for y in range(0, HEIGHT) for x in range(0, WIDTH) if bytes(rows[y][3 * x:3 * x + 3]) != grey}
    c.that("of a frame without a pose nothing is shown", not kept["noise"] and len(kept["still"]) > 2000, (len(kept["noise"]), len(kept["still"])))
    for name, dx, dy in (("right", 9, 4), ("left", -13, -6)):
        about = {(x + i, y + j) for x, y in kept["still"] for i in (dx - 2, dx, dx + 2) for j in (dy - 2, dy, dy + 2)}
        stray = kept[name] - about
        c.that(f"turned {name}, what is shown has turned with it", not stray and len(kept[name]) > 0.8 * len(kept["still"]) * (1 - abs(dx) / WIDTH), (len(stray), len(kept[name]), len(kept["still"])))
    done = subprocess.run([program, "watch", os.path.join(folder, "live-still"), "--live", os.path.join(folder, "no")], capture_output=True, text=True, check=False)
    c.that("without a preset nothing is shown: a sentence", done.returncode == 2 and "preset" in done.stderr and not os.path.exists(os.path.join(folder, "no")), done.stderr)


def several(c, program, folder, pictures):
    """One process, three sources: each says what it says alone, and one that fails harms nobody."""
    other, events = os.path.join(folder, "live-right"), os.path.join(folder, "several")
    done = subprocess.run([program, "watch", pictures, os.path.join(folder, "not there.mp4"), other, "--events", events, "--json"], capture_output=True, text=True, timeout=120, check=False)
    told = json.loads(done.stdout) if done.stdout else {"sources": []}
    c.that("the answer is no when one source failed, and says which and why", done.returncode == 1 and [("error" in one) for one in told["sources"]] == [False, True, False], (done.returncode, done.stdout[:400], done.stderr))
    _, alone = watch(program, folder, pictures, "alone.jsonl")
    strip = lambda lines: [{key: value for key, value in one.items() if key != "time_utc"} for one in lines]
    c.that("each source says what it says alone", strip(events_of(os.path.join(events, "01.jsonl"))) == strip(alone) and os.path.exists(os.path.join(events, "03.jsonl")), os.listdir(events))
    done = subprocess.run([program, "watch", pictures, other, "--preset", "a.json"], capture_output=True, text=True, check=False)
    c.that("one preset for two sources: a sentence", done.returncode == 2 and "preset" in done.stderr, done.stderr)


def samples(c, program, folder, p, pictures):
    """A verdict becomes a crop with the thing in it, its label, a line of the manifest; nothing that is not a field's is in it."""
    _, _, words = words_of(folder, p)
    poses, said = os.path.join(folder, "s.csv"), os.path.join(folder, "verdicts.jsonl")
    _, events = watch(program, folder, pictures, "se.jsonl", "--poses", poses, *words)
    one = next(e for e in events if e["type"] == "motion")

    def make(out, lines, *more):
        with open(said, "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
        return subprocess.run([program, "samples", pictures, "--events", os.path.join(folder, "se.jsonl"), "--poses", poses, "--verdicts", said, "--out", os.path.join(folder, out), *more], capture_output=True, text=True, timeout=120, check=False)

    true = {"event": one["id"], "verdict": "true", "class": "excavator", "by": "pe-1"}
    done = make("samples", [true], *words)
    c.that("a verdict makes a sample", done.returncode == 0 and json.loads(done.stdout)["samples"] == 1, (done.stdout, done.stderr))
    manifest = events_of(os.path.join(folder, "samples", "manifest.jsonl"))[0]
    with open(os.path.join(folder, "samples", "labels", f"event{one['id']:06d}.txt"), encoding="ascii") as file:
        label = [float(cell) for cell in file.read().split()]
    width, height, rows = png_rgb(os.path.join(folder, "samples", manifest["picture"]))
    x, y, w, h = (manifest["box_px"][0] - manifest["crop_px"][0], manifest["box_px"][1] - manifest["crop_px"][1], *manifest["box_px"][2:])
    c.that("its label is the box in the crop", label[0] == 0 and abs(label[1] * width - (x + w / 2)) < 0.01 and abs(label[4] * height - h) < 0.01, (label, manifest))
    with open(os.path.join(pictures, f"f{one['frame_box']:05d}.bmp"), "rb") as file:
        bitmap = file.read()[1078:]
    at = lambda px, py: bitmap[(HEIGHT - 1 - py) * WIDTH + px]
    inside = [(px, py) for px in range(int(x) + 2, int(x + w) - 2) for py in range(int(y) + 2, int(y + h) - 2)]
    dark = [rows[py][3 * px] for px, py in inside]
    cx, cy = int(manifest["crop_px"][0]), int(manifest["crop_px"][1])
    c.that("the crop shows the very frame", all(abs(rows[py][3 * px] - at(cx + px, cy + py)) <= 3 for px, py in inside if bytes(rows[py][3 * px:3 * px + 3]) != bytes((96, 96, 96))) and max(dark) > 200, (min(dark), max(dark)))
    grey = sum(bytes(rows[py][3 * px:3 * px + 3]) == bytes((96, 96, 96)) for py in range(height) for px in range(width))
    c.that("what lies outside the fields is painted over in it", grey > 0.05 * width * height, grey / (width * height))
    c.that("who said so, when, where, what", manifest["by"] == "pe-1" and manifest["class"] == "excavator" and manifest["verdict"] == "true" and manifest["preset"] == "t" and manifest["parcel"] == one["parcel"], manifest)
    false = make("none", [true | {"verdict": "false"}], *words)
    with open(os.path.join(folder, "none", "labels", f"event{one['id']:06d}.txt"), "rb") as file:
        c.that("a false finding is a picture with nothing in it", false.returncode == 0 and file.read() == b"", false.stderr)
    c.that("an unclear one is none", json.loads(make("unclear", [true | {"verdict": "unclear"}], *words).stdout) == {"schema": "gongfu.watch.samples/1", "samples": 0, "unclear": 1, "without_pose": 0, "without_frame": 0}, None)
    bare = make("bare", [true])
    c.that("without a preset nothing leaves: a sentence", bare.returncode == 2 and "--whole" in bare.stderr and not os.path.exists(os.path.join(folder, "bare")), bare.stderr)
    c.that("unless somebody says that it may", make("whole", [true], "--whole").returncode == 0)
    for label_, line in (("no such event", true | {"event": 999}), ("an unknown verdict", true | {"verdict": "maybe"}), ("nobody", {k: v for k, v in true.items() if k != "by"})):
        wrong = make("wrong", [true, line], *words)
        c.that(f"{label_}: a sentence with its line", wrong.returncode == 3 and "verdicts:2" in wrong.stderr, wrong.stderr)
    with open(os.path.join(folder, "se.jsonl"), encoding="utf-8") as file:
        lines = file.read()
    with open(os.path.join(folder, "se.jsonl"), "w", encoding="utf-8") as file:
        file.write(lines.replace(f'"picture_px":[{WIDTH},', '"picture_px":[320,'))
    strange = make("strange", [true], *words)
    c.that("a source that is read in another way than it was watched: a sentence", strange.returncode == 3 and "--rate" in strange.stderr and not os.listdir(os.path.join(folder, "strange", "images")), strange.stderr)
    with open(os.path.join(folder, "se.jsonl"), "w", encoding="utf-8") as file:
        file.write(lines)
    with open(poses, encoding="ascii") as file:
        rows = file.read().splitlines(keepends=True)
    with open(poses, "w", encoding="ascii") as file:
        file.writelines(rows[:1] + rows[1::2])
    strange = make("strange2", [true], *words)
    c.that("so are poses of other frames", strange.returncode == 3 and "is not one that the watch saw" in strange.stderr, strange.stderr)
    with open(poses, "w", encoding="ascii") as file:
        file.writelines(rows)
    again = make("samples", [true], *words)
    c.that("samples that are there are not written over", again.returncode == 5, again.stderr)


def video(c, program, folder, pictures):
    if not shutil.which("ffmpeg"):
        print("SKIP the same as a video: no ffmpeg")
        return
    clip = os.path.join(folder, "clip.mkv")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-framerate", "25", "-i", os.path.join(pictures, "f%05d.bmp"), "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip], check=True)
    _, of_pictures = watch(program, folder, pictures, "p.jsonl")
    done, of_clip = watch(program, folder, clip, "v.jsonl")
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    c.that("a video is watched, picture by picture", told.get("frames") == FRAMES and (told.get("width"), told.get("height")) == (WIDTH, HEIGHT), (done.stderr, told))
    # where along its way most of it was seen is chance
    near = lambda a, b: a["type"] == b["type"] and abs(a["frame_first"] - b["frame_first"]) <= 2 and abs(a["frame_last"] - b["frame_last"]) <= 2 and all(abs(a["box_px"][i] - b["box_px"][i]) <= 8 for i in (1, 2, 3))
    c.that("and says what its pictures say", len(of_clip) == len(of_pictures) and all(near(a, b) for a, b in zip(of_clip, of_pictures)), (of_clip, of_pictures))
    done, _ = watch(program, folder, clip, "s.jsonl", "--rate", "5", "--width", "320")
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    c.that("five a second, half as wide", 26 <= told.get("frames", 0) <= 30 and told.get("width") == 320, (done.stderr, told))
    for bad in (os.path.join(folder, "none.mp4"), os.path.join(folder, "plain.asc"), "ftp://example.invalid/x"):
        done, _ = watch(program, folder, bad, "n.jsonl")
        c.that(f"no video: a sentence ({os.path.basename(bad)})", done.returncode in (2, 3, 4, 7) and '"what"' in done.stderr and done.stdout == "", (done.returncode, done.stderr))


def main():
    c, program = world.Checks(), os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        p = world.Preset(program, folder)
        pictures = os.path.join(folder, "pictures")
        os.mkdir(pictures)
        frames(pictures)
        places(c, program, folder, p, pictures)
        live(c, program, folder, p)
        samples(c, program, folder, p, pictures)
        several(c, program, folder, pictures)
        video(c, program, folder, pictures)
    print(f"{c.passed} passed, {c.failed} failed, 0 skipped")
    sys.exit(0 if c.failed == 0 and c.passed else 1)


if __name__ == "__main__":
    main()
