"""JSON whose records are no lines: arrays, one in an object, objects over many lines."""

import json

import pytest

from logsleuth import sources
from tests.sources.stores.test_logins import read

ONE = {
    "eventVersion": "1.08", "eventTime": "2023-11-14T22:13:20Z", "eventSource": "s3.amazonaws.com", "eventName": "Get",
    "awsRegion": "eu-west-1",
}  # fmt: skip
TWO = {"eventTime": "2023-11-14T22:13:21Z", "eventSource": "sts.amazonaws.com", "eventName": "Assume", "n": {"a": "ü"}}
SAID = [
    's3.amazonaws.com: Get {"eventVersion":"1.08","eventSource":"s3.amazonaws.com","awsRegion":"eu-west-1"}',
    'sts.amazonaws.com: Assume {"eventSource":"sts.amazonaws.com","n":{"a":"ü"}}',
]


def text_of(path, content):
    path.write_bytes(content)
    found, problems = sources.find([str(path)])
    return found[0].store, b"".join(sources.blocks(found[0], problems)).decode(), [p.reason for p in problems]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"Records": [ONE, TWO]}),
        json.dumps({"value": [ONE, TWO]}, indent=2),
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=4),
        "\ufeff" + json.dumps([ONE, TWO], ensure_ascii=False, indent="\t"),
        json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2) + "\n",
    ],
)
def test_each_object_is_a_record(tmp_path, content):
    store, text, problems = text_of(tmp_path / "x.json", content.encode())
    assert (store, problems) == ("JSON records", [])
    assert [line.split(" - ", 1)[1] for line in text.splitlines() if line] == SAID


def test_lines_keep_their_numbers(tmp_path):
    content = json.dumps([ONE, TWO], indent=2)
    _, text, _ = text_of(tmp_path / "x.json", content.encode())
    numbers = [number for number, line in enumerate(text.splitlines()) if line]
    assert numbers == [number for number, line in enumerate(content.splitlines()) if line == "  {"]


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ({"timestamp": "2023-11-14T22:13:20.123456789Z", "msg": "m"}, "2023-11-14T22:13:20.123456789Z - unknown: m"),
        ({"time": "2023-11-14T23:13:20+01:00", "message": "m"}, "2023-11-14T22:13:20.000000Z - unknown: m"),
        ({"time": 1_700_000_000.5, "message": "m"}, "2023-11-14T22:13:20.500000Z - unknown: m"),
        ({"time": 1_700_000_000_123, "message": "m"}, "2023-11-14T22:13:20.123000Z - unknown: m"),
        ({"CreationTime": "2023-11-14T22:13:20", "Operation": "m"}, "2023-11-14T22:13:20.000000Z - unknown: m"),
        ({"time": "2023-11-14T22:13:20Z", "severity": "ERROR", "message": "m"},
         '<11>2023-11-14T22:13:20.000000Z - unknown: m {"severity":"ERROR"}'),
        ({"time": "2023-11-14T22:13:20Z", "operationName": {"value": "m", "localizedValue": "M"}},
         "2023-11-14T22:13:20.000000Z - unknown: m"),
        (
            {"__REALTIME_TIMESTAMP": "1700000000123456", "_HOSTNAME": "gate", "SYSLOG_IDENTIFIER": "sshd",
             "_PID": "812", "PRIORITY": "3", "SYSLOG_FACILITY": "4", "MESSAGE": "m", "_BOOT_ID": "x"},
            "<35>2023-11-14T22:13:20.123456Z gate sshd[812]: m",
        ),
        ({"__REALTIME_TIMESTAMP": "1700000000123456", "MESSAGE": [33]}, "2023-11-14T22:13:20.123456Z - unknown: !"),
        ({"time": "2023-11-14T22:13:20Z", "message": "two\nlines\u0000"}, "2023-11-14T22:13:20.000000Z - unknown: two"),
    ],
)  # fmt: skip
def test_what_an_object_says_stands_in_its_record(tmp_path, item, line):
    assert text_of(tmp_path / "x.json", json.dumps([item]).encode())[1].splitlines()[0] == line


def test_an_object_without_a_time_goes_on_the_one_above(tmp_path):
    content = json.dumps([ONE, {"message": "no time"}, TWO]).encode()
    assert text_of(tmp_path / "x.json", content)[1].splitlines()[1] == "\tno time"


def test_what_is_cut_off_is_named(tmp_path):
    whole = json.dumps([ONE, TWO]).encode()
    _, lines, problems = read(tmp_path, whole[:-30], "x.json")
    assert lines == SAID[:1]
    second = whole.index(b'{"eventTime')
    assert problems == [f"{len(whole) - 30 - second} bytes from byte {second} on are no whole object"]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ONE, indent=2),
        json.dumps([{"Id": "0badc0de", "Created": "2023-11-14T22:13:20Z"}]),
        json.dumps([1, 2, 3]),
        json.dumps({"items": []}),
        json.dumps({"items": [{"name": "x"}]}),
        '[{"time": "2023-11-14T22:13:20Z", ',
        "[{not json}]",
        "[" * 5000 + "{",
        json.dumps([{"time": "yesterday"}]),
        json.dumps([{"time": True, "timestamp": 12, "ts": "99999999999999999999"}]),
    ],
)
def test_other_json_is_no_such_store(tmp_path, content):
    assert read(tmp_path, content.encode(), "x.json")[0] == ""
