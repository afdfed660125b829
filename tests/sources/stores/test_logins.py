"""wtmp, btmp and utmp of every system read as lines; what is torn or foreign is named, and the rest is read."""

import gzip
import struct

import pytest

from logsleuth import sources
from tests.sources.stores.made import (
    BOOT,
    DEAD,
    EMPTY,
    INIT,
    LOGIN,
    NEW,
    OLD,
    RUN_LVL,
    T0,
    USER,
    bsd,
    linux,
    mac,
    netbsd,
    solaris,
)


def read(tmp_path, content, name="wtmp"):
    """(store, texts without their stamps, reasons) of a file."""
    (tmp_path / name).write_bytes(content)
    found, problems = sources.find([str(tmp_path / name)])
    if not found:
        return "", [], [p.reason for p in problems]
    if not found[0].store:
        return "", [], []
    lines = b"".join(sources.blocks(found[0], problems)).decode().splitlines()
    return found[0].store, [line.split(" - ", 1)[1] for line in lines], [p.reason for p in problems]


BOOTED = linux(BOOT, b"~", b"reboot", b"6.1.0-18-amd64", pid=0)
LOGGED_IN = linux(USER, b"pts/0", b"rika", b"192.0.2.7", T0 + 60, 123456, addr=b"\xc0\0\2\7")

KINDS = {
    "a boot": (BOOTED, "wtmp: reboot: system boot, kernel 6.1.0-18-amd64"),
    "a shutdown": (
        linux(RUN_LVL, b"~", b"shutdown", b"6.1.0-18-amd64", pid=0),
        "wtmp: shutdown: system down, kernel 6.1.0-18-amd64",
    ),
    "a run level": (
        linux(RUN_LVL, b"~", b"runlevel", b"2.6.26-2-686", pid=ord("6") + 256 * ord("2")),
        "wtmp: runlevel: to level 6 from 2, kernel 2.6.26-2-686",
    ),
    "a first run level": (linux(RUN_LVL, b"~", b"runlevel", pid=ord("5")), "wtmp: runlevel: to level 5"),
    "a login": (LOGGED_IN, "wtmp[712]: login: rika on pts/0 from 192.0.2.7"),
    "a login by name": (
        linux(USER, b"pts/0", b"rika", b"pc7.example.org", addr=b"\xc0\0\2\7"),
        "wtmp[712]: login: rika on pts/0 from pc7.example.org (192.0.2.7)",
    ),
    "a login over IPv6": (
        linux(USER, b"pts/0", b"rika", addr=bytes.fromhex("20010db8000000000000000000000007")),
        "wtmp[712]: login: rika on pts/0 from 2001:db8::7",
    ),
    "a login at the console": (linux(USER, b"tty1", b"rika"), "wtmp[712]: login: rika on tty1"),
    "a logout": (linux(DEAD, b"pts/0"), "wtmp[712]: logout: pts/0"),
    "a getty": (linux(LOGIN, b"tty1", b"LOGIN"), "wtmp[712]: login prompt: tty1"),
    "a process of init": (linux(INIT, b"ttyS0"), "wtmp[712]: process of init: ttyS0"),
    "a failed login": (
        linux(LOGIN, b"ssh:notty", b"root", b"198.51.100.4"),
        "btmp[712]: failed login: root on ssh:notty from 198.51.100.4",
    ),
    "names that would be more": (
        linux(USER, b"pts/0", b"a b\nc from 192.0.2.9", b"192.0.2.7"),
        r"wtmp[712]: login: a\x20b\x0ac\x20from\x20192.0.2.9 on pts/0 from 192.0.2.7",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_record_says_what_it_is(tmp_path, name):
    record, said = KINDS[name]
    assert read(tmp_path, BOOTED + record) == ("login records", [KINDS["a boot"][1], said], [])


def test_a_clock_set_anew_says_how_far(tmp_path):
    steps = [linux(OLD, b"|", b"date", sec=T0), linux(NEW, b"{", b"date", sec=T0 - 3600, usec=500_000)]
    assert read(tmp_path, b"".join(steps))[1] == [
        "wtmp: clock: old time",
        "wtmp: clock: new time, -3599.500000 s from the old one",
    ]


def test_every_record_of_btmp_is_a_failure(tmp_path):
    lines = read(
        tmp_path, linux(USER, b"tty1", b"rika") + linux(LOGIN, b"ssh:notty", b"tom", b"192.0.2.9"), "btmp-20231201"
    )[1]
    assert lines == [
        "btmp[712]: failed login: rika on tty1",
        "btmp[712]: failed login: tom on ssh:notty from 192.0.2.9",
    ]


def test_the_slots_of_utmp_are_put_in_order_of_time(tmp_path):
    slots = [linux(USER, b"pts/0", b"rika", sec=T0 + 500), linux(USER, b"pts/1", b"tom", sec=T0 + 9)]
    assert read(tmp_path, b"".join(slots), "utmp")[1] == [
        "utmp[712]: login: tom on pts/1",
        "utmp[712]: login: rika on pts/0",
    ]


BOOT_AND_LOGIN = ["reboot: system boot", "login: rika on pts/0 from 192.0.2.7", "logout: pts/0"]
LAYOUTS = {
    **{
        f"Linux {order} {'64' if wide else '32'}": b"".join(
            linux(kind, line, user, host, T0 + i, order=order, wide=wide)
            for i, (kind, line, user, host) in enumerate(
                [(BOOT, b"~", b"reboot", b""), (USER, b"pts/0", b"rika", b"192.0.2.7"), (DEAD, b"pts/0", b"", b"")]
            )
        )
        for order in "<>"
        for wide in (False, True)
    },
    "macOS": mac(10, user=b"utmpx-1.00", sec=0)
    + mac(BOOT)
    + mac(USER, b"pts/0", b"rika", b"192.0.2.7")
    + mac(DEAD, b"pts/0"),
    "NetBSD": netbsd(BOOT, b"~", b"reboot") + netbsd(USER, b"pts/0", b"rika", b"192.0.2.7") + netbsd(DEAD, b"pts/0"),
    "Solaris": solaris(BOOT, b"system boot") + solaris(USER, b"pts/0", b"rika", b"192.0.2.7") + solaris(DEAD, b"pts/0"),
    **{
        name: bsd(b"~", b"reboot", form=form)
        + bsd(b"pts/0", b"rika", b"192.0.2.7", form=form)
        + bsd(b"pts/0", form=form)
        for name, form in {
            "FreeBSD 8": "<8s16s16sI",
            "OpenBSD": "<8s32s256sq",
            "OpenBSD 5.4": "<8s32s256sI",
            "NetBSD wtmp": "<8s8s16sq",
            "4.4BSD on a big machine": ">8s8s16sI",
        }.items()
    },
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_told_by_its_records(tmp_path, name):
    store, lines, problems = read(tmp_path, LAYOUTS[name])
    assert (store, [line.split(": ", 1)[1] for line in lines], problems) == ("login records", BOOT_AND_LOGIN, [])


def test_stamps_are_whole_and_in_utc(tmp_path):
    (tmp_path / "wtmp").write_bytes(LOGGED_IN)
    [source], _ = sources.find([str(tmp_path)])
    assert b"".join(sources.blocks(source, [])).startswith(b"<86>2023-11-14T22:14:20.123456Z - wtmp[712]: ")


def test_a_torn_last_record_is_named(tmp_path):
    _, lines, [said] = read(tmp_path, BOOTED * 3 + LOGGED_IN[:100])
    assert (len(lines), said) == (3, "the last record is torn: 100 of 384 bytes are there")


@pytest.mark.parametrize("size", [1, 17, 384, 1000])
def test_garbage_in_the_middle_is_named_and_the_rest_read(tmp_path, size):
    garbage = bytes(range(1, 251)) * 5
    _, lines, [said] = read(tmp_path, BOOTED * 20 + garbage[:size] + LOGGED_IN * 20)
    assert len(lines) >= 39
    assert lines[-19:] == ["wtmp[712]: login: rika on pts/0 from 192.0.2.7"] * 19
    assert said.endswith("are no records of Linux utmp, little-endian; what follows them is read")


def test_a_record_torn_in_the_middle_loses_only_itself(tmp_path):
    _, lines, [said] = read(tmp_path, BOOTED * 9 + LOGGED_IN[:200] + BOOTED * 9)
    assert len(lines) == 18
    assert said.startswith("200 bytes at byte 3,456 ")


def test_runs_of_nul_bytes_are_named(tmp_path):
    _, lines, [said] = read(tmp_path, BOOTED * 3 + bytes(384 * 2) + LOGGED_IN)
    assert len(lines) == 4
    assert said == "2 records of nothing but NUL bytes, the first at byte 1,152, as an unclean stop leaves them"


def test_a_free_slot_has_no_time(tmp_path):
    _, lines, [said] = read(tmp_path, mac(BOOT) + mac(EMPTY, b"ttys001", b"rika", sec=0, usec=7) + mac(BOOT), "utmpx")
    assert (len(lines), said) == (2, "1 free slot bears no time")


def test_records_across_blocks_are_whole(tmp_path):
    _, lines, problems = read(tmp_path, LOGGED_IN * 9000)
    assert (len(lines), problems) == (9000, [])


def test_packed_ones_are_read(tmp_path):
    assert len(read(tmp_path, gzip.compress(LOGGED_IN * 7), "wtmp.1.gz")[1]) == 7


@pytest.mark.parametrize(
    "content",
    [
        b"2026-01-01 12:00:00 hello wo" * 30,
        struct.pack("<999i", *range(999)),
        bytes(4096) + b"x" * 99,
        struct.pack("<96i", *[7] * 96),
    ],
)
def test_other_files_are_no_login_records(tmp_path, content):
    assert read(tmp_path, content)[0] == ""


def test_lines_are_found_again_at_any_byte(tmp_path):
    (tmp_path / "wtmp").write_bytes(BOOTED * 5 + LOGGED_IN)
    [source], problems = sources.find([str(tmp_path)])
    whole = b"".join(sources.blocks(source, problems))
    assert b"".join(sources.blocks(source, problems, 10, 99)) == whole[99:]
    assert sources.tail(source, 50) == whole[-50:]
