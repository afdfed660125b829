import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from logsleuth.narrative import safe
from logsleuth.render import RENDERERS, Options, boots_json, sources_json
from logsleuth.render.leaves import instant
from logsleuth.report import UNKNOWN
from tests.render.reports import (
    AVAILABILITY,
    BOOTS,
    FILES,
    HOSTILE,
    INCIDENT,
    QUIET,
    REPORT,
    ROOT,
    T0,
    hostile,
)

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))


def shown(report):
    return json.loads(RENDERERS["json"](report, TOKYO))


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00Z"),
        (T0, "2024-03-03T10:00:00Z"),
        (T0 + 250_000_000, "2024-03-03T10:00:00.250000Z"),
        (T0 + 1, "2024-03-03T10:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
    ],
)
def test_instants(time, expected):
    assert instant(time) == expected
    if expected:
        assert datetime.fromisoformat(expected).tzinfo == UTC


def test_keys_of_the_contract():
    assert list(shown(REPORT)) == [
        "format_version", "version", "command", "language", "zone", "window", "told", "hidden", "incidents",
        "set_aside", "unexplained", "boots", "availability", "files", "assumptions", "skipped", "notes",
        "changes", "digested", "compared", "originals", "lines",
    ]  # fmt: skip
    incident = shown(REPORT)["incidents"][0]
    assert list(incident) == [
        "id", "hosts", "headline", "start", "end", "causes", "effects", "links", "narrative",
    ]  # fmt: skip
    assert list(incident["causes"][0]) == [
        "id", "rule", "kind", "cause", "confidence", "host", "title", "narrative", "reasons", "remedy", "settle",
        "evidence", "start", "end", "said",
    ]  # fmt: skip


def test_an_incident():
    incident = shown(REPORT)["incidents"][0]
    assert incident["headline"] == "gate stopped without shutting down, between 2024-03-03 19:00:07 and 19:02:08"
    assert incident["start"] == {"earliest": "2024-03-03T10:00:07Z", "latest": "2024-03-03T10:02:08Z"}
    assert incident["links"][0]["why"] == "it had not yet been written to the disk"
    assert incident["causes"][0]["evidence"][0] == {
        "file": f"{ROOT}/messages",
        "line": 12,
        "text": "Mar  3 10:00:07 gate cron[841]: (root) CMD (true)",
        "time": "2024-03-03T10:00:07Z",
    }
    assert incident["effects"][0]["remedy"] == "Stop POP for rika; restore the file."
    assert incident["effects"][0]["reasons"][0]["side"] == "for"


def test_every_sentence_can_be_looked_up():
    incidents = shown(REPORT)["incidents"]
    sentences = [s for i in incidents for s in i["narrative"]]
    sentences += [s for i in incidents for f in (*i["causes"], *i["effects"]) for s in f["narrative"]]
    assert len(sentences) == 8
    assert all(s["text"] and s["evidence"] for s in sentences)


def test_open_sides_are_null():
    assert shown(REPORT)["told"] == {"earliest": "2024-03-03T10:00:00Z", "latest": None}
    unknown = shown(replace(QUIET, incidents=(replace(INCIDENT, start=UNKNOWN),)))
    assert unknown["incidents"][0]["start"] == {"earliest": None, "latest": None}


def test_evidence_is_raw_but_steers_no_terminal():
    text = RENDERERS["json"](hostile(), TOKYO)
    assert text.replace("\n", "") == safe(text.replace("\n", ""))
    evidence = json.loads(text)["incidents"][0]["causes"][0]["evidence"][0]
    assert evidence["text"] == HOSTILE.replace("\ud800", "\\ud800")
    text.encode()


def test_other_commands_have_the_same_rows():
    report = shown(REPORT)
    assert json.loads(boots_json(BOOTS, AVAILABILITY, TOKYO)) == {
        "language": "en",
        "boots": report["boots"],
        "availability": report["availability"],
    }
    assert json.loads(sources_json(FILES, REPORT.assumptions, REPORT.skipped, TOKYO)) == {
        key: report[key] for key in ("language", "files", "assumptions", "skipped")
    }
