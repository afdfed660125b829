"""Whether the day or the month comes first, by all that a file tells."""

import datetime as dt
import os

import pytest

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.formats import FORMATS
from logsleuth.formats.day_first import twin

NOW = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp()) * 10**9
START = dt.datetime(2021, 3, 4, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
DOUBT = "nothing in it tells whether the day or the month comes first in its stamps: the more usual is taken"


def opened(folder, spelling, start=START, count=20, step=MINUTE, *, copied=False, text="a line of this log"):
    """(format, doubts) of a log that ends when its file was changed last, or was copied later."""
    times = [start + k * step for k in range(count)]
    path = folder / "x.log"
    path.write_text("".join(f"{time:{spelling}} {text}\n" for time in times))
    changed = NOW if copied else int(times[-1].timestamp()) * 10**9
    os.utime(path, ns=(changed, changed))
    logs = pipeline.open_paths([str(path)], Settings(dt.UTC, "UTC (--tz)", NOW, zone_given=True))
    return logs.opened.logs[0].format.name, [a.text for a in logs.opened.assumptions if a.text == DOUBT]


@pytest.mark.parametrize(
    ("spelling", "how", "expected"),
    [
        # The last change is on the day of the last line.
        ("%d/%m/%Y %H:%M:%S", {}, "stamped-dmy-number"),
        ("%m/%d/%Y %H:%M:%S", {}, "stamped-mdy-slash"),
        ("%d/%m/%y %H:%M:%S", {}, "stamped-dmy-short"),
        ("%m-%d-%Y %H:%M:%S", {}, "stamped-mdy-number-dash"),
        # A day past the 12th, in the first lines or only in the last.
        ("%d/%m/%Y %H:%M:%S", {"step": DAY, "copied": True}, "stamped-dmy-number"),
        ("%m/%d/%Y %H:%M:%S", {"step": DAY, "copied": True}, "stamped-mdy-slash"),
        ("%d/%m/%Y %H:%M:%S", {"step": MINUTE, "count": 14_400, "copied": True}, "stamped-dmy-number"),
        # No day past the 12th, but a new month: the other way its lines would run backwards.
        ("%d/%m/%Y %H:%M:%S", {"start": START + 6 * DAY, "step": 25 * DAY, "count": 2, "copied": True},
         "stamped-dmy-number"),
    ],
)  # fmt: skip
def test_other_lines_or_the_last_change_tell_which_number_is_the_day(tmp_path, spelling, how, expected):
    assert opened(tmp_path, spelling, **how) == (expected, [])


@pytest.mark.parametrize(
    ("spelling", "usual"),
    [("%d/%m/%Y %H:%M:%S", "stamped-mdy-slash"), ("%m-%d-%Y %H:%M:%S", "stamped-dmy-number-dash")],
)
def test_what_nothing_tells_is_said(tmp_path, spelling, usual):
    assert opened(tmp_path, spelling, copied=True) == (usual, [DOUBT])


def test_the_same_number_twice_leaves_no_doubt(tmp_path):
    assert opened(tmp_path, "%d/%m/%Y %H:%M:%S", START + 27 * DAY + 4 * DAY, copied=True) == ("stamped-mdy-slash", [])


def test_two_orders_of_one_spelling_know_each_other():
    pairs = [(form, twin(form)) for form in FORMATS if twin(form) is not None]
    assert len(pairs) > 12
    assert all(twin(other) is form for form, other in pairs)
