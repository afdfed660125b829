import json
import re
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from logsleuth.entries.drawn import Drawn
from logsleuth.render import RENDERERS, Options
from logsleuth.render.html.markup import joined, tag, text
from tests.render.reports import FILES, HOSTILE, INCIDENT, QUIET, REPORT, T0, UNSAFE, hostile

html5lib = pytest.importorskip("html5lib")
TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))
EVENTS = Drawn(
    time=np.array([T0, T0 + 10**9, T0 + 5 * 10**9]),
    severity=np.array([6, 3, 5]),
    line=np.array([1, 2, 70_000]),
    log=np.array([0, 1, 0]),
    host=np.array([0, 0, 0]),
    texts=("first </script><script>alert(1)</script>", f"second {HOSTILE}", "third"),
    files=tuple(f.file for f in FILES),
    streams=tuple(f.stream for f in FILES),
    hosts=("gate",),
    total=9,
)
REPORTS = [REPORT, hostile(), QUIET, replace(REPORT, incidents=(INCIDENT, replace(INCIDENT, id="incident-2")))]
IDS = ["report", "hostile", "quiet", "two"]
every_report = pytest.mark.parametrize("report", REPORTS, ids=IDS)


def shown(report, **options):
    return RENDERERS["html"](report, replace(TOKYO, **options))


def parsed(page):
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True)
    return parser.parse(page)


def words(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


@every_report
def test_pages_are_well_formed(report):
    tree = parsed(shown(report, events=EVENTS))  # strict: any error of syntax raises
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for attribute in ("@aria-labelledby", "@aria-describedby"):
        assert set(tree.xpath(f"//{attribute}")) <= set(ids)
    assert {a.removeprefix("#") for a in tree.xpath("//a/@href")} <= set(ids)
    assert all(a.startswith("#") for a in tree.xpath("//a/@href"))
    assert tree.xpath("/html/@lang") == ["en"]


@every_report
def test_headings_leave_no_level_out(report):
    levels = [int(e.tag[1]) for e in parsed(shown(report)).xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_report
def test_nothing_is_fetched_and_nothing_runs_but_ours(report):
    tree = parsed(shown(report, events=EVENTS))
    assert not tree.xpath("//@src | //@srcset | //link | //iframe | //object | //embed | //base | //form | //img")
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on") or a == "style"]
    run = [s for s in tree.xpath("//script") if s.get("type") is None]
    assert len(run) == 1
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_policy_names_the_very_script():
    import base64
    import hashlib

    page = shown(REPORT)
    for name in ("style", "script"):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in text_of_policy(page)


def text_of_policy(page):
    return parsed(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_the_library_comes_with_its_licence():
    page = shown(REPORT)
    assert "The MIT License (MIT)" in page
    assert "Leon Sorokin" in page


def test_hostile_text_is_text():
    page = shown(hostile(), events=EVENTS)
    outside = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    assert not set(UNSAFE) & set(outside)
    tree = parsed(page)
    assert len(tree.xpath("//script")) == 4  # the drawing's data, two of entries, ours
    assert any("<script>alert(1)</script>" in words(code) for code in tree.xpath("//main//code"))
    assert r"\x1b[31mred" in words(tree.xpath("//main")[0])
    page.encode()


def test_data_cannot_end_its_element():
    (data,) = parsed(shown(hostile())).xpath("//script[@id='drawing-data']")
    assert not set(data.text) & set("<>&\u2028\u2029")
    drawn = json.loads(data.text)
    assert any("<script>alert(1)</script>" in i["title"] for i in drawn["items"])


@every_report
def test_every_sentence_of_a_story_leads_to_lines_that_stand_in_the_page(report):
    tree = parsed(shown(report))
    story = tree.xpath("//section[@class='finding']/p[not(contains(@class, 'advice'))]")
    assert len(story) == sum(len(f.narrative) for i in report.incidents for f in (*i.causes, *i.effects))
    for sentence in story:
        hrefs = sentence.xpath(".//a/@href")
        assert hrefs
        for href in hrefs:
            (line,) = tree.xpath(f"//li[@id='{href[1:]}']")
            assert line.xpath("ancestor::section/@id") == ["lines"]
            assert words(line.xpath("./code")[0])


def test_lines_stand_as_they_are():
    tree = parsed(shown(REPORT))
    told = {words(li.xpath("./span")[0]): li.xpath("./code")[0].text for li in tree.xpath("//ul[@class='lines']/li")}
    for incident in REPORT.incidents:
        for finding in (*incident.causes, *incident.effects):
            for line in finding.evidence:
                assert told[f"{line.file.rpartition('/')[2]}:{line.line}"] == line.text


@every_report
def test_the_same_facts_as_in_json(report):
    page = words(parsed(shown(report)).xpath("//body")[0])
    other = json.loads(RENDERERS["json"](report, TOKYO))
    sentences = [s["text"] for i in other["incidents"] for s in i["narrative"]]
    sentences += [f["title"] for i in other["incidents"] for f in (*i["causes"], *i["effects"])]
    for finding in [f for i in other["incidents"] for f in (*i["causes"], *i["effects"])]:
        sentences += [r["text"] for r in finding["reasons"]]
        sentences += [s for s in (finding["remedy"], finding["settle"]) if s is not None]
    sentences += [f["title"] for f in other["set_aside"]] + [b["because"]["text"] for b in other["boots"]]
    plain = page.replace(" ", "")
    for sentence in sentences:
        for part in re.split(r"/srv/\S*/|\\ud800", sentence):  # names of files are cut short
            assert re.sub(r"\s+", "", part) in plain


def test_parts_that_have_nothing_to_say_say_so():
    page = words(parsed(shown(QUIET)).xpath("//main")[0])
    for said in ("Nothing with a time was found.", "Nothing was skipped.", "Not recorded.", "The logs do not tell."):
        assert said in page


def test_lanes_and_links_of_the_drawing():
    (data,) = parsed(shown(REPORT)).xpath("//script[@id='drawing-data']/text()")
    drawn = json.loads(data)
    assert drawn["sources"] == [["gate", "messages"], ["gate", "maillog"]]
    kinds = [i["kind"] for i in drawn["items"]]
    assert kinds.count("up") == 2
    assert kinds.count("down") == 1
    assert [kinds[n] for n in drawn["links"][0]] == ["finding", "finding"]
    down = drawn["items"][kinds.index("down")]
    assert down["at"] == [(T0 + s) / 1e6 for s in (7 * 10**9, 128 * 10**9, 128 * 10**9, 129 * 10**9 - 1)]
    assert drawn["zone"] == [[drawn["zone"][0][0], 9 * 3_600_000]]


def test_the_zone_comes_with_its_steps():
    (data,) = parsed(shown(REPORT, zone=ZoneInfo("Europe/Berlin"), events=replace(
        EVENTS, time=np.array([T0, T0 + 10**9, T0 + 60 * 86_400 * 10**9])
    ))).xpath("//script[@id='drawing-data']/text()")  # fmt: skip
    steps = json.loads(data)["zone"]
    assert [offset for _, offset in steps] == [3_600_000, 7_200_000]
    assert steps[1][0] == 1_711_846_800_000  # 2024-03-31 01:00 UTC


def test_entries_are_packed_and_counted():
    import base64
    import zlib

    tree = parsed(shown(REPORT, events=EVENTS))
    assert "3 of 9 log entries" in words(tree.xpath("//section[@id='timeline']")[0])
    columns, texts = (
        zlib.decompress(base64.b64decode(tree.xpath(f"//script[@id='{name}']/text()")[0]))
        for name in ("event-columns", "event-texts")
    )
    assert len(columns) == 17 * 3
    assert np.frombuffer(columns[:24], "<f8").tolist() == [0, 1000, 4000]
    assert np.frombuffer(columns[24:36], "<u4").tolist() == [1, 2, 70_000]
    assert texts.decode().split("\n")[0] == EVENTS.texts[0]
    assert len(texts.decode().split("\n")) == 3


def test_equal_reports_give_equal_bytes():
    assert shown(REPORT, events=EVENTS) == shown(REPORT, events=EVENTS)


def test_markup_is_escaped_by_its_type():
    assert text("<a&'\">") == "&lt;a&amp;&#x27;&quot;&gt;"
    assert tag("p", "<b>", tag("i", "x"), class_='"') == '<p class="&quot;">&lt;b&gt;<i>x</i></p>'
    assert joined("a\x1b", ["<"]) == "a\\x1b&lt;"
