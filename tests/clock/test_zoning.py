"""The zone of stamps that name none: said by the user, by the machine's own files, or shown by its logs."""

import datetime as dt
import importlib.resources
import os
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from logsleuth.clock.logs import Settings, open_logs
from logsleuth.clock.observed import Seen, zone_of
from logsleuth.clock.offsets import SECOND, FoldState, Offsets
from logsleuth.clock.tree import date_zone, zone_by, zone_file
from logsleuth.sources import find
from logsleuth.sources.companions import Companion

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2024, 9, 10, tzinfo=dt.UTC)
BSD = "Jun  1 10:00:00 gate cron[7]: (root) CMD (x)\n"
ZONES = ["Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Africa/Casablanca",
         "Europe/Dublin"]  # fmt: skip


def nanoseconds(when):
    return (when - EPOCH) // dt.timedelta(microseconds=1) * 1000


def offsets(folder, files, when=NOW, **told):
    """Hours east of UTC that each file's stamps are read with on 1 June 2024, and what was assumed."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (when.timestamp(),) * 2)
    found = open_logs(find([str(folder)])[0], Settings(dt.UTC, "UTC (this machine)", nanoseconds(NOW), **told))
    at = nanoseconds(dt.datetime(2024, 6, 1, tzinfo=dt.UTC))
    out = {os.path.relpath(log.name, folder): log.offsets.at(at) / 3600 for log in found.logs}
    return out, " ".join(a.text for a in found.assumptions)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("gate", (9, 9, 0)), ("auth.log", (0, 9, 0)), ("a/var/log/auth.log", (0, 9, 0)), ("a", (9, 9, 0)),
        ("a/var/log/*", (9, 9, 0)), ("nobody", (0, 0, 0)),
    ],
)  # fmt: skip
def test_a_zone_may_be_said_of_a_host_a_file_or_a_folder(tmp_path, key, expected):
    files = {"a/var/log/syslog": BSD, "a/var/log/auth.log": BSD, "b/var/log/syslog": BSD.replace("gate", "mill")}
    zones = {str(tmp_path / key) if "/" in key or key == "a" else key: ZoneInfo("Asia/Tokyo")}
    got, said = offsets(tmp_path, files, zones=zones)
    assert tuple(got[name] for name in files) == expected
    assert ("no host, file or folder of that name" in said) is (key == "nobody")


def tzif(name):
    return (importlib.resources.files("tzdata.zoneinfo") / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("etc/timezone", b"Asia/Tokyo\n"),
        ("etc/timezone", b"# chosen by hand\nAsia/Tokyo\n"),
        ("etc/localtime", tzif("Asia/Tokyo")),
        ("etc/sysconfig/clock", b'UTC=true\nZONE="Asia/Tokyo"\n'),
        ("etc/conf.d/clock", b"TIMEZONE=Asia/Tokyo"),
        ("var/db/zoneinfo", b"Asia/Tokyo\n"),
        ("sos_commands/systemd/timedatectl", b"  Local time: x\n   Time zone: Asia/Tokyo (JST, +0900)\n"),
        ("sos_commands/date/date", b"Sat Jun  1 19:00:00 JST 2024\n"),
    ],
)
def test_files_beside_the_logs_tell_the_machines_zone(tmp_path, name, content):
    got, said = offsets(tmp_path, {"a/var/log/syslog": BSD, f"a/{name}": content, "b/var/log/syslog": BSD})
    assert (got["a/var/log/syslog"], got["b/var/log/syslog"]) == (9, 0)
    assert f"its {name}" in said


def test_a_link_to_a_zone_that_is_not_there_tells_it_too(tmp_path):
    (tmp_path / "a/etc").mkdir(parents=True)
    (tmp_path / "a/etc/localtime").symlink_to("/usr/share/zoneinfo/Asia/Kathmandu")
    got, said = offsets(tmp_path, {"a/var/log/syslog": BSD})
    assert got["a/var/log/syslog"] == 5.75
    assert "Asia/Kathmandu, the zone that its etc/localtime links to" in said


def test_a_zones_file_goes_before_a_name_that_contradicts_it():
    files = {"etc/localtime": Companion(tzif("Asia/Tokyo"), ""), "etc/timezone": Companion(b"Europe/Berlin\n", "")}
    found = zone_by(files.get)
    assert found is not None
    zone, said = found
    assert (zone.utcoffset(NOW), said) == (dt.timedelta(hours=9), "the zone in its etc/localtime")
    files["etc/timezone"] = Companion(b"Asia/Tokyo\n", "")
    found = zone_by(files.get)
    assert found is not None
    assert found[0] == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("name", ZONES)
def test_a_zones_file_is_read_with_all_its_changes(name):
    zone, known = zone_file(tzif(name)), ZoneInfo(name)
    for day in range(-365 * 5, 0, 5):
        when = NOW + dt.timedelta(days=day)
        assert when.astimezone(zone).utcoffset() == when.astimezone(known).utcoffset()


@pytest.mark.parametrize("content", [b"", b"TZif", b"TZif2" + b"\xff" * 90, tzif("Asia/Tokyo")[:60], b"PK\3\4"])
def test_a_damaged_zone_file_tells_nothing(content):
    assert zone_file(content) is None


@pytest.mark.parametrize(
    ("local", "utc", "hours"),
    [
        ("Mon May  6 16:08:09 JST 2019", "", 9),
        ("Mon, 06 May 2019 16:08:09 +0545", "", 5.75),
        ("Mon May  6 04:08:09 PM IST 2019", "Mon May  6 10:38:10 AM UTC 2019", 5.5),
        ("Mon May  6 16:08:09 IST 2019", "", None),
        ("Mon May  6 16:08:09 CST 2019", "Mon May  6 08:08:09 UTC 2019", 8),
        ("lunch at noon", "", None),
        ("Mon Feb 31 16:08:09 XXX 2019", "Mon Feb 31 16:08:09 UTC 2019", None),
    ],
)
def test_what_date_printed_shows_the_offset(local, utc, hours):
    zone = date_zone(local, utc)
    assert (None if zone is None else zone.utcoffset(None)) == (None if hours is None else dt.timedelta(hours=hours))


RARE = ["Accepted publickey for ann from 192.0.2.7 port 50022", "reload by ann", "disk sdb1 is nearly full",
        "link eth1 is down", "certificate of gate renewed"]  # fmt: skip


def twice(zone, starts, shift=0):
    """The same lines in a log with local BSD stamps and in one with UTC stamps."""
    local, utc = "", ""
    for number, (start, text) in enumerate(zip(starts, RARE, strict=True)):
        when = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
        wall = when.astimezone(ZoneInfo(zone)) + dt.timedelta(seconds=shift * number)
        local += f"{wall:%b} {wall.day:2} {wall:%H:%M:%S} gate app[{number}]: {text}\n"
        utc += f"{when:%Y-%m-%dT%H:%M:%S}.25Z gate app[{number}]: {text}\n"
    return {"syslog": local, "remote.log": utc}


JUNE = [f"2024-06-0{day} 1{day}:00:00" for day in range(1, 6)]
OVER = ["2024-03-01 10:00:00", "2024-03-02 10:00:00", "2024-03-03 10:00:00", *JUNE[:3]]


@pytest.mark.parametrize("name", ZONES)
def test_lines_in_two_logs_show_the_zone(tmp_path, name):
    got, said = offsets(tmp_path, twice(name, JUNE))
    known = dt.datetime(2024, 6, 1, tzinfo=ZoneInfo(name)).utcoffset()
    assert dt.timedelta(hours=got["syslog"]) == known
    assert not known or "lines stand both in" in said


def test_lines_over_a_change_of_time_show_a_zone_that_changes_so(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "RARE", [*RARE, "a sixth line that is rare"])
    got, said = offsets(tmp_path, twice("Europe/Berlin", OVER))
    assert got["syslog"] == 2
    assert "Europe/Berlin" in said


def test_lines_that_lie_apart_by_chance_show_nothing(tmp_path):
    got, said = offsets(tmp_path, twice("Asia/Tokyo", JUNE, shift=77))
    assert got["syslog"] == 0
    assert "lines stand both" not in said


def test_offsets_that_change_name_a_zone_that_changes_so():
    march = [(nanoseconds(dt.datetime(2024, 3, day, 12, tzinfo=dt.UTC)), 3600) for day in (1, 30)]
    april = [(nanoseconds(dt.datetime(2024, 4, day, 12, tzinfo=dt.UTC)), 7200) for day in (1, 30)]
    assert zone_of(Seen(march + april)) == ZoneInfo("Europe/Berlin")
    assert zone_of(Seen(april)) == dt.timezone(dt.timedelta(hours=2))
    assert zone_of(Seen([*april, (april[0][0], 3600)])) is None


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("step", [1, 600])
def test_both_instants_of_every_autumn_night_and_every_spring_gap(name, step):
    """Wall clocks of a log that goes through a whole year's changes come back as the instants they were."""
    offsets, zone = Offsets(ZoneInfo(name)), ZoneInfo(name)
    start = int(dt.datetime(2023, 1, 1, tzinfo=dt.UTC).timestamp())
    for hour in range(start, start + 366 * 86_400, 3600):
        a, b = (dt.datetime.fromtimestamp(t, zone).utcoffset() for t in (hour, hour + 3600))
        if a == b:
            continue
        utc = np.arange(hour - 3 * 3600, hour + 4 * 3600, step) * SECOND
        wall = offsets.from_utc(utc)
        assert (offsets.to_utc(wall, FoldState()) == utc).all()
