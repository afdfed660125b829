"""One report in all its forms: the same facts, and sentences that can be looked up in the files themselves."""

import bz2
import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from markdown_it import MarkdownIt

from logsleuth.clock.zones import zone_named
from logsleuth.narrative import Teller, cause_unknown
from logsleuth.pipeline import explain
from logsleuth.render import RENDERERS, Options
from logsleuth.render.names import names_of
from logsleuth.render.redact import Pseudonyms, redact
from logsleuth.render.saved import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = {
    "incidents/yasuharu-2008": "Asia/Tokyo",
    "incidents/debian-unclean": "UTC",
    "incidents/debian-clean-reboot": "UTC",
    "healthy-week": "UTC",
}
OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open}
each_case = pytest.mark.parametrize("case", CASES)


@cache
def report_of(case):
    return explain([str(FIXTURES / case)], tz=CASES[case], compare="boot")


@cache
def shown(case, form):
    return RENDERERS[form](report_of(case), Options(zone=zone_named(CASES[case]), verbose=1, width=10_000))


def findings(report):
    return [f for i in report.incidents for f in (*i.causes, *i.effects)]


@cache
def lines_of(file):
    path = Path(file)
    with OPENERS.get(path.suffix, open)(path, "rb") as opened:
        return opened.read().split(b"\n")


@each_case
def test_json_keeps_its_schema(case):
    schema = json.loads(resources.files("logsleuth.render").joinpath("report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(shown(case, "json")))


@each_case
def test_json_is_read_back_as_the_report_that_it_was(case):
    assert read(shown(case, "json")) == report_of(case)


@each_case
def test_every_sentence_of_json_cites_a_line_that_stands_in_its_file(case):
    document = json.loads(shown(case, "json"))
    table = {(x["file"], x["line"]): x["text"] for x in document["lines"]}
    sentences = [s for i in document["incidents"] for s in i["narrative"]]
    sentences += [s for i in document["incidents"] for f in (*i["causes"], *i["effects"]) for s in f["narrative"]]
    for sentence in sentences:
        assert sentence["evidence"], sentence["text"]
        for reference in sentence["evidence"]:
            text = table[reference["file"], reference["line"]]
            stands = lines_of(reference["file"])[reference["line"] - 1].decode("utf-8", "replace")
            assert stands.strip("\r\0") == text.strip("\r\0")


@each_case
def test_every_sentence_of_markdown_cites_a_line_that_stands_in_its_file(case):
    report = report_of(case)
    names = names_of(report)
    known = {names.reference(x) for f in findings(report) for s in f.narrative for x in s.evidence}
    items = re.findall(r"^ +- (?!For:|Against:|Note:|Next step:)(.*)$", shown(case, "markdown"), re.MULTILINE)
    items = [i for i in items if not i.startswith("[")]
    assert len(items) >= sum(len(f.narrative) for f in findings(report))
    for item in items:
        cited = re.search(r"\(((?:`[^`]+:\d+`(?:, )?)+)(?: \+\d+ more)?\)$", item)
        assert cited, item
        assert set(re.findall(r"`([^`]+:\d+)`", cited[1])) <= known


@each_case
@pytest.mark.parametrize("form", ["text", "markdown", "github", "html"])
def test_all_forms_tell_the_same_findings(case, form):
    report = report_of(case)
    teller = Teller(zone_named(CASES[case]))
    text = _plain(shown(case, form), form)
    for incident in report.incidents:
        assert _bare(teller.headline(incident)) in text
        roots = {f.id for f in incident.causes}
        for finding in (*incident.causes, *incident.effects):
            assert _bare(teller.title(finding)) in text
            if not (cause_unknown(finding) and finding.id in roots):
                assert finding.confidence in text
            for line in (x for s in finding.narrative for x in s.evidence[:3]):
                assert f":{line.line}" in text


def _plain(text, form):
    if form in {"markdown", "github"}:
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        inline = [c for t in tokens for c in (t.children or [t])]
        text = "".join(c.content or " " for c in inline)
    elif form == "html":
        text = re.sub(r"<[^<>]*>", "", text)
    return _bare(text)


def _bare(text):
    return re.sub(r"[^\w:]+", "", text)


@each_case
def test_csv_has_every_line_of_evidence(case):
    report = report_of(case)
    rows = list(csv.DictReader(io.StringIO(shown(case, "csv"))))
    for incident in report.incidents:
        mine = {(r["file"], int(r["line"])): r for r in rows if r["incident"] == incident.id}
        assert set(mine) == {(x.file, x.line) for f in (*incident.causes, *incident.effects) for x in f.evidence}
        for finding in (*incident.causes, *incident.effects):
            for line in finding.evidence:
                row = mine[line.file, line.line]
                assert finding.id in row["findings"].split()
                assert finding.cause in row["causes"].split()


@each_case
def test_an_issue_takes_the_body(case):
    body = shown(case, "github")
    assert len(body) < 65_536
    assert body.count("<details>") == body.count("</details>")


@each_case
@pytest.mark.parametrize("form", sorted(RENDERERS))
def test_no_host_and_no_user_is_left_of_a_redacted_report(case, form):
    names = Pseudonyms()
    hidden = redact(report_of(case), names)
    text = RENDERERS[form](hidden, Options(verbose=2)).lower()
    told = [value for (kind, value) in names.of if kind in {"host", "ip", "mail"}]
    told += ["mobilemailys", "hiroko"] if "yasuharu" in case else []
    for value in told:
        # A host may be called as an ordinary word is, in a sentence of a rule.
        if len(value) > 6:
            assert not re.search(rf"(?<![\w.]){re.escape(value.lower())}(?![\w.])", text), value


SYSTEM = {"root", "daemon", "operator", "nobody", "www-data", "sshd", "admin", "guest", "test", "user", "from", "log"}
WHO = (
    r"\bfor (?:invalid user |illegal user |user )?([\w.-]+) (?:from|by)\b",
    r"\b(?:invalid|illegal) user ([\w.-]+)",
    r"\((\w+)\) (?:CMD|RELOAD)",
    r"\bStats: (\w+)",
    r"\bsession (?:opened|closed) for user (\w+)",
    r"\bsudo(?:\[\d+\])?: +(\w+) :",
    r"/home/(\w+)",
)
WHERE = (
    r"(?m)^[A-Z][a-z]{2} [ \d]\d [\d:]{8} (?:<[\w.]+> )?([A-Za-z][\w.-]*) \S+:",
    r"(?<![\w.])((?:[1-9]\d{0,2}\.)(?:\d{1,3}\.){2}\d{1,3})(?![\w.])",
    r"([\w.+-]+@[\w-]+\.[\w.-]+\w)",
    r"(?<![\w.@/-])((?:[a-z0-9-]+\.)+(?:com|net|org|jp))(?![\w.-])",
)


@cache
def named_in(case):
    """Users, hosts and addresses that the lines of a fixture name, found without the help of what takes them out."""
    texts = [b"\n".join(lines_of(f.file)).decode("utf-8", "replace") for f in report_of(case).files]
    users = {name for text in texts for pattern in WHO for name in re.findall(pattern, text)} - SYSTEM
    found = {name for text in texts for pattern in WHERE for name in re.findall(pattern, text)}
    return users | {name for name in found if not name.startswith("127.")}


@each_case
@pytest.mark.parametrize("form", sorted(RENDERERS))
def test_nothing_that_the_lines_name_is_left_of_a_redacted_report(case, form):
    assert len(named_in(case)) > 100
    zone = zone_named(CASES[case])
    plain, hidden = report_of(case), redact(report_of(case))
    for verbose in (0, 2) if form == "text" else (0,):
        options = Options(zone=zone, verbose=verbose)
        before, after = RENDERERS[form](plain, options).lower(), RENDERERS[form](hidden, options).lower()
        told = {name for name in named_in(case) if _names(before, name)}
        assert told or not plain.incidents
        assert not {name for name in named_in(case) if _names(after, name)}


def _names(text, name):
    return name.lower() in text and re.search(rf"(?<![\w.-]){re.escape(name.lower())}(?![\w-])", text)


@each_case
def test_the_short_form_tells_every_root_cause_and_what_speaks_against_it(case):
    report = report_of(case)
    zone = zone_named(CASES[case])
    teller = Teller(zone)
    text = _bare(RENDERERS["text"](report, Options(zone=zone)))
    for incident in report.incidents[:5]:
        for finding in incident.causes:
            assert _bare(teller.title(finding)) in text
            assert finding.confidence in text or cause_unknown(finding)
            for reason in finding.reasons:
                if reason.side == "against":
                    assert _bare(teller.tell(reason))[:30] in text
