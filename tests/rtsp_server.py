"""rtsp_server.py: an RTSP server on loopback for tests (RFC 2326, RTP payload of H.264 by RFC 6184, of H.265 by RFC 7798), with
faults on request.

A `Scene` says what one address serves and what goes wrong there. Loss, cuts and garbage come from a seed.
"""
import base64
import dataclasses
import hashlib
import multiprocessing
import random
import re
import socket
import struct
import threading
import time

PAYLOAD_MAX = 1300


@dataclasses.dataclass
class Scene:
    units: list                      # access units: each a list of NAL units
    fps: float = 25                  # sent at this rate; 0 = as fast as the network takes it
    stamp_step: int = 3600           # of the 90 kHz clock from picture to picture: 3600 is the truth at 25 fps
    stamp_jump: int = 0              # added once, in the middle
    loss: float = 0                  # of RTP packets, by chance
    lose_units: tuple = ()           # access units that are not sent at all
    swap: bool = False               # neighbouring RTP packets change places
    garbage: float = 0               # of RTP packets, replaced by random bytes
    cut_after: int = 0               # pictures, then the connection breaks off; 0 = never
    silent_after: int = 0            # pictures, then nothing more is sent
    reply: bytes = b""               # instead of any RTSP answer
    mute: bool = False               # accepts and never answers
    password: str = ""               # "name:password" asked for
    digest: bool = False             # by digest (RFC 2617) instead of in the clear
    sprop: bool = True               # parameter sets in the description
    hevc: bool = False
    loop: bool = True                # begin anew at the end
    seed: int = 1
    plays: int = 0                   # how often it was played


def nal_units(stream):
    """NAL units of an Annex B stream."""
    units, at = [], stream.find(b"\0\0\1")
    while at >= 0:
        end = stream.find(b"\0\0\1", at + 3)
        unit = stream[at + 3:end if end >= 0 else len(stream)].rstrip(b"\0")
        if unit:
            units.append(unit)
        at = end
    return units


def access_units(stream, hevc=False):
    """Pictures of a stream that marks each with an access unit delimiter (x264, x265: aud=1)."""
    units = []
    for nal in nal_units(stream):
        if nal[0] >> 1 & 63 == 35 if hevc else nal[0] & 31 == 9:
            units.append([])
        else:
            units[-1].append(nal)
    return units


class Connection:
    def __init__(self, server, link):
        self.server, self.link, self.peer = server, link, link.getpeername()
        self.udp = self.target = None
        self.open = True
        self.lock = threading.Lock()
        self.sequence = 100

    def run(self):
        try:
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    if buffer[:1] == b"$" and len(buffer) >= 4:   # the client's RTCP
                        size = 4 + struct.unpack(">H", buffer[2:4])[0]
                        if len(buffer) >= size:
                            buffer = buffer[size:]
                            continue
                    got = self.link.recv(65536)
                    if not got:
                        return
                    buffer += got
                head, buffer = buffer.split(b"\r\n\r\n", 1)
                if not self.answer(head.decode("latin1")):
                    return
        except OSError:
            pass
        finally:
            self.open = False
            self.link.close()
            if self.udp:
                self.udp.close()

    def send(self, data):
        with self.lock:
            self.link.sendall(data)

    def answer(self, text):
        lines = text.split("\r\n")
        method, url = lines[0].split()[:2]
        headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:] if ":" in line)}
        scene = self.server.scenes.get((url.split("/", 3) + [""] * 3)[3].split("/")[0].split("?")[0])
        if scene is None:
            self.send(f"RTSP/1.0 404 Not Found\r\nCSeq: {headers.get('cseq')}\r\n\r\n".encode())
            return True
        if scene.mute:
            time.sleep(30)
            return False
        if scene.reply:
            self.send(scene.reply)
            return False
        extra, body = [], ""
        if scene.password and not self.allowed(scene, method, headers.get("authorization", "")):
            ask = 'Digest realm="test", nonce="7f3a"' if scene.digest else 'Basic realm="test"'
            self.send(f"RTSP/1.0 401 Unauthorized\r\nCSeq: {headers.get('cseq')}\r\nWWW-Authenticate: {ask}\r\n\r\n".encode())
            return True
        if method == "OPTIONS":
            extra = ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"]
        elif method == "DESCRIBE":
            body = self.description(scene)
            extra = ["Content-Type: application/sdp", f"Content-Base: {url}/"]
        elif method == "SETUP":
            extra = [self.set_up(headers["transport"]), "Session: 7"]
        elif method == "PLAY":
            extra = ["Session: 7"]
        reply = [f"RTSP/1.0 200 OK", f"CSeq: {headers.get('cseq')}", *extra, f"Content-Length: {len(body)}"]
        self.send(("\r\n".join(reply) + "\r\n\r\n" + body).encode())
        if method == "PLAY":
            threading.Thread(target=self.play, args=(scene,), daemon=True).start()
        return method != "TEARDOWN"

    def allowed(self, scene, method, login):
        if not scene.digest:
            return login == "Basic " + base64.b64encode(scene.password.encode()).decode()
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731
        given = dict(re.findall(r'(\w+)="([^"]*)"', login))
        user, password = scene.password.split(":")
        return given.get("username") == user and given.get("response") == md5(f"{md5(f'{user}:test:{password}')}:7f3a:{md5(method + ':' + given.get('uri', ''))}")

    def description(self, scene):
        if scene.hevc:
            return ("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                    "a=rtpmap:96 H265/90000\r\na=control:track1\r\n")
        sets = [nal for nal in scene.units[0] if nal[0] & 31 in (7, 8)]
        sprop = ";sprop-parameter-sets=" + ",".join(base64.b64encode(s).decode() for s in sets) if scene.sprop and sets else ""
        return ("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                f"a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1{sprop}\r\na=control:track1\r\n")

    def set_up(self, transport):
        if "TCP" in transport.upper():
            return "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
        port = int(transport.split("client_port=")[1].split("-")[0].split(";")[0])
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.target = ("127.0.0.1", port)
        own = self.udp.getsockname()[1]
        return f"Transport: RTP/AVP;unicast;client_port={port}-{port + 1};server_port={own}-{own + 1}"

    # ---- RTP ----

    def payloads(self, unit, hevc):
        for nal in unit:
            if len(nal) <= PAYLOAD_MAX:
                yield nal
                continue
            head, kind = (bytes([nal[0] & 0x81 | 49 << 1, nal[1]]), nal[0] >> 1 & 63) if hevc else (bytes([nal[0] & 0xE0 | 28]), nal[0] & 31)
            body, first = nal[len(head):], True
            while body:
                part, body = body[:PAYLOAD_MAX - 3], body[PAYLOAD_MAX - 3:]
                yield head + bytes([(0x80 if first else 0) | (0x40 if not body else 0) | kind]) + part
                first = False

    def packets(self, unit, stamp, hevc):
        parts = list(self.payloads(unit, hevc))
        for i, part in enumerate(parts):
            self.sequence = (self.sequence + 1) & 0xFFFF
            yield struct.pack(">BBHII", 0x80, 96 | (0x80 if i + 1 == len(parts) else 0), self.sequence, stamp & 0xFFFFFFFF, 0x1234) + part

    def deliver(self, packet):
        if self.udp:
            self.udp.sendto(packet, self.target)
        else:
            self.send(b"$\0" + struct.pack(">H", len(packet)) + packet)

    def play(self, scene):
        scene.plays += 1
        chance = random.Random(scene.seed * 1000 + scene.plays)
        begun, stamp, count, held = time.monotonic(), 1000, 0, None
        try:
            while self.open and (scene.loop or count < len(scene.units)):
                if scene.cut_after and count >= scene.cut_after:
                    self.link.shutdown(socket.SHUT_RDWR)
                    return
                if scene.silent_after and count >= scene.silent_after:
                    return
                if scene.fps:
                    time.sleep(max(0, begun + count / scene.fps - time.monotonic()))
                index = count % len(scene.units)
                for packet in [] if index in scene.lose_units else self.packets(scene.units[index], stamp, scene.hevc):
                    if chance.random() < scene.loss:
                        continue
                    if chance.random() < scene.garbage:
                        packet = packet[:4] + chance.randbytes(len(packet) - 4) if chance.random() < .5 else chance.randbytes(len(packet))
                    if scene.swap and held is None:
                        held = packet
                        continue
                    self.deliver(packet)
                    if held is not None:
                        self.deliver(held)
                        held = None
                count += 1
                stamp += scene.stamp_step + (scene.stamp_jump if count == 20 else 0)
        except OSError:
            pass


class Server:
    def __init__(self, scenes, port=0):
        self.scenes = scenes
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(32)
        self.port = self.socket.getsockname()[1]
        self.links = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            self.links.append(link)
            threading.Thread(target=Connection(self, link).run, daemon=True).start()

    def url(self, name, login=""):
        return f"rtsp://{login}127.0.0.1:{self.port}/{name}"

    def close(self):
        self.socket.close()
        for link in self.links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Apart:
    """A server in a process of its own: what it does takes no turn from the others."""

    def __init__(self, scenes):
        fork = multiprocessing.get_context("fork")
        ours, theirs = fork.Pipe()
        self.process = fork.Process(target=self.serve, args=(scenes, theirs), daemon=True)
        self.process.start()
        self.port = ours.recv()

    @staticmethod
    def serve(scenes, pipe):
        pipe.send(Server(scenes).port)
        threading.Event().wait()

    url = Server.url

    def close(self):
        self.process.terminate()
        self.process.join()
