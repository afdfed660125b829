"""Formats that a user describes: what they read, and what is said of a mistake."""

import numpy as np
import pytest

from logsleuth.errors import RuleError
from logsleuth.formats import own, registry
from logsleuth.formats.own import trial
from logsleuth.formats.own.load import load
from logsleuth.formats.own.parts import Parts, parts
from logsleuth.formats.split import decode, lines_of, recognize


@pytest.fixture(autouse=True)
def no_formats_are_left():
    yield
    registry.use(())


def loaded(folder, text, name="own.yaml"):
    (folder / name).write_text(text, encoding="utf-8")
    return load([folder / name])[0]


LINE = """
name: shop
about: the shop's daemon
stamp: "%d.%m.%Y %H:%M:%S.%f"
line: '{program}({pid}) {host} <{stamp}> {severity}: {message}'
severities: {E: err, W: warning}
samples: ['shopd(812) gate <04.03.2021 05:06:07.123> E: no stock: none']
"""
REGEX = r"""
name: till
stamp: YYYY-MM-DD HH:MM:SS.f
regex: '^ \[(?P<severity>\w+)\] (?P<program>\w+)@(?P<host>\w+): (?P<message>.*)'
program: till
samples: ['2021-03-04 05:06:07.5 [error] tilld@gate: no paper']
"""
STAMP_ALONE = """
name: till
stamp: "at %s.%f; "
samples: ['at 1614834368.25; no paper']
"""
APACHE = r"""
name: shop-access
apache: '%v %h %l %u %t \"%r\" %>s %b %D'
samples: ['shop.example.org 192.0.2.7 - - [04/Mar/2021:05:06:07 +0100] "GET /a\"b HTTP/1.1" 503 12 800']
"""
APACHE_TIME = r"""
name: shop-access
apache: '%{%Y-%m-%dT%H:%M:%S%z}t %h %s'
samples: ['2021-03-04T05:06:07+0100 192.0.2.7 404']
"""
ERROR = r"""
name: shop-error
apache-error: '[%{cu}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i'
samples: ['[2021-03-04 05:06:07.123456] [core:error] [pid 812:tid 9] core.c(12): (2)No such file: x']
"""
NGINX = """
name: shop-nginx
nginx: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent rt=$request_time'
samples: ['192.0.2.7 - - [04/Mar/2021:05:06:07 +0100] "GET / HTTP/1.1" 404 12 rt=0.01']
"""
NGINX_EPOCH = """
name: shop-nginx
nginx: '$msec ${status} $request'
samples: ['1614834368.250 200 GET / HTTP/1.1']
"""
POSTGRESQL = """
name: shop-db
postgresql: '%m [%p] %q%u@%d '
samples:
  - '2021-03-04 05:06:07.123 UTC [812] rika@shop ERROR:  relation "x" does not exist'
  - '2021-03-04 05:06:07.123 UTC [813] LOG:  checkpoint starting: time'
  - '2021-03-04 05:06:07.123 UTC [812] rika@shop DETAIL:  there is none'
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINE, [("2021-03-04 05:06:07.123", "gate", "shopd", "812", "err", "no stock: none")]),
        (REGEX, [("2021-03-04 05:06:07.5", "gate", "tilld", "", "err", "no paper")]),
        (STAMP_ALONE, [("2021-03-04 05:06:08.25+00:00", "", "", "", "", "no paper")]),
        (
            APACHE,
            [
                (
                    "2021-03-04 05:06:07+01:00", "", "httpd", "", "err",
                    'shop.example.org 192.0.2.7 - - "GET /a\\"b HTTP/1.1" 503 12 800',
                )
            ],
        ),
        (APACHE_TIME, [("2021-03-04 05:06:07+01:00", "", "httpd", "", "warning", "192.0.2.7 404")]),
        (ERROR, [("2021-03-04 05:06:07.123456", "", "httpd", "812", "err", "core.c(12): (2)No such file: x")]),
        (
            NGINX,
            [("2021-03-04 05:06:07+01:00", "", "nginx", "", "warning",
              '192.0.2.7 - - "GET / HTTP/1.1" 404 12 rt=0.01')],
        ),
        (NGINX_EPOCH, [("2021-03-04 05:06:08.25+00:00", "", "nginx", "", "info", "200 GET / HTTP/1.1")]),
        (
            POSTGRESQL,
            [
                ("2021-03-04 05:06:07.123+00:00", "", "postgres", "812", "err", 'relation "x" does not exist'),
                ("2021-03-04 05:06:07.123+00:00", "", "postgres", "813", "info", "checkpoint starting: time"),
                ("2021-03-04 05:06:07.123+00:00", "", "postgres", "812", "", "DETAIL:  there is none"),
            ],
        ),
    ],
)  # fmt: skip
def test_the_parts_lie_where_a_file_says(tmp_path, text, expected):
    one = loaded(tmp_path, text)
    assert [parts(one.format, sample.line) for sample in one.samples] == [Parts(*row) for row in expected]
    own.use([tmp_path])
    assert trial.taken_for(one) == one.format.name
    assert trial.problems(one) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stamp: YYYY", "1: file: 'name' is missing"),
        ("name: Shop\nsamples: [x]", "1: Shop: a name is lower-case letters"),
        ("name: dpkg\nsamples: [x]", "1: dpkg: is the name of a shipped format"),
        ("name: x", "1: x: 'samples' is missing"),
        ("name: x\nsamples: [y]", "1: x: 'stamp' is missing"),
        ("name: x\nstampp: y\nsamples: [y]", "2: file: unknown key 'stampp'; did you mean 'stamp'?"),
        ("name: x\nstamp: YYYY-MM-DD\nsamples: [y]", "2: x: a stamp needs one time of day"),
        ("name: x\nstamp: '%H:%M:%S'\nsamples: [y]", "2: x: a stamp needs one day"),
        ("name: x\nstamp: '%Y-%m-%d %I:%M:%S'\nsamples: [y]", "2: x: %I is not known; there are %Y"),
        ("name: x\nstamp: '%H:%M:%S %Y-%m-%d'\nsamples: [y]", "2: x: only the year may follow the time of day"),
        (LINE.replace("{stamp}", "x"), "5: shop: the line has no stamp"),
        (LINE.replace("{host} ", "{host}"), ""),
        (LINE.replace(") {host}", "){host}{}"), "5: shop: {host} and {} have no text between them"),
        (LINE.replace("{host}", "{hots}"), "5: shop: there is no part {hots}; there are host, program"),
        (
            LINE.replace("{program}", "{message}").replace(": {message}'", ": '"),
            "5: shop: message and severity can",
        ),
        (LINE + "regex: x", "8: shop: 'line' says already how a line divides"),
        (LINE.replace("E: err", "E: error"), "6: shop: 'error' is not one of alert"),
        (LINE.replace("E: err", "ERRORERROR: err"), "6: shop: 'ERRORERROR' is longer than 8 bytes"),
        (REGEX.replace("07.5 [error] ", "07.5 error "), "6: till: this sample has the stamp, but does not divide"),
        (LINE.replace("04.03.2021 05", "04.03.2021 5"), "7: shop: its stamp is not found in this sample"),
        (REGEX.replace("(?P<host>", "(?P<where>"), "4: till: group 'where' is no part of a line"),
        (
            REGEX.replace("(?P<message>.*)", "(?P<message>(a+)+)"),
            "4: till: a repeated group that can read one text in several ways",
        ),
        (REGEX.replace("(?P<message>.*)", ".*"), "4: till: a group (?P<message>...) is missing"),
        (REGEX.replace("(?P<message>.*)", "("), "4: till: not a regular expression"),
        (APACHE.replace("%t ", ""), "3: shop-access: the line has no stamp"),
        (APACHE.replace("%t", "%{msec}t"), "3: shop-access: %{msec}t counts in a unit"),
        (APACHE + "stamp: x", "5: shop-access: 'apache' says how the stamp is spelled"),
        ("- a", "1: file: a mapping (key: value) is expected here"),
        ("name: [", "yaml"),
    ],
)
def test_a_mistake_is_one_line_that_says_where_and_what(tmp_path, text, said):
    if not said:
        loaded(tmp_path, text.replace("gate ", "gate"))
        return
    with pytest.raises(RuleError) as raised:
        loaded(tmp_path, text)
    message = str(raised.value)
    assert said in message
    assert message.startswith(f"{tmp_path}/own.yaml:")
    assert "\n" not in message


def test_what_a_file_says_of_its_samples_is_compared(tmp_path):
    text = LINE.replace("samples: ['", "samples:\n  - line: '").rstrip()[:-1]
    one = loaded(tmp_path, text + "\n    time: 2021-03-04T05:06:07.123\n    pid: 813\n    host: gate\n")
    assert trial.problems(one) == [f"{tmp_path}/own.yaml:8: shop: pid is '812', not '813'"]


def test_two_files_cannot_name_the_same_format(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(LINE, encoding="utf-8")
    with pytest.raises(RuleError, match=r"b.yaml:2: shop: .*a.yaml has a format of that name"):
        load([tmp_path])
    assert len(load([tmp_path / "a.yaml", tmp_path / "a.yaml"])) == 1


def test_a_users_format_goes_before_a_shipped_one_until_another_run(tmp_path):
    content = b"2021-03-04 05:06:07.5 [error] tilld@gate: no paper\n" * 3
    shipped = recognize(content)[0].name
    loaded(tmp_path, REGEX)
    own.use([tmp_path])
    form, share = recognize(content)
    assert (form.name, share) == ("till", 1.0)
    assert recognize(b"2021-03-04 05:06:07.5 other text\n" * 3)[0].name == "stamped-iso-dash"
    lines = lines_of(content)
    stamped = decode(lines, form)
    assert {registry.ALL[i].name for i in stamped.layout.tolist()} == {"till"}
    own.use([])
    assert recognize(content)[0].name == shipped
    # What was read with it keeps its meaning.
    assert registry.ALL[stamped.layout[0]] is form


def test_a_pattern_that_takes_too_long_is_given_up(tmp_path):
    text = REGEX.replace("(?P<message>.*)", "(?P<message>(?:a|aa|aaa){1,60}b)")
    one = loaded(tmp_path, text.replace("no paper", "aab"))
    content = b"2021-03-04 05:06:07.5 [error] tilld@gate: " + b"a" * 4000 + b"\n"
    lines = lines_of(content * 50)
    got = one.format.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
    columns = one.format.body(lines.buffer, lines.view, got.end, lines.stop)
    assert (columns.text_at == got.end + 1).all()
    assert (columns.severity == -1).all()


def test_a_line_that_does_not_divide_keeps_all_its_text(tmp_path):
    one = loaded(tmp_path, REGEX)
    got = parts(one.format, b"2021-03-04 05:06:07.5 no brackets here")
    assert got is not None
    assert (got.program, got.message) == ("till", "no brackets here")


def test_parts_before_the_stamp_are_found_in_every_line_of_a_block(tmp_path):
    one = loaded(tmp_path, LINE)
    content = b"".join(b"shopd(%d) gate%d <04.03.2021 05:06:07.123> E: x\n" % (i, i % 7) for i in range(500))
    lines = lines_of(content)
    got = one.format.stamp.decode(lines.buffer, lines.view, lines.start, lines.stop)
    columns = one.format.body(lines.buffer, lines.view, got.end, lines.stop)
    assert columns.pid.tolist() == list(range(500))
    hosts = [bytes(lines.buffer[a:b]) for a, b in zip(columns.host_at.tolist(), columns.host_end.tolist(), strict=True)]
    assert hosts == [b"gate%d" % (i % 7) for i in range(500)]
    assert np.all(got.valid)
