"""Text or not, and if not what else, told by the bytes alone; what `sources.stores` reads does not come here."""

import re

from logsleuth.lazy import lazy_pattern
from logsleuth.sources import records

CPIO = "a cpio archive; unpack it first"
# Its magic (cpio(5)) is six digits, as MySQL's stamps are; but numbers follow it without a space.
_CPIO_TEXT = lazy_pattern(rb"07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}")

LEASES = "dnsmasq's leases, which name only the time at which they end"
_LEASE = lazy_pattern(rb"(?:\d{10}|0) (?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2} [0-9A-Fa-f.:]+ \S+ \S+\r?\n")

# Each with what can be done about it. Only magic bytes that no text begins with, or that are long enough.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"ElfFile\0", "a Windows event log (evtx)"),
    (0, b"\x00\x10\x00\x00\x11\x00\x00\x00", "macOS's unified log (tracev3); try: log show --archive FOLDER"),
    (0, b"\x99\x88\x77\x66", "texts of macOS's unified log (uuidtext)"),
    (0, b"\xb0\xbb\x30\x00", "times of macOS's unified log (timesync)"),
    (4, b"LfLe", "a Windows event log (evt)"),
    (4, b"\xef\xcd\xab\x89", "an ESE database"),
    (0, b"bplist00", "a binary property list; try: plutil -p FILE"),
    (0, b"MDMP\x93\xa7", "a minidump of Windows"),
    (0, b"KDUMP   ", "a kernel's dump (makedumpfile); try: makedumpfile --dump-dmesg FILE LOG"),
    (0, b"\xc1\x1f\xfc\xc1", "an LTTng trace (CTF); try: babeltrace2 FOLDER"),
    (0, b"PERFILE2", "samples of perf; try: perf script -i FILE"),
    (0, b"\x17\x08\x44tracing", "a trace of the kernel (trace-cmd); try: trace-cmd report FILE"),
    (0, b"PK\x05\x06", "an empty zip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (0, b"Rar!\x1a\x07", "a rar archive; unpack it first"),
    (0, b"\xc7\x71", CPIO),
    (0, b"\x71\xc7", CPIO),
    (0, b"\x04\x22\x4d\x18", "packed by lz4; unpack it first"),
    (0, b"\x1f\x9d", "packed by compress (.Z); unpack it first"),
    (0, b"LZIP\x01", "packed by lzip; unpack it first"),
    (0, b"\x89LZO\0", "packed by lzop; unpack it first"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (12, b"\x61\x15\x06\0", "a Berkeley DB file"),
    (12, b"\x62\x31\x05\0", "a Berkeley DB file"),
    (0, b"\xfebin", "a MySQL binary log; try: mysqlbinlog FILE"),
    (0, b"RRD\0", "an RRD database"),
    (0, b"\x7fELF", "an ELF program, library or core dump"),
    (0, b"\xca\xfe\xba\xbe", "a Java class or Mach-O program"),
    (0, b"\xcf\xfa\xed\xfe", "a Mach-O program"),
    (2, b"\r\n\0\0\0\0", "compiled Python"),
    (0, b"TZif", "a time zone"),
    (0, b"!<arch>\n", "a library or Debian package"),
    (0, b"\xed\xab\xee\xdb", "an RPM package"),
    (0, b"\xd4\xc3\xb2\xa1", "a packet capture (pcap)"),
    (0, b"\xa1\xb2\xc3\xd4", "a packet capture (pcap)"),
    (0, b"\x4d\x3c\xb2\xa1", "a packet capture (pcap)"),
    (0, b"\xa1\xb2\x3c\x4d", "a packet capture (pcap)"),
    (0, b"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)"),
    (0, b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
    (0, b"\xff\xd8\xff", "an image (JPEG)"),
    (0, b"GIF8", "an image (GIF)"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\x96\xd5", "sysstat's measurements; try: sar -A -f FILE"),
    (0, b"\xef\xbe\xed\xfe", "an atop log; try: atop -r FILE"),
)
BINARY = "binary data, not a text log"
ONLY_NUL = "nothing but NUL bytes, as an unclean stop or a preallocated file leaves them"
WIDE = "UTF-16 or UTF-32 text; try: iconv -f UTF-16 -t UTF-8"

# Neither text nor among those that text may hold: BEL, BS, TAB, LF, VT, FF, CR, ESC.
_ODD = bytes([*range(7), *range(14, 27), *range(28, 32), 127])
_NOT_ODD = bytes(byte for byte in range(256) if byte not in _ODD)
_NUL_RUN = lazy_pattern(rb"\0{4,}")
_PAGE = 512


def refusal(sample: bytes) -> str:
    """Why this is no text log, from its first (or last) bytes; empty if it may be one."""
    for offset, magic, kind in _MAGIC:
        if sample.startswith(magic, offset):
            return kind
    if sample and not sample.strip(b"\0"):
        return ONLY_NUL
    if kind := _named_text(sample) or records.kind(sample):
        return kind
    if _wide(sample):
        return WIDE
    return "" if _textual(sample) else BINARY


def _named_text(sample: bytes) -> str:
    """What these first bytes are that could be read as text, but are no log."""
    if _CPIO_TEXT.match(sample):
        return CPIO
    return LEASES if _LEASE.match(sample) else ""


def _wide(sample: bytes) -> bool:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    start = _NUL_RUN.sub(b"", sample[:4096])
    even, odd = start[::2].count(0) * 2, start[1::2].count(0) * 2
    # Without a mark: every second byte of Western text is NUL, and few of the others.
    return max(even, odd) > 0.8 * len(start) and min(even, odd) < 0.2 * len(start)


def _textual(sample: bytes) -> bool:
    """Enough pages are text, so that stale blocks and runs of NUL bytes in a log do not condemn it.

    Of random bytes one in ten is odd. In a page of 512 this is 53 +- 7, and 18 are allowed; of the sample's
    pages a quarter must pass. Runs of NUL bytes are the mark of an unclean stop and count for nothing;
    single ones, as in structures of a program, count as odd.
    """
    if not sample.translate(None, _NOT_ODD):
        return True  # most logs, and many times faster to see
    solid = _NUL_RUN.sub(b"", sample)
    pages = [solid[at : at + _PAGE] for at in range(0, len(solid), _PAGE)]
    good = sum(len(page.translate(None, _NOT_ODD)) <= 2 + len(page) // 32 for page in pages)
    return 4 * good >= len(pages)


_SOURCE_CODE = lazy_pattern(
    rb"""
    \#!                                     # a script
    | <\?(?:xml|php) | <!DOCTYPE\b | <html\b | <svg\b
    | -----BEGIN[ ][A-Z0-9 ]+-----          # PEM: a key or a certificate
    | \#\s*(?:include\s*[<"]|ifndef\s|define\s|pragma\s)            # C
    | (?:/\*|//)[\s\S]{0,4000}?^\#\s*(?:include\s*[<"]|ifndef\s|define\s)
    | (?:\#[^\n]*\n|\s)*(?:from\s[a-z_.][\w.]*\simport\s[\w(*]|import\s[\w.]+(?:\sas\s\w+)?\s*$)   # Python
    | [rR]?\"\"\"[\s\S]{0,8000}?^(?:from|import|def|class)\s
    | \#[ ]-\*-[ ]coding:
    | package\s[\w.]+;\s*$                  # Java
    | diff[ ]--git[ ]
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def not_a_log(sample: bytes) -> bool:
    """Text that is certainly something else: a program, markup, a key."""
    return _SOURCE_CODE.match(sample.removeprefix(b"\xef\xbb\xbf").lstrip()) is not None
