"""`-- Boot ID --` and `-- Reboot --` in what journalctl printed: a boot lies between, and no more is known."""

import pytest

from logsleuth.pipeline import boots, explain
from logsleuth.signs import stream

BOOT = "-- Boot 4f2a91c2c4f94d1fb0c1d5e6a7b8c9d0 --"
UNIT = [
    "Mar 03 10:00:00 gate nginx[812]: start worker processes",
    "Mar 03 10:05:00 gate nginx[812]: reopening logs",
    BOOT,
    "Mar 04 10:00:00 gate nginx[800]: start worker processes",
    "-- Reboot --",
    "Mar 05 10:00:00 gate nginx[801]: start worker processes",
]
BANNER = "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.76-1"


def lives(folder, year=2024, **files):
    for name, lines in files.items():
        (folder / f"{name}.log").write_text("\n".join(lines) + "\n")
    told, _ = boots(str(folder), tz="UTC", year=year)
    return [b.how for b in told], told


def test_a_boot_of_which_nothing_else_tells_ends_a_life_nobody_knows_how(tmp_path):
    rows, told = lives(tmp_path, unit=UNIT)
    assert rows == ["unknown", "unknown", "still up"]
    assert [b.first.text for b in told[1:]] == [BOOT, "-- Reboot --"]
    assert "not how the one before it ended" in told[0].because.template
    assert not explain(str(tmp_path), tz="UTC", year=2024).incidents


@pytest.mark.parametrize("lines", [1, 2, 3, 4])
def test_it_is_found_wherever_the_file_is_cut_into_blocks(tmp_path, monkeypatch, lines):
    size = sum(len(line) + 1 for line in UNIT[:lines])
    monkeypatch.setattr(stream, "BLOCK", size)
    assert len(lives(tmp_path, unit=UNIT)[0]) == 3


def test_other_lines_tell_more(tmp_path):
    """The syslog beside it holds the orderly shutdown and the kernel's banner: one boot, and a clean end."""
    syslog = [
        "Mar 03 10:04:00 gate CRON[7]: (root) CMD (true)",
        "Mar 03 10:30:00 gate systemd-logind[601]: System is rebooting.",
        'Mar 03 10:30:02 gate rsyslogd: [origin software="rsyslogd" swVersion="8"] exiting on signal 15.',
        f"Mar 03 10:31:00 gate kernel: [    0.000000] {BANNER}",
        "Mar 03 12:00:00 gate CRON[7]: (root) CMD (true)",
    ]
    rows, _ = lives(tmp_path, unit=UNIT[:4], syslog=syslog)
    assert rows == ["clean", "still up"]


def test_the_whole_journal_is_judged_by_its_lines(tmp_path):
    rows, _ = lives(tmp_path, all=[*UNIT[:3], f"Mar 03 10:07:00 gate kernel: {BANNER}"])
    assert rows == ["unclean", "still up"]


def test_two_units_lines_tell_of_one_boot(tmp_path):
    other = [line.replace("nginx", "redis").replace("10:00:00", "10:02:00") for line in UNIT[:4]]
    assert len(lives(tmp_path, unit=UNIT[:4], other=other)[0]) == 2


def test_a_text_that_only_looks_alike_is_none(tmp_path):
    rows, _ = lives(tmp_path, unit=[UNIT[0], "  -- Reboot --", "-- Reboot -- now", "-- Boot 12 --", UNIT[3]])
    assert len(rows) == 1
