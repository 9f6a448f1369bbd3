"""bench_camera.py GONGFU: what a camera costs: 1080p25 H.264 and H.265 at 4 Mbit/s, full and by key frames, memory, and the detector.

The streams are made here with Debian's ffmpeg from a moving test picture with fresh noise on every pixel, which is harder to
decode than a field at rest. Processor time is the threads' own, as camera_probe tells it. What is not there (ffmpeg, the
detector's library, the models of ../shared) is said in the table.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from rtsp_server import Apart, Scene, access_units  # noqa: E402

MODELS = os.path.join(os.path.dirname(ROOT), "shared", "data", "watch", "models")
HOME = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "gongfu", "onnxruntime-1.30.0")
SECONDS, FPS = 20, 25


def clip(path, *coding, rate=4):
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate={FPS},noise=alls=6:allf=t", "-t", str(SECONDS),
                    "-pix_fmt", "yuv420p", "-b:v", f"{rate}M", "-maxrate", f"{rate}M", "-bufsize", f"{2 * rate}M", "-g", "50", *coding, path], check=True)


def probe(build, *words):
    return json.loads(subprocess.run([os.path.join(build, "tests", "camera_probe"), *words], capture_output=True, text=True, check=True).stdout)


def best(build, turns, *words):
    """Of several runs the one that took least: the machine does other things, too."""
    return min((probe(build, *words) for _ in range(turns)), key=lambda got: sum(got["sources"][0]["cpu_ms"][k] for k in ("read", "decode", "scale")))


def row(name, got):
    s = got["sources"][0]
    cpu = s["cpu_ms"]
    total = cpu["read"] + cpu["decode"] + cpu["scale"]
    print(f"| {name} | {cpu['read'] / s['packets']:.2f} | {cpu['decode'] / max(s['frames'], 1):.2f} | {cpu['scale'] / max(s['handed'], 1):.2f} "
          f"| {total / SECONDS:.0f} | {1000 * SECONDS / total:.1f} | {got['rss_mb_max']:.0f} |")


def files(build, folder):
    print("| 20 s of 1080p25, one thread | ms/packet read | ms/picture decoded | ms/picture scaled to 640x360 | ms a second of video | cameras a core | MB resident |\n|---|---|---|---|---|---|---|")
    for name, path in (("H.264 4 Mbit/s", "a.mp4"), ("H.265 4 Mbit/s", "b.mp4")):
        path = os.path.join(folder, path)
        row(f"{name}, every picture scaled", best(build, 3, path, "--width", "640"))
        row(f"{name}, 5 a second handed over", best(build, 3, path, "--width", "640", "--fps", "5"))
        row(f"{name}, key frames (one in 50)", best(build, 3, path, "--width", "640", "--key"))
        row(f"{name}, key frames, every packet kept as evidence", best(build, 3, path, "--width", "640", "--key", "--evidence", "8000000", "--evidence-s", "15"))
    hard = os.path.join(folder, "c.mp4")
    row("H.264 8 Mbit/s with B pictures, every picture scaled", best(build, 3, hard, "--width", "640"))
    row("H.264 8 Mbit/s with B pictures, 5 a second handed over", best(build, 3, hard, "--width", "640", "--fps", "5"))


def memory(build, folder):
    print("\n| cameras at once, H.264 1080p | MB resident | MB for each further one |\n|---|---|---|")
    for name, words in (("full, 640x360 at 5 a second", ("--fps", "5")), ("key frames", ("--key",)), ("key frames, 15 s of evidence", ("--key", "--evidence", "8000000", "--evidence-s", "15"))):
        got = {n: probe(build, *([os.path.join(folder, "a.mp4")] * n), "--width", "640", *words)["rss_mb_max"] for n in (1, 9)}
        print(f"| {name} | 1: {got[1]:.0f}, 9: {got[9]:.0f} | {(got[9] - got[1]) / 8:.1f} |")


def live(build, folder):
    with open(os.path.join(folder, "a.h264"), "rb") as file:
        units = access_units(file.read())
    servers = [Apart({"camera": Scene(units)}) for _ in range(4)]
    begun = time.monotonic()
    got = probe(build, *(server.url("camera") for server in servers), "--seconds", "10", "--width", "640", "--fps", "5")
    seconds = time.monotonic() - begun
    for server in servers:
        server.close()
    frames, taken, lost = (sum(s[k] for s in got["sources"]) for k in ("frames", "taken", "damaged"))
    print(f"\nFour cameras over RTSP (TCP, loopback) for {seconds:.1f} s, every picture decoded, 5 a second scaled to 640x360: {frames} pictures came (the servers, in Python on the same two cores, "
          f"owed {4 * FPS * 10}), {taken} were handed over, {lost} damaged; the whole process took {got['cpu_ms_process'] / seconds:.0f} ms of processor a second ({got['cpu_ms_process'] / seconds / 4:.0f} a camera), {got['rss_mb_max']:.0f} MB resident.")


def detector(build, folder):
    if not os.path.exists(os.path.join(HOME, ".done")) or not os.path.exists(MODELS):
        print("\nDetector: not measured, ONNX Runtime (make detector) or the models of ../shared are not here.")
        return
    picture = os.path.join(folder, "p.ppm")
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-i", os.path.join(folder, "a.mp4"), "-vf", "scale=640:360", "-frames:v", "1", picture], check=True)
    print("\n| detector, one thread, a picture of 640x360 | ms in the network | ms around it (resampling, colours, boxes) |\n|---|---|---|")
    for name in ("yolox_nano_coco_416", "fastestdet_coco_352"):
        for ending, source in ((".onnx", MODELS), (".json", os.path.join(ROOT, "data", "detectors"))):
            target = os.path.join(folder, name + ending)
            if not os.path.exists(target):
                os.symlink(os.path.join(source, name + ending), target)
        runs = [json.loads(subprocess.run([os.path.join(build, "tests", "detect_probe"), picture, "--model", os.path.join(folder, name + ".json"), "--library", HOME, "--times", "40"],
                                          capture_output=True, text=True, check=True).stdout) for _ in range(3)]
        got = min(runs, key=lambda r: r["ms_network"])
        print(f"| {name} | {got['ms_network']:.1f} | {got['ms_around']:.1f} |")


def main():
    build = os.path.dirname(sys.argv[1])
    print("## Cameras and detector (`bench/bench_camera.py`)\n\nProcessor time of one core, the best of three runs; MB are the process's peak, libraries (27 MB) among them.\n")
    with tempfile.TemporaryDirectory() as folder:
        stream = os.path.join(folder, "a.h264")
        clip(stream, "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-x264-params", "aud=1:scenecut=0")
        clip(os.path.join(folder, "b.mp4"), "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=0:keyint=50:min-keyint=50:scenecut=0")
        clip(os.path.join(folder, "c.mp4"), "-c:v", "libx264", "-preset", "medium", rate=8)
        subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-framerate", str(FPS), "-i", stream, "-c", "copy", os.path.join(folder, "a.mp4")], check=True)
        sizes = [os.path.getsize(os.path.join(folder, n)) * 8 / SECONDS / 1e6 for n in ("a.mp4", "b.mp4", "c.mp4")]
        print(f"The streams came out at {sizes[0]:.1f} (H.264, x264's veryfast), {sizes[1]:.1f} (H.265, ultrafast) and {sizes[2]:.1f} Mbit/s (H.264, medium).\n")
        files(build, folder)
        memory(build, folder)
        live(build, folder)
        detector(build, folder)


main()
