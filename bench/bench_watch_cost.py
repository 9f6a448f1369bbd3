"""bench_watch_cost.py GONGFU: what a whole watch costs a core: 1080p25 decoded, changes looked for 5 times a second, the detector once a second.

The stream is made here: a still view with grain, light that breathes, cars of blocks that drive through, H.264 at 4 Mbit/s. Processor
time is that of the whole process, all threads, by the kernel's count: start and end are in it. `--keys` is a tour of presets: one picture
in two seconds, the detector on every tenth. Memory of several at once is the kernel's proportional set: pages that they share (the libraries, mapped
files) are divided among them.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODELS = os.path.join(os.path.dirname(ROOT), "shared", "data", "watch", "models")
SECONDS = 40


def clip(path):
    """A photograph-like ground: noise blurred at two scales, fresh grain on top, boxes that cross."""
    ground = "nullsrc=size=1920x1080:rate=25,geq=lum='110+40*sin(X/37)*cos(Y/53)+25*sin((X+Y)/11)+20*sin(X*Y/90000)':cb=118:cr=134,format=yuv420p,loop=loop=-1:size=1,setpts=N/25/TB"
    boxes = "".join(f",drawbox=x='mod(t*{170 + 40 * k}+{500 * k}\\,2600)-300':y={300 + 190 * k}:w=150:h=70:color={colour}:t=fill" for k, colour in enumerate(("white", "red", "black")))
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", ground + boxes + ",noise=alls=5:allf=t", "-t", str(SECONDS), "-c:v", "libx264", "-preset", "fast", "-b:v", "4M",
                    "-maxrate", "4M", "-bufsize", "8M", "-g", "50", "-pix_fmt", "yuv420p", path], check=True)


def run(program, *words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, "watch", *words, "--json"], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        return None, done.stderr
    return json.loads(done.stdout), (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / SECONDS


def shared_mb(program, count, *words):
    """The largest mean of the proportional sets, in MB, while all `count` processes live."""
    runs = [subprocess.Popen([program, "watch", *words, "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(count)]
    most = 0
    while all(run.poll() is None for run in runs):
        try:
            kb = [int(line.split()[1]) for run in runs for line in open(f"/proc/{run.pid}/smaps_rollup", encoding="ascii") if line.startswith("Pss:")]
        except (OSError, ProcessLookupError):
            break
        most = max(most, sum(kb) / 1000 / count) if len(kb) == count else most
        time.sleep(0.02)
    for run in runs:
        run.wait()
    return most


def row(name, told, ms):
    if told is None:
        print(f"| {name} | not run: {ms.strip()[:120]} | | | |")
        return
    cpu = told["cpu_ms"]
    per_second = {key: value * told["frames"] / SECONDS for key, value in cpu.items()}
    print(f"| {name} | {told['frames']} | {ms:.0f} (decode {per_second['decode']:.0f}, gate {per_second['gate']:.1f}, register {per_second['register']:.0f}, change {per_second['change']:.0f}, "
          f"slow {per_second['slow']:.0f}, detector {per_second['detect']:.0f}) | {1000 / ms:.1f} | {told['rss_mb_max']:.0f} |")


def main():
    program = os.path.abspath(sys.argv[1])
    if not shutil.which("ffmpeg"):
        print("SKIP no ffmpeg")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.mp4")
        clip(path)
        model = os.path.join(folder, "yolox_nano_coco_416.json")
        if os.path.isdir(MODELS):
            shutil.copy(os.path.join(ROOT, "data", "detectors", "yolox_nano_coco_416.json"), model)
            shutil.copy(os.path.join(MODELS, "yolox_nano_coco_416.onnx"), folder)
        print(f"| {SECONDS} s of 1080p25 H.264 at 4 Mbit/s | frames looked at | ms of processor a second of video | cameras a core | MB resident |\n|---|---|---|---|---|")
        row("full decode, 640 wide, 5 a second", *run(program, path, "--rate", "5", "--width", "640"))
        row("the same, YOLOX-Nano once a second", *run(program, path, "--rate", "5", "--width", "640", "--model", model, "--every", "1"))
        row("key frames, 640 wide", *run(program, path, "--keys", "--width", "640"))
        row("key frames, YOLOX-Nano on every tenth", *run(program, path, "--keys", "--width", "640", "--model", model, "--every", "20"))
        for name, words in (("key frames", ()), ("key frames, YOLOX-Nano on every tenth", ("--model", model, "--every", "20"))):
            told = []
            for count in (1, 4, 16):
                done = subprocess.run([program, "watch", *[path] * count, "--keys", "--width", "640", *words, "--json"], capture_output=True, text=True, check=False)
                answer = json.loads(done.stdout) if done.returncode == 0 else {}
                each = answer.get("rss_mb_each", answer.get("rss_mb_max", 0))
                told.append(f"{count}: {each:.0f} MB each" + (f", {count * SECONDS / answer['cpu_s']:.0f} cameras a core" if "cpu_s" in answer else ""))
            print(f"one process, {name}: {'; '.join(told)}")
        for name, words in (("key frames", ()), ("key frames, YOLOX-Nano on every tenth", ("--model", model, "--every", "20"))):
            told = ", ".join(f"{count}: {shared_mb(program, count, path, '--keys', '--width', '640', *words):.0f}" for count in (1, 4, 16))
            print(f"MB a process, {name}, so many at once: {told}")


main()
