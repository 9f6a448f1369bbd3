"""bench_watch.py GONGFU: pixels, poses, weeks and processor time of the watch, with OpenCV's MOG2 and KNN beside it on the same frames in the same run.

Sequences: highway and traffic of ../shared/data/watch where they are; leaves, water, rain and noise as tests/test_watch.py makes them; a tree in the wind
(tree.avi of Debian's opencv-doc) through which blocks are driven. OpenCV is Debian's python3-opencv (scripts/packages.sh dev); without it no peer is
measured and the sequences that it decodes are left out. OpenCV runs on one thread with its defaults, colour pictures, its shadow label dropped, a 5 x 5 median.
"""
import os
import subprocess
import sys
import tempfile
import time

try:
    import cv2
except ImportError:
    cv2 = None
    debian = "/usr/bin/python3"   # another Python in front has not what Debian's packages bring
    if os.path.realpath(sys.executable) != os.path.realpath(debian) and os.path.exists(debian) and \
            subprocess.run([debian, "-c", "import cv2"], capture_output=True, check=False).returncode == 0:
        os.execv(debian, [debian, *sys.argv])

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.path.join(os.path.dirname(ROOT), "shared", "data", "watch")
CLIPS = "/usr/share/doc/opencv-doc/examples/data"
sys.path.insert(0, os.path.join(ROOT, "tests"))
import test_watch  # noqa: E402

WEEKS = os.environ.get("GONGFU_WATCH_WEEKS", "1000-1011")


def peer_masks(name, frames, out):
    """Masks of one of OpenCV's models, and its milliseconds a frame, decoding left out."""
    os.makedirs(out)
    model = cv2.createBackgroundSubtractorMOG2() if name == "MOG2" else cv2.createBackgroundSubtractorKNN()
    spent = 0
    for path in frames:
        picture = cv2.imread(path)
        begun = time.thread_time()
        mask = cv2.medianBlur((model.apply(picture) == 255).astype("uint8") * 255, 5)
        spent += time.thread_time() - begun
        cv2.imwrite(os.path.join(out, os.path.splitext(os.path.basename(path))[0] + ".png"), mask)
    return spent / len(frames) * 1000


def drive_through_tree(bench):
    """Blocks driven through a tree in the wind."""
    import numpy
    clip = cv2.VideoCapture(os.path.join(CLIPS, "tree.avi"))
    folder, truth = bench.path("tree"), bench.path("tree_truth")
    os.makedirs(folder)
    os.makedirs(truth)
    pictures = []
    while len(pictures) < 45:   # a hand comes into the view later, and nobody has marked it
        there, picture = clip.read()
        if not there:
            break
        pictures.append(picture)
    for k in range(340):   # what can be read of it is short: there and back again
        turn = k % (2 * len(pictures) - 2)
        picture = pictures[turn if turn < len(pictures) else 2 * len(pictures) - 2 - turn].copy()
        marked = numpy.zeros(picture.shape[:2], "uint8")
        for turn in range(4):
            left, top = (k - 100 - 60 * turn) * 4 - 40, 30 + 50 * turn
            if k >= 100 and left > -40:
                x0, x1 = max(left, 0), min(left + 40, picture.shape[1])
                if x1 > x0:
                    picture[top:top + 28, x0:x1] = ((40, 40, 160), (170, 165, 160), (60, 70, 60), (120, 40, 30))[turn]
                    picture[top + 8:top + 14, x0:x1] = (35, 35, 35)
                    marked[top:top + 28, x0:x1] = 255
        cv2.imwrite(os.path.join(folder, f"in{k:06d}.png"), picture)
        if k >= 100:
            cv2.imwrite(os.path.join(truth, f"gt{k:06d}.png"), marked)
    return folder, truth


def sequences(bench):
    for name in ("highway", "traffic"):
        folder = os.path.join(SHARED, name)
        if os.path.isdir(folder):
            yield name, os.path.join(folder, "input"), os.path.join(folder, "groundtruth")
    for seed, (name, disturb) in enumerate((("leaves", test_watch.leaves), ("water", test_watch.water), ("rain", test_watch.rain), ("noise", test_watch.noise))):
        yield (name + " (made)", *test_watch.make(bench, name, disturb, seed + 100))
    if cv2 is not None and os.path.exists(os.path.join(CLIPS, "tree.avi")):
        yield ("tree in the wind, blocks driven through", *drive_through_tree(bench))


def told(score):
    return "P {:.3f} R {:.3f} F {:.3f}".format(*score)


def pixels(bench):
    print("### Pixels\n\n| sequence | gongfu | OpenCV MOG2 + median | OpenCV KNN + median | ms a frame: gongfu (all but files), MOG2, KNN |\n|---|---|---|---|---|")
    for number, (name, folder, truth) in enumerate(sequences(bench)):
        answer, masks, _ = bench.watch(folder, f"run{number}")
        cost = sum(answer["cpu_ms"][stage] for stage in ("gate", "register", "change", "slow"))
        frames = sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.startswith("in"))
        peers, costs = [], [f"{cost:.1f}"]
        for peer in ("MOG2", "KNN"):
            if cv2 is None:
                peers.append("not installed")
                continue
            out = bench.path(f"{peer}{number}")
            costs.append(f"{peer_masks(peer, frames, out):.1f}")
            peers.append(told(bench.score(truth, out)))
        print(f"| {name} | {told(bench.score(truth, masks))} | {peers[0]} | {peers[1]} | {', '.join(costs)} |", flush=True)


def poses(bench):
    print("\n### Poses (`gongfu demo sway`, 640 x 480 unless said)\n\n| frames | p50 px | p95 px | worst px | refused | ms a frame |\n|---|---|---|---|---|---|")
    real = os.path.join(SHARED, "highway", "input")
    for name, sigma, count, size, words in (("made scene, sigma 5", 5, 300, (640, 480), ()), ("made scene, sigma 40", 40, 300, (640, 480), ()),
                                            ("highway, 320 x 240, sigma 2.5", 2.5, 600, (320, 240), ("--from", real)), ("highway, 320 x 240, sigma 20", 20, 600, (320, 240), ("--from", real))):
        if words and not os.path.isdir(real):
            continue
        folder = bench.path(name.replace(" ", "_").replace(",", ""))
        bench.run("demo", "sway", "--seed", "2001", "--sigma", str(sigma), "--count", str(count), "--out", folder, *words)
        answer, _, _ = bench.watch(folder, os.path.basename(folder) + "_watch", "--fps", "5")
        with open(os.path.join(folder, "poses.csv"), encoding="utf-8") as file:
            truth = list(test_watch.csv.DictReader(file))
        rows = bench.poses(os.path.basename(folder) + "_watch")
        errors = sorted(test_watch.apart(t, g, *size) for t, g in zip(truth, rows) if g["accepted"] == "1")
        print(f"| {name}, {len(rows)} | {errors[len(errors) // 2]:.3f} | {errors[len(errors) * 95 // 100]:.3f} | {errors[-1]:.2f} | {len(rows) - len(errors)} | {answer['cpu_ms']['register']:.1f} |",
              flush=True)


def clip_frames(bench, size, count):
    clip = cv2.VideoCapture(os.path.join(CLIPS, "vtest.avi"))
    folder = bench.path(f"vtest{size[0]}")
    os.makedirs(folder)
    for k in range(count):
        there, picture = clip.read()
        if there:
            cv2.imwrite(os.path.join(folder, f"in{k:06d}.jpg"), cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return folder


def speed(bench):
    if cv2 is None or not os.path.exists(os.path.join(CLIPS, "vtest.avi")):
        print("\nNo python3-opencv or opencv-doc: speed at 640 x 360 and 1080p was not measured.")
        return
    print("\n### Processor time (people on a square, vtest.avi of opencv-doc scaled; ms a frame on one core)\n")
    print("| frames | gate | register | change | slow | together | MOG2 + median | KNN + median | memory MB |\n|---|---|---|---|---|---|---|---|---|")
    for size in ((640, 360), (1920, 1080)):
        folder = clip_frames(bench, size, 200)
        answer, _, _ = bench.watch(folder, f"speed{size[0]}", "--fps", "5")
        frames = sorted(os.path.join(folder, n) for n in os.listdir(folder))
        theirs = [f"{peer_masks(peer, frames, bench.path(f'{peer}_{size[0]}')):.1f}" for peer in ("MOG2", "KNN")]
        cost = answer["cpu_ms"]
        together = sum(cost[stage] for stage in ("gate", "register", "change", "slow"))
        print(f"| {size[0]} x {size[1]} | {cost['gate']:.2f} | {cost['register']:.2f} | {cost['change']:.2f} | {cost['slow']:.2f} | {together:.2f} | {theirs[0]} | {theirs[1]} | {answer['rss_mb_max']:.0f} |",
              flush=True)


def weeks(bench):
    run = subprocess.run([bench.week_program, "--seeds", WEEKS], capture_output=True, text=True, check=False)
    print(f"\n### What came to stay (`build/tests/watch_week --seeds {WEEKS}`)\n\n" + "\n".join("- " + line for line in run.stdout.splitlines()[:-1]))


def main():
    folder = os.path.dirname(os.path.abspath(sys.argv[1]))
    print("## Watch (`bench/bench_watch.py`)\n")
    if cv2 is not None:
        cv2.setNumThreads(1)
        print(f"OpenCV {cv2.__version__} beside, one thread.\n")
    with tempfile.TemporaryDirectory() as room:
        bench = test_watch.Bench((sys.argv[1], os.path.join(folder, "tests", "watch_score"), os.path.join(folder, "tests", "watch_week")), room)
        pixels(bench)
        poses(bench)
        speed(bench)
        weeks(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
