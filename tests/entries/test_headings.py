"""Entries whose stamp stands on another line than their message, however the file is cut into blocks."""

import datetime as dt

import pytest

from logsleuth.pipeline import default_settings, entries, open_paths
from tests.entries.test_read import entries as rows_of
from tests.entries.test_read import log_of, saved

APT = b"""
Start-Date: 2021-03-04  05:06:07
Commandline: apt-get install nano
Install: nano:amd64 (5.4-2)
End-Date: 2021-03-04  05:06:11

Start-Date: 2021-03-05  06:07:08
Upgrade: libc6:amd64 (2.31-1, 2.31-2)
End-Date: 2021-03-05  06:07:21
"""
BASH = b'ls\nmake \\\n  all\n#1614834368\nmount -o remount,ro /srv\n#1614834371\necho "a\nb"\n'
FISH = b"- cmd: sync\n  when: 1614834368\n- cmd: reboot\n  when: 1614834371\n  paths:\n    - /srv\n"
SAMBA = (
    b"[2021/03/04 05:06:07.1,  0] ../a.c:1(main)\n  smbd started.\n[2021/03/04 05:06:08.1,  1] ../a.c:2(x)\n"
    b"  Connection reset\n  by peer\n"
)


def shown(path):
    """(line, time, first line and rest of the message) of every entry."""
    logs = open_paths([str(path)], default_settings("UTC"))
    out = []
    for merged in entries(logs):
        for piece in merged.pieces:
            batch = piece.batch
            columns = batch.columns(piece.rows)
            for i, row in enumerate(piece.rows.tolist()):
                text = bytes(batch.buffer[int(columns.text_at[i]) : int(batch.stop[row])]).decode()
                seconds = int(batch.time[row]) // 10**9
                clock = "" if seconds < 0 else f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%d %H:%M:%S}"
                out.append((int(batch.line[row]), clock, text))
    return out


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "history.log",
            APT,
            [
                (
                    2,
                    "04 05:06:07",
                    "Commandline: apt-get install nano\nInstall: nano:amd64 (5.4-2)\nEnd-Date: 2021-03-04  05:06:11\n",
                ),
                (7, "05 06:07:08", "Upgrade: libc6:amd64 (2.31-1, 2.31-2)\nEnd-Date: 2021-03-05  06:07:21"),
            ],
        ),
        (
            ".bash_history",
            BASH,
            [
                (1, "", "ls"),
                (2, "", "make \\"),
                (3, "", "all"),
                (4, "04 05:06:08", "mount -o remount,ro /srv"),
                (6, "04 05:06:11", 'echo "a\nb"'),
            ],
        ),
        (
            "fish_history",
            FISH,
            [
                (1, "04 05:06:08", "sync\n  when: 1614834368"),
                (3, "04 05:06:11", "reboot\n  when: 1614834371\n  paths:\n    - /srv"),
            ],
        ),
        (
            "log.smbd",
            SAMBA,
            [(1, "04 05:06:07", "smbd started."), (3, "04 05:06:08", "Connection reset\n  by peer")],
        ),
    ],
)
def test_an_entry_is_one_wherever_its_stamp_stands(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    assert shown(tmp_path / name) == expected


@pytest.mark.parametrize("content", [APT, BASH, FISH, SAMBA], ids=["apt", "bash", "fish", "samba"])
@pytest.mark.parametrize("block", [1, 7, 30, 64, 4096])
def test_blocks_do_not_tear_an_entry(tmp_path, content, block):
    from logsleuth.formats.split import recognize

    path = saved(tmp_path, content)
    log = log_of(path, recognize(content)[0])
    assert rows_of(log, block=block)[0] == rows_of(log)[0]


def test_a_fact_under_a_heading_cites_the_line_of_its_message(tmp_path):
    from logsleuth.signs.match import Matcher
    from logsleuth.signs.model import EventType, LazyPattern

    (tmp_path / "log.smbd").write_bytes(SAMBA)
    logs = open_paths([str(tmp_path / "log.smbd")], default_settings("UTC"))
    kind = EventType("x", match=(LazyPattern("Connection reset"),))
    facts = [
        fact
        for merged in entries(logs)
        for piece in merged.pieces
        for fact in Matcher([kind]).facts(piece.batch, logs.opened.logs[0], {})
    ]
    assert [(e.line, e.text.strip()) for f in facts for e in f.lines] == [(4, "Connection reset")]


def test_a_year_stands_where_a_chat_was_opened(tmp_path):
    content = (
        b"**** BEGIN LOGGING AT Fri Dec 31 23:58:00 2010\n\ndec 31 23:59:00 <rika> nearly\njan 01 00:01:00 <jun> now\n"
        b"**** ENDING LOGGING AT Sat Jan  1 00:02:00 2011\n\n**** BEGIN LOGGING AT Mon Feb  3 10:00:00 2014\n\n"
        b"feb 03 10:01:00 <rika> back\n"
    )
    (tmp_path / "office.log").write_bytes(content)
    logs = open_paths([str(tmp_path / "office.log")], default_settings("UTC"))
    times = [
        dt.datetime.fromtimestamp(int(t) // 10**9, dt.UTC).strftime("%Y-%m-%d %H:%M")
        for merged in entries(logs)
        for piece in merged.pieces
        for t in piece.batch.time[piece.rows]
    ]
    assert times == [
        "2010-12-31 23:58", "2010-12-31 23:59", "2011-01-01 00:01", "2011-01-01 00:02",
        "2014-02-03 10:00", "2014-02-03 10:01",
    ]  # fmt: skip


def test_utf_16_with_a_mark_is_read_as_text(tmp_path):
    text = "20210304 050607 Infected file \u201cgrün.doc\u201d\r\n20210304 050608 cleaned\r\n"
    (tmp_path / "SAV.txt").write_bytes(text.encode("utf-16"))
    assert shown(tmp_path / "SAV.txt") == [
        (1, "04 05:06:07", "Infected file \u201cgrün.doc\u201d"),
        (2, "04 05:06:08", "cleaned"),
    ]


def test_the_x_server_says_when_its_stamps_began_to_count(tmp_path):
    content = (
        b'X.Org X Server 1.20.11\n[    12.000] (==) Log file: "/var/log/Xorg.0.log", Time: Thu Mar  4 05:06:07 2021\n'
        b"[    13.000] (EE) no screens found\n\tgiving up\n"
    )
    (tmp_path / "Xorg.0.log").write_bytes(content)
    rows = shown(tmp_path / "Xorg.0.log")
    assert [(line, clock) for line, clock, _ in rows] == [(1, ""), (2, "04 05:06:07"), (3, "04 05:06:08")]
    assert rows[2][2] == "no screens found\n\tgiving up"
