"""Lines that are put together natively are those that NumPy and Arrow put together, to the byte."""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth import native, pipeline
from logsleuth.clock.logs import Settings
from logsleuth.entries.select import cut
from logsleuth.formats import FORMATS
from logsleuth.render.entries import WRITERS, Look, gathered

pytestmark = pytest.mark.skipif(native.lib is None, reason="there was no compiler at installation")
NOW = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 10**9
HOSTILE = st.sampled_from([b"\x1b[31m", b"\0\0", b"\r", b"\t", b'"', b"\\", b"\xff", "\u202eé".encode(), b"=1", b","])
LINES = st.sampled_from([sample for form in FORMATS for sample in form.samples])
CHANGED = st.tuples(LINES, st.integers(0, 60), HOSTILE).map(lambda t: t[0][: t[1]] + t[2] + t[0][t[1] :])
ENTRY = st.tuples(LINES | CHANGED, st.sampled_from([b"\n", b"\r\n", b"\n\tat x.py line 7\n", b"\n  more\r\n\r\n"]))
CONTENT = st.lists(ENTRY.map(b"".join), min_size=1, max_size=12).map(b"".join)
SYSLOG = {
    "var/log/messages": (
        b"Dec 17 10:30:00 fry syslogd: kernel boot file is /boot/kernel/kernel\n"
        b"Dec 17 10:30:05 fry qpopper[712]: login rika\n"
        b"Dec 17 10:30:09 fry kernel: panic: ffs\n"
        b"  cpuid = 0\r\n"
        b"\tKDB: enter\n"
        b"Dec 17 10:30:09 fry  two: blanks\n"
        b"Dec 17 10:30:10 leela qpopper[712]: of another host\n"
        b"Dec 17 10:30:11 leela qpopper[712]: \x1b[31mred\n"
        b"Dec 17 10:30:11 leela\n"
    ),
    "var/log/httpd-access.log": (
        b'192.0.2.7 - - [17/Dec/2023:10:30:02 +0000] "GET /a,b HTTP/1.1" 200 51 "-" "say \\"x\\""\n'
        b'192.0.2.8 - - [17/Dec/2023:10:30:01 +0000] "GET / HTTP/1.1" 500 9\n'
    ),
    "var/log/own.log": b"without a stamp\n2023-12-17 10:30:01,5 worker[9]: ready\n2023-12-17 10:30:02\n  below\n",
}


@pytest.fixture
def both(tmp_path, monkeypatch):
    """Asserts that a form of some files is the same either way, and returns it."""

    def made(form, zone):
        settings = Settings(zone, "UTC (--tz)", NOW, zone_given=True, year=2023)
        logs = pipeline.open_paths([str(tmp_path)], settings)
        writer = WRITERS[form](logs.opened.logs, Look(zone))
        return b"".join([bytes(writer.lines(stretch)) for stretch in gathered(pipeline.entries(logs))])

    def compares(files, form="text", zone=UTC):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            # Stamps that count from the boot are as old as their file.
            os.utime(path, (1_700_000_000, 1_700_000_000))
        native_ones = made(form, zone)
        with monkeypatch.context() as patch:
            patch.setattr(native, "lib", None)
            assert native_ones == made(form, zone)
        return native_ones

    return compares


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/St_Johns"])
def test_text_of_usual_and_of_hostile_lines(both, zone):
    made = both(SYSLOG, zone=ZoneInfo(zone))
    assert made.count(b"fry messages") == 4
    assert b"\\x1b[31mred\n" in made


def test_a_night_in_which_the_clocks_change(both):
    lines = "".join(f"2023-10-29T0{h}:{m:02}:00Z gate cron[7]: run\n" for h in (0, 1) for m in range(0, 60, 20))
    made = both({"syslog": lines.encode()}, zone=ZoneInfo("Europe/Berlin"))
    assert b"T02:40:00+02:00" in made
    assert b"T02:00:00+01:00" in made


@pytest.mark.parametrize("form", ["text", "jsonl", "csv"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=CONTENT, other=CONTENT)
def test_any_lines(both, form, one, other):
    both({"a/messages": one, "b/other.log": other}, form)


def test_lines_that_somebody_holds_are_not_written_over(opened):
    logs = opened({"messages": b"".join(b"Dec 17 10:30:%02d fry cron[7]: run\n" % k for k in range(60))})
    writer = WRITERS["text"](logs.opened.logs, Look(UTC))
    [merged] = gathered(pipeline.entries(logs))
    held = [writer.lines(cut(merged, k, k + 1)) for k in range(60)]
    assert b"".join(held) == bytes(writer.lines(merged))
    pieces = [bytes(writer.lines(cut(merged, k, k + 1))) for k in range(60)]
    assert pieces == held
