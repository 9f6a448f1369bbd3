"""test_camera.py BUILD: files and cameras through gongfu-camera.so, with an RTSP server of its own, loss, cuts, lies and garbage.

The truth is what Debian's ffmpeg decodes from the same stream: a picture handed over is one of its pictures, bit by bit, or it
was damaged and must not have come. Runs end with a number of pictures, not with a time, where they can: the machine may be busy.
"""
import concurrent.futures
import hashlib
import http.server
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rtsp_server import Apart, Scene, Server, access_units  # noqa: E402

WIDTH, HEIGHT, SECONDS, FPS, GOP = 320, 180, 6, 25, 25
LARGE = (640, 360)
STATES = {"connecting", "live", "waiting", "ended", "failed"}


class Checks:
    passed = failed = 0

    def that(self, name, ok, note=""):
        print(("ok   " if ok else "FAIL ") + name + (f": {str(note)[:900]}" if note != "" and not ok else ""), flush=True)
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)


class Bench:
    def __init__(self, build, folder):
        self.program, self.folder = os.path.join(build, "tests", "camera_probe"), folder
        self.pool = concurrent.futures.ThreadPoolExecutor(12)   # its threads begin with the first use

    def path(self, name):
        return os.path.join(self.folder, name)

    def raw(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, timeout=90, check=False)

    def many(self, *words):
        run = self.raw(*words)
        try:
            return json.loads(run.stdout)
        except ValueError as broken:
            raise SystemExit(f"camera_probe {words}: {run.returncode} {run.stdout[-500:]} {run.stderr[-3000:]}") from broken

    def one(self, *words):
        got = self.many(*words)
        return {**got["sources"][0], **{k: v for k, v in got.items() if k != "sources"}} if "sources" in got else got

    def later(self, *words):
        return self.pool.submit(self.one, *words)

    def clip(self, name, *coding, size=(WIDTH, HEIGHT), seconds=SECONDS, source="testsrc2"):
        path = self.path(name)
        subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", f"{source}=size={size[0]}x{size[1]}:rate={FPS}", "-t", str(seconds),
                        "-threads", "1", "-pix_fmt", "yuv420p", *coding, path], check=True, timeout=60)
        return path


def x264(bframes=0, *more, crf=23):
    return ["-c:v", "libx264", "-preset", "veryfast", "-g", str(GOP), "-keyint_min", str(GOP), "-sc_threshold", "0", "-bf", str(bframes), "-crf", str(crf), "-x264-params", "aud=1:threads=1", *more]


def pictures(data, size=(WIDTH, HEIGHT)):
    bytes_each = size[0] * size[1] * 3 // 2
    return [hashlib.sha1(data[i:i + bytes_each]).digest() for i in range(0, len(data), bytes_each)]


def truth(path, *more):
    run = subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-i", path, *more, "-f", "rawvideo", *([] if "-pix_fmt" in more else ["-pix_fmt", "yuv420p"]), "-vsync", "passthrough", "-"],
                         capture_output=True, check=True, timeout=60)
    return run.stdout


def read(path):
    with open(path, "rb") as file:
        return file.read()


def listed(path):
    with open(path, encoding="utf-8") as file:
        return [line.split() for line in file]


# ---- Files ----

def check_files(c, b):
    for name, coding in (("plain.mp4", x264()), ("b.mkv", x264(3)), ("hevc.mp4", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=25:pools=1"]),
                         ("mjpeg.avi", ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"]), ("old.avi", ["-c:v", "mpeg4", "-q:v", "4"])):
        path = b.clip(name, *coding, seconds=3)
        got = b.one(path, "--dump", b.path("all.yuv"), "--list", b.path("all.txt"))
        want = pictures(truth(path, "-pix_fmt", "yuvj420p") if name.startswith("mjpeg") else truth(path))
        c.that(f"file {name}: every picture, bit by bit, in order", pictures(read(b.path("all.yuv"))) == want and len(want) == 75, (got, len(want)))
        rows = listed(b.path("all.txt"))
        c.that(f"file {name}: numbered from 0, stamped 40 ms apart", [(int(r[0]), int(r[1])) for r in rows] == [(i, 40 * i) for i in range(75)], rows[:4])
        got = b.one(path, "--key", "--dump", b.path("key.yuv"), "--list", b.path("key.txt"))
        keys = [w for w, r in zip(want, rows) if r[2] == "1"]
        c.that(f"file {name}: key mode gives the key frames, bit by bit", pictures(read(b.path("key.yuv"))) == keys and 3 <= len(keys) == got["taken"], (got, len(keys)))
    path = b.path("b.mkv")
    got = b.one(path, "--fps", "5", "--list", b.path("five.txt"))
    c.that("file: five a second of twenty-five, evenly", [int(r[1]) for r in listed(b.path("five.txt"))] == list(range(0, 3000, 200)), listed(b.path("five.txt")))
    begun = time.monotonic()
    b.one(path, "--paced", "--frames", "26")
    c.that("file: paced, a second lasts a second", 0.9 < time.monotonic() - begun < 1.6, time.monotonic() - begun)
    got = b.one(path, "--slow", "5", "--mailbox", "1")
    c.that("file: a late taker loses nothing", got["taken"] == 75 and got["dropped"] == 0, got)


def check_scale(c, b):
    """By 3 in both ways: each pixel is the mean of nine, within the rounding of two passes."""
    path = b.clip("grid.mp4", *x264(0, crf=12), size=(960, 540), seconds=1)
    b.one(path, "--width", "320", "--frames", "1", "--dump", b.path("small.yuv"))
    large, small = truth(path, "-frames:v", "1"), read(b.path("small.yuv"))
    worst = 0
    for y in range(0, 180, 3):
        for x in range(320):
            mean = sum(large[(3 * y + r) * 960 + 3 * x + k] for r in range(3) for k in range(3)) / 9
            worst = max(worst, abs(mean - small[y * 320 + x]))
    c.that("scale: the mean of the area, within 1.5", worst <= 1.5 and len(small) == 320 * 180 * 3 // 2, worst)
    got = b.one(path, "--width", "4000", "--frames", "2")
    c.that("scale: never up", (got["width"], got["height"]) == (960, 540), got)


def check_bad_files(c, b):
    whole = read(b.path("plain.mp4"))
    stream = read(b.path("plain.h264"))
    chance = random.Random(5)
    bad = 0
    for turn in range(24):
        data = bytearray(whole if turn % 2 else stream)
        if turn % 3 == 0:
            data = data[:chance.randrange(len(data))]
        for _ in range(chance.choice((0, 3, 40, 400))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = b.path(f"bad{turn}." + ("mp4" if turn % 2 else "h264"))
        with open(path, "wb") as file:
            file.write(data)
        got = b.one(path, "--seconds", "10")
        bad += got["state"] not in STATES or got["taken"] > 200 or ("error" in got and not got["error"]["what"])
    c.that("files with wrong and missing bytes: 24 of 24 end with pictures or a sentence", bad == 0, bad)
    with open(b.path("secret.txt"), "w", encoding="utf-8") as file:
        file.write("nothing to see\n")
    lists = {"list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{b.path('plain.mp4')}\n#EXT-X-ENDLIST\n",
             "list.txt": f"ffconcat version 1.0\nfile {b.path('plain.mp4')}\n", "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"}
    for name, text in lists.items():
        with open(b.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        got = b.one(b.path(name), "--seconds", "5")
        c.that(f"a list instead of a video is refused: {name}", got["state"] == "failed" and got["error"]["code"] == "link.open" and got["taken"] == 0, got)
    got = b.one(b.path("none.mp4"))
    c.that("no such file: not found, by name", got["error"]["status"] == "not_found" and got["error"]["where"].endswith("none.mp4") or len(b.folder) > 60, got)
    got = b.one(b.path("plain.mp4"), "--pixels", "50000")
    c.that("larger than allowed: refused", got["error"]["status"] == "limit", got)
    got = b.one("ftp://127.0.0.1/x")
    c.that("another scheme: refused", got["error"]["code"] == "link.address", got)
    got = b.one(b.path("plain.mp4"), "--mailbox", "99")
    c.that("an option out of its bounds: named", got["error"]["code"] == "link.option" and "mailbox" in got["error"]["what"], got)
    run = b.raw(b.path("plain.mp4"), "--module", b.folder)
    c.that("without the module: a sentence with a hint, exit 4", run.returncode == 4 and json.loads(run.stdout)["error"]["hint"], run.stdout)
    with open(b.path("gongfu-camera.so"), "w", encoding="utf-8") as file:
        file.write("no library")
    run = b.raw(b.path("plain.mp4"), "--module", b.folder)
    c.that("a module that does not load: a sentence, exit 3", run.returncode == 3 and json.loads(run.stdout)["error"]["code"] == "link.module", run.stdout)


def check_resize(c, b):
    other = b.clip("other.h264", *x264(), size=(160, 90), seconds=2)
    with open(b.path("both.h264"), "wb") as file:
        file.write(read(b.path("plain.h264")) + read(other))
    got = b.one(b.path("both.h264"), "--list", b.path("both.txt"), "--evidence", "4000000", "--evidence-s", "60", "--clip", b.path("both.mp4"))
    sizes = [r[4] for r in listed(b.path("both.txt"))]
    c.that("size changes in the middle: pictures of both", sizes == ["320x180"] * (SECONDS * FPS) + ["160x90"] * 50 and got["size_changes"] == 1, (got, len(sizes)))
    probe = json.loads(subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=width,nb_read_frames", "-of", "json", b.path("both.mp4")], capture_output=True, check=True).stdout)
    c.that("size changes in the middle: a clip holds one size", probe["streams"][0]["width"] == 320 and int(probe["streams"][0]["nb_read_frames"]) == SECONDS * FPS, (probe, got.get("clip")))


# ---- Cameras ----

def start(c, b):
    units = access_units(read(b.path("plain.h264")))
    large = access_units(read(b.path("large.h264")))
    hevc = access_units(read(b.path("hevc.h265")), hevc=True)
    c.that("clips for the server: a picture an access unit", len(units) == len(large) == len(hevc) == SECONDS * FPS, (len(units), len(large), len(hevc)))
    scenes = {
        "good": Scene(units), "quiet": Scene(units, sprop=False), "login": Scene(units, password="user:secret"), "digest": Scene(units, password="user:secret", digest=True),
        "loss": Scene(large, loss=.004, seed=3), "units": Scene(units, lose_units=(33, 60, 111)), "swap": Scene(units, swap=True),
        "garbage": Scene(large, garbage=.01, seed=4), "noise": Scene(units, garbage=1, seed=5),
        "cut": Scene(units, cut_after=30), "silent": Scene(units, silent_after=20), "mute": Scene(units, mute=True),
        "babble": Scene(units, reply=random.Random(6).randbytes(100000)), "endless": Scene(units, reply=b"RTSP/1.0 200 OK\r\n" + b"X-Header: " + b"a" * 3000000),
        "hevc": Scene(hevc, hevc=True), "hevcloss": Scene(hevc, hevc=True, loss=.004, seed=8), "hevcunits": Scene(hevc, hevc=True, lose_units=(33, 60, 111)),
        "flood": Scene(units, fps=0), "still": Scene(units, stamp_step=0), "fast": Scene(units, stamp_step=360), "jump": Scene(units, stamp_jump=-2000000000),
    }
    # Forked before this process has threads: one for the sound camera, one for the bad ones.
    apart = [Apart({"good": scenes["good"]}), Apart(scenes)]
    return Server(scenes), apart


def check_cameras(c, b, server):
    want = pictures(truth(b.path("plain.h264")))
    known = set(want)
    large = set(pictures(truth(b.path("large.h264")), LARGE))
    begun, url = time.monotonic(), server.url

    def live(name, *words, seconds=30, frames=90, login=""):
        return b.later(url(name, login), "--seconds", str(seconds), "--frames", str(frames), "--mailbox", "16", "--dump", b.path(name + "".join(words).replace("/", "") + ".yuv"), *words)

    def got_of(name, *words, size=(WIDTH, HEIGHT)):
        return pictures(read(b.path(name + "".join(words) + ".yuv")), size)

    runs = {
        "tcp": live("good"), "udp": live("good", "--udp"), "quiet": live("quiet"), "loss": live("loss", "--udp", frames=60), "units": live("units", frames=100), "swap": live("swap", "--udp"),
        "garbage": live("garbage", "--udp", frames=20), "cut": live("cut", "--retry", "200"),
    }
    runs = {k: r.result() for k, r in runs.items()}
    for name, words in (("tcp", ()), ("udp", ("--udp",))):
        r, p = runs[name], got_of("good", *words)
        c.that(f"{name}: ninety pictures, bit by bit, in order", len(p) == 90 and p == want[:len(p)] and r["damaged"] == 0, (r, len(p)))
    c.that("no parameter sets in the description: they come with the stream", runs["quiet"]["taken"] == 90 and set(got_of("quiet")) <= known, runs["quiet"])
    r, p = runs["loss"], got_of("loss", "--udp", size=LARGE)
    c.that("udp with loss: what is handed over is whole", set(p) <= large, (r, len(p), sum(x not in large for x in p)))
    c.that("udp with loss: damage is counted, and it goes on behind it", r["damaged"] > 0 and len(p) == 60, (r, len(p)))
    r, p = runs["units"], got_of("units")
    lost = {want[33], want[60], want[111]}
    c.that("pictures lost by the camera itself: what builds on them does not come", set(p) <= known - lost and not any(want[i] in set(p) for i in (34, 40, 49, 61, 112)), r)
    c.that("pictures lost by the camera itself: from the next key frame on it goes on", want[50] in p and want[75] in p, r)
    r, p = runs["swap"], got_of("swap", "--udp")
    c.that("datagrams out of order: put in order", len(p) == 90 and set(p) <= known and r["damaged"] == 0, (r, len(p)))
    p = got_of("garbage", "--udp", size=LARGE)
    c.that("garbage among the datagrams: what is handed over is whole", set(p) <= large and len(p) == 20, (runs["garbage"], len(p), sum(x not in large for x in p)))
    r = runs["cut"]
    c.that("a camera that hangs up: found again each time", r["connections"] >= 3 and r["taken"] == 90 and set(got_of("cut", "--retry", "200")) <= known, r)
    c.that("a camera that hangs up: the reason is told", r["trouble"]["code"] == "link.read", r)

    runs = {"hevc": live("hevc"), "hevcloss": live("hevcloss", "--udp", frames=60), "hevcunits": live("hevcunits", frames=90)}
    runs = {k: r.result() for k, r in runs.items()}
    hevc = pictures(truth(b.path("hevc.h265")), LARGE)
    p = got_of("hevc", size=LARGE)
    c.that("H.265: ninety pictures, bit by bit, in order", len(p) == 90 and p == hevc[:90], runs["hevc"])
    p = got_of("hevcloss", "--udp", size=LARGE)
    c.that("H.265 over udp with loss: what is handed over is whole", len(p) == 60 and set(p) <= set(hevc) and runs["hevcloss"]["damaged"] > 0, (runs["hevcloss"], sum(x not in hevc for x in p)))
    p = got_of("hevcunits", size=LARGE)
    c.that("H.265, pictures lost by the camera itself: what builds on them does not come",
           len(p) == 90 and set(p) <= set(hevc) and not any(hevc[i] in p for i in (33, 34, 49, 60, 61, 111, 112)) and hevc[50] in p, (runs["hevcunits"], sum(x not in hevc for x in p)))

    runs = {
        "login": live("login", login="user:secret@", frames=25), "digest": live("digest", login="user:secret@", frames=25), "wrong": live("login", "--retry", "100", "--retry-max", "1500", login="user:hunter2@", seconds=2),
        "none": live("nosuch", "--tries", "2", "--retry", "100", seconds=5), "silent": live("silent", "--read", "700", "--retry", "100", frames=50),
        "still": live("still"), "fast": live("fast", "--fps", "5", frames=20), "jump": live("jump"), "key": live("good", "--key", frames=5),
        "late": b.later(url("good"), "--slow", "100", "--seconds", "4"),
    }
    large_one = b.later(url("good"), "--seconds", "4", "--pixels", "50000", "--silent", "1500", "--retry", "100")
    closing = b.later(url("mute"), "--seconds", "1")
    closed_port = socket.socket()
    closed_port.bind(("127.0.0.1", 0))
    refused = b.later(f"rtsp://user:hunter2@127.0.0.1:{closed_port.getsockname()[1]}/x?password=hunter3", "--seconds", "2", "--tries", "2", "--retry", "100")
    noise = b.later(url("noise"), "--seconds", "4", "--silent", "1000", "--retry", "100")
    runs = {k: r.result() for k, r in runs.items()}
    c.that("name and password: let in", runs["login"]["taken"] == 25, runs["login"])
    c.that("name and password by digest: let in", runs["digest"]["taken"] == 25, runs["digest"])
    c.that("wrong password: told, without it", runs["wrong"]["taken"] == 0 and runs["wrong"]["trouble"]["code"] == "link.login" and "hunter2" not in json.dumps(runs["wrong"]), runs["wrong"])
    c.that("no such camera: given up after two attempts", runs["none"]["state"] == "failed" and runs["none"]["error"]["status"] in ("not_found", "io"), runs["none"])
    c.that("a camera that falls silent: connected anew", runs["silent"]["connections"] >= 3 and runs["silent"]["taken"] == 50, runs["silent"])
    for name in ("still", "jump"):
        p = pictures(read(b.path(name + ".yuv")))
        c.that(f"stamps that lie ({name}): every picture all the same", len(p) == 90 and p == want[:len(p)], (runs[name], len(p)))
    c.that("stamps that run ten times too slow: five a second by arrival", runs["fast"]["taken"] == 20 and 3 < runs["fast"]["fps_taken"] < 5.5 and 12 < runs["fast"]["fps_arrived"] < 27, runs["fast"])
    p = pictures(read(b.path("good--key.yuv")))
    c.that("key mode: one a second, bit by bit", p == want[0::GOP][:len(p)] and len(p) == 5, (runs["key"], len(p)))
    r = runs["late"]
    c.that("a late taker: the newest wait, the others are counted", r["dropped"] > 20 and r["taken"] + r["dropped"] <= r["handed"] <= r["taken"] + r["dropped"] + 2, r)
    c.that("a camera that does not answer: closed within a second", closing.result()["close_ms"] < 1000 and closing.result()["state"] == "connecting", closing.result())
    c.that("nobody there: given up, and no password is told", refused.result()["state"] == "failed" and "hunter" not in json.dumps(refused.result()), refused.result())
    r = large_one.result()
    c.that("a camera with larger pictures than allowed: none comes, and it is told", r["taken"] == 0 and r["trouble"]["code"] == "link.silent", r)
    r = noise.result()
    c.that("noise alone: no picture, connected anew, and the reason", r["taken"] == 0 and r["connections"] >= 2 and r["trouble"]["code"] in ("link.silent", "link.read"), r)
    print(f"note cameras: {time.monotonic() - begun:.1f} s")


class Pages(http.server.BaseHTTPRequestHandler):
    """A camera that sends JPEG pictures over HTTP for ever, and a page that leads elsewhere."""
    jpegs, asked = [], []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file://" + self.server.elsewhere)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            for i in range(1000):
                jpeg = self.jpegs[i % len(self.jpegs)]
                self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg) + jpeg + b"\r\n")
                time.sleep(.02)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def check_http(c, b):
    stream = read(b.clip("pictures.mjpeg", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "mjpeg", seconds=2))
    Pages.jpegs = [b"\xff\xd8" + part for part in stream.split(b"\xff\xd8")[1:]]
    known = set(pictures(truth(b.path("pictures.mjpeg"), "-pix_fmt", "yuvj420p")))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.elsewhere = b.path("plain.mp4")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    got = b.one(url + "/video", "--frames", "30", "--seconds", "20", "--dump", b.path("http.yuv"), "--mailbox", "16")
    p = pictures(read(b.path("http.yuv")))
    c.that("JPEG pictures over HTTP: each whole", len(p) == 30 and set(p) <= known and got["codec"] == "mjpeg", (got, len(p)))
    got = b.one(url + "/away", "--seconds", "10", "--tries", "1")
    c.that("an address that leads to a file of this machine: not followed", got["state"] == "failed" and got["taken"] == 0 and "/away" in Pages.asked, got)
    server.shutdown()


def check_neighbours(c, b, sound, bad):
    """One process, nine cameras, one of them sound."""
    names = ("good", "flood", "babble", "endless", "mute", "cut", "noise", "silent", "garbage")
    got = b.many(*((sound if n == "good" else bad).url(n) for n in names), "--seconds", "6", "--share", "200", "--read", "3000", "--open", "3000", "--retry", "200", "--silent", "2000", "--mailbox", "16", "--dump", b.path("neighbour.yuv"))
    good, flood = got["sources"][0], got["sources"][1]
    want = pictures(truth(b.path("plain.h264")))
    p = pictures(read(b.path("neighbour.yuv")))
    c.that("among eight bad ones, the good camera: every picture, in order", len(p) >= 110 and p == want[:len(p)] and good["dropped"] == 0, (good, len(p)))
    c.that("among eight bad ones, the good camera: never a second late", good["gap_ms_max"] < 1000, good)
    used = sum(flood["cpu_ms"][k] for k in ("read", "decode", "scale"))
    c.that("a flood keeps to its share of the processor", flood["skipped"] > 1000 and used < 6 * 200 * 1.6, (used, flood))
    c.that("nine cameras: bounded memory", got["rss_mb_max"] < (110 if "asan" not in b.program else 900), got["rss_mb_max"])
    dead = [s for n, s in zip(names, got["sources"]) if n in ("babble", "endless", "mute", "noise")]
    c.that("the bad ones gave nothing but reasons", all(s["taken"] == 0 and s["trouble"]["what"] for s in dead), dead)


def check_long_loss(c, b):
    """make proof: three streams, one of them with four slices a picture, at three rates of loss, a hundred pictures a second for 15 s each."""
    streams = {"one.h264": x264(), "four.h264": [*x264()[:-1], "aud=1:threads=1:slices=4"],
               "x.h265": ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "22", "-x265-params", "log-level=none:aud=1:bframes=0:keyint=25:min-keyint=25:scenecut=0:pools=1:repeat-headers=1"]}
    for name, coding in streams.items():
        hevc = name.endswith("265")
        path = b.clip("long." + name, *coding, "-f", "hevc" if hevc else "h264", size=LARGE, source="testsrc2", seconds=8)
        known, units = set(pictures(truth(path), LARGE)), access_units(read(path), hevc)
        for loss in (.0005, .003, .02):
            server = Apart({"x": Scene(units, hevc=hevc, loss=loss, fps=100, seed=int(loss * 1e5))})
            got = b.one(server.url("x"), "--udp", "--seconds", "15", "--mailbox", "16", "--dump", b.path("long.yuv"))
            server.close()
            p = pictures(read(b.path("long.yuv")), LARGE)
            wrong = sum(x not in known for x in p)
            c.that(f"{name}, {100 * loss:g} % of datagrams lost: {len(p)} of {got['frames']} pictures handed over, all whole", wrong == 0 and p and got["damaged"], (wrong, got))


def check_evidence(c, b, sound, server):
    want = pictures(truth(b.path("plain.h264")))
    for ending in ("mp4", "mkv"):
        got = b.one(sound.url("good"), "--seconds", "4.5", "--evidence", "1000000", "--evidence-s", "20", "--clip", b.path("clip." + ending), "--clip-at", "4", "--clip-from", "1.5")
        p = pictures(truth(b.path("clip." + ending)))
        c.that(f"clip .{ending}: from the key frame before, without a gap, bit by bit",
               p and p[0] in want[0::GOP] and p == want[want.index(p[0]):][:len(p)] and 37 <= len(p) <= 64 and len(p) == got["clip"]["packets"], (got["clip"], len(p)))
        rate = json.loads(subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=pts_time,flags", "-of", "json", b.path("clip." + ending)], capture_output=True, check=True).stdout)["packets"]
        times = [float(r["pts_time"]) for r in rate]
        c.that(f"clip .{ending}: plays at the camera's rate", all(0.03 < y - x < 0.05 for x, y in zip(times, times[1:])), times[:9])
    got = b.one(b.path("b.mkv"), "--evidence", "1000000", "--evidence-s", "60", "--clip", b.path("b.mp4"))
    c.that("clip of a stream with B pictures: bit by bit", pictures(truth(b.path("b.mp4"))) == pictures(truth(b.path("b.mkv"))), got)
    small = b.one(b.path("plain.mp4"), "--evidence", "40000", "--evidence-s", "60", "--clip", b.path("end.mp4"))
    c.that("evidence: never more bytes than asked", 20000 < small["evidence_bytes"] <= 40000, small)
    short = b.one(b.path("plain.mp4"), "--evidence", "4000000", "--evidence-s", "2", "--clip", b.path("two.mp4"))
    c.that("evidence: never longer than asked", 1900 <= short["evidence_ms"] <= 2000, short)
    cut = b.one(server.url("cut"), "--seconds", "4", "--retry", "100", "--evidence", "1000000", "--evidence-s", "20", "--clip", b.path("cut.mp4"), "--clip-at", "3.8", "--clip-from", "3.7")
    p = pictures(truth(b.path("cut.mp4")))
    c.that("clip over a broken connection: one file, whole pictures", cut["connections"] >= 2 and len(p) > 60 and set(p) <= set(want), (cut, len(p)))
    none = b.one(b.path("plain.mp4"), "--clip", b.path("none.mp4"))
    c.that("no evidence kept: told, and no file", none["clip"]["error"]["code"] == "link.clip" and not os.path.exists(b.path("none.mp4")), none)
    none = b.one(b.path("plain.mp4"), "--evidence", "4000000", "--clip", b.path("x/y.mp4"))
    c.that("a clip that cannot be written: told", none["clip"]["error"]["status"] == "io", none)
    none = b.one(b.path("plain.mp4"), "--evidence", "4000000", "--clip", b.path("y.exe"))
    c.that("a clip of another ending: refused", none["clip"]["error"]["status"] == "usage", none)
    c.that("no half-written clip is left", not [n for n in os.listdir(b.folder) if n.endswith(".part")])


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        b = Bench(sys.argv[1], folder)
        if not os.path.exists(os.path.join(sys.argv[1], "gongfu-camera.so")):
            print("SKIP camera: built without FFmpeg's libraries\n0 passed, 0 failed, 1 skipped")
            return 0
        b.clip("plain.h264", *x264(), "-f", "h264")
        b.clip("hevc.h265", "-c:v", "libx265", "-preset", "ultrafast", "-crf", "18", "-x265-params", "log-level=none:aud=1:bframes=0:keyint=25:min-keyint=25:scenecut=0:pools=1:repeat-headers=1",
               "-f", "hevc", size=LARGE)
        b.clip("large.h264", *x264(0, crf=16), "-f", "h264", size=LARGE)
        for part in (check_files, check_scale, check_bad_files, check_resize):
            part(checks, b)
        server, (sound, bad) = start(checks, b)
        check_neighbours(checks, b, sound, bad)
        bad.close()
        check_cameras(checks, b, server)
        check_evidence(checks, b, sound, server)
        check_http(checks, b)
        if os.environ.get("GONGFU_PROOF"):
            check_long_loss(checks, b)
        sound.close()
        server.close()
    print(f"{checks.passed} passed, {checks.failed} failed, 0 skipped")
    return 1 if checks.failed else 0


sys.exit(main())
