"""Every form of the timeline, to the byte."""

import csv
import io
import json
import random
import re
from collections.abc import Iterable
from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.entries import Merged, read
from logsleuth.formats import FORMATS
from logsleuth.render.entries import WRITERS, Look, Timed, escaped, gathered, original, terminal, text
from logsleuth.render.entries.part import short_names
from logsleuth.render.entries.times import Display

FILES = {
    "var/log/messages": (
        b"Dec 17 10:30:00 fry syslogd: kernel boot file is /boot/kernel/kernel\n"
        b"Dec 17 10:30:05 fry qpopper[712]: login rika\n"
        b"Dec 17 10:30:09 fry kernel: panic: ffs\n"
        b"  cpuid = 0\n"
        b"\tKDB: enter\n"
    ),
    "var/log/httpd-access.log": (
        b'192.0.2.7 - - [17/Dec/2023:10:30:02 +0000] "GET /a,b HTTP/1.1" 200 51 "-" "say \\"x\\""\n'
        b'192.0.2.8 - - [17/Dec/2023:10:30:01 +0000] "GET / HTTP/1.1" 500 9\n'
    ),
}
KEYS = ["time", "host", "program", "pid", "severity", "message", "file", "line"]


def test_text_is_a_line_an_entry_with_its_continuation_lines_below(written):
    assert written(FILES) == (
        b"2023-12-17T10:30:00+00:00 fry messages syslogd: kernel boot file is /boot/kernel/kernel\n"
        b'2023-12-17T10:30:01+00:00 fry httpd-access.log httpd: 192.0.2.8 - - "GET / HTTP/1.1" 500 9\n'
        b'2023-12-17T10:30:02+00:00 fry httpd-access.log httpd: 192.0.2.7 - - "GET /a,b HTTP/1.1" 200 51 '
        b'"-" "say \\"x\\""\n'
        b"2023-12-17T10:30:05+00:00 fry messages qpopper[712]: login rika\n"
        b"2023-12-17T10:30:09+00:00 fry messages kernel: panic: ffs\n"
        b"      cpuid = 0\n"
        b"    \tKDB: enter\n"
    )


def test_jsonl_is_an_object_an_entry(written):
    lines = written(FILES, "jsonl").splitlines()
    assert lines[0] == (
        b'{"time":"2023-12-17T10:30:00+00:00","host":"fry","program":"syslogd","pid":null,"severity":null,'
        b'"message":"kernel boot file is /boot/kernel/kernel","file":"DIR/var/log/messages","line":1}'
    )
    rows = [json.loads(line) for line in lines]
    assert all(list(row) == KEYS for row in rows)
    assert [row["line"] for row in rows] == [1, 2, 1, 2, 3]
    assert [row["severity"] for row in rows] == [None, "err", "info", None, None]
    assert rows[2]["message"] == '192.0.2.7 - - "GET /a,b HTTP/1.1" 200 51 "-" "say \\"x\\""'
    assert rows[3]["pid"] == 712
    assert rows[4]["message"] == "panic: ffs\n  cpuid = 0\n\tKDB: enter"


def test_csv_quotes_as_rfc_4180_wants(written):
    out = written(FILES, "csv")
    assert out.startswith(
        b"time,host,program,pid,severity,message,file,line\n"
        b'2023-12-17T10:30:00+00:00,fry,syslogd,,,"kernel boot file is /boot/kernel/kernel",DIR/var/log/messages,1\n'
        b'2023-12-17T10:30:01+00:00,fry,httpd,,err,"192.0.2.8 - - ""GET / HTTP/1.1"" 500 9",'
        b"DIR/var/log/httpd-access.log,2\n"
    )
    assert csv_rows(out) == [
        {key: "" if value is None else str(value) for key, value in json.loads(line).items()}
        for line in written(FILES, "jsonl").splitlines()
    ]


def test_raw_is_what_the_files_hold(written):
    lines = FILES["var/log/messages"].splitlines(keepends=True)
    access = FILES["var/log/httpd-access.log"].splitlines(keepends=True)
    assert written(FILES, "raw") == b"".join([lines[0], access[1], access[0], *lines[1:]])


def test_raw_keeps_what_other_forms_refuse(written):
    entry = b"Dec 17 10:30:00 fry cron[1]: a\x1b[31m\xff\rb\r\n and\r\n more"
    assert written({"messages": entry}, "raw") == entry + b"\n"


def csv_rows(out: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out.decode(), newline="")))


def test_carriage_returns_of_line_ends_vanish(written):
    files = {"messages": b"Dec 17 10:30:00 fry a[1]: x\r\n  y\r\nDec 17 10:30:01 fry b: z\r\n"}
    assert written(files) == (
        b"2023-12-17T10:30:00+00:00 fry messages a[1]: x\n      y\n2023-12-17T10:30:01+00:00 fry messages b: z\n"
    )
    assert [json.loads(line)["message"] for line in written(files, "jsonl").splitlines()] == ["x\n  y", "z"]
    assert [row["message"] for row in csv_rows(written(files, "csv"))] == ["x\n  y", "z"]


def test_unknown_times_are_never_1970(written):
    files = {"console.log": b"mounting /\nlogin: x\n"}
    assert written(files) == b"- - console.log mounting /\n- - console.log login: x\n"
    assert [json.loads(line)["time"] for line in written(files, "jsonl").splitlines()] == [None, None]
    assert [json.loads(line)["host"] for line in written(files, "jsonl").splitlines()] == [None, None]
    assert written(files, "csv").splitlines()[1] == b',,,,,"mounting /",DIR/console.log,1'


@pytest.mark.parametrize(
    ("stamps", "shown"),
    [
        (["10:30:00", "10:30:01"], ["10:30:00", "10:30:01"]),
        (["10:30:00.500", "10:30:01.000"], ["10:30:00.500", "10:30:01.000"]),
        (["10:30:00.25", "10:30:01.000001"], ["10:30:00.250", "10:30:01.000001"]),
        (["10:30:00.5", "10:30:01.000000001"], ["10:30:00.500", "10:30:01.000000001"]),
        (["10:30:00.000001", "10:30:00.25", "10:30:01"], ["10:30:00.000001", "10:30:00.250000", "10:30:01.000000"]),
    ],
)
def test_a_fraction_is_never_dropped(written, stamps, shown):
    lines = b"".join(b"2023-12-17T%sZ fry a: x\n" % stamp.encode() for stamp in stamps)
    assert [line[11:].partition("+")[0] for line in written({"messages": lines}).decode().splitlines()] == shown


def test_times_are_shown_in_the_zone_asked_for(written):
    lines = b"2023-03-26T00:59:59Z fry a: x\n2023-03-26T01:00:00Z fry a: y\n"
    out = written({"messages": lines}, zone=ZoneInfo("Europe/Berlin"))
    assert [line.split()[0] for line in out.splitlines()] == [
        b"2023-03-26T01:59:59+01:00",
        b"2023-03-26T03:00:00+02:00",
    ]


@given(st.integers(-(2**62), 2**62), st.integers(-16 * 60, 16 * 60))
def test_times_read_back_as_the_same_instant(time, minutes):
    shown = Display(timezone(timedelta(minutes=minutes))).matrix(np.array([time]), 9).tobytes().decode()
    wall, offset = np.datetime64(shown[:29], "ns"), shown[29:]
    east = int(offset[1:3]) * 60 + int(offset[4:6])
    assert int(wall.astype(np.int64)) - (-east if offset[0] == "-" else east) * 60 * 10**9 == time


HOSTILE = [
    (b"\x1bc", r"\x1bc"),
    (b"a\x00b", None),
    (b"\x07", r"\x07"),
    (b"\x7f", r"\x7f"),
    (b"a\rb", r"a\x0db"),
    (b"\xc2\x9b31m", r"\x9b31m"),
    (b"caf\xe9", r"caf\xe9"),
    (b"\xed\xa0\x80", r"\xed\xa0\x80"),
    ("\u202etxt".encode(), r"\u202etxt"),
    ("a\u2028b".encode(), r"a\u2028b"),
    ("\u2066".encode(), r"\u2066"),
    ("\u061c".encode(), r"\u061c"),
    ("\u200b".encode(), r"\u200b"),
    ("\ufeff".encode(), r"\ufeff"),
    ("\U000e0041".encode(), r"\U000e0041"),
]


@pytest.mark.parametrize(("byte", "shown"), HOSTILE)
@pytest.mark.parametrize("place", ["text", "program", "host", "continuation"])
def test_nothing_hostile_comes_through(written, byte, shown, place):
    host, program, said, more = (
        byte if place == name else b"x" for name in ("host", "program", "text", "continuation")
    )
    line = b"Dec 17 10:30:00 %s %s[7]: %s %s\n  %s\n" % (host, program, said, "grüße".encode(), more)
    files = {"messages": b"Dec 17 10:29:59 fry a: b\n" + line + b"Dec 17 10:30:01 fry c: d\n"}
    for form in ("text", "jsonl", "csv"):
        out = written(files, form)
        decoded = out.decode()  # raises where it is not UTF-8
        assert not {*out} & {*range(9), *range(11, 32), 127}
        assert "grüße" in decoded
        assert not set("\u202e\u2028\u2066\u061c\u200b\ufeff\U000e0041\x9b") & set(decoded)
        if form != "jsonl" and shown is not None:
            assert shown in decoded
    for look in ({"aligned": True}, {"aligned": True, "color": True}):
        assert "\x1bc" not in written(files, **look).decode()


def test_json_keeps_the_value_of_what_it_escapes(written):
    said = "\x1b[1m \u202e tab\there \x07"
    files = {"messages": b"Dec 17 10:30:00 fry a[7]: " + said.encode() + b"\n"}
    out = written(files, "jsonl")
    assert json.loads(out)["message"] == said
    assert rb"\u001b[1m \u202e tab\there \u0007" in out


def test_a_crowd_of_nuls_is_shown_as_one(written):
    files = {"messages": b"Dec 17 10:30:00 fry a[7]: cut" + b"\0" * 5000 + b"rest\nDec 17 10:30:01 fry c: d\n"}
    out = written(files)
    assert len(out) < 200
    assert b"\0" not in out
    assert b"c: d\n" in out


def test_the_names_of_files_are_shown_safely(written):
    assert written({"a\x1b[1m\nb.log": b"Dec 17 10:30:00 fry a: b\n"}) == (
        b"2023-12-17T10:30:00+00:00 fry a\\x1b[1m\\x0ab.log a: b\n"
    )


def test_several_hosts_in_one_file(written):
    files = {"messages": b"Dec 17 10:30:00 fry a: b\nDec 17 10:30:01 leela.example.org c[2]: d\n"}
    assert written(files).splitlines() == [
        b"2023-12-17T10:30:00+00:00 fry messages a: b",
        b"2023-12-17T10:30:01+00:00 leela.example.org messages c[2]: d",
    ]


def test_quotes_and_commas_in_names(written):
    files = {"messages": b'Dec 17 10:30:00 fry a"b,c\\d[7]: x\n'}
    assert json.loads(written(files, "jsonl"))["program"] == 'a"b,c\\d'
    assert csv_rows(written(files, "csv"))[0]["program"] == 'a"b,c\\d'


def test_the_terminal_sees_columns_and_colours(written):
    out = written(FILES, aligned=True).decode().splitlines()
    assert out[0] == "2023-12-17T10:30:00+00:00 fry messages         syslogd: kernel boot file is /boot/kernel/kernel"
    assert out[1].startswith("2023-12-17T10:30:01+00:00 fry httpd-access.log httpd: 192.0.2.8")
    out = written(FILES, aligned=True, color=True).decode().splitlines()
    dim, plain = "\x1b[38;5;243m", "\x1b[0m"
    begin = f"{dim}2023-12-17T10:30:01+00:00{plain} fry {dim}httpd-access.log{plain} \x1b[1mhttpd"
    assert out[1].startswith(begin)
    assert "\x1b[38;5;160m: 192.0.2.8" in out[1]
    assert "\x1b[38;5;160m" not in out[2]
    assert "\x1b[38;5;160m: panic: ffs\x1b[0m" in out[4]
    assert out[5] == "    \x1b[38;5;160m  cpuid = 0\x1b[0m"


def test_short_names_tell_files_apart():
    names = ["/a/home/log/messages", "/a/remote/log/messages", "/a/home/log/cron", "x"]
    assert short_names(names) == ["home/log/messages", "remote/log/messages", "cron", "x"]
    assert short_names(["a/x", "b/a/x"]) == ["a/x", "b/a/x"]


def _all_samples(seed: int) -> dict[str, bytes]:
    """Every format's samples, mixed in a few files, with lines that belong to none of them."""
    chance = random.Random(seed)
    lines = [sample for form in FORMATS for sample in form.samples] * 3
    lines += [
        b"  at x.y(z)",
        b"",
        b'"quoted", and \\ more\t.',
        "grüße".encode(),
        b"Dec 17 10:30:00 fry",
        b"- x[1]: y",
    ] * 3
    chance.shuffle(lines)
    ends = [b"\n"] * 9 + [b"\r\n"]
    return {f"log{k}/messages": b"".join(line + chance.choice(ends) for line in lines[k::3]) for k in range(3)}


EACH_WAY = [
    ("text", text, {}),
    ("text", terminal, {"aligned": True}),
    ("text", terminal, {"aligned": True, "color": True}),
    ("jsonl", escaped, {}),
    ("csv", escaped, {}),
]
"""Forms, the modules in which they ask what is hostile, and how they look."""
OTHER_TOOLS = sorted({*WRITERS} - {"text", "raw", "jsonl", "csv", "parquet"})


@pytest.mark.parametrize(
    ("form", "module", "look", "seed"),
    [
        *((*way, seed) for way in EACH_WAY for seed in range(6)),
        *((form, escaped, {}, seed) for form in OTHER_TOOLS for seed in range(2)),
    ],
)
def test_lines_written_by_the_thousand_are_those_written_singly(written, monkeypatch, form, module, look, seed):
    files = _all_samples(seed)
    together = written(files, form, **look)
    for one in (module, original):
        monkeypatch.setattr(one, "hostile", lambda part: np.ones(len(part.rows), bool))
    assert written(files, form, **look).splitlines() == together.splitlines()


@pytest.mark.parametrize("form", sorted({*WRITERS} - {"otel", "parquet"}))  # a file's records lie together there
def test_pieces_of_files_make_no_difference(written, monkeypatch, form):
    files = _all_samples(7)
    whole = written(files, form)
    entries = pipeline.entries

    def in_small_blocks(logs):
        monkeypatch.setattr(pipeline, "read", lambda files, p, t, *_, **__: read(files, p, t, 256))
        return entries(logs)

    monkeypatch.setattr(pipeline, "entries", in_small_blocks)
    assert sorted(_shortest(written(files, form))) == sorted(_shortest(whole))


def test_stretches_of_any_size_hold_the_same_entries(opened):
    logs = opened({f"l{k}.log": b"".join(_clock(k, 13)) for k in range(5)} | {"a.log": b"".join(_access())})
    raw = WRITERS["raw"]

    def lines(stretches: Iterable[Merged]) -> list[bytes]:
        made = [bytes(raw(logs.opened.logs, Look()).lines(stretch)) for stretch in stretches]
        return b"".join(made).splitlines()

    whole = lines(pipeline.entries(logs))
    assert len(whole) == 5 * 2000 + 1000
    for size in (1, 7, 100, 5000, 10**6):
        assert lines(gathered(pipeline.entries(logs), size)) == whole


def _clock(first: int, step: int) -> list[bytes]:
    return [
        b"Dec 17 %02d:%02d:%02d fry a: %d %s\n" % (t // 3600, t // 60 % 60, t % 60, t, b"x" * 200)
        for t in range(first, first + 2000 * step, step)
    ]


def _access() -> list[bytes]:
    return [
        b'192.0.2.7 - - [17/Dec/2023:%02d:%02d:00 +0000] "GET /" 200 %d\n' % (t // 60 % 24, t % 60, t)
        for t in (k ^ 3 for k in range(1000))
    ]


def _shortest(out: bytes) -> list[bytes]:
    """The lines, with fractions as short as can be: how many zeros end one depends on what was read together."""
    fraction = re.compile(rb"(?<=:\d\d)\.\d+(?=[+-]\d\d:)")
    return [fraction.sub(lambda m: m[0].rstrip(b"0").rstrip(b"."), line) for line in out.splitlines()]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40).map(lambda b: b"Dec 17 10:30:00 fry x" + b + b"\n"), max_size=12))
def test_whatever_a_log_holds_can_be_written(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("any")
    (folder / "messages").write_bytes(b"Dec 17 10:30:00 fry a[1]: b\n" + b"".join(lines))
    logs = pipeline.open_paths([str(folder)], Settings(UTC, "UTC", 1_703_000_000 * 10**9, year=2023))
    stretches = list(pipeline.entries(logs))
    count = sum(map(len, stretches))
    for name, make in WRITERS.items():
        for look in (Look(), Look(aligned=True, color=True)):
            writer = make(logs.opened.logs, look)
            some = Timed(logs.opened.logs)(stretches) if writer.timed else stretches
            out = b"".join([bytes(writer.lines(stretch)) for stretch in some]) + writer.end()
            if name == "jsonl":
                assert [list(json.loads(line)) for line in out.splitlines()] == [KEYS] * count
            if name == "csv":
                assert len(csv_rows(writer.header + out)) == count
            if name == "text":
                assert not {*out} & {*range(9), *range(11, 27), *range(28, 32), 127}
