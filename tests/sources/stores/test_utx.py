"""FreeBSD's utx.log, utx.active and utx.lastlogin; and lastlog."""

import struct

import pytest

from logsleuth import sources
from tests.sources.stores.made import T0, futx, logged
from tests.sources.stores.test_logins import read

BOOT, OLD, NEW, USER, _, _, DEAD, SHUTDOWN = range(1, 9)
LIFE = [
    futx(BOOT),
    futx(USER, b"idaaaaaa", b"rika", b"pts/0", b"192.0.2.7", T0 * 10**6 + 123456, 712),
    futx(OLD, micro=T0 * 10**6 + 2 * 10**6),
    futx(NEW, micro=T0 * 10**6 + 3 * 10**6),
    futx(DEAD, b"idaaaaaa", pid=712, micro=T0 * 10**6 + 9 * 10**6),
    futx(SHUTDOWN, micro=T0 * 10**6 + 10 * 10**6),
]
SAID = [
    "utx.log: reboot: system boot",
    "utx.log[712]: login: rika on pts/0 from 192.0.2.7",
    "utx.log: clock: old time",
    "utx.log: clock: new time, +1 s from the old one",
    "utx.log[712]: logout: rika on pts/0",
    "utx.log: shutdown: system down",
]


def test_a_log_is_read_record_by_record(tmp_path):
    assert read(tmp_path, logged(*LIFE), "utx.log") == ("FreeBSD login records", SAID, [])


def test_a_log_of_one_boot_is_enough(tmp_path):
    assert read(tmp_path, logged(LIFE[0]), "utx.log")[1] == SAID[:1]


def test_garbage_and_a_torn_end_are_named(tmp_path):
    whole = logged(*LIFE[:4])
    _, lines, problems = read(tmp_path, whole + b"\xff" * 33 + logged(*LIFE[4:]) + logged(LIFE[1])[:40], "utx.log")
    assert lines == SAID
    assert problems == [
        f"33 bytes in 1 places, the first at byte {len(whole):,}, are no records; what follows them is read",
        "the last record is torn: 40 bytes of it are there",
    ]


def test_tables_are_put_in_order_of_time(tmp_path):
    late = futx(USER, b"idbbbbbb", b"tom", b"ttyv0", micro=T0 * 10**6 - 5 * 10**6, pid=9)
    store, lines, problems = read(tmp_path, LIFE[1] + bytes(197) + late, "utx.active")
    assert (store, problems) == ("FreeBSD login records", [])
    assert lines == ["utx.active[9]: login: tom on ttyv0", "utx.active[712]: login: rika on pts/0 from 192.0.2.7"]


LASTLOG = struct.pack("<I32s256s", T0, b"pts/0", b"192.0.2.7")
SAID_LAST = "lastlog: last login: uid {} on pts/0 from 192.0.2.7"


@pytest.mark.parametrize("uid", [0, 3, 1000, 200_000])
def test_lastlog_says_who_by_number(tmp_path, uid):
    assert read(tmp_path, bytes(292 * uid) + LASTLOG, "lastlog") == ("last logins", [SAID_LAST.format(uid)], [])


def test_lastlog_may_be_far_larger_than_the_disk(tmp_path):
    with (tmp_path / "lastlog").open("wb") as file:
        file.seek(292 * 1_000_000_000)
        file.write(LASTLOG)
    [source], problems = sources.find([str(tmp_path)])
    assert SAID_LAST.format(1_000_000_000).encode() in b"".join(sources.blocks(source, problems))
    assert problems == []


def test_lastlog_in_order_of_time_damage_named(tmp_path):
    earlier = struct.pack("<I32s256s", T0 - 99, b"tty1", b"")
    _, lines, problems = read(tmp_path, LASTLOG + earlier + bytes(292) + b"\xff" * 292 + LASTLOG * 4, "lastlog")
    assert lines[0] == "lastlog: last login: uid 1 on tty1"
    assert len(lines) == 6
    assert problems == ["1 records are damaged; the others are read"]


@pytest.mark.parametrize("form", ["<q32s256s", ">I32s256s", "<I8s16s", "<q8s256s"])
def test_other_lastlogs(tmp_path, form):
    lines = read(tmp_path, struct.pack(form, T0, b"ttyp0", b"192.0.2.7") * 3, "lastlog")[1]
    assert lines[2] == "lastlog: last login: uid 2 on ttyp0 from 192.0.2.7"
