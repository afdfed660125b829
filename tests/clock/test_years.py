"""The year of stamps that name none: New Years counted, and the year of the last line witnessed."""

import datetime as dt
import os

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from logsleuth.clock import hints, years
from logsleuth.clock.logs import Settings, open_logs
from logsleuth.clock.witness import Witness, choose
from logsleuth.entries import read
from logsleuth.sources import find

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2030, 6, 1, tzinfo=dt.UTC)


def naive(text):
    return dt.datetime.fromisoformat(text)


def instant(text):
    """Nanoseconds of `2014-12-24 10:00:00`, or of its date alone."""
    when = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    return (when - EPOCH) // dt.timedelta(seconds=1) * 10**9


def wall(text):
    """A stamp without a year as it is decoded: in the year 2000."""
    when = dt.datetime.strptime("2000 " + text, "%Y %b %d %H:%M:%S").replace(tzinfo=dt.UTC)
    return instant(when.isoformat(sep=" ")[:19])


def walls(texts):
    return np.array([wall(text) for text in texts], np.int64)


TURNS = {
    "no change": (["Mar 1 10:00:00", "Mar 1 10:00:00", "Mar 4 00:00:00"], [0, 0, 0]),
    "New Year": (["Dec 31 23:59:59", "Jan 1 00:00:00", "Jan 1 00:00:01"], [0, 1, 1]),
    "New Year in a quiet winter": (["Nov 2 10:00:00", "Feb 7 10:00:00"], [0, 1]),
    "ten months without a line": (["Feb 10 10:00:00", "Dec 20 10:00:00", "Oct 30 10:00:00"], [0, 0, 1]),
    "lines that come weeks late": (["Feb 10 10:00:00", "Jan 5 10:00:00", "Feb 10 10:00:09"], [0, 0, 0]),
    "two files put together in the wrong order": (
        ["Mar 8 00:00:00", "Mar 14 23:59:00", "Mar 1 00:00:00", "Mar 7 23:59:00"],
        [0, 0, 0, 0],
    ),
    "lines of the old year a week late": (
        ["Dec 31 10:00:00", "Jan 2 10:00:00", "Dec 27 10:00:00", "Jan 2 10:00:01"],
        [0, 1, 0, 1],
    ),
    "three years": (
        ["Dec 30 10:00:00", "Jan 2 10:00:00", "Dec 20 10:00:00", "Jan 4 10:00:00", "Jun 1 10:00:00"],
        [0, 1, 1, 2, 2],
    ),
    "two writers at midnight": (
        ["Dec 31 23:59:59", "Jan 1 00:00:00", "Dec 31 23:59:59", "Jan 1 00:00:00"],
        [0, 1, 0, 1],
    ),
    "a clock that ran two hours ahead": (["Mar 4 10:00:00", "Mar 4 08:00:00"], [0, 0]),
    "leap day": (["Feb 28 10:00:00", "Feb 29 10:00:00", "Mar 1 10:00:00"], [0, 0, 0]),
    "a clock that fell to January and was put right": (
        ["Aug 5 10:00:00", "Jan 1 00:00:05", "Jan 1 00:00:40", "Aug 5 10:02:00", "Aug 6 00:00:00"],
        [0, 0, 0, 0, 0],
    ),
    "the same in January": (
        ["Jan 20 10:00:00", "Jan 1 00:00:05", "Jan 20 10:01:00"],
        [0, 0, 0],
    ),
    "the same twice": (
        ["Aug 5 10:00:00", "Jan 1 00:00:05", "Aug 5 10:02:00", "Jan 1 00:00:04", "Aug 9 10:02:00"],
        [0, 0, 0, 0, 0],
    ),
    "a job on the first of each month": (
        ["Nov 1 00:00:05", "Dec 1 00:00:05", "Jan 1 00:00:05", "Feb 1 00:00:05", "Mar 1 00:00:05"],
        [0, 0, 1, 1, 1],
    ),
    "the first minutes of a New Year are no fall": (
        ["Dec 30 10:00:00", "Jan 1 00:00:05", "Jan 4 10:00:00", "Feb 1 00:00:00"],
        [0, 1, 1, 1],
    ),
    "a fall to 1970 as Tokyo shows it": (
        ["Aug 5 10:00:00", "Jan 1 09:00:05", "Aug 5 10:02:00"],
        [0, 0, 0],
    ),
    "a fall to 1970 as New York shows it": (
        ["Aug 5 10:00:00", "Dec 31 19:00:05", "Aug 5 10:02:00"],
        [0, -1, 0],
    ),
    "a fall to the day on which the system was built": (
        ["Aug 5 10:00:00", "Mar 3 00:00:04", "Mar 3 00:02:00", "Aug 5 10:03:00", "Sep 1 10:00:00"],
        [0, 0, 0, 0, 0],
    ),
    "the same, later in the year": (
        ["Aug 5 10:00:00", "Nov 18 00:00:04", "Nov 18 00:02:00", "Aug 5 10:03:00"],
        [0, 0, 0, 0],
    ),
    "a week on a clock that began anew": (
        ["Aug 5 10:00:00", "Jan 1 00:00:05", "Jan 3 10:00:00", "Jan 6 10:00:00", "Aug 11 10:03:00"],
        [0, 0, 0, 0, 0],
    ),
    "a fall from which the clock has not come back": (
        ["Aug 5 10:00:00", "Aug 6 10:00:00", "Jan 1 00:00:05", "Jan 1 00:02:00"],
        [0, 0, 0, 0],
    ),
    "the first of January in a log of few lines": (
        ["Aug 1 00:00:05", "Oct 1 00:00:05", "Jan 1 00:00:05"],
        [0, 0, 1],
    ),
    "a fall at Christmas": (
        ["Dec 27 10:00:00", "Jan 1 00:00:05", "Dec 27 10:02:00"],
        [0, 1, 0],
    ),
    "a New Year, and a fall later": (
        ["Dec 31 23:00:00", "Jan 1 00:00:05", "May 2 10:00:00", "Jan 1 00:00:03", "May 2 11:00:00"],
        [0, 1, 1, 1, 1],
    ),
}


def turned(texts, cuts=()):
    """The years that stamps lie after the first, each line one byte long."""
    steps = years.Steps()
    for piece in np.split(np.arange(len(texts)), cuts):
        steps.add(walls(texts)[piece], piece)
    return years.turns(steps).years.at(np.arange(len(texts))).tolist()


@pytest.mark.parametrize(("texts", "expected"), TURNS.values(), ids=TURNS)
def test_a_step_far_back_is_a_new_year(texts, expected):
    assert turned(texts) == expected


@pytest.mark.parametrize(("texts", "expected"), TURNS.values(), ids=TURNS)
def test_the_pieces_in_which_a_file_comes_make_no_difference(texts, expected):
    assert turned(texts, range(1, len(texts))) == expected


def test_no_lines_lie_in_no_year():
    assert turned([]) == []


@tuned(deadline=None)
@given(st.lists(st.integers(0, 366 * 86_400 - 1), max_size=60))
def test_stamps_in_any_order_have_years_one_apart_at_most(seconds):
    """Whatever a file holds: a line lies in the year of the one before, or in one beside it."""
    steps = years.Steps()
    wall = years.YEAR_START + np.array(seconds, np.int64) * 10**9
    steps.add(wall, np.arange(len(wall)))
    got = years.turns(steps).years.at(np.arange(len(wall)))
    assert (np.abs(np.diff(got)) <= 2).all()


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("Jan 1 00:00:00", 2023, "2023-01-01 00:00:00"),
        ("Feb 28 23:59:59", 2023, "2023-02-28 23:59:59"),
        ("Feb 29 12:00:00", 2024, "2024-02-29 12:00:00"),
        ("Feb 29 12:00:00", 2023, "2023-03-01 12:00:00"),
        ("Mar 1 12:00:00", 2023, "2023-03-01 12:00:00"),
        ("Dec 31 23:59:59", 2023, "2023-12-31 23:59:59"),
        ("Dec 31 23:59:59", 2024, "2024-12-31 23:59:59"),
        ("Mar 1 00:00:00", 2100, "2100-03-01 00:00:00"),
        ("Mar 1 00:00:00", 1999, "1999-03-01 00:00:00"),
    ],
)
def test_a_stamp_moves_to_its_year(text, year, expected):
    got = years.in_year(walls([text]), np.array([year], np.int64))
    assert got.tolist() == [instant(expected)]


@given(st.lists(st.datetimes(naive("1970-01-01"), naive("2199-12-31")), min_size=1, max_size=20))
def test_many_stamps_move_to_many_years(whens):
    whens = [when.replace(microsecond=0) for when in whens]
    stamps = np.array([instant(str(when.replace(year=2000))) for when in whens], np.int64)
    got = years.in_year(stamps, np.array([when.year for when in whens], np.int64))
    assert got.tolist() == [instant(str(when)) for when in whens]


def written(*, given=None, rotation=None, neighbour=None, mtime=None, build=None, run=None, now="2030-06-01"):
    """Witnesses as `logs` calls them, at dates."""
    rows = {"given": given, "rotation": rotation, "neighbour": neighbour, "mtime-close": mtime, "mtime": mtime,
            "build": build, "run": run, "now": now}  # fmt: skip
    return [Witness(kind, instant(at), kind) for kind, at in rows.items() if at is not None]


@pytest.mark.parametrize(
    ("last", "witnesses", "year", "by"),
    [
        ("Mar 4 10:00:00", written(), 2030, "now"),
        ("Dec 24 10:00:00", written(), 2029, "now"),
        ("Mar 4 10:00:00", written(mtime="2014-03-04 10:00:01"), 2014, "mtime-close"),
        ("Dec 31 23:59:59", written(mtime="2015-01-01 00:00:00"), 2014, "mtime-close"),
        ("Jan 1 08:00:00", written(mtime="2014-12-31 23:00:00"), 2015, "mtime-close"),
        # Closed in April: the file was compressed, or its last weeks were silent.
        ("Dec 24 10:00:00", written(mtime="2015-04-03"), 2014, "mtime"),
        ("Mar 4 10:00:00", written(mtime="2015-04-03"), 2015, "mtime"),
        # A leap day has few years to choose from.
        ("Feb 29 10:00:00", written(mtime="2015-04-03"), 2012, "mtime"),
        ("Feb 29 10:00:00", written(now="1903-01-01"), 1896, "now"),
        # Copied long after it was written.
        ("Aug 10 10:00:00", written(mtime="2024-05-05", build="2003-06-01"), 2003, "build"),
        ("Feb 3 10:00:00", written(mtime="2024-05-05", build="2003-06-01"), 2004, "build"),
        ("Jun 1 03:00:00", written(mtime="2024-05-05", build="2003-06-01 12:00:00"), 2003, "build"),
        ("Aug 10 10:00:00", written(mtime="2024-08-10 11:00:00", build="2003-06-01"), 2024, "mtime-close"),
        ("Aug 10 10:00:00", written(mtime="2024-05-05", run="2010-08-01"), 2010, "run"),
        ("Dec 30 10:00:00", written(mtime="2024-05-05", neighbour="2010-01-02"), 2009, "neighbour"),
        ("Dec 31 23:59:59", written(mtime="2024-05-05", rotation="2012-01-01"), 2011, "rotation"),
        ("Jan 1 00:00:09", written(mtime="2024-05-05", rotation="2012-01-01"), 2012, "rotation"),
        ("Mar 4 10:00:00", written(mtime="2014-03-04 10:00:01", rotation="2012-03-05",
                                  given="1999-07-01"), 1999, "given"),
    ],
)  # fmt: skip
def test_the_best_witness_tells_the_year(last, witnesses, year, by):
    choice = choose(wall(last), witnesses)
    assert (choice.year, choice.witness.kind) == (year, by)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (b"FreeBSD 7.0-RELEASE #0: Sun Feb 24 19:59:52 UTC 2008 root@logan:/usr/obj GENERIC", "2008-02-24"),
        (b"OpenBSD 4.2 (GENERIC) #375: Tue Aug 28 10:38:44 MDT 2007", "2007-08-28"),
        (b"Linux version 2.6.18 (gcc 4.1.2) #1 SMP Wed Mar  4 10:00:00 JST 2009", "2009-03-04"),
        (b"Linux version 5.10.0-28-amd64 (gcc) #1 SMP Debian 5.10.209-2 (2024-01-31)", "2024-01-31"),
        (b"FreeBSD 7.0: Sun Feb 30 19:59:52 UTC 2008", None),
        (b"FreeBSD is the best of 2008", None),
        (b"sshd: Feb 24 19:59:52 UTC 2008", None),
    ],
)
def test_a_kernel_says_when_it_was_built(line, day):
    assert hints.kernel_build(b"x\n" + line + b"\n") == (instant(day) if day else None)


def dated(folder, lines, *, block=4 << 20, year=None, mtime=None, name="messages"):
    """(UTC time as text, line) as `read` dates it, and what was assumed."""
    path = folder / name
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    when = instant(mtime or "2030-05-31")
    os.utime(path, ns=(when, when))
    opened = open_logs(find([str(path)])[0], Settings(dt.UTC, "UTC", instant("2030-06-01"), year=year))
    out = [
        (str(np.datetime64(int(time) // 10**9, "s")).replace("T", " "), batch.bytes_of(row))
        for batch in read(opened.logs, [], {}, block)
        for row, time in enumerate(batch.time)
    ]
    return out, [a.text for a in opened.assumptions]


def lines_at(*stamps):
    return [f"{stamp} gate cron[{i}]: (root) CMD (x)".encode() for i, stamp in enumerate(stamps)]


def test_a_file_is_dated_back_from_its_last_line(tmp_path):
    lines = lines_at("Dec 30 10:00:00", "Feb  2 10:00:00", "Dec 31 23:59:59", "Jan  1 00:00:00", "Jun  1 10:00:00")
    got, said = dated(tmp_path, lines, mtime="2016-06-01 10:00:00")
    assert [when for when, _ in got] == [
        "2014-12-30 10:00:00", "2015-02-02 10:00:00", "2015-12-31 23:59:59", "2016-01-01 00:00:00",
        "2016-06-01 10:00:00",
    ]  # fmt: skip
    assert "year 2016 for its last line, which puts it within a day of the file's last change" in said


def test_the_user_may_give_the_year_of_the_last_line(tmp_path):
    got, said = dated(tmp_path, lines_at("Dec 30 10:00:00", "Jan  2 10:00:00"), year=1998)
    assert [when for when, _ in got] == ["1997-12-30 10:00:00", "1998-01-02 10:00:00"]
    assert "year 1998 for its last line, as given with --year" in said


def test_a_rotated_file_is_dated_by_its_name(tmp_path):
    got, said = dated(tmp_path, lines_at("Dec 30 10:00:00", "Dec 31 23:00:00"), name="messages-20120101")
    assert [when for when, _ in got] == ["2011-12-30 10:00:00", "2011-12-31 23:00:00"]
    assert "year 2011 for its last line, from the date in its name" in said


def test_a_kernel_that_names_its_build_dates_a_copied_file(tmp_path):
    lines = [
        b"Dec 30 10:00:00 gate kernel: FreeBSD 7.0-RELEASE #0: Sun Feb 24 19:59:52 UTC 2008",
        b"Jan  2 10:00:00 gate kernel: da0: detached",
    ]
    got, _ = dated(tmp_path, lines)
    assert [when for when, _ in got] == ["2008-12-30 10:00:00", "2009-01-02 10:00:00"]


@pytest.mark.parametrize("block", [64, 100, 150, 300, 4 << 20])
def test_a_fall_over_two_blocks_is_no_new_year(tmp_path, block):
    stamps = ["Aug  5 10:00:00", "Aug  5 10:00:09", "Jan  1 00:00:05", "Jan  1 00:00:06", "Aug  5 10:02:00"]
    got, _ = dated(tmp_path, lines_at(*stamps), year=2014, block=block)
    assert [when[:10] for when, _ in got] == ["2014-08-05", "2014-08-05", "2014-01-01", "2014-01-01", "2014-08-05"]


def test_a_write_time_before_the_first_log_says_nothing(tmp_path):
    # 1970: an image without a clock. 1980: a reproducible zip archive.
    for mtime in ("1970-01-01", "1980-01-01"):
        got, _ = dated(tmp_path, lines_at("Mar  4 10:00:00"), mtime=mtime)
        assert got[0][0] == "2030-03-04 10:00:00"


GAP = st.integers(0, 3 * 86_400) | st.integers(0, 300 * 86_400) | st.integers(0, 50)


@tuned(deadline=None, max_examples=60)
@given(
    st.datetimes(naive("1995-01-01"), naive("2024-01-01")),
    st.lists(GAP, max_size=30),
    st.integers(64, 2048),
)
def test_any_log_of_up_to_three_years_is_dated_right(tmp_path_factory, first, gaps, block):
    when = first.replace(microsecond=0)
    whens = [when]
    for gap in gaps:
        if whens[-1] + dt.timedelta(seconds=gap) < first + dt.timedelta(days=3 * 365):
            whens.append(whens[-1] + dt.timedelta(seconds=gap))
    # What is written in the first minutes of a year may be taken for a clock that fell, and is tested above.
    assume(not any((w.month, w.day, w.hour) == (1, 1, 0) for w in whens))
    lines = lines_at(*[w.strftime("%b ") + f"{w.day:2} {w:%H:%M:%S}" for w in whens])
    got, _ = dated(tmp_path_factory.mktemp("years"), lines, block=block, year=whens[-1].year)
    assert got == [(str(w), line) for w, line in zip(whens, lines, strict=True)]
