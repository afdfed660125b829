"""Wall clocks to UTC, against zoneinfo, and the hour that an autumn night has twice."""

import datetime as dt
import gzip
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.clock.offsets import SECOND, FoldState, Offsets
from logsleuth.entries import read
from logsleuth.sources import find

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ZONES = (
    "Europe/Berlin",
    "Asia/Tokyo",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",  # lost 30 December 2011
    "Africa/Casablanca",  # winter time during Ramadan
    "Europe/Dublin",  # winter time is the odd one
    "Asia/Kathmandu",
    "Antarctica/Troll",  # two hours
)
OFFSETS = {name: Offsets(ZoneInfo(name)) for name in ZONES}
CHANGES = {
    "Europe/Berlin": ["2009-03-29 02:00", "2009-10-25 02:00"],
    "America/New_York": ["2006-10-29 01:00", "2007-03-11 02:00", "2007-11-04 01:00"],
    "America/St_Johns": ["2009-11-01 00:00"],
    "America/Sao_Paulo": ["2018-11-04 00:00", "2019-02-16 23:00"],
    "Australia/Lord_Howe": ["2009-04-05 01:30", "2009-10-04 02:00"],
    "Pacific/Apia": ["2011-12-30 12:00"],
    "Antarctica/Troll": ["2015-03-29 01:00", "2015-10-25 01:00"],
}


def _naive(text):
    return dt.datetime.fromisoformat(text)


AROUND = st.tuples(
    st.sampled_from([(zone, at) for zone, ats in CHANGES.items() for at in ats]), st.integers(-4 * 3600, 4 * 3600)
).map(lambda case: (case[0][0], _naive(case[0][1]) + dt.timedelta(seconds=case[1])))
ANYWHERE = st.tuples(
    st.sampled_from(ZONES),
    st.datetimes(_naive("1975-01-01"), _naive("2036-01-01")).map(lambda when: when.replace(microsecond=0)),
)


def nanoseconds(when):
    """Of an aware time since 1970, or of a naive one as it reads."""
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return (when - EPOCH) // dt.timedelta(seconds=1) * SECOND


@given(AROUND | ANYWHERE)
def test_a_single_wall_time_is_read_as_zoneinfo_reads_it(case):
    """In a fold the first instant, in a gap as if the clock had not yet been put forward."""
    name, when = case
    got = OFFSETS[name].to_utc(np.array([nanoseconds(when)], np.int64), FoldState())
    assert got.tolist() == [nanoseconds(when.replace(tzinfo=ZoneInfo(name), fold=0))]


@given(AROUND | ANYWHERE)
def test_an_instant_has_the_wall_time_that_zoneinfo_gives_it(case):
    name, when = case
    local = when.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(name))
    utc = nanoseconds(when)
    assert OFFSETS[name].at(utc) == local.utcoffset().total_seconds()
    assert OFFSETS[name].from_utc(np.array([utc], np.int64)).tolist() == [nanoseconds(local.replace(tzinfo=None))]


@pytest.mark.parametrize("step", [1, 60, 600, 1500])
@pytest.mark.parametrize("name", [name for name in CHANGES if name not in {"Pacific/Apia", "Australia/Lord_Howe"}])
def test_both_hours_of_an_autumn_night_are_told_apart_by_their_order(name, step):
    for at in CHANGES[name]:
        middle = nanoseconds(_naive(at).replace(tzinfo=ZoneInfo(name)))
        utc = np.arange(middle - 5 * 3600 * SECOND, middle + 5 * 3600 * SECOND, step * SECOND)
        wall = OFFSETS[name].from_utc(utc)
        assert (OFFSETS[name].to_utc(wall, FoldState()) == utc).all()


def test_the_half_hour_of_lord_howe_is_told_apart_too():
    middle = nanoseconds(_naive("2009-04-05 01:30").replace(tzinfo=ZoneInfo("Australia/Lord_Howe")))
    utc = np.arange(middle - 3600 * SECOND, middle + 2 * 3600 * SECOND, 60 * SECOND)
    offsets = OFFSETS["Australia/Lord_Howe"]
    assert (offsets.to_utc(offsets.from_utc(utc), FoldState()) == utc).all()


@pytest.mark.parametrize(
    ("walls", "utc"),
    [
        # Two writers, a few seconds apart, inside the hour: no jump.
        (["02:10:05", "02:10:03", "02:10:06"], ["00:10:05", "00:10:03", "00:10:06"]),
        (["02:59:59", "02:00:00", "02:00:00"], ["00:59:59", "01:00:00", "01:00:00"]),
        (["02:50:00", "02:05:00", "02:50:00", "03:00:00"], ["00:50:00", "01:05:00", "01:50:00", "02:00:00"]),
        (["02:20:00", "02:04:00"], ["00:20:00", "01:04:00"]),
    ],
)
def test_a_jump_back_inside_the_hour_is_the_second_one(walls, utc):
    def at(texts):
        return np.array([nanoseconds(_naive(f"2009-10-25 {text}")) for text in texts], np.int64)

    assert OFFSETS["Europe/Berlin"].to_utc(at(walls), FoldState()).tolist() == at(utc).tolist()


def test_the_second_hour_of_one_year_says_nothing_of_the_next():
    walls = ["2009-10-25 02:59:59", "2009-10-25 02:00:00", "2009-10-25 04:00:00", "2010-10-31 02:30:00"]
    got = OFFSETS["Europe/Berlin"].to_utc(np.array([nanoseconds(_naive(w)) for w in walls], np.int64), FoldState())
    assert got[-1] == nanoseconds(_naive("2010-10-31 00:30:00"))


@given(st.lists(st.integers(0, 4 * 3600), max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_a_file_may_be_cut_anywhere(seconds, cuts):
    start = nanoseconds(_naive("2009-10-25 00:30"))
    wall = start + np.array(seconds, np.int64) * SECOND
    offsets, fold = OFFSETS["Europe/Berlin"], FoldState()
    whole = offsets.to_utc(wall, FoldState())
    pieces = np.split(wall, sorted(min(cut, len(wall)) for cut in cuts))
    assert np.concatenate([offsets.to_utc(piece, fold) for piece in pieces]).tolist() == whole.tolist()


def _night(minutes):
    """Lines of a night, each with its UTC time in the text."""
    start = dt.datetime(2009, 10, 24, 22, 0, tzinfo=dt.UTC)
    whens = [start + dt.timedelta(minutes=m) for m in range(0, 6 * 60, minutes)]
    return [
        f"{w.astimezone(ZoneInfo('Europe/Berlin')):%b %d %H:%M:%S} gate cron[7]: {w:%H:%M:%S}\n".encode() for w in whens
    ]


@pytest.mark.parametrize("block", [64, 100, 1000, 4 << 20])
@pytest.mark.parametrize("pack", [lambda text: text, lambda text: gzip.compress(text, mtime=0)], ids=["plain", "gzip"])
def test_an_autumn_night_in_a_file_is_read_right_in_blocks_of_any_size(tmp_path, block, pack):
    path = tmp_path / "messages"
    path.write_bytes(pack(b"".join(_night(7))))
    now = nanoseconds(dt.datetime(2009, 10, 26, tzinfo=dt.UTC))
    logs = open_logs(find([str(path)])[0], Settings(ZoneInfo("Europe/Berlin"), "Berlin", now, year=2009)).logs
    for batch in read(logs, [], {}, block):
        for row, time in enumerate(batch.time.tolist()):
            assert batch.bytes_of(row)[-8:].decode() == f"{EPOCH + dt.timedelta(seconds=time // SECOND):%H:%M:%S}"


def test_a_file_that_begins_in_the_second_hour_goes_on_from_the_one_before(tmp_path):
    night = _night(7)
    cut = next(i for i, line in enumerate(night) if b"02:" in line[:10] and b" 01:1" in line)
    (tmp_path / "messages.0").write_bytes(b"".join(night[:cut]))
    (tmp_path / "messages").write_bytes(b"".join(night[cut:]))
    now = nanoseconds(dt.datetime(2009, 10, 26, tzinfo=dt.UTC))
    logs = open_logs(find([str(tmp_path)])[0], Settings(ZoneInfo("Europe/Berlin"), "Berlin", now, year=2009)).logs
    for batch in read(logs, [], {}):
        for row, time in enumerate(batch.time.tolist()):
            assert batch.bytes_of(row)[-8:].decode() == f"{EPOCH + dt.timedelta(seconds=time // SECOND):%H:%M:%S}"


def test_instants_asked_for_in_any_order_are_the_same():
    zone = ZoneInfo("America/New_York")
    fresh = Offsets(zone)
    for year in (2020, 1985, 2030, 1999, 1970):
        for month in (1, 7):
            when = dt.datetime(year, month, 1, tzinfo=dt.UTC)
            assert dt.timedelta(seconds=fresh.at(nanoseconds(when))) == when.astimezone(zone).utcoffset()


def test_nothing_has_no_offset():
    nothing = np.empty(0, np.int64)
    assert len(OFFSETS["Asia/Tokyo"].to_utc(nothing, FoldState())) == 0
    assert len(OFFSETS["Asia/Tokyo"].from_utc(nothing)) == 0
