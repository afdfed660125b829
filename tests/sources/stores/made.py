"""Binary login records and Apple logs, written by struct as their programs lay them out."""

import struct

T0 = 1_700_000_000
"""2023-11-14 22:13:20 UTC."""
EMPTY, RUN_LVL, BOOT, NEW, OLD, INIT, LOGIN, USER, DEAD = range(9)


def linux(kind, line=b"", user=b"", host=b"", sec=T0, usec=0, *, pid=712, addr=b"", order="<", wide=False):
    """Linux utmp(5): 384 bytes, or 400 with a 64-bit time."""
    head = struct.pack(f"{order}hxxi32s4s32s256s", kind, pid, line, line[-4:], user, host)
    if wide:
        return head + struct.pack(f"{order}hhqqq16s20x4x", 0, 0, 0, sec, usec, addr)
    return head + struct.pack(f"{order}hhiIi16s20x", 0, 0, 0, sec, usec, addr)


def mac(kind, line=b"", user=b"", host=b"", sec=T0, usec=0, *, pid=67):
    """macOS utmpx as it lies in the file."""
    return struct.pack("<256s4s32sihxxIi256s64x", user, line[-4:], line, pid, kind, sec, usec, host)


def netbsd(kind, line=b"", user=b"", host=b"", sec=T0, usec=0, *, pid=67):
    """NetBSD utmpx of a 64-bit machine."""
    return struct.pack("<32s4s32s256sHHihh128xqi44x", user, line[-4:], line, host, 0, kind, pid, 0, 0, sec, usec)


def solaris(kind, line=b"", user=b"", host=b"", sec=T0, usec=0, *, pid=67):
    """Solaris futmpx of a SPARC."""
    return struct.pack(">32s4s32sihhhxxIii20xh257sx", user, line[-4:], line, pid, kind, 0, 0, sec, usec, 0, 0, host)


def bsd(line, user=b"", host=b"", sec=T0, form="<8s16s16sI"):
    """utmp of the BSDs; `form` is FreeBSD's before 9."""
    return struct.pack(form, line, user, host, sec)


def futx(kind, name=b"", user=b"", line=b"", host=b"", micro=T0 * 1_000_000, pid=0):
    """FreeBSD's struct futx."""
    return struct.pack(">BQ8sI32s16s128s", kind, micro, name, pid, user, line, host)


def logged(*records):
    """utx.log: each record cut of its NUL bytes, after its length."""
    cut = [record.rstrip(b"\0") for record in records]
    return b"".join(struct.pack(">H", len(record)) + record for record in cut)


def asl(messages, *, broken=(), version=2):
    """An Apple System Log; `broken` numbers the messages to which no link leads."""
    out = bytearray(struct.pack(">12sIQQI", b"ASL DB", version, 0, T0, 256).ljust(80, b"\0"))
    link = 16
    previous = 0

    def string(value):
        if len(value) < 8:
            return int.from_bytes(bytes([0x80 | len(value)]) + value.ljust(7, b"\0"), "big") if value else 0
        at = len(out)
        out.extend(struct.pack(">HI", 1, len(value) + 1) + value + b"\0")
        return at

    for number, message in enumerate(messages):
        names = [string(message.get(k, b"")) for k in ("host", "sender", "facility", "message")]
        pairs = [string(word) for pair in message.get("pairs", ()) for word in pair]
        at = len(out)
        fixed = struct.pack(
            ">QQqIHHiiiiiiI6Q", 0, number + 1, message["sec"], message.get("nano", 0), message.get("level", 5), 0,
            message.get("pid", 55), 0, 0, -1, -1, 0, len(pairs), *names, 0, 0,
        )  # fmt: skip
        body = fixed + struct.pack(f">{len(pairs)}Q", *pairs) + struct.pack(">Q", previous)
        out.extend(struct.pack(">HI", 0, len(body)) + body)
        if number not in broken:
            out[link : link + 8] = struct.pack(">Q", at)
        link, previous = at + 6, at
    return bytes(out)
