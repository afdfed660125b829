"""The story in other languages than English: nothing of it is left in English, and it tells the same."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from logsleuth.narrative import Teller
from logsleuth.narrative.catalogue import languages
from logsleuth.pipeline import explain
from logsleuth.render import RENDERERS, Options
from logsleuth.render.layout import cells
from logsleuth.render.saved import read

STORY = str(Path(__file__).parents[1] / "fixtures" / "incidents" / "yasuharu-2008")
ZONE = ZoneInfo("Asia/Tokyo")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
OTHERS = [name for name in languages() if name != "en"]
each_language = pytest.mark.parametrize("language", OTHERS)


@cache
def report():
    return explain([STORY], tz="Asia/Tokyo")


def shown(form, language, width=80):
    return RENDERERS[form](report(), Options(zone=ZONE, language=language, width=width))


def statements():
    for incident in report().incidents:
        for finding in (*incident.causes, *incident.effects):
            yield finding.title
            yield from finding.narrative
            yield from finding.reasons
            yield from (s for s in (finding.remedy, finding.settle) if s is not None)
    yield from (boot.because for boot in report().boots)


@each_language
def test_every_sentence_of_the_story_is_translated(language):
    teller = Teller(ZONE, language)
    for said in statements():
        words = "".join(p.text if p.kind != "log" else "§" for p in teller.pieces(said))
        assert not ENGLISH.search(words), words


@each_language
def test_no_label_of_the_page_is_english(language):
    page = shown("html", language)
    assert f'<html lang="{language}">' in page
    prose = re.sub(r"<(script|style|code)\b.*?</\1>", " § ", page, flags=re.DOTALL)
    labels = "\n".join(re.findall(r'(?:aria-label|title)="([^"]*)"', prose))
    assert not ENGLISH.search(re.sub(r"<[^>]+>", "\n", prose) + labels)


@each_language
@pytest.mark.parametrize("form", ["text", "markdown", "github"])
def test_no_other_form_is_english(language, form):
    told = shown(form, language, width=10_000)
    out = []
    for line in told.split("\n"):
        # Lines of logs stand in code, in quotes, behind their place, or behind how often they came.
        bare = re.sub(r"`[^`]*`|「[^」]*」", " § ", line)
        if not re.match(r"[\w./-]+:\d+: | *\d+回  |\| ", bare) and ENGLISH.search(bare):
            out.append(line)
    assert not out


@each_language
def test_the_same_is_told_in_every_language(language):
    own, english = (json.loads(shown("json", name)) for name in (language, "en"))
    assert (own["language"], english["language"]) == (language, "en")
    for document in (own, english):
        for key in ("language", "originals"):
            del document[key]
    assert _bare(own) == _bare(english)


@each_language
def test_a_saved_report_is_told_in_any_language_again(language):
    saved = read(shown("json", language))
    assert saved == report()
    assert RENDERERS["text"](saved, Options(zone=ZONE, width=80)) == shown("text", "en")


def test_japanese_lines_fit_and_follow_kinsoku():
    for line in shown("text", "ja").splitlines():
        # A word of a log is not broken: one of them alone may be longer.
        assert cells(line) <= 80 or " " not in line.strip(), line
        assert line.strip()[:1] not in set("、。」)々ー"), line
        assert not re.search(r"[「(]$", line), line


def test_japanese_dates_and_lengths():
    told = shown("text", "ja")
    assert "2008年12月17日 06:00:04〜06:06:21の間に始まり" in told
    assert "長くて6分17秒" in told
    assert "1日3時間以上1日4時間以下" in told
    assert not re.search(r"\d (?:min|h|s|days?)\b", re.sub(r"「.*?」", "", told, flags=re.DOTALL))


def test_tables_of_japanese_words_are_aligned():
    from logsleuth.render import boots_table

    table = boots_table(report().boots, report().availability, Options(zone=ZONE, language="ja", width=100))
    head = [line for line in table.splitlines() if "最後の痕跡" in line][-1]
    place = cells(head[: head.index("最後の痕跡")])
    rows = [line for line in table.split("yasuharu\n")[-1].splitlines() if re.match(r" +-?\d  ", line)]
    assert len(rows) > 3
    assert all(_from(row, place)[:4] == "2008" for row in rows)


def _from(line, place):
    """What stands from a column on."""
    for n in range(len(line)):
        if cells(line[:n]) == place:
            return line[n:]
    return ""


def _bare(value):
    """A document without its words."""
    if isinstance(value, dict):
        dropped = {"text", "why", "title", "headline", "remedy", "settle", "about", "reason"}
        return {k: _bare(v) for k, v in value.items() if k not in dropped or isinstance(v, dict)}
    return [_bare(v) for v in value] if isinstance(value, list) else value
