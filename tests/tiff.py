"""GeoTIFF by hand, so that our reader and writer are held against the standard and not against each other."""
import struct
import zlib

CODES = {"int8": ("b", 8, 2), "uint8": ("B", 8, 1), "int16": ("h", 16, 2), "uint16": ("H", 16, 1), "int32": ("i", 32, 2), "uint32": ("I", 32, 1),
         "float32": ("f", 32, 3), "float64": ("d", 64, 3)}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8, 16: 8}
FORMS = {1: "B", 2: "s", 3: "H", 4: "I", 12: "d", 16: "Q"}


def write(rows, sample="int16", west=500000, north=3000000, step=90, step_y=None, epsg=4549, geographic=False, nodata=None, tile=None, strip=None,
          deflate=True, point=False, order="<", keys=True, place=True, tags=(), sparse=False):
    """rows: lists of numbers. Returns the bytes of a classic TIFF."""
    code, bits, form = CODES[sample]
    high, wide = len(rows), len(rows[0])
    parts = []
    if tile:
        for r in range(0, high, tile):
            for c in range(0, wide, tile):
                block = [[rows[min(i, high - 1)][min(j, wide - 1)] for j in range(c, c + tile)] for i in range(r, r + tile)]
                parts.append(None if sparse and len(parts) % 2 else b"".join(struct.pack(order + str(tile) + code, *line) for line in block))
    else:
        strip = strip or high
        for r in range(0, high, strip):
            parts.append(b"".join(struct.pack(order + str(wide) + code, *line) for line in rows[r:r + strip]))
    parts = [b"" if p is None else zlib.compress(p) if deflate else p for p in parts]
    entries = {256: (4, [wide]), 257: (4, [high]), 258: (3, [bits]), 259: (3, [8 if deflate else 1]), 262: (3, [1]), 277: (3, [1]), 339: (3, [form])}
    if tile:
        entries.update({322: (3, [tile]), 323: (3, [tile])})
    else:
        entries[278] = (4, [strip])
    if place:
        shift = 0.5 if point else 0
        entries[33550] = (12, [step, step_y or step, 0.0])
        entries[33922] = (12, [0.0, 0.0, 0.0, west + shift * step, north - shift * (step_y or step), 0.0])
    if keys:
        own = [1024, 0, 1, 2 if geographic else 1, 1025, 0, 1, 2 if point else 1, 2048 if geographic else 3072, 0, 1, epsg]
        entries[34735] = (3, [1, 1, 0, len(own) // 4] + own)
    if nodata is not None:
        entries[42113] = (2, str(nodata).encode() + b"\0")
    entries.update(dict(tags))
    at, body, offsets = 8, b"", []
    for p in parts:
        offsets.append(at + len(body) if p else 0)
        body += p
    entries[324 if tile else 273] = (4, offsets)
    entries[325 if tile else 279] = (4, [len(p) for p in parts])
    body += b"\0" * (len(body) % 2)
    directory, extra, ifd = b"", b"", at + len(body)
    extra_at = ifd + 2 + 12 * len(entries) + 4
    for tag in sorted(entries):
        kind, values = entries[tag]
        data = values if kind == 2 else struct.pack(order + str(len(values)) + FORMS[kind], *values)
        if len(data) > 4:
            field, extra = struct.pack(order + "I", extra_at + len(extra)), extra + data + b"\0" * (len(data) % 2)
        else:
            field = data.ljust(4, b"\0")
        directory += struct.pack(order + "HHI", tag, kind, len(values)) + field
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", ifd)
    return head + body + struct.pack(order + "H", len(entries)) + directory + struct.pack(order + "I", 0) + extra


def read(data):
    """A TIFF as (rows of numbers, tags): strips or tiles, none or Deflate, predictor 1 or 2."""
    order = "<" if data[:2] == b"II" else ">"
    ifd = struct.unpack(order + "I", data[4:8])[0]
    tags = {}
    for i in range(struct.unpack(order + "H", data[ifd:ifd + 2])[0]):
        tag, kind, count = struct.unpack(order + "HHI", data[ifd + 2 + 12 * i:ifd + 10 + 12 * i])
        size = SIZES.get(kind, 1) * count
        field = ifd + 10 + 12 * i
        if size > 4:
            field = struct.unpack(order + "I", data[field:field + 4])[0]
        raw = data[field:field + size]
        tags[tag] = raw if kind == 2 else list(struct.unpack(order + str(count) + FORMS[kind], raw)) if kind in FORMS else raw
    wide, high, bits, form = tags[256][0], tags[257][0], tags[258][0], tags.get(339, [1])[0]
    code = next(c for c, b, f in CODES.values() if b == bits and f == form)
    tiled = 322 in tags
    part_wide, part_high = (tags[322][0], tags[323][0]) if tiled else (wide, tags[278][0])
    rows = [[None] * wide for _ in range(high)]
    across = -(-wide // part_wide)
    for i, (offset, size) in enumerate(zip(tags[324 if tiled else 273], tags[325 if tiled else 279])):
        raw = data[offset:offset + size]
        raw = raw if tags[259][0] == 1 else zlib.decompress(raw)
        r0, c0 = i // across * part_high, i % across * part_wide
        for r in range(min(part_high, high - r0)):
            line = list(struct.unpack_from(order + str(part_wide) + code, raw, r * part_wide * bits // 8))
            if tags.get(317, [1])[0] == 2:
                for c in range(1, part_wide):
                    line[c] = (line[c] + line[c - 1] + 32768) % 65536 - 32768
            rows[r0 + r][c0:min(c0 + part_wide, wide)] = line[:min(part_wide, wide - c0)]
    return rows, tags
