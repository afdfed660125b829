"""Text or not, by content alone."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.sources import kinds

LINE = b'Dec 17 10:49:08 fry qpopper[1234]: (v4.0.9) POP login by user "amy"\n'
LOG = LINE * 900


def noise(length, seed=1):
    return random.Random(seed).randbytes(length)


TEXTS = {
    "syslog": LOG,
    "one short line": b"hello",
    "no newline": LINE.rstrip(),
    "CRLF": LINE.replace(b"\n", b"\r\n") * 9,
    "NULs at the head": b"\0" * 5000 + LOG,
    "NULs in the middle": LOG[:3000] + b"\0" * 7777 + LOG[3000:9000],
    "NULs at the end": LOG[:300] + b"\0" * 60_000,
    "NULs cut lines": (LINE[:40] + b"\0" * 4056) * 9,
    "latin-1": "Grüße aus Köln, Straße gesperrt\n".encode("latin-1") * 99,
    "KOI8-R": "ошибка чтения журнала\n".encode("koi8-r") * 99,
    "UTF-8": "エラーが発生しました\n".encode() * 99,
    "UTF-8 with a mark": b"\xef\xbb\xbf" + LOG,
    "terminal colours": b"\x1b[0;32mINFO\x1b[0m\x07 started\x08\n" * 99,
    "a stale block of another file": LOG[:20_000] + noise(4096) + LOG[:20_000],
    "a small log, half of it a stale block": LOG[:4096] + noise(4096),
    "a NUL after each message": LINE.replace(b"\n", b"\0\n") * 99,
    "begins like an image": b"BM started\n" * 9,
    "MySQL's stamps, which begin like cpio": b"070701 12:00:00  mysqld started\n" * 99,
    "numbers that begin like cpio": b"070707 000063 is how it goes on\n" * 9,
    "begins like bzip2": b"BZh9 is how this line begins\n" * 9,
    "ISO stamps, the length of a lastlog record": b"2026-01-01 12:00:00 hello wo",
    "ISO stamps": b"2026-01-01T12:00:00.000000+01:00 fry kernel: [    0.000000] Linux version 6.1.0\n" * 99,
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_text(name):
    assert kinds.refusal(TEXTS[name][: 64 << 10]) == ""


PACCT = struct.pack("<BBHIIIIIIf8H16s", 1, 3, 0, 0, 0, 0, 712, 1, 1_700_000_000, 3.0, *[7] * 8, b"cron") * 3
PACCT_2 = struct.pack("<BBHHHI9HHI17sBHII", 0, 2, 0, 0, 0, 1_700_000_000, *[7] * 9, 100, 0, b"cron", 0, 0, 0, 0) * 3
BSD_ACCT = struct.pack("<BBH16s3fqII2fQIHI", 0, 3, 88, b"cron", 0.1, 0.1, 0.2, 1_700_000_000, 0, 0, 1, 1, 0, 0, 88, 0)
FAILLOG = bytes(32 * 9) + struct.pack("<hh12sqq", 3, 0, b"tty1", 1_700_000_000, 0)
TALLYLOG = bytes(64 * 9) + struct.pack("<52sHHQ", b"192.0.2.7", 0, 3, 1_700_000_000)

BINARIES = {
    "process accounting": (PACCT, "process accounting"),
    "process accounting before 2.6.8": (PACCT_2, "process accounting"),
    "FreeBSD's process accounting": (BSD_ACCT * 3, "process accounting"),
    "faillog": (FAILLOG, "counts of failed logins by user (faillog)"),
    "tallylog": (TALLYLOG, "counts of failed logins by user (tallylog)"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + noise(400), "a 7z archive; unpack it first"),
    "rar": (b"Rar!\x1a\x07\x01\0" + noise(400), "a rar archive; unpack it first"),
    "cpio": (b"0707010000A3F2000081A4" + b"0" * 88 + b"messages\0" + LOG, "a cpio archive; unpack it first"),
    "cpio -c": (b"070707000063000612100644" + b"0" * 52 + b"messages\0" + LOG, "a cpio archive; unpack it first"),
    "old cpio": (b"\xc7\x71" + noise(400), "a cpio archive; unpack it first"),
    "sqlite": (b"SQLite format 3\0" + noise(400), "an SQLite database"),
    "ELF": (b"\x7fELF" + noise(400), "an ELF program"),
    "pcap": (b"\xd4\xc3\xb2\xa1" + noise(400), "a packet capture"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + noise(400), "an image"),
    "evtx": (b"ElfFile\0" + bytes(400), "a Windows event log"),
    "evt": (b"\x30\0\0\0LfLe" + bytes(400), "a Windows event log (evt)"),
    "tracev3": (b"\0\x10\0\0\x11\0\0\0\xd0\0\0\0" + noise(400), "macOS's unified log"),
    "uuidtext": (b"\x99\x88\x77\x66\2\0\0\0" + b"text\0" * 99, "texts of macOS's unified log"),
    "ESE": (noise(4) + b"\xef\xcd\xab\x89" + noise(400), "an ESE database"),
    "bplist": (b"bplist00" + noise(400), "a binary property list"),
    "perf": (b"PERFILE2" + noise(400), "samples of perf"),
    "dnsmasq's leases": (b"1614834368 00:11:22:33:44:55 192.0.2.7 gate 01:00:11:22:33:44:55\n" * 3, "dnsmasq's leases"),
    "noise": (noise(64 << 10), kinds.BINARY),
    "a little noise": (noise(700), kinds.BINARY),
    "integers": (struct.pack("<999i", *range(999)), kinds.BINARY),
    "only NUL": (bytes(4096), kinds.ONLY_NUL),
    "UTF-16 with a mark": (LOG.decode().encode("utf-16"), kinds.WIDE),
    "UTF-16 little-endian": (LOG.decode().encode("utf-16-le"), kinds.WIDE),
    "UTF-16 big-endian": (LOG.decode().encode("utf-16-be"), kinds.WIDE),
    "UTF-32": (LOG.decode().encode("utf-32"), kinds.WIDE),
}


@pytest.mark.parametrize("name", BINARIES)
def test_everything_else_is_named(name):
    content, kind = BINARIES[name]
    assert kinds.refusal(content[: 64 << 10]).startswith(kind)


@pytest.mark.parametrize(
    "start",
    [
        b"#!/bin/sh\n",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n",
        b"\n<!DOCTYPE html>\n",
        b"<html>\n",
        b"-----BEGIN RSA PRIVATE KEY-----\n",
        b"#include <stdio.h>\n",
        b"/* Copyright\n */\n#include <stdio.h>\n",
        b"# A comment.\n\nimport os\n",
        b"from os import path\n",
        b'"""Doc."""\n\nimport os\n',
    ],
)
def test_programs_and_documents_are_no_logs(start):
    assert kinds.not_a_log(start + b"x = 1\n")


@pytest.mark.parametrize(
    "start",
    [
        LINE,
        b"#Software: Microsoft Internet Information Services 10.0\n#Fields: date time\n",
        b"# a comment\nJan  1 00:00:00 fry kernel: import\n",
        b"/usr/sbin/mysqld, Version: 8.0 started with:\n",
        b"from 10.0.0.1 import of 3 rows began\n",
        b"import of 3 rows began\n",
        b"-- Journal begins at Sun 2023-01-01 --\n",
        b'{"time": "2026-01-01"}\n',
        b"<13>Jan  1 00:00:00 fry x: y\n",
        b"",
    ],
)
def test_what_may_be_a_log_is_not_refused(start):
    assert not kinds.not_a_log(start + LINE)


@given(st.binary(max_size=3000))
def test_any_bytes_are_judged(sample):
    assert isinstance(kinds.refusal(sample), str)
    assert isinstance(kinds.not_a_log(sample), bool)
