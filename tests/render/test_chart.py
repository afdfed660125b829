import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from logsleuth.render import RENDERERS, Options
from logsleuth.report import Evidence
from tests.render.reports import REPORT, T0, hostile

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))
FORMS = ("markdown", "github")
NODE = r'    n\d+\["[^"\[\]{}()<>|;&%`\\]*(?:#\d+;[^"\[\]{}()<>|;&%`\\]*)*<br/>\([a-z #\d;]+\)"\]'


def charts(report, form):
    tokens = MarkdownIt("commonmark").enable("table").parse(RENDERERS[form](report, TOKYO))
    return [t.content for t in tokens if t.type == "fence" and t.info == "mermaid"]


def test_causes_point_to_effects():
    (chart, *_) = [c for c in charts(REPORT, "markdown") if c.startswith("flowchart")]
    assert chart.splitlines() == [
        "flowchart TD",
        '    n0["gate stopped without shutting down<br/>(probable)"]',
        '    n1["Mailbox /var/mail/rika was damaged<br/>(confirmed)"]',
        "    n0 --> n1",
    ]


def test_an_outage_is_a_bar():
    (chart, *_) = [c for c in charts(REPORT, "markdown") if c.startswith("gantt")]
    assert "    section gate" in chart.splitlines()
    assert "    down at most :crit, 2024-03-03 19:00:07, 2024-03-03 19:02:08" in chart.splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_never_leaves_its_label(form):
    shown = charts(hostile(), form)
    assert shown
    for chart in shown:
        for line in chart.splitlines():
            assert re.fullmatch(
                rf"flowchart TD|gantt|{NODE}|    n\d+ --> n\d+|    (?:title|section|dateFormat|axisFormat) [^;#`]+"
                r"|    [\w .-]+ :(?:done|crit), [\d: -]+, [\d: -]+",
                line,
            ), line


def test_an_issue_is_cut_before_it_is_too_long():
    incident = REPORT.incidents[0]
    many = tuple(
        replace(incident.effects[0], id=f"m{n}", evidence=(Evidence("/srv/x", n, "y" * 900, T0),)) for n in range(300)
    )
    body = RENDERERS["github"](replace(REPORT, incidents=(replace(incident, effects=many),)), TOKYO)
    assert len(body) <= 65_536
    assert "The rest is left out" in body
    assert body.count("<details>") == body.count("</details>")


def test_changes_before_stand_in_the_lead_up_and_the_first_act_after_in_the_detection():
    before = Evidence(
        "/srv/logs/gate/var/log/auth", 3, "Mar  3 18:00:00 gate sudo: rika : COMMAND=/bin/vi", T0 - 3600 * 10**9
    )
    after = Evidence(
        "/srv/logs/gate/var/log/auth", 9, "Mar  3 20:00:00 gate sudo: rika : COMMAND=/bin/ls", T0 + 3600 * 10**9
    )
    text = RENDERERS["markdown"](replace(REPORT, changes=(before, after)), TOKYO)
    lead_up = text.partition("## Lead-up")[2].partition("## Detection")[0]
    detection = text.partition("## Detection")[2].partition("## Trigger")[0]
    assert "auth:3" in lead_up
    assert "auth:9" not in lead_up
    assert "59 min 59 s later: `Mar  3 20:00:00" in detection
