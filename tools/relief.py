#!/usr/bin/env python3
"""relief.py OUTLINE.geojson FOLDER TILE.hgt.zip...: the map of a county, small enough for its screen.

Writes FOLDER/outline.json (the county's edge, simplified) and FOLDER/relief.png (shaded relief inside it, and where it lies).
The picture holds no colour of its own: shadows are black and lights are white, more or less clear, so that the same file lies on
a light page and on a dark one. Its rows are those of the web's Mercator projection. Where no tile has a height it is empty, and it
fades out before that edge rather than end in a wall. Tiles: SRTM, 3 arc-seconds, 1201 x 1201 big-endian int16, void -32768.

Only the standard library; the same input gives the same bytes.
"""
import json
import math
import os
import re
import struct
import sys
import zipfile
import zlib

TILE, VOID = 1201, -32768
EARTH_M = 6378137.0
CELL_M = 150.0            # on the ground, about: what a screen of the whole county can show
EDGE_TOLERANCE_M = 110.0  # a simplified edge stays within this of the given one
STEEPNESS = 2.2           # heights are drawn so many times as high
FADE_CELLS = 18
LEVELS = 7                # of shadow, and of light
SHADOW_ALPHA, LIGHT_ALPHA = 130, 150


class Heights:
    """Tiles by their south-west corner; a height between the four nearest cells, None where one of them is missing."""

    def __init__(self, paths):
        self.tiles = {}
        for path in paths:
            with zipfile.ZipFile(path) as archive:
                name = next(n for n in archive.namelist() if n.lower().endswith(".hgt"))
                north, lat, east, lon = re.match(r"([NS])(\d+)([EW])(\d+)", os.path.basename(name).upper()).groups()
                corner = (int(lat) * (1 if north == "N" else -1), int(lon) * (1 if east == "E" else -1))
                self.tiles[corner] = struct.unpack(f">{TILE * TILE}h", archive.read(name))

    def cell(self, lat0, lon0, row, column):
        value = self.tiles[lat0, lon0][row * TILE + column]
        return None if value == VOID else value

    def at(self, lat, lon):
        lat0, lon0 = math.floor(lat), math.floor(lon)
        if (lat0, lon0) not in self.tiles:
            return None
        y, x = (lat0 + 1 - lat) * (TILE - 1), (lon - lon0) * (TILE - 1)
        row, column = min(int(y), TILE - 2), min(int(x), TILE - 2)
        corners = [self.cell(lat0, lon0, row + i, column + k) for i in (0, 1) for k in (0, 1)]
        known = [h for h in corners if h is not None]
        if not known:
            return None
        mean = sum(known) / len(known)  # a lone void between neighbours takes their mean
        a, b, c, d = (mean if h is None else h for h in corners)
        dy, dx = y - row, x - column
        return (a * (1 - dx) + b * dx) * (1 - dy) + (c * (1 - dx) + d * dx) * dy


def mercator(lon, lat):
    return EARTH_M * math.radians(lon), EARTH_M * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def degrees(x, y):
    return math.degrees(x / EARTH_M), math.degrees(2 * math.atan(math.exp(y / EARTH_M)) - math.pi / 2)


def simplify(points, tolerance):
    """Douglas and Peucker, without recursion."""
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        length = math.hypot(bx - ax, by - ay)
        worst, at = 0.0, None
        for i in range(first + 1, last):
            px, py = points[i]
            off = math.hypot(px - ax, py - ay) if length == 0 else abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
            if off > worst:
                worst, at = off, i
        if at is not None and worst > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def crossings(rings, y):
    """Where a row enters and leaves the county."""
    out = []
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:]):
            if (ay > y) != (by > y):
                out.append(ax + (y - ay) * (bx - ax) / (by - ay))
    return sorted(out)


def smooth(grid):
    """Each cell with its eight neighbours, 4 2 1: what is smaller than two cells is noise on a screen."""
    rows, columns = len(grid), len(grid[0])
    out = [[None] * columns for _ in range(rows)]
    for r in range(rows):
        for c in range(columns):
            if grid[r][c] is None:
                continue
            total = weight = 0
            for i in (-1, 0, 1):
                for k in (-1, 0, 1):
                    if 0 <= r + i < rows and 0 <= c + k < columns and grid[r + i][c + k] is not None:
                        w = (2 - abs(i)) * (2 - abs(k))
                        total, weight = total + w * grid[r + i][c + k], weight + w
            out[r][c] = total / weight
    return out


def shade(grid, r, c, cell_m):
    """Light from the north-west, brighter from the west-north-west, against flat ground: -1 ... 1."""
    rows, columns = len(grid), len(grid[0])
    near = [grid[min(max(r + i, 0), rows - 1)][min(max(c + k, 0), columns - 1)] for i in (-1, 0, 1) for k in (-1, 0, 1)]
    if any(h is None for h in near):
        return 0.0
    dx = ((near[2] + 2 * near[5] + near[8]) - (near[0] + 2 * near[3] + near[6])) / (8 * cell_m) * STEEPNESS
    dy = ((near[0] + 2 * near[1] + near[2]) - (near[6] + 2 * near[7] + near[8])) / (8 * cell_m) * STEEPNESS
    size = math.sqrt(dx * dx + dy * dy + 1)
    out = 0.0
    for azimuth, weight in ((315, 0.6), (285, 0.25), (345, 0.15)):
        east, north, up = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth)), 1.0  # 45 degrees high
        out += weight * ((-dx * east - dy * north + up) / (size * math.sqrt(2)) - 1 / math.sqrt(2))
    return max(-1.0, min(1.0, out * 1.7))


def png(pixels, width, height, palette):
    """Four bits a cell; palette of (red, green, blue, alpha)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = bytearray()
    for row in pixels:
        row = row + [0] * (width % 2)
        raw.append(0)
        raw += bytes(row[i] << 4 | row[i + 1] for i in range(0, len(row), 2))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)) + chunk(b"PLTE", b"".join(bytes(p[:3]) for p in palette)) +
            chunk(b"tRNS", bytes(p[3] for p in palette)) + chunk(b"IDAT", zlib.compress(bytes(raw), 9)) + chunk(b"IEND", b""))


def fade(grid, r, c):
    """1 inside, less near cells without a height on the way east or west."""
    row = grid[r]
    for step in range(1, FADE_CELLS + 1):
        if (c + step < len(row) and row[c + step] is None) or (c - step >= 0 and row[c - step] is None):
            return (step - 1) / FADE_CELLS
    return 1.0


def main(outline, folder, tiles):
    with open(outline, encoding="utf-8") as file:
        geometry = json.load(file)["features"][0]["geometry"]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[mercator(lon, lat) for lon, lat in ring] for part in parts for ring in part]
    west, east = (f(x for ring in rings for x, _ in ring) for f in (min, max))
    south, north = (f(y for ring in rings for _, y in ring) for f in (min, max))
    stretch = 1 / math.cos(math.radians(degrees(0, (south + north) / 2)[1]))  # metres of the projection for one on the ground
    edge = [simplify(ring, EDGE_TOLERANCE_M * stretch) for ring in rings]
    step = CELL_M * stretch
    width, height = math.ceil((east - west) / step), math.ceil((north - south) / step)
    heights = Heights(tiles)
    places = [[degrees(west + (c + 0.5) * step, north - (r + 0.5) * step) for c in range(width)] for r in range(height)]
    grid = smooth([[heights.at(lat, lon) for lon, lat in row] for row in places])
    palette = [(0, 0, 0, 0)] + [(0, 0, 0, round(SHADOW_ALPHA * i / LEVELS)) for i in range(1, LEVELS + 1)] + [(255, 255, 255, round(LIGHT_ALPHA * i / LEVELS)) for i in range(1, LEVELS + 1)]
    pixels = [[0] * width for _ in range(height)]
    for r in range(height):
        spans = crossings(rings, north - (r + 0.5) * step)
        for first, last in zip(spans[::2], spans[1::2]):
            for c in range(max(0, math.ceil((first - west) / step - 0.5)), min(width, math.floor((last - west) / step + 0.5))):
                if grid[r][c] is not None:
                    tone = shade(grid, r, c, CELL_M) * fade(grid, r, c)
                    level = min(LEVELS, round(abs(tone) * LEVELS * 1.6))
                    pixels[r][c] = level and level + (LEVELS if tone > 0 else 0)
    os.makedirs(folder, exist_ok=True)
    data = png(pixels, width, height, palette)
    with open(os.path.join(folder, "relief.png"), "wb") as file:
        file.write(data)
    known = [lon for row in places for lon, lat in row if heights.at(lat, lon) is not None]
    document = {
        "edge": [[[round(v, 4) for v in degrees(x, y)] for x, y in ring] for ring in edge],
        "relief": [*[round(v, 5) for v in degrees(west, north - height * step)], *[round(v, 5) for v in degrees(west + width * step, north)]],
        "heights_to_lon": round(max(known), 2),
    }
    with open(os.path.join(folder, "outline.json"), "w", encoding="utf-8") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")
    print(f"{sum(map(len, rings))} points of the edge became {sum(map(len, edge))}; relief {width} x {height}, {len(data)} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("relief.py OUTLINE.geojson FOLDER TILE.hgt.zip...")
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
