"""The charts as Mermaid draws them; needs a Chromium, and LOGSLEUTH_MERMAID: mermaid.min.js of the npm package."""

import os
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from logsleuth.clock.zones import zone_named
from logsleuth.pipeline import explain
from logsleuth.render import RENDERERS, Options
from tests.render.browsers import CHROMIUM, launched
from tests.render.reports import REPORT, hostile

MERMAID = os.environ.get("LOGSLEUTH_MERMAID", "")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.skipif(not MERMAID, reason="LOGSLEUTH_MERMAID names no mermaid.min.js"),
]
FIXTURES = Path(__file__).parents[1] / "fixtures" / "incidents"
DRAW = """async ([source, level]) => {
    mermaid.initialize({startOnLoad: false, securityLevel: level});
    const box = document.createElement("div");
    try {
        box.innerHTML = (await mermaid.render("chart", source)).svg;
    } catch (error) {
        return {error: String(error)};
    }
    return {text: box.textContent, foreign: box.querySelectorAll("script, iframe, img, a, [onload], [onerror]").length};
}"""


@pytest.fixture(scope="module")
def page():
    with launched() as browser:
        page = browser.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(path=MERMAID)
        yield page


@cache
def report_of(name):
    if name in {"made", "hostile"}:
        return REPORT if name == "made" else hostile()
    return explain([str(FIXTURES / name)], tz="Asia/Tokyo")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("form", ["markdown", "github"])
@pytest.mark.parametrize("name", ["made", "hostile", "yasuharu-2008", "debian-unclean"])
def test_every_chart_is_drawn_and_holds_text_alone(page, name, form, language):
    text = RENDERERS[form](report_of(name), Options(zone=zone_named("Asia/Tokyo"), language=language))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    charts = [t.content for t in tokens if t.type == "fence" and t.info == "mermaid"]
    assert charts or (name == "debian-unclean" and form == "github")
    for chart in charts:
        for level in ("strict", "loose"):
            drawn = page.evaluate(DRAW, [chart, level])
            assert "error" not in drawn, (drawn, chart)
            assert drawn["foreign"] == 0
            if name == "hostile" and chart.startswith("flowchart"):
                assert "<script>alert(1)</script>" in drawn["text"]
