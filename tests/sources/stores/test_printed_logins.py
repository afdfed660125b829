"""What last, lastb, utmpdump and who print reads as the records it was printed from."""

import json

import pytest
from click.testing import CliRunner

from logsleuth import sources
from logsleuth.cli import main

WHOLE = """\
tom      pts/1        pc8.example.org  Fri May  3 10:12:47 2024   still logged in
reboot   system boot  6.1.0-18-amd64   Fri May  3 09:31:00 2024   still running
shutdown system down  6.1.0-18-amd64   Fri May  3 09:27:14 2024 - Fri May  3 09:31:00 2024  (00:03)
rika     pts/0        192.0.2.7        Thu May  2 23:50:00 2024 - Fri May  3 00:20:30 2024  (00:30)
runlevel (to lvl 5)   6.1.0-18-amd64   Thu May  2 09:12:47 2024 - Fri May  3 09:27:14 2024 (1+00:14)
reboot   system boot  6.1.0-18-amd64   Thu May  2 09:10:00 2024 - Fri May  3 09:27:14 2024 (1+00:17)

wtmp begins Thu May  2 09:10:00 2024
"""
WHOLE_SAID = [
    "2024-05-02T09:10:00 wtmp: reboot: system boot, kernel 6.1.0-18-amd64 [line 6]",
    "2024-05-02T09:12:47 wtmp: runlevel: to level 5, kernel 6.1.0-18-amd64 [line 5]",
    "2024-05-02T23:50:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 4]",
    "2024-05-03T00:20:30 wtmp: logout: rika on pts/0 [line 4]",
    "2024-05-03T09:27:14 wtmp: shutdown: system down, kernel 6.1.0-18-amd64 [line 3]",
    "2024-05-03T09:31:00 wtmp: reboot: system boot, kernel 6.1.0-18-amd64 [line 2]",
    "2024-05-03T10:12:47 wtmp: login: tom on pts/1 from pc8.example.org [line 1]",
]
SHORT = """\
rika     pts/0        192.0.2.7        Mon Jan  1 00:30 - crash  (02:00)
reboot   system boot  2.6.26-2-686     Sun Dec 31 09:30          (3+00:00)
rika     pts/0        192.0.2.7        Sat Dec 30 23:50 - 00:20  (00:30)
reboot   system boot  2.6.26-2-686     Sat Dec 30 09:10 - 09:27  (1+00:17)

wtmp begins Sat Dec 30 09:10:11 2006
"""
SHORT_SAID = [
    "2006-12-30T09:10:00 wtmp: reboot: system boot, kernel 2.6.26-2-686 [line 4]",
    "2006-12-30T23:50:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 3]",
    "2006-12-31T00:20:00 wtmp: logout: rika on pts/0 [line 3]",
    "2006-12-31T09:27:00 wtmp: shutdown: system down, kernel 2.6.26-2-686 [line 4]",
    "2006-12-31T09:30:00 wtmp: reboot: system boot, kernel 2.6.26-2-686 [line 2]",
    "2007-01-01T00:30:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 1]",
]
FREEBSD = """\
rika       pts/0    192.0.2.7              Thu May  2 10:12 - 10:20  (00:08)
boot time                                  Thu May  2 09:10
shutdown time                              Thu May  2 09:05

utx.log begins Thu May  2 09:05:11 UTC 2024
"""
FREEBSD_SAID = [
    "2024-05-02T09:05:00 wtmp: shutdown: system down [line 3]",
    "2024-05-02T09:10:00 wtmp: reboot: system boot [line 2]",
    "2024-05-02T10:12:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 1]",
    "2024-05-02T10:20:00 wtmp: logout: rika on pts/0 [line 1]",
]
BAD = """\
root     ssh:notty    198.51.100.4     Thu May  2 09:10:03 2024 - Thu May  2 09:10:03 2024  (00:00)
admin    ssh:notty    198.51.100.4     Thu May  2 09:10:00 2024 - Thu May  2 09:10:03 2024  (00:00)

btmp begins Thu May  2 09:10:00 2024
"""
BAD_SAID = [
    "2024-05-02T09:10:00 btmp: failed login: admin on ssh:notty from 198.51.100.4 [line 2]",
    "2024-05-02T09:10:03 btmp: failed login: root on ssh:notty from 198.51.100.4 [line 1]",
]
ISO = """\
rika     tty1                          2024-05-02T10:12:47+02:00   gone - no logout
reboot   system boot  6.1.0-18-amd64   2024-05-02T09:10:00+02:00   still running
"""
ISO_SAID = [
    "2024-05-02T07:10:00.000000Z wtmp: reboot: system boot, kernel 6.1.0-18-amd64 [line 2]",
    "2024-05-02T08:12:47.000000Z wtmp: login: rika on tty1 [line 1]",
]
DUMP = """\
Utmp dump of /var/log/wtmp
[2] [00000] [~~  ] [reboot  ] [~           ] [6.1.0-18-amd64      ] [0.0.0.0        ] [2024-05-02T09:10:00,626298+00:00]
[7] [00912] [ts/0] [rika    ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] [2024-05-02T10:12:47,000000+00:00]
[1] [13878] [~~  ] [runlevel] [~           ] [6.1.0-18-amd64      ] [0.0.0.0        ] [2024-05-02T10:20:00,000000+00:00]
[1] [00000] [~~  ] [shutdown] [~           ] [6.1.0-18-amd64      ] [0.0.0.0        ] [Thu May  2 10:27:14 2024 UTC    ]
"""
DUMP_SAID = [
    "2024-05-02T09:10:00.626298Z wtmp: reboot: system boot, kernel 6.1.0-18-amd64 [line 2]",
    "2024-05-02T10:12:47.000000Z wtmp[912]: login: rika on pts/0 from 192.0.2.7 [line 3]",
    "2024-05-02T10:20:00.000000Z wtmp: runlevel: to level 6 from 6, kernel 6.1.0-18-amd64 [line 4]",
    "2024-05-02T10:27:14 wtmp: shutdown: system down, kernel 6.1.0-18-amd64 [line 5]",
]
WHO = """\
           system boot  2024-05-02 09:10
           run-level 5  2024-05-02 09:12
LOGIN      tty1         2024-05-02 09:12               714 id=tty1
rika     + pts/0        2024-05-02 10:12   .          2357 (192.0.2.7)
"""
WHO_SAID = [
    "2024-05-02T09:10:00 wtmp: reboot: system boot [line 1]",
    "2024-05-02T09:12:00 wtmp: runlevel: to level 5 [line 2]",
    "2024-05-02T09:12:00 wtmp: login prompt: tty1 [line 3]",
    "2024-05-02T10:12:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 4]",
]
CASES = {
    "last -F -x": (WHOLE, "last", WHOLE_SAID),
    "last of sysvinit, over a New Year": (SHORT, "last", SHORT_SAID),
    "last of FreeBSD": (FREEBSD, "last", FREEBSD_SAID),
    "lastb -F": (BAD, "last", BAD_SAID),
    "last --time-format iso": (ISO, "last", ISO_SAID),
    "utmpdump": (DUMP, "utmpdump", DUMP_SAID),
    "who -a": (WHO, "who", WHO_SAID),
}


def read(tmp_path, text):
    """(store, records, reasons)."""
    path = tmp_path / "paste.txt"
    path.write_text(text)
    [source], problems = sources.find([str(path)])
    lines = b"".join(sources.blocks(source, problems)).decode().splitlines()
    said = [line.split(">", 1)[1].replace(".000000 - ", " ").replace(" - ", " ", 1) for line in lines]
    return source.store, said, [p.reason for p in problems]


@pytest.mark.parametrize("name", CASES)
def test_a_listing_gives_its_records_oldest_first(tmp_path, name):
    text, store, said = CASES[name]
    assert read(tmp_path, text) == (store, said, [])


def test_without_a_year_it_is_that_of_any_other_log(tmp_path):
    text = SHORT.split("\n\n", maxsplit=1)[0] + "\n"
    assert read(tmp_path, text)[1][::5] == [
        "Dec 30 09:10:00 wtmp: reboot: system boot, kernel 2.6.26-2-686 [line 4]",
        "Jan  1 00:30:00 wtmp: login: rika on pts/0 from 192.0.2.7 [line 1]",
    ]
    ran = CliRunner().invoke(
        main, ["timeline", "--format", "jsonl", "--tz", "UTC", "--year", "2007", str(tmp_path / "paste.txt")]
    )
    rows = [json.loads(line) for line in ran.output.splitlines() if line.startswith("{")]
    assert [row["time"][:10] for row in rows][::5] == ["2006-12-30", "2007-01-01"]
    assert {row["program"] for row in rows} == {"wtmp"}


def test_a_boot_without_an_end_shows_no_shutdown(tmp_path):
    text = (
        "reboot   system boot  6.1.0-18-amd64   Fri May  3 09:31:00 2024   still running\n"
        "reboot   system boot  6.1.0-18-amd64   Thu May  2 09:10:00 2024   still running\n"
    )
    assert not any("shutdown" in line for line in read(tmp_path, text)[1])


def test_lines_that_are_none_are_counted(tmp_path):
    assert read(tmp_path, WHOLE + "$ exit\n")[2] == ["1 lines are none that last prints"]


@pytest.mark.parametrize(
    "text",
    [
        "May  3 10:12:47 gate sshd[88]: Accepted publickey for rika from 192.0.2.7 port 50211 ssh2\n" * 9,
        "Fri May  3 10:12:47 2024 : Info: Ready to process requests\n" * 9,
        "Fri May  3 10:12:47 2024 rika logged in\n" * 9,
        "2024-05-03 10:12 backup started\n" * 9,
        "[Fri May 03 10:12:47 2024] [error] no such file\n" * 9,
        "gate backup 2024-05-03 10:12 done\n",
    ],
)
def test_other_texts_are_none(tmp_path, text):
    path = tmp_path / "paste.txt"
    path.write_text(text)
    found, _ = sources.find([str(path)])
    assert [source.store for source in found] == [""]
