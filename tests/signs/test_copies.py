"""A message that several files hold happened once; one that stood in a file twice happened twice."""

import pytest

from logsleuth.clock.offsets import SECOND, UNKNOWN
from logsleuth.report import Evidence
from logsleuth.signs.copies import merge_copies
from logsleuth.signs.model import Fact

JOURNAL, SYSLOG, MAIL = 0, 1, 2
NOON = 1_704_196_800 * SECOND


def fact(log, second, text="disk is full", pid=7, program="app"):
    time = UNKNOWN if second is None else NOON + int(second * SECOND)
    return Fact("x", time, time, "gate", {}, (Evidence("f", 1, text),), program, pid, text, log)


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ([(JOURNAL, 0.9), (SYSLOG, 0)], [0]),
        ([(JOURNAL, 0.1), (SYSLOG, 1)], [0]),
        ([(SYSLOG, 0), (MAIL, 0)], [0]),
        ([(SYSLOG, 0), (SYSLOG, 0)], [0, 1]),
        ([(SYSLOG, 0), (SYSLOG, 1), (MAIL, 0), (MAIL, 1)], [0, 1]),
        ([(SYSLOG, 0), (MAIL, 0), (MAIL, 1.5), (MAIL, 30)], [0, 2, 3]),
        # The process id is known to the journal alone.
        ([(JOURNAL, 0, "t", 812), (SYSLOG, 0, "t", -1)], [0]),
        ([(JOURNAL, 0, "t", 812), (SYSLOG, 0, "t", 813)], [0, 1]),
        # At boot syslogd stamps late what the journal already had; two texts are written by one.
        ([(JOURNAL, 0, "t"), (SYSLOG, 31, "t")], [0]),
        ([(JOURNAL, 0, "t"), (JOURNAL, 5, "t"), (SYSLOG, 31, "t"), (SYSLOG, 31, "t")], [0, 1]),
        ([(JOURNAL, 0, "t"), (SYSLOG, 90, "t")], [0, 1]),
        ([(SYSLOG, 0, "t"), (MAIL, 31, "t")], [0, 1]),
        # The kernel's uptime stands in texts alone.
        ([(JOURNAL, 0, "sda: dead", -1, "kernel"), (SYSLOG, 3, "[   12.345678] sda: dead", -1, "kernel")], [0]),
        ([(JOURNAL, None), (SYSLOG, None)], [0, 1]),
    ],
)
def test_copies(facts, kept):
    made = [fact(*f) for f in facts]
    assert merge_copies(made, {JOURNAL}) == [made[i] for i in kept]
