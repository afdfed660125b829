"""A message that was wrapped over several lines is matched as one text, and the lines that bear the match are cited."""

import pytest

from logsleuth.pipeline import default_settings, explain, open_paths
from logsleuth.signs.collect import collect
from logsleuth.signs.match import Matcher
from logsleuth.signs.model import EventType, LazyPattern

HEAD = "Mar  3 10:00:01 gate kernel: "
REST = "Mar  3 10:09:01 gate cron[7]: (root) CMD (true)\n"


def cited(tmp_path, text, cause):
    path = tmp_path / "messages"
    path.write_text(text)
    report = explain([str(path)], tz="UTC", year=2024)
    found = [f for i in report.incidents for f in (*i.causes, *i.effects) if f.cause == cause]
    return [sorted(line.line for line in f.evidence) for f in found]


AVC = (
    "type=AVC msg=audit(1709460001.147:96): avc:  denied  { getattr } for  pid=812",
    'comm="smtpd" path="/srv/queue/x"',
    "dev=dm-0 ino=28 scontext=system_u:system_r:postfix_t:s0",
    "tcontext=system_u:object_r:default_t:s0 tclass=file",
)


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ([HEAD + " ".join(AVC)], [1]),
        ([HEAD + AVC[0], *AVC[1:]], [1, 2, 3, 4]),
        ([HEAD + AVC[0], *AVC[1:], "and so on"], [1, 2, 3, 4]),
        ([HEAD + AVC[0], "", "  " + " ".join(AVC[1:])], [1, 3]),
        ([HEAD + "audit:", " ".join(AVC)], [1, 2]),
        ([HEAD + "httpd[812]: segfault at 0 ip 0 sp 0", "error 4 in libfoo.so[1000+2000]"], [1, 2]),
    ],
)
def test_the_lines_that_hold_the_match_are_cited(tmp_path, lines, where):
    cause = "segfault" if "segfault" in lines[0] else "mac-denial"
    assert cited(tmp_path, "\n".join(lines) + "\n" + REST, cause) == [where]


def test_of_a_long_entry_the_lines_with_fields_are_cited(tmp_path):
    first = HEAD + 'lsm=SMACK fn=f action=denied subject="a" object="b" requested=r'
    lines = [first, *["trace"] * 6, 'comm="httpd" name="x"']
    assert cited(tmp_path, "\n".join(lines) + "\n" + REST, "mac-denial") == [[1, 8]]


def test_a_line_of_a_trace_speaks_for_itself(tmp_path):
    text = HEAD + "trouble\n" + "  at foo\n" * 7 + "bind: Address already in use\n" + "  at bar\n" * 7 + REST
    assert cited(tmp_path, text, "port-in-use") == [[9]]


def test_what_stands_on_a_further_line_is_told_of_that_line_beside_what_the_whole_says(tmp_path):
    """And a text that only hits for one of its digits is no match, nor in the way of one."""
    path = tmp_path / "messages"
    path.write_text(HEAD + "alpha broke\nORA-01157: beta fell\n" + REST)
    kinds = {"whole": "alpha .*beta fell", "line": "beta fell", "other": "ORA-00313: "}
    logs = open_paths([path], default_settings("UTC")).opened.logs
    matcher = Matcher([EventType(name, (LazyPattern(pattern),)) for name, pattern in kinds.items()])
    facts = collect(logs, matcher, frozenset()).facts
    assert {f.type: [line.line for line in f.lines] for f in facts} == {"whole": [1, 2], "line": [2]}


@pytest.mark.parametrize(
    ("first", "count"), [("Mar  3 10:00:01 gate kernel: nvme nvme0: reset", 1), ("[ 12.300000] nvme nvme0: reset", 0)]
)
def test_a_line_without_a_stamp_may_be_anybodys_but_in_the_kernels_own_log(tmp_path, first, count):
    path = tmp_path / "lines"
    path.write_text(first + "\nthe job timed out, aborting\n" + first + "\n")
    logs = open_paths([path], default_settings("UTC")).opened.logs
    event = EventType("job", (LazyPattern("timed out, aborting"),), LazyPattern("feedd"))
    assert len(collect(logs, Matcher([event]), frozenset()).facts) == count
