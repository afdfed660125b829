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


def utmp(kind, line, user, host, when):
    head = struct.pack("<hxxi32s4s32s256s", kind, 712, line, b"ts/0", user, host)
    return head + struct.pack("<hhiii16s20x", 0, 0, 0, when, 123456, b"\x0a\0\0\1")


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
    assert kinds.refusal(TEXTS[name][: 64 << 10], len(TEXTS[name])) == ""


RECORDS = utmp(2, b"~", b"reboot", b"6.1.0-18-amd64", 1_700_000_000) + utmp(
    7, b"pts/0", b"amy", b"10.0.0.9", 1_700_000_100
)
LASTLOG = bytes(292 * 2) + struct.pack("<i32s256s", 1_700_000_000, b"pts/0", b"10.0.0.9")
BSD_UTMP = struct.pack("<8s16s16si", b"ttyp0", b"amy", b"planet.express", 1_229_000_000) * 3

BINARIES = {
    "wtmp": (RECORDS, "login records"),
    "lastlog": (LASTLOG, "login records"),
    "FreeBSD wtmp": (BSD_UTMP, "login records"),
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
    assert kinds.refusal(content[: 64 << 10], len(content)).startswith(kind)


def test_lastlog_is_told_by_its_end_when_root_never_logged_in():
    whole = bytes(292 * 1000) + LASTLOG[-292:]
    assert kinds.refusal(whole[-(64 << 10) :], len(whole)).startswith("login records")


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


@given(st.binary(max_size=3000), st.integers(0, 10_000))
def test_any_bytes_are_judged(sample, size):
    assert isinstance(kinds.refusal(sample, size), str)
    assert isinstance(kinds.not_a_log(sample), bool)
