"""Apple System Log files: messages by their place, whatever their links say."""

import pytest

from logsleuth import sources
from tests.sources.stores.made import T0, asl


def read(tmp_path, content):
    (tmp_path / "2023.11.14.asl").write_bytes(content)
    found, problems = sources.find([str(tmp_path)])
    text = b"".join(sources.blocks(found[0], problems)).decode() if found else ""
    return text.splitlines(), [p.reason for p in problems]


def message(number, **more):
    return {
        "sec": T0 + number, "nano": 706304000, "host": b"mill.example.org", "sender": b"powerd", "level": 5,
        "message": b"wake number %d, from deep idle" % number, "facility": b"daemon",
    } | more  # fmt: skip


BEGUN = "<46>2023-11-14T22:13:20.000000Z - asl: log file begun"
FIRST = "<29>2023-11-14T22:13:20.706304Z mill.example.org powerd[55]: wake number 0, from deep idle"


def test_messages_are_records(tmp_path):
    lines, problems = read(tmp_path, asl([message(0), message(1, nano=7, pid=-1, level=2, facility=b"kern")]))
    assert problems == []
    assert lines == [
        BEGUN,
        FIRST,
        "<2>2023-11-14T22:13:21.000000007Z mill.example.org powerd: wake number 1, from deep idle",
    ]


def test_further_lines_are_indented_and_pairs_stand_for_a_missing_text(tmp_path):
    pairs = ((b"ut_user", b"rika"), (b"ut_line", b"ttys000"))
    lines, _ = read(tmp_path, asl([message(0, message=b"one\ntwo"), message(1, message=b"", pairs=pairs)]))
    assert lines[1].endswith("powerd[55]: one")
    assert lines[2] == "\ttwo"
    assert lines[3].endswith("powerd[55]: ut_user=rika ut_line=ttys000")


def test_a_message_without_a_time_goes_on_from_the_one_above(tmp_path):
    lines, _ = read(tmp_path, asl([message(0), message(0, sec=0, message=b"when was it?")]))
    assert lines[1:] == [FIRST, "\tpowerd: when was it?"]


def test_a_broken_link_loses_nothing(tmp_path):
    lines, [said] = read(tmp_path, asl([message(i) for i in range(9)], broken={4}))
    assert len(lines) == 10
    assert said.startswith("1 links of its list of messages are broken")


@pytest.mark.parametrize("cut", [1, 60, 130])
def test_a_torn_end_is_named(tmp_path, cut):
    lines, problems = read(tmp_path, asl([message(i) for i in range(5)])[:-cut])
    assert lines[:2] == [BEGUN, FIRST]
    assert len(lines) == 5
    assert "are no messages" in problems[0]


def test_garbage_in_the_middle_is_named_and_the_rest_read(tmp_path):
    whole = asl([message(i) for i in range(9)])
    at = whole.find(b"wake number 4") - 6
    lines, problems = read(tmp_path, whole[:at] + b"\xff" * 90 + whole[at + 90 :])
    assert len(lines) >= 9
    assert any("are no messages" in said for said in problems)


def test_a_pointer_that_leads_nowhere_costs_only_its_text(tmp_path):
    whole = bytearray(asl([message(0)]))
    at = whole.rfind(b"wake number") - 6
    pointer = at.to_bytes(8, "big")
    whole[whole.rfind(pointer) : whole.rfind(pointer) + 8] = (1 << 40).to_bytes(8, "big")
    lines, problems = read(tmp_path, bytes(whole))
    assert lines[1].endswith("powerd[55]: ?")
    assert problems == ["1 texts of messages could not be read"]


def test_other_versions_are_refused_with_a_word(tmp_path):
    assert read(tmp_path, asl([message(0)], version=1)) == (
        [],
        ["an Apple System Log of version 1; try: syslog -f FILE"],
    )


def test_a_header_alone_is_an_empty_log(tmp_path):
    assert read(tmp_path, asl([])) == ([BEGUN], [])
