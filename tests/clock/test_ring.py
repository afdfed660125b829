"""Stamps that count from the boot: the last one is as old as the file, if there is one boot."""

import os

import pandas as pd
import pytest

from logsleuth.pipeline import default_settings, entries, open_paths, timeline

DMESG = "[    0.000000] Linux version 6.1.0\n[    2.500000] usb 1-1: new device\n[   60.000000] eth0: link up\n"
MONOTONIC = "[    0.000000] gate kernel: Linux version 6.1.0\n[   60.000000] gate sshd[8]: Server listening\n"
BOOT = "-- Boot 0123456789abcdef0123456789abcdef --\n"


def times(tmp_path, text):
    path = tmp_path / "dmesg"
    path.write_text(text)
    os.utime(path, (1_700_000_060, 1_700_000_060))
    frame = timeline(str(path), tz="UTC")
    return [None if pd.isna(t) else t.timestamp() for t in frame.time]


@pytest.mark.parametrize("text", [DMESG, MONOTONIC])
def test_one_boot(tmp_path, text):
    got = times(tmp_path, text)
    assert (got[0], got[-1]) == (1_700_000_000, 1_700_000_060)


@pytest.mark.parametrize("text", [DMESG * 2, MONOTONIC + BOOT + MONOTONIC])
def test_of_several_boots_no_time_is_known(tmp_path, text):
    assert set(times(tmp_path, text)) == {None}
    logs = open_paths([str(tmp_path)], default_settings("UTC"))
    assert sum(len(merged) for merged in entries(logs)) == sum(line.startswith("[") for line in text.splitlines())
    assert any("it tells of 2 boots: its times are not known" in a.text for a in logs.opened.assumptions)


def test_processors_that_do_not_quite_agree_are_one_boot(tmp_path):
    assert times(tmp_path, DMESG + "[   59.999000] eth0: flow control\n")[0] is not None
