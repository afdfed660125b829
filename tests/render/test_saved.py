import json
from dataclasses import replace

import pytest

from logsleuth.render import RENDERERS, Options
from logsleuth.render.saved import Unreadable, read
from tests.render.reports import CUT, INCIDENT, LAST, QUIET, REPORT, T0


def saved(report):
    return RENDERERS["json"](report, Options())


@pytest.mark.parametrize(
    "report",
    [
        REPORT,
        QUIET,
        replace(REPORT, digested=True, changes=(LAST,), files=(replace(REPORT.files[0], sha256="ab" * 32),)),
        replace(REPORT, window=replace(REPORT.window, earliest=T0 + 1, latest=-1)),
    ],
    ids=["whole", "quiet", "digests", "nanoseconds"],
)
def test_a_report_is_read_back_as_it_was(report):
    assert read(saved(report)) == report


def test_a_line_that_two_findings_know_differently_is_read_back_as_each_knows_it():
    vague = replace(LAST, time=None)
    finding = replace(CUT, title=replace(CUT.title, evidence=(vague,)))
    report = replace(REPORT, incidents=(replace(INCIDENT, causes=(finding,)),))
    assert read(saved(report)) == report


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(format_version=99), "format version '99', and this program reads version 1"),
        (lambda d: d.pop("format_version"), "no report of logsleuth"),
        (lambda d: d.pop("boots"), "damaged: 'boots' is missing"),
        (lambda d: d.update(window=3), "damaged"),
        (lambda d: d["window"].update(earliest="yesterday"), "'yesterday' is no instant"),
        (lambda d: d.update(lines=[]), "is cited, but not among its lines"),
        (lambda d: d["incidents"][0]["causes"][0].update(confidence="sure"), "'sure' is none of"),
        (lambda d: d.update(incidents={"a": 1}), "damaged"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(change, said):
    document = json.loads(saved(REPORT))
    change(document)
    with pytest.raises(Unreadable) as caught:
        read(json.dumps(document))
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "nonsense", "[" * 100_000, '{"format_version": 1}', "null"])
def test_other_texts_are_refused(text):
    with pytest.raises(Unreadable):
        read(text)
