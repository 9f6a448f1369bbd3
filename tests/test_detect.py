"""test_detect.py BUILD: the detector by its probe, held against ONNX Runtime's own JavaScript (tests/detect_reference.mjs).

What needs the library (make detector) or the models and pictures of ../shared is skipped with the reason where they are absent;
that the program says "no detector" without them is tested everywhere.
"""
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data", "watch")
HOME = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "gongfu", "onnxruntime-1.30.0")
# Which pictures: file below SHARED, its filter. The last shrinks from 1080p, highway's frames grow.
PICTURES = (("highway/input/in000600.jpg", "null"), ("highway/input/in000870.jpg", "null"), ("traffic/input/in000950.jpg", "null"),
            ("car-detection.mp4", "select=eq(n\\,60)"), ("car-detection.mp4", "select=eq(n\\,300),scale=1536:864"), ("tractor.mp4", "null"))


class Checks:
    passed = failed = skipped = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:900]}" if note != "" and not ok else ""), flush=True)
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)

    def skip(self, name, why):
        print(f"SKIP detect: {name}: {why}")
        self.skipped += 1


def probe(build, *words):
    run = subprocess.run([os.path.join(build, "tests", "detect_probe"), *words], capture_output=True, text=True, timeout=60, check=False)
    try:
        return run.returncode, json.loads(run.stdout)
    except ValueError as broken:
        raise SystemExit(f"detect_probe {words}: {run.returncode} {run.stdout[-400:]} {run.stderr[-3000:]}") from broken


def description(folder, name, **change):
    with open(os.path.join(ROOT, "data", "detectors", name), encoding="utf-8") as file:
        text = {**json.load(file), **change}
    path = os.path.join(folder, "description.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(text, file)
    return path


def junk(folder):
    """A model that is none, and the description that names its hash."""
    with open(os.path.join(folder, "junk.onnx"), "wb") as file:
        file.write(b"\x08\x07no model")
    return description(folder, "yolox_nano_coco_416.json", file="junk.onnx", sha256=hashlib.sha256(b"\x08\x07no model").hexdigest())


def check_without(c, build, folder):
    for path in sorted(glob.glob(os.path.join(ROOT, "data", "detectors", "*.json"))):
        code, got = probe(build, "--check", "--model", path)
        c.that(f"description {os.path.basename(path)} is read", code == 0 and "error" not in got, got)
    picture = os.path.join(folder, "grey.yuv")
    with open(picture, "wb") as file:
        file.write(b"\x80" * (64 * 64 * 3 // 2))
    code, got = probe(build, picture, "--size", "64x64", "--model", junk(folder), "--library", folder)
    c.that("without the library: detector null, \"no detector\", exit 4", code == 4 and got["detector"] is None and got["error"]["code"] == "link.detector"
           and got["error"]["what"].startswith("no detector") and "make detector" in got["error"]["hint"], got)
    broken = os.path.join(folder, "broken")
    os.mkdir(broken)
    with open(os.path.join(broken, "libonnxruntime.so.1"), "w", encoding="utf-8") as file:
        file.write("no library")
    code, got = probe(build, picture, "--size", "64x64", "--model", junk(folder), "--library", broken)
    c.that("a library that does not load: detector null and the reason", code == 3 and got["detector"] is None and "does not load" in got["error"]["what"], got)
    other = description(folder, "yolox_nano_coco_416.json", file="junk.onnx")
    code, got = probe(build, picture, "--size", "64x64", "--model", other, "--library", folder)
    c.that("another file than the one described: refused by its hash", code == 3 and got["error"]["code"] == "detect.hash", got)
    return picture


def check_library(c, build, folder, picture):
    code, got = probe(build, picture, "--size", "64x64", "--model", junk(folder), "--library", HOME)
    c.that("a model that is none: detector null, one line of reason", code == 3 and got["detector"] is None and got["error"]["code"] == "link.model" and "\n" not in got["error"]["what"], got)
    header = os.path.join(folder, "onnx_header")
    subprocess.run(["cc", "-I" + os.path.join(ROOT, "src"), "-I" + os.path.join(HOME, "include"), os.path.join(ROOT, "tests", "onnx_header.c"), "-o", header], check=True)
    run = subprocess.run([header], capture_output=True, text=True, check=False)
    c.that("places of the function table: those of the real header", run.returncode == 0 and run.stdout.strip().endswith("34 passed, 0 failed"), run.stdout)


def pictures(folder):
    for i, (name, how) in enumerate(PICTURES):
        path = os.path.join(folder, f"picture{i}.ppm")
        subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-i", os.path.join(SHARED, name), "-vf", how, "-frames:v", "1", path], check=True, timeout=60)
        with open(path, "rb") as file:
            width, height = file.read(20).split()[1:3]
        yield f"{name} {how}".replace(" null", ""), path, f"{int(width)}x{int(height)}"


def reference(model, yuv, size, how="studio"):
    return json.loads(subprocess.run(["node", os.path.join(ROOT, "tests", "detect_reference.mjs"), HOME, model, yuv, size, how], capture_output=True, check=True, timeout=120).stdout)["boxes"]


def apart(ours, theirs, least):
    """The largest distance of edges in px and of scores between boxes paired by class and place; a box at the very threshold may be in one alone."""
    px = score = 0
    left = list(theirs)
    for box in ours:
        pair = min((o for o in left if o["class"] == box["class"]), key=lambda o: abs(o["x"] - box["x"]) + abs(o["y"] - box["y"]), default=None)
        if pair is None:
            if abs(box["score"] - least) > 1e-3:
                return float("inf"), float("inf")
            continue
        left.remove(pair)
        px = max(px, *(abs(box[k] - pair[k]) for k in ("x", "y")), abs(box["x"] + box["width"] - pair["x"] - pair["width"]), abs(box["y"] + box["height"] - pair["y"] - pair["height"]))
        score = max(score, abs(box["score"] - pair["score"]))
    return (px, score) if all(abs(o["score"] - least) <= 1e-3 for o in left) else (float("inf"), float("inf"))


def check_parity(c, build, folder):
    worst_px = worst_score = boxes = 0
    shots = list(pictures(folder))
    for name in ("yolox_nano_coco_416", "fastestdet_coco_352"):
        shutil.copy(os.path.join(SHARED, "models", name + ".onnx"), folder)
        # All classes, low scores, so that there are many boxes to compare.
        model, least = description(folder, name + ".json", report=None, score_least=0.1), 0.1
        with open(model, encoding="utf-8") as file:
            text = {k: v for k, v in json.load(file).items() if v is not None}
        with open(model, "w", encoding="utf-8") as file:
            json.dump(text, file)
        for title, path, size in shots:
            yuv = os.path.join(folder, "picture.yuv")
            code, got = probe(build, path, "--model", model, "--library", HOME, "--i420", yuv)
            theirs = reference(model, yuv, size)
            px, score = apart(got["boxes"], theirs, least)
            c.that(f"{name}, {title}: {len(theirs)} boxes within 1 px and 1e-3", code == 0 and px <= 1 and score <= 1e-3 and (theirs or not got["boxes"]), (px, score, got.get("boxes"), theirs))
            worst_px, worst_score, boxes = max(worst_px, px), max(worst_score, score), boxes + len(theirs)
            c.that(f"{name}, {title}: the detector is named by file and hash", got["detector"] and got["detector"]["sha256"] == hashlib.sha256(open(os.path.join(folder, name + ".onnx"), "rb").read()).hexdigest())
    c.that("enough boxes were compared", boxes >= 30, boxes)
    print(f"note detector: {boxes} boxes, at most {worst_px:.5f} px and {worst_score:.2e} apart")


def check_parts(c, build, folder):
    """A part of a picture is looked at as if it were cut out: where it shrinks, no pixel beyond its edge counts."""
    shutil.copy(os.path.join(SHARED, "models", "yolox_nano_coco_416.onnx"), folder)
    model = description(folder, "yolox_nano_coco_416.json", score_least=0.1)
    whole, part = os.path.join(folder, "whole.ppm"), os.path.join(folder, "part.yuv")
    for words in (["-pix_fmt", "rgb24", whole],):
        subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-i", os.path.join(SHARED, "tractor.mp4"), "-frames:v", "1", *words], check=True)
    yuv = os.path.join(folder, "whole.yuv")
    _, got = probe(build, whole, "--model", model, "--library", HOME, "--part", "200,100,1200,860", "--i420", yuv)
    data = open(yuv, "rb").read()
    w, h, x, y, pw, ph = 1920, 1080, 200, 100, 1200, 860
    cut = [data[(y + r) * w + x:(y + r) * w + x + pw] for r in range(ph)]
    for plane in (w * h, w * h * 5 // 4):
        cut += [data[plane + (y // 2 + r) * w // 2 + x // 2:][:pw // 2] for r in range(ph // 2)]
    with open(part, "wb") as file:
        file.write(b"".join(cut))
    theirs = [{**b, "x": b["x"] + x, "y": b["y"] + y} for b in reference(model, part, f"{pw}x{ph}")]
    px, score = apart(got["boxes"], theirs, 0.1)
    c.that(f"a part: {len(theirs)} boxes as if it were cut out", px <= 1 and score <= 1e-3 and theirs, (got, theirs))
    _, full = probe(build, yuv, "--size", "1920x1080", "--model", model, "--library", HOME, "--full")
    theirs = reference(model, yuv, "1920x1080", "full")
    px, score = apart(full["boxes"], theirs, 0.1)
    c.that("full range: the same colours on both roads", px <= 1 and score <= 1e-3 and theirs, (full, theirs))
    tiled = description(folder, "yolox_nano_coco_416.json", score_least=0.25, tiles={"columns": 3, "rows": 2, "overlap": 0.2})
    _, got = probe(build, whole, "--model", tiled, "--library", HOME)
    c.that("tiles: boxes within the picture", all(b["x"] >= 0 and b["y"] >= 0 and b["x"] + b["width"] <= 1920 and b["y"] + b["height"] <= 1080 for b in got["boxes"]), got)
    wrong = description(folder, "yolox_nano_coco_416.json", classes=["car", "cow"], report=["cow"])
    code, got = probe(build, whole, "--model", wrong, "--library", HOME)
    c.that("a list of classes of another length than the model's: refused", code == 3 and got["detector"] is None and got["error"]["code"] == "detect.model", got)
    one = description(folder, "yolox_nano_coco_416.json", score_least=0.01, report=["boat"])
    _, got = probe(build, whole, "--model", one, "--library", HOME)
    c.that("only reported classes are named", {b["class"] for b in got["boxes"]} <= {"boat"}, got)


def main():
    checks, build = Checks(), sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        picture = check_without(checks, build, folder)
        library, shared = os.path.exists(os.path.join(HOME, ".done")), os.path.exists(os.path.join(SHARED, "models"))
        if library:
            check_library(checks, build, folder, picture)
        if library and shared:
            check_parity(checks, build, folder)
            check_parts(checks, build, folder)
        else:
            checks.skip("boxes", "ONNX Runtime is not here (make detector)" if not library else "../shared is not there")
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0


sys.exit(main())
