"""Several hosts that stopped at one moment."""

import pytest

from logsleuth.clock.offsets import SECOND
from logsleuth.signs.common import together
from logsleuth.signs.model import Fact


def down(host, last, boot, clean="no"):
    fact = Fact("host.down", last * SECOND, boot * SECOND, host, {"clean": clean}, ())
    fact.end_lo, fact.end_hi = boot * SECOND, (boot + 1) * SECOND
    return fact


def hosts(*downs):
    return [f.fields["hosts"] for f in together(downs)]


def test_the_bounds_are_those_that_all_leave():
    (fact,) = together([down("mill", 100, 1000), down("gate", 300, 950), down("yard", 200, 1100)])
    assert fact.fields["hosts"] == "gate, mill, yard"
    assert (fact.lo, fact.hi, fact.end_lo) == (300 * SECOND, 950 * SECOND, 1100 * SECOND)
    assert fact.n == 3


@pytest.mark.parametrize(
    "downs",
    [
        [],
        [down("gate", 100, 1000)],
        [down("gate", 100, 1000), down("mill", 100, 1300)],
        [down("gate", 100, 1000), down("mill", 1010, 1050)],
        [down("gate", 100, 1000), down("mill", 100, 1000, "yes")],
        [down("gate", 100, 1000), down("mill", 100, 1000, "unknown")],
        [down("gate", 100, 1000), down("gate", 1000, 1100)],
    ],
)
def test_no_common_fate(downs):
    assert not hosts(*downs)


def test_two_cuts():
    assert hosts(*(down(h, t, t + 500) for t in (100, 5000) for h in ("gate", "mill"))) == ["gate, mill"] * 2
