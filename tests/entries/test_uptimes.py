"""Lines that several syslog files stamp with one second go by the kernel's uptime, and no file's order is broken."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth.entries import Stream, merge, read, streams
from logsleuth.entries.ties import told_first, uptimes_of

BOOT = 10 * 3600
NAMES = ("auth.log", "kern.log", "messages")


def stamp(microseconds):
    second = BOOT + microseconds // 10**6
    return f"Oct  3 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02} box"


def kernel(at, text="x"):
    return f"{stamp(at)} kernel: [{at // 10**6:5}.{at % 10**6:06}] {text}\n"


def told(opened, files, block=1 << 20):
    logs = opened({name: text.encode() for name, text in files.items()})
    made = [
        Stream(read(members, [], {}, block), machine=uptimes_of(members))
        for members in told_first(streams(logs.opened.logs))
    ]
    out = []
    for merged in merge(made):
        rows = [(p.batch, int(r)) for p in merged.pieces for r in p.rows]
        order = range(len(rows)) if merged.order is None else merged.order.tolist()
        out += [rows[i][0].bytes_of(rows[i][1]).decode() for i in order]
    return out


def test_kernel_lines_of_one_second_in_two_files(opened):
    files = {
        "kern.log": kernel(12_100_000, "one") + kernel(12_500_000, "three") + kernel(13_900_000, "six"),
        "messages": f"{stamp(12_000_000)} rsyslogd: start\n"
        + kernel(12_300_000, "two")
        + f"{stamp(12_300_000)} sshd[1]: after two\n"
        + kernel(12_700_000, "four")
        + kernel(13_800_000, "five")
        + f"{stamp(13_800_000)} cron[2]: after five\n",
    }
    said = [line.split(": ")[-1].split("] ")[-1] for line in told(opened, files)]
    assert said == ["start", "one", "two", "after two", "three", "four", "five", "after five", "six"]


def test_uptimes_of_two_machines_are_not_compared(opened):
    late, early = kernel(500_000_000, "a"), kernel(500_000_000, "b").replace("500.000000", "  3.000000")
    files = {"one/var/log/messages": late.replace("box", "one"), "two/var/log/messages": early.replace("box", "two")}
    assert [line[-1] for line in told(opened, files)] == ["a", "b"]


@pytest.mark.parametrize("block", [64, 1 << 20])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.tuples(st.integers(0, 400_000), st.sampled_from(NAMES[1:]), st.booleans(), st.sampled_from(NAMES)),
        min_size=2,
        max_size=30,
    )
)
def test_however_a_boot_is_spread_over_files_its_kernel_lines_stay_in_order(opened, block, lines):
    files = dict.fromkeys(NAMES, f"{stamp(0)} syslogd: start\n")
    at = 0
    for number, (after, name, follows, other) in enumerate(lines):
        at += after
        files[name] += kernel(at, f"line {number}")
        if follows:
            files[other] += f"{stamp(at)} sshd[7]: line {number}\n"
    rows = told(opened, files, block)
    uptimes = [float(found[1]) for line in rows if (found := re.search(r"\[ *(\d+\.\d+)\]", line))]
    assert uptimes == sorted(uptimes)
    for text in files.values():
        own = text.splitlines()
        left = iter(rows)
        assert all(line in left for line in own)  # each after the one before it
    assert sorted(rows) == sorted("".join(files.values()).splitlines())
