"""powercut.py: what the disk holds after the lights went out, from the logs that powercut.c kept beside each file.

Every write since a file's last sync is undone; then each is, by chance, dropped, kept, or torn into sectors of 512 bytes of which any may
have arrived. What a refused sync was to keep has not arrived. What was synced has.
"""
import os
import struct

HEAD = struct.Struct("<qqqq")
SECTOR = 512
SHARE_KEPT, SHARE_TORN = 0.35, 0.3  # of the writes that were never synced; the rest is dropped


def records(log):
    """(kind, at, old size, old bytes, new bytes) in order; a record that was being written when the process died is left out:
    its write was never begun."""
    at = 0
    while at < len(log):
        kind = chr(log[at])
        if kind in "SF":
            yield kind, 0, 0, b"", b""
            at += 1
            continue
        if at + 1 + HEAD.size > len(log):
            return
        offset, count, size, old = HEAD.unpack_from(log, at + 1)
        begin, fresh = at + 1 + HEAD.size, count if kind == "W" else 0
        if begin + old + fresh > len(log):
            return
        yield kind, offset, size, log[begin:begin + old], log[begin + old:begin + old + fresh]
        at = begin + old + fresh


def write_at(data, at, fresh):
    if len(data) < at:
        data.extend(bytes(at - len(data)))
    data[at:at + len(fresh)] = fresh


def undo(data, steps):
    for kind, at, size, old, _ in reversed(steps):
        if kind in "WT":
            write_at(data, at, old)
            del data[size:]


def apply(data, step, chance):
    """One step that was not synced, or, with chance None, one that was."""
    kind, at, _, _, fresh = step
    dice = 0 if chance is None else chance.random()
    if kind == "T":
        if dice < 0.5:
            del data[at:]
    elif dice < SHARE_KEPT:
        write_at(data, at, fresh)
    elif dice < SHARE_KEPT + SHARE_TORN:
        begin = 0
        while begin < len(fresh):
            end = min(len(fresh), begin + SECTOR - (at + begin) % SECTOR)
            if chance.random() < 0.5:
                write_at(data, at + begin, fresh[begin:end])
            begin = end


def cut_file(path, chance):
    with open(path + ".cut", "rb") as file:
        steps = list(records(file.read()))
    if os.path.exists(path) and steps:
        with open(path, "rb") as file:
            data = bytearray(file.read())
        undo(data, steps)
        waiting = []
        for step in steps:
            if step[0] == "S":
                for kept in waiting:
                    apply(data, kept, None)
            if step[0] in "SF":
                waiting = []
            else:
                waiting.append(step)
        for step in waiting:
            apply(data, step, chance)
        with open(path, "wb") as file:
            file.write(data)
    os.unlink(path + ".cut")
    return sum(kind in "WT" for kind, *_ in steps)


def cut(folder, chance):
    """Every file of the folder; shared memory is gone. Returns how many writes were in doubt."""
    doubt = 0
    for name in sorted(os.listdir(folder)):
        if name.endswith("-shm"):
            os.unlink(os.path.join(folder, name))
        elif name.endswith(".cut"):
            doubt += cut_file(os.path.join(folder, name[:-4]), chance)
    return doubt
