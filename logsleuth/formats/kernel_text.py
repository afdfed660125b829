"""The kernel's messages as dmesg prints them with other stamps: -T, -H, --time-format iso, -x with each of them.

Layouts: util-linux dmesg.c (print_record). All of them are known from other logs with such stamps by what follows.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.levels import level_words, skip_colour
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Placed, behind, line_start
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.uptime import Uptime
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_STARTS = (
    "usb ata sd  scs SCS EXT XFS BTR JBD JFS Rei FAT NTF CIF NFS nfs RPC blk buf Buf dm- dev md: md/ rai nvm loo "
    "ACP PCI pci PM: sys Out oom Kil Mem Nor Nod Fre DMA CPU smp x86 tsc clo rtc ran per inp hid hub ehc uhc ohc xhc "
    "eth enp ens eno wla wlp br0 bri bon IPv NET TCP UDP ip_ nf_ net e10 igb ixg tg3 bnx r81 cfg iwl ath ieee ie8 "
    "drm [dr i91 nou amd rad snd Blu blu mce EDA thr the aud typ AVC cry tun tap vet doc lib mpt meg aac hps 3w- cci "
    "arc ahc ahci BUG Oop Ker INF tas Cal Cod RIP RSP RAX Mod Har Pid Tai Lin Com BIO e82 Boo Ini Con Fre WAR --- "
    "wat NMI hrt soft irq ser tty con fbc fb0 vga agp fus squ ove UDF ISO zra zsw sel SEL App app Loa key key Key"
)
_KNOWN = np.array(sorted({int(vector.word(word[:3].ljust(3).encode())) for word in _STARTS.split(" ")}), np.uint64)
_SYSTEMD = vector.word(b"systemd")


def kernel(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The text without the caller's mark `[    T1] ` (CONFIG_PRINTK_CALLER); systemd's own lines name it."""
    text = skip_colour(buffer, body.skip_spaces(buffer, at, stop), stop)
    opened = (text < stop) & (buffer[np.minimum(text, stop)] == ord("["))
    close = vector.find_byte(view, text, np.minimum(stop, text + 12), ord("]"))
    inner = body.skip_spaces(buffer, np.where(opened, text + 1, text), stop)
    mark = buffer[np.minimum(inner, stop)]
    _, digits_end = body.numbers(view, np.minimum(inner + 1, stop))
    caller = opened & ((mark == ord("T")) | (mark == ord("C"))) & (digits_end == close) & (close < stop)
    text = body.skip_spaces(buffer, np.where(caller, close + 1, text), stop, 2)
    columns = body.plain(buffer, view, text, stop)
    own = np.flatnonzero((view[np.minimum(text, stop)] & vector.KEEP[7]) == _SYSTEMD)
    if own.size:
        tag_end, pid, after = body.tag(buffer, view, text[own], stop[own])
        good = own[pid >= 0]
        end, number, rest = text.copy(), columns.pid.copy(), columns.text_at.copy()
        end[good], number[good], rest[good] = tag_end[pid >= 0], pid[pid >= 0], after[pid >= 0]
        columns = columns._replace(program_at=text, program_end=end, pid=number, text_at=rest)
    return columns


def _decoded(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """With the level that stands in `kern  :info  : ` at the line's start."""
    columns = kernel(buffer, view, at, stop)
    word = line_start(buffer, at, 80) + 7
    end = vector.find_any(view, word, word + 7, b" :")
    return columns._replace(severity=level_words(view, word, end))


def kernels(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that begin as the kernel's do: with a driver's name, a file system's, a CPU's register."""
    start = view[columns.text_at] & vector.KEEP[3]
    return np.isin(start, _KNOWN) | (columns.pid >= 0)


_CTIME = Stamp("[Www Mmm dd HH:MM:SS YYYY]")
_MINUTE = Stamp("[Mmmdd HH:MM]")
_MICRO = 6
_ISO = Stamp("YYYY-MM-DDTHH:MM:SS.Fz")
_COLONS = {6: b":", 13: b":"}
_FACILITIES = b"kumdaslnc"
CTIME = Format(
    name="kernel-ctime",
    about="dmesg -T of Linux",
    stamp=_CTIME,
    body=kernel,
    check=kernels,
    program="kernel",
    kind="kernel",
    samples=(
        b"[Mon May  6 07:08:09 2019] usb 1-1: new high-speed USB device number 2 using ehci-pci",
        b"[Mon May 16 07:08:09 2019] EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: (null)",
        b"[Mon May  6 07:08:09 2019] Out of memory: Kill process 812 (mysqld) score 512 or sacrifice child",
        b"[Mon May  6 07:08:10 2019] systemd[1]: Detected architecture x86-64.",
    ),
)
ISO = Format(
    name="kernel-iso",
    about="dmesg --time-format iso of Linux",
    stamp=Placed(_ISO, behind(0, {19: b",", 26: b"+-"}), b"12"),
    body=kernel,
    program="kernel",
    kind="kernel",
    samples=(
        b"2019-05-06T07:08:09,123456+02:00 usb 1-1: new high-speed USB device number 2 using ehci-pci",
        b"2019-05-06T07:08:09,000000+0000 Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP Debian",
        b"2019-05-06T07:08:10,654321-07:00 systemd[1]: Detected architecture x86-64.",
    ),
)
DECODED = Format(
    name="kernel-decoded",
    about="dmesg -x of Linux: facility and level before the seconds since the boot",
    stamp=Placed(Uptime(), behind(15, _COLONS | {15: b"["}), _FACILITIES),
    body=_decoded,
    check=severe,
    program="kernel",
    kind="kernel",
    samples=(
        b"kern  :info  : [    0.000000] Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP Debian",
        b"kern  :err   : [12345.678901] EXT4-fs error (device sda1): ext4_lookup:1234: inode #12: comm ls",
        b"daemon:info  : [    5.123456] systemd[1]: Detected architecture x86-64.",
    ),
)
DECODED_CTIME = Format(
    name="kernel-decoded-ctime",
    about="dmesg -x -T of Linux",
    stamp=Placed(_CTIME, behind(15, _COLONS | {15: b"["}), _FACILITIES),
    body=_decoded,
    check=severe,
    program="kernel",
    kind="kernel",
    samples=(
        b"kern  :info  : [Mon May  6 07:08:09 2019] usb 1-1: new high-speed USB device number 2 using ehci-pci",
        b"kern  :warn  : [Mon May  6 07:08:09 2019] CPU0: Core temperature above threshold, cpu clock throttled",
        b"syslog:notice: [Mon May  6 07:08:10 2019] systemd-journald[77]: Received client request to flush runtime",
    ),
)
DECODED_ISO = Format(
    name="kernel-decoded-iso",
    about="dmesg -x --time-format iso of Linux",
    stamp=Placed(_ISO, behind(15, _COLONS | {34: b","}), _FACILITIES),
    body=_decoded,
    check=severe,
    program="kernel",
    kind="kernel",
    samples=(
        b"kern  :info  : 2019-05-06T07:08:09,123456+02:00 usb 1-1: new high-speed USB device number 2",
        b"kern  :emerg : 2019-05-06T07:08:09,123456+02:00 watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [cc1:812]",
        b"user  :notice: 2019-05-06T07:08:09,123456+02:00 systemd[1]: Mounting /var...",
    ),
)


@dataclass(frozen=True)
class _Human:
    """`[Mar  4 05:06] ` where the minute is another than before, else `[  +0.000003] `: seconds since the line above.

    The first line of a minute stands at its start, so times are up to a minute early.
    """

    yearless: bool = True
    relative: bool = False
    first_bytes: bytes = b"["

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = _MINUTE.decode(buffer, view, start, stop)
        at = body.skip_spaces(buffer, np.minimum(start + 1, stop), stop)
        plus = (buffer[start] == ord("[")) & (buffer[np.minimum(at, stop)] == ord("+"))
        seconds, dot = body.numbers(view, np.minimum(at + 1, stop))
        count, digits = vector.leading_digits(view[np.minimum(dot + 1, stop)])
        close = np.minimum(dot + 7, stop)
        plus &= (seconds >= 0) & (count == _MICRO) & (buffer[np.minimum(dot, stop)] == ord("."))
        plus &= (buffer[close] == ord("]")) & (close < stop)
        since = np.where(plus, seconds * 1_000_000_000 + vector.eight_digits(digits) * 10, 0)
        # From the minute above on; lines without one above them are the rest of what came before.
        rows = np.arange(len(start))
        minute = np.maximum.accumulate(np.where(got.valid, rows, -1))
        passed = np.cumsum(since)
        below = plus & (minute >= 0)
        wall = got.wall[minute] + passed - passed[minute]
        valid = got.valid | below
        end = np.where(below, close + 1, got.end)
        return Stamps(valid, np.where(valid, wall, 0), got.offset, np.where(valid, end, start))


HUMAN = Format(
    name="kernel-human",
    about="dmesg -H of Linux: the minute, then the seconds from line to line",
    stamp=_Human(),
    body=kernel,
    program="kernel",
    kind="kernel",
    samples=(
        b"[Mar 4 05:06] Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP Debian",
        b"[Mar14 05:06] usb 1-1: new high-speed USB device number 2 using ehci-pci",
    ),
)
FORMATS = (HUMAN, DECODED, DECODED_CTIME, DECODED_ISO, ISO)
