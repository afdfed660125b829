"""JSON and logfmt in the timeline's outputs and before the rules: written out, and yet the file's own lines."""

import csv
import io
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth import pipeline
from logsleuth.entries.frame import frame
from logsleuth.entries.select import Select
from logsleuth.entries.spelled import spelled
from logsleuth.pipeline import explain
from logsleuth.render.layout import code

DOCKER = (
    b'{"log":"say \\"x\\"\\n","stream":"stdout","time":"2023-12-17T10:30:00.5Z"}\n'
    b'{"log":"two\\nlines \\u001b[1m\\n","stream":"stderr","time":"2023-12-17T10:30:02Z"}\n'
    b"no object\n"
)
MIXED = (
    b"Dec 17 10:30:01 fry cron[7]: (root) CMD (true)\n"
    b'{"time":"2023-12-17T10:30:03Z","level":"error","msg":"gone","host":"leela","pid":9,"logger":"shop","err":"EOF"}\n'
    b"  at x.y(z)\n"
    b'{"time":"2023-12-17T10:30:04Z","level":"info","msg":"up","error":null}\n'
    b'{"time":"2023-12-17T10:30:05Z","a":1}\n'
    b'level=warn ts=2023-12-17T10:30:06Z msg="half \\"full\\"" n=7\n'
)  # fmt: skip
FILES = {"c-json.log": DOCKER, "messages": MIXED}


def test_text_shows_messages_without_escapes_and_the_rest_behind_them(written):
    assert written(FILES).decode() == (
        '2023-12-17T10:30:00.500+00:00 fry c-json.log say "x"\n'
        "2023-12-17T10:30:01+00:00 fry messages cron[7]: (root) CMD (true)\n"
        "2023-12-17T10:30:02.000+00:00 fry c-json.log two\n"
        "    lines \\x1b[1m\n"
        "    no object\n"
        '2023-12-17T10:30:03+00:00 leela messages shop[9]: gone {"err":"EOF"}\n'
        "      at x.y(z)\n"
        '2023-12-17T10:30:04+00:00 fry messages up {"error":null}\n'
        '2023-12-17T10:30:05+00:00 fry messages {"a":1}\n'
        '2023-12-17T10:30:06+00:00 fry messages half "full" n=7\n'
    )


def test_jsonl_csv_and_the_frame_say_the_same(written, opened):
    rows = [json.loads(line) for line in written(FILES, "jsonl").splitlines()]
    assert [row["message"] for row in rows] == [
        'say "x"', "(root) CMD (true)", "two\nlines \x1b[1m\nno object", 'gone {"err":"EOF"}\n  at x.y(z)',
        'up {"error":null}', '{"a":1}', 'half "full" n=7',
    ]  # fmt: skip
    assert [row["line"] for row in rows] == [1, 1, 2, 2, 4, 5, 6]
    assert [row["severity"] for row in rows] == [None, None, None, "err", "info", None, "warning"]
    assert (rows[3]["host"], rows[3]["program"], rows[3]["pid"]) == ("leela", "shop", 9)
    table = list(csv.DictReader(io.StringIO(written(FILES, "csv").decode(), newline="")))
    assert [row["message"].replace("\\x1b", "\x1b") for row in table] == [row["message"] for row in rows]
    logs = opened(FILES)
    framed = frame(pipeline.entries(logs), logs.opened.logs)
    assert framed["message"].tolist() == [row["message"] for row in rows]
    assert framed["line"].tolist() == [row["line"] for row in rows]


def test_a_message_in_an_object_within_is_shown_before_the_whole(written):
    text = (
        b'{"insertId":"b","jsonPayload":{"message":"disk \\"a\\" full"},"timestamp":"2023-12-17T10:30:00Z"}\n'
        b'{"jsonPayload":{"message":"gone","n":7},"timestamp":"2023-12-17T10:30:01Z"}\n'
        b'{"textPayload":"plain","timestamp":"2023-12-17T10:30:02Z"}\n'
    )
    assert [json.loads(line)["message"] for line in written({"g.log": text}, "jsonl").splitlines()] == [
        'disk "a" full {"insertId":"b","jsonPayload":{"message":"disk \\"a\\" full"}}',
        'gone {"jsonPayload":{"message":"gone","n":7}}',
        "plain",
    ]


def test_raw_is_what_the_files_hold(written):
    assert sorted(written(FILES, "raw").splitlines()) == sorted((DOCKER + MIXED).splitlines())


def test_an_error_that_is_null_is_none(written):
    out = written(FILES, "jsonl", Select(severity=4)).splitlines()
    assert [json.loads(line)["line"] for line in out] == [2, 6]
    red = written(FILES, aligned=True, color=True).decode().splitlines()
    some = [line for line in red if any(word in line for word in ("gone", "up", "half"))]
    assert [(code("red") in line, code("yellow") in line) for line in some] == [(True, 0), (False, 0), (False, True)]


def test_programs_and_hosts_of_objects_can_be_asked_for(written):
    assert b"gone" in written(FILES, select=Select(programs=("shop",)))
    assert written(FILES, select=Select(hosts=("leela",))).count(b"\n2023") == 0


CRASH = "pid 812 (httpd), uid 80: exited on signal 11"


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"log": CRASH + "\n", "stream": "stderr", "time": "2023-12-17T10:30:03Z"}, separators=(",", ":")),
        json.dumps({"time": "2023-12-17T10:30:03Z", "level": "info", "msg": CRASH}),
        json.dumps({"time": "2023-12-17T10:30:03Z", "level": "info", "msg": "x", "err": CRASH}),
        json.dumps({"__REALTIME_TIMESTAMP": "1702809003000000", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": CRASH}),
        json.dumps({"__REALTIME_TIMESTAMP": "1702809003000000", "SYSLOG_IDENTIFIER": "kernel",
                    "MESSAGE": list(CRASH.encode())}),
        json.dumps({"time": "2023-12-17T10:30:03Z", "msg": CRASH}).replace("exited", "\\u0065xited"),
        f'ts=2023-12-17T10:30:03Z level=error msg="{CRASH}"',
        f"2023-12-17T10:30:03.123Z stderr F {CRASH}",
    ],
)  # fmt: skip
def test_rules_read_what_objects_say_and_cite_the_line_itself(tmp_path, line):
    path = tmp_path / "app.log"
    path.write_text(line + "\n")
    report = explain([str(path)], tz="UTC")
    (crash,) = [f for i in report.incidents for f in (*i.causes, *i.effects) if f.cause == "segfault"]
    assert [(shown.line, shown.text) for shown in crash.evidence] == [(1, line)]


def test_quotes_and_breaks_do_not_hide_a_line_from_the_rules(tmp_path):
    said = 'open() "/var/www/x" failed (28: No space left on device)\nwhile writing'
    path = tmp_path / "app.log"
    path.write_text(json.dumps({"time": "2023-12-17T10:30:03Z", "error": said, "n": None}) + "\n")
    report = explain([str(path)], tz="UTC")
    shown = [line.text for i in report.incidents for f in (*i.causes, *i.effects) for line in f.evidence]
    assert shown == [path.read_text().rstrip()]


def test_a_healthy_object_is_no_trouble(tmp_path):
    path = tmp_path / "app.log"
    path.write_text('{"time":"2023-12-17T10:30:03Z","level":"info","msg":"done","error":null,"timeout":30}\n')
    report = explain([str(path)], tz="UTC")
    assert (report.unexplained, report.incidents) == ((), ())


def test_a_document_is_read_where_it_is_named_and_passed_over_in_a_folder(tmp_path, opened):
    state = b'{"FinishedAt": "0001-01-01T00:00:00Z"}'
    text = b'{\n  "Id": "7f3a",\n  "Created": "2023-12-17T10:30:00.5Z",\n  "State": %s\n}' % state
    logs = opened({"config.json": text, "messages": MIXED})
    assert len(logs.opened.logs) == 1
    assert [s.reason for s in logs.skipped] == ["a document, not a log (name the file itself to read it)"]
    logs = pipeline.open_paths([str(tmp_path / "config.json")], pipeline.default_settings("UTC"))
    framed = frame(pipeline.entries(logs), logs.opened.logs)
    assert framed["message"].tolist() == [text.decode()]
    assert str(framed["time"][0]) == "2023-12-17 10:30:00.500000+00:00"


def test_stamps_without_a_zone_are_said_to_be_assumed(tmp_path):
    path = tmp_path / "app.log"
    said = []
    for stamp in ("2023-12-17T10:30:03", "2023-12-17T10:30:03Z"):
        path.write_text(json.dumps({"time": stamp, "msg": "x"}) + "\n")
        logs = pipeline.open_paths([str(path)], pipeline.default_settings("Asia/Tokyo"))
        said.append([a.about for a in logs.opened.assumptions])
    assert said == [["zone"], []]


LINES = st.sampled_from(
    [*DOCKER.splitlines(), *MIXED.splitlines(), b'{"time":1702809003,"msg":"a\\nb\\\\","x":"\\""}', b""]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(LINES | st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), min_size=1, max_size=12))
def test_written_out_entries_keep_their_lines_times_and_order(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("any")
    (folder / "app.log").write_bytes(b'{"time":1702809003,"msg":"first"}\n' + b"\n".join(lines) + b"\n")
    logs = pipeline.open_paths([str(folder / "app.log")], pipeline.default_settings("UTC"))
    for merged in pipeline.entries(logs):
        for piece in merged.pieces:
            old, rows = piece.batch, piece.rows
            for flat in (False, True):
                new, place = spelled(old, rows[::-1], flat=flat)
                back = place[::-1]
                assert np.array_equal(new.line[back], old.line[rows])
                assert np.array_equal(new.time[back], old.time[rows])
                assert (new.start <= new.line_stop).all()
                assert (new.line_stop <= new.stop).all()
                assert (new.buffer[new.stop] == ord("\n")).all()
                columns = new.columns()
                bounds = (new.start, columns.host_at, columns.host_end, columns.program_at, columns.program_end,
                          columns.text_at, new.stop)  # fmt: skip
                assert all((a <= b).all() for a, b in pairwise(bounds))
                for row in range(len(old)):
                    assert old.bytes_of(row).count(b"\n") <= new.bytes_of(row).count(b"\n")
