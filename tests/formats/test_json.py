"""JSON objects, whatever stands in them and in whichever order, against what the json module says of them."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.formats import json_text, moments, vector
from logsleuth.formats.docker_json import FORMAT as DOCKER
from logsleuth.formats.journal_json import FORMAT as JOURNAL
from logsleuth.formats.json_lines import FORMAT as LINES
from logsleuth.formats.logfmt import FORMAT as LOGFMT
from logsleuth.formats.registry import ALL
from logsleuth.formats.split import decode, lines_of, recognize
from logsleuth.formats.stamp import NO_ZONE
from tests.formats.test_samples import parts

LEVELS = {"info": "info", "ERROR": "err", "Warning": "warning", "F": "crit", 30: "info", 50: "err", 250: "notice"}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20) | st.sampled_from(
    ['say "x"', "C:\\", "\\", "{", "}]", '{"time":1}', ',"msg":"no"', '\\"', "tab\there", "two\nlines", "[1]",
     "[]", "é\U0001f600"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["time", "msg", "level", "x", "ts"]), inner, max_size=3)
    ),
    max_leaves=6,
)
STAMPS = st.sampled_from(
    [
        (1557126489, 1557126489 * 10**9),
        (1557126489.125, 1557126489125 * 10**6),
        (1557126489123, 1557126489123 * 10**6),
        ("1557126489123456", 1557126489123456 * 10**3),
        ("2019-05-06T07:08:09.5Z", 1557126489500 * 10**6),
        ("2019-05-06 09:08:09,123456789+02:00", 1557126489123456789),
        ("2019-05-06T07:08:09+0000", 1557126489 * 10**9),
    ]
)


@st.composite
def objects(draw):
    """A line, and what it must be read as."""
    stamp, wall = draw(STAMPS)
    level = draw(st.sampled_from(sorted(LEVELS, key=str)))
    message = draw(TEXTS)
    members = [
        (draw(st.sampled_from(["time", "ts", "@timestamp", "timestamp", "eventTime", "asctime", "Timestamp"])), stamp),
        (draw(st.sampled_from(["level", "severity", "lvl", "Level"])), level),
        (draw(st.sampled_from(["msg", "message", "MESSAGE", "log"])), message),
    ]
    others = draw(st.dictionaries(st.sampled_from(["a", "err", "tim", "timestam", "leve", "stack", "x.y"]), VALUES))
    members = draw(st.permutations([*members, *others.items()]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (",  ", " : ")]))
    line = json.dumps(dict(members), ensure_ascii=draw(st.booleans()), separators=separators).encode()
    return line, wall, LEVELS[level], message


@settings(deadline=None)
@given(st.lists(objects(), min_size=1, max_size=8))
def test_time_level_and_message_are_what_json_says(rows):
    lines = lines_of(b"\n".join(line for line, *_ in rows) + b"\n")
    stamped = decode(lines, LINES)
    assert [ALL[k].name for k in stamped.layout.tolist()] == ["json-lines"] * len(rows)
    offset = np.where(stamped.offset == NO_ZONE, 0, stamped.offset)
    assert (stamped.wall - offset * 10**9).tolist() == [wall for _, wall, *_ in rows]
    columns = LINES.body(lines.buffer, lines.view, stamped.end, lines.stop)
    assert columns.text_end is not None
    assert columns.escaped is not None
    for k, (_, _, level, message) in enumerate(rows):
        said = bytes(lines.buffer[columns.text_at[k] : columns.text_end[k]])
        assert columns.escaped[k] == (b"\\" in said)
        assert (json_text.read(said) if columns.escaped[k] else said).decode() == message.rstrip("\r\n")
        assert ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")[columns.severity[k]] == level


@settings(deadline=None)
@given(objects())
def test_what_is_not_taken_is_left_whole(row):
    line, _, _, message = row
    got = parts(line, LINES)
    taken = {"time", "ts", "@timestamp", "timestamp", "eventtime", "asctime", "level", "severity", "lvl"}
    taken |= {"msg", "message", "log"} if message else set()
    whole = json.loads(line)
    left = {key: value for key, value in whole.items() if key.lower() not in taken}
    assert json.loads("{" + ",".join(got.rest) + "}") == left


@given(TEXTS, st.booleans())
def test_a_string_is_read_as_json_reads_it(text, ascii_only):
    raw = json.dumps(text + "\\", ensure_ascii=ascii_only)[1:-1].encode()
    text += "\\"
    assert json_text.read(raw).decode() == text.rstrip("\r\n")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"\x1b[0m", rb"\x1b[0m"),
        (rb"a\"b\/c\\d", rb"a" + b'"b/c\\d'),
        (rb"\ud83d\ude00", "\U0001f600".encode()),
        (rb"\ud83d alone", b"\xed\xa0\xbd alone"),
        (b"\xff\\n\\t", b"\xff\n\t"),
        (b"[72,105,10]", b"Hi"),
        (rb'x","err":"a \"b\""', b'x","err":"a "b""'),
    ],
)
def test_escapes_that_json_does_not_know_stay(raw, text):
    assert json_text.read(raw) == text


@pytest.mark.parametrize(
    ("line", "wall", "message"),
    [
        # The stamp that comes first, or else last, under one of the strong keys counts; else that of the surest key.
        (b'{"ts":"2019-05-06T07:08:09Z","time":"2020-01-01T00:00:00Z","msg":"x"}', "2019-05-06T07:08:09", "x"),
        (b'{"msg":"x","created":"2020-01-01T00:00:00Z","time":"2019-05-06T07:08:09Z"}', "2019-05-06T07:08:09", "x"),
        (b'{"msg":"x","date":"2020-01-01T00:00:00Z","ts":1557126489,"a":1}', "2019-05-06T07:08:09", "x"),
        # A duration is no time of day.
        (b'{"time":0.25,"msg":"x","timestamp":"2019-05-06T07:08:09Z","a":1}', "2019-05-06T07:08:09", "x"),
        (b'{"time":"12ms","msg":"x","@timestamp":"2019-05-06T07:08:09Z","a":1}', "2019-05-06T07:08:09", "x"),
        # What lies deeper is not the line's own.
        (b'{"req":{"time":"2001-01-01T00:00:00Z","msg":"no"},"ts":1557126489,"msg":"x"}', "2019-05-06T07:08:09", "x"),
        (b'{"msg":"{\\"time\\":\\"2001-01-01T00:00:00Z\\"}","ts":1557126489}', "2019-05-06T07:08:09",
         '{"time":"2001-01-01T00:00:00Z"}'),
        # Objects in which MongoDB, protobuf and log4j2 keep an instant.
        (b'{"t":{"$date":1557126489123},"s":"W","c":"REPL","msg":"x"}', "2019-05-06T07:08:09.123", "x"),
        (b'{"severity":"INFO","timestamp":{"seconds":1557126489,"nanos":5},"message":"x"}',
         "2019-05-06T07:08:09.000000005", "x"),
        (b'{"instant":{"epochSecond":1557126489,"nanoOfSecond":250000000},"level":"INFO","message":"x"}',
         "2019-05-06T07:08:09.25", "x"),
        # Cut lines keep what there is.
        (b'{"time":"2019-05-06T07:08:09Z","level":"info","msg":"cut in mid', "2019-05-06T07:08:09", "cut in mid"),
        (b'{"time":"2019-05-06T07:08:09Z","level":"info","ms', "2019-05-06T07:08:09", ""),
        # Messages that are no strings are left in the rest.
        (b'{"time":"2019-05-06T07:08:09Z","message":{"a":1},"msg":null,"log":"x"}', "2019-05-06T07:08:09", "x"),
        (b'{"time":1.5571264891234567e9,"msg":"x"}', "2019-05-06T07:08:09.123457", "x"),
    ],
)  # fmt: skip
def test_which_stamp_and_which_message_count(line, wall, message):
    got = parts(line, LINES)
    assert (got.layout, got.wall, got.text) == ("json-lines", wall, message)


@pytest.mark.parametrize(
    "line",
    [b'{"a":1,"b":"text"}', b'{"time":7,"msg":"x"}', b'{"time":"soon","msg":"x"}', b"{}", b"{", b'{"time"', b'{"time":',
     b'{"created":"0001-01-01T00:00:00Z"}', b'["2019-05-06T07:08:09Z"]'],
)  # fmt: skip
def test_an_object_without_a_stamp_is_no_entry(line):
    lines = lines_of(line)
    assert LINES.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop).valid.tolist() == [False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"1557126489", 1557126489 * 10**9),
        (b"1557126489.1234567", 1557126489123456700),
        (b"1557126489.123456789012", 1557126489123456789),
        (b"1557126489123", 1557126489123 * 10**6),
        (b"1557126489123.25", 1557126489123250000),
        (b"1557126489123456", 1557126489123456000),
        (b"1557126489123456789", 1557126489123456789),
        (b"1.557126489e+09", 1557126489 * 10**9),
        (b"06/May/2019:07:08:09 +0200", 1557126489 * 10**9),
        (b"Mon, 06 May 2019 07:08:09 GMT", 1557126489 * 10**9),
        (b"20190506T070809Z", 1557126489 * 10**9),
        (b"0.25", None),
        (b"42", None),
        (b"-1557126489", None),
        (b"99999999999", None),
        (b"9223372036854775807", None),
        (b"99999999999999999999999", None),
        (b"07:08:09", None),
        (b"", None),
    ],
)
def test_an_instant_by_itself(text, expected):
    buffer = np.frombuffer(text + bytes(vector.PAD), np.uint8)
    got = moments.read(buffer, vector.words(buffer), np.array([0]), np.array([len(text)]))
    assert (int(got.wall[0]) if got.valid[0] else None) == expected


@pytest.mark.parametrize(
    ("level", "severity"),
    [('"WARN "', "warning"), ('"informational"', "info"), ('"eror"', "err"), ('"nonsense"', ""), ("3", ""),
     ("20", "debug"), ("60", "crit"), ("550", "alert"), ("null", ""), ('"D2"', "debug"), ('"EMERGENCY"', "emerg")],
)  # fmt: skip
def test_levels(level, severity):
    line = b'{"time":1557126489,"level":%s,"msg":"x"}' % level.encode()
    got = parts(line, LINES)
    # What is not understood stays to be seen.
    assert (got.severity, got.rest) == (severity, () if severity else (f'"level":{level}',))


def test_small_numbers_are_severities_of_syslog_in_gelf_and_the_journal_alone():
    assert parts(b'{"short_message":"x","level":4,"timestamp":1557126489}', LINES).severity == "warning"
    assert parts(b'{"__REALTIME_TIMESTAMP":"1557126489000000","PRIORITY":"4","MESSAGE":"x"}').severity == "warning"


def test_a_name_is_a_programs_only_beside_what_loggers_write():
    assert parts(b'{"time":1557126489,"msg":"made","name":"rika"}', LINES).program == ""
    assert parts(b'{"time":1557126489,"msg":"made","name":"shop","pid":7}', LINES).program == "shop"
    assert parts(b'{"time":1557126489,"msg":"made","c":"rika"}', LINES).program == ""


@pytest.mark.parametrize("width", range(10))
def test_dockers_lines_of_any_width_of_fraction(width):
    stamp = "2019-05-06T07:08:09" + ("." + "123456789"[:width] if width else "") + "Z"
    line = json.dumps({"log": 'a "b"\r\n', "stream": "stdout", "time": stamp}, separators=(",", ":")).encode()
    got = parts(line)
    assert (got.layout, got.wall + "Z", got.text, got.rest) == ("docker-json", stamp, 'a "b"', ())
    # The general way gives the same.
    slow = parts(line.replace(b'"time"', b' "time"'))
    assert (slow.wall, slow.text) == (got.wall, got.text)


def test_docker_beside_other_lines():
    content = b"".join(DOCKER.samples[k % 3] + b"\n" + LINES.samples[k % 6] + b"\nno object\n" for k in range(30))
    lines = lines_of(content)
    got = decode(lines, DOCKER)
    names = [ALL[k].name if k >= 0 else "" for k in got.layout.tolist()]
    assert names == ["docker-json", "json-lines", ""] * 30
    assert recognize(content)[0] is LINES  # reads more of them


def test_the_journal_may_name_its_fields_in_any_order():
    chance = np.random.default_rng(7)
    entry = list(json.loads(JOURNAL.samples[0]).items())
    for _ in range(20):
        line = json.dumps(dict(entry[k] for k in chance.permutation(len(entry)))).encode()
        got = parts(line)
        assert (got.layout, got.host, got.program, got.pid, got.severity, got.text, got.rest) == (
            "journal-json", "gate", "sshd", 812, "err", 'error: no "moduli" file', ()
        )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "program", "severity", "text", "rest"),
    [
        (b"level=info ts=2019-05-06T07:08:09Z msg=up", "", "info", "up", ()),
        (b'time="2019-05-06 07:08:09" level=error msg="a=b c=d \\"e\\"" err="x y"', "", "err", 'a=b c=d "e"',
         ('err="x y"',)),
        (b"t=2019-05-06T07:08:09Z lvl=dbug msg= a=1", "", "debug", "", ("msg= a=1",)),
        (b't=2019-05-06T07:08:09Z msg="cut in', "", "", "cut in", ()),
        (b"ts=1557126489.5 caller=x.go:7 component=wal msg=gone a=1 b", "wal", "", "gone", ("caller=x.go:7", "a=1 b")),
    ],
)  # fmt: skip
def test_logfmt(line, program, severity, text, rest):
    got = parts(line, LOGFMT)
    assert (got.layout, got.program, got.severity, got.text, got.rest) == ("logfmt", program, severity, text, rest)


@pytest.mark.parametrize("line", [b"see time=2019-05-06T07:08:09Z", b"a=1 b=2", b"x = 2019-05-06T07:08:09Z", b"time="])
def test_what_only_looks_like_logfmt(line):
    lines = lines_of(line)
    assert not LOGFMT.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop).valid.any()


@pytest.mark.parametrize("filling", [b"\\", b'"', b"{", b"[", b'\\"', b'{"time":', b'"time":"', b",", b" ", b"="])
@pytest.mark.parametrize("form", [LINES, DOCKER, JOURNAL, LOGFMT], ids=lambda form: form.name)
def test_hostile_lines_take_no_time(form, filling):
    line = form.samples[0][:40] + filling * (2_000_000 // len(filling))
    content = line + b"\n" + form.samples[0] + b"\n" + filling * 100_000 + b"\n"
    begin = time.process_time()
    got = lines_of(content)
    stamped = decode(got, form)
    rows = np.flatnonzero(stamped.layout >= 0)
    ALL[stamped.layout[rows[-1]]].body(got.buffer, got.view, stamped.end[rows], got.stop[rows])
    assert time.process_time() - begin < 1.5
