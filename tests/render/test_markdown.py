import re
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from logsleuth.render import RENDERERS, Options
from logsleuth.render.marks import code, escaped, fenced, row
from tests.render.reports import HOSTILE, INCIDENT, QUIET, REPORT, UNSAFE, hostile

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))
SECTIONS = [
    "About this write-up", "Summary (draft)", "Impact", "Timeline", "Lead-up", "Detection", "Trigger",
    "Root cause hypotheses", "Contributing factors", "Resolution", "Action items (suggestions, unassigned)",
    "Lessons", "Availability", "Not explained", "Assumptions", "Set aside", "Skipped", "Files read",
    "Appendix",
]  # fmt: skip


def shown(report):
    return RENDERERS["markdown"](report, TOKYO)


def parsed(text):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def test_every_section_stands_in_its_place():
    assert re.findall(r"^## (.*)$", shown(REPORT), re.MULTILINE) == SECTIONS


def test_parts_of_one_incident():
    text = shown(REPORT)
    assert text.startswith("# gate stopped without shutting down, between 2024-03-03 19:00:07 and 19:02:08\n")
    for part in (
        "| 2024-03-03 19:00:07 to 19:02:08 | between 7 h 57 min and 8 h | `gate` |",
        "| 2024-03-03 19:00:01 | 2024-03-03 10:00:01 | `maillog:7` | `Mar  3 10:00:01 gate qpopper",
        "1. **gate stopped without shutting down: probable**",
        "    - Against: no UPS reported a failure of the mains\n",
        "    - Next step: Ask whether somebody pulled the plug of gate.\n",
        "- Mailbox `/var/mail/rika` was damaged: confirmed; explained by: gate stopped without",
        "- Named in the logs: `/var/mail/rika`.",
        "- [ ] Stop POP for rika; restore the file. (`mbox-unflushed`)",
        "> TODO (person): status, authors, severity",
        "`maillog:20`, `maillog:21`, `maillog:22` +3 more)",
        "```text\nlogsleuth explain /srv/logs\n```",
    ):
        assert part in text


def test_several_incidents_stand_below_headings_of_their_own():
    text = shown(replace(REPORT, incidents=(INCIDENT, replace(INCIDENT, id="incident-2"))))
    assert text.startswith("# 2 incidents in the logs of gate\n")
    assert re.findall(r"^## Incident (\d): gate stopped", text, re.MULTILINE) == ["1", "2"]
    assert text.count("\n### Timeline\n") == 2


def test_nothing_to_explain():
    text = shown(QUIET)
    assert text.startswith("# Nothing to explain in the logs of gate\n")
    assert "no fault was found in 1,234 lines of 2 files" in text
    assert "Timeline" not in text


def test_marks_of_generated_blocks_match():
    text = shown(REPORT)
    begun = re.findall(r"^<!-- logsleuth: (.*) -->$", text, re.MULTILINE)
    ended = re.findall(r"^<!-- /logsleuth: (.*) [0-9a-f]{12} -->$", text, re.MULTILINE)
    assert begun == ended
    assert len(set(begun)) == len(begun)
    inside = re.findall(r"<!-- logsleuth: .*?<!-- /logsleuth: ", text, re.DOTALL)
    assert not any("TODO" in block for block in inside)


@pytest.mark.parametrize("report", [REPORT, hostile()], ids=["report", "hostile"])
def test_markup_is_ours_alone(report):
    tokens = parsed(shown(report))
    inline = [t for block in tokens for t in block.children or ()]
    html = [t.content.strip() for t in (*tokens, *inline) if t.type in {"html_block", "html_inline"}]
    assert all(re.fullmatch(r"<!-- /?logsleuth: [\w-]+( [^<>]*)? -->", h) for h in html)
    assert not {"link_open", "image", "s_open"} & {t.type for t in inline}
    bold = [t for t in inline if t.type == "em_open"]
    assert len(bold) == 1  # *Next step* in a prompt


@pytest.mark.parametrize("report", [REPORT, hostile()], ids=["report", "hostile"])
def test_tables_keep_their_columns(report):
    tokens = parsed(shown(report))
    rows = [t for t in tokens if t.type == "tr_open"]
    cells = [t for t in tokens if t.type in {"th_open", "td_open"}]
    assert rows
    assert len(cells) == sum(_columns(tokens))
    text = shown(report)
    for line in text.splitlines():
        if line.startswith("| ") and "---" not in line:
            assert "\\\\|" not in line


def _columns(tokens):
    """Cells of the head of each table, for each of its rows."""
    head, inside = 0, False
    for t in tokens:
        if t.type == "thead_open":
            head, inside = 0, True
        elif t.type == "th_open":
            head += 1
        elif t.type == "thead_close":
            inside = False
            yield head
        elif t.type == "tr_open" and not inside:
            yield head


def test_log_text_survives_a_table():
    text = shown(hostile())
    contents = {c.content for t in parsed(text) for c in t.children or () if c.type == "code_inline"}
    assert any("<script>alert(1)</script> `` ` *b*" in c and "red" in c for c in contents)


def test_hostile_text_is_shown_not_done():
    text = shown(hostile())
    assert not set(UNSAFE) & set(text)
    assert "\\x1b" in text
    text.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("``` x", "```` ``` x ````"),
        (" a ", "`  a  `"),
        ("", ""),
        ("  ", "` `"),
    ],
)
def test_code(text, expected):
    assert code(text) == expected


def test_code_is_read_back():
    for text in ("a", "`", "a``b`", " x ", "`a`", "\\", "a\\"):
        (paragraph,) = [t for t in parsed(code(text)) if t.type == "inline"]
        assert [c.content for c in paragraph.children or ()] == [text]


def test_words_are_read_back():
    words = "http://x www.y a_b *c* [d](e) <f> `g` \\h &amp; ~~i~~ #1 $2"
    (paragraph,) = [t for t in parsed(escaped(words)) if t.type == "inline"]
    assert "".join(c.content for c in paragraph.children or ()) == words


def test_fences_are_longer_than_what_is_inside():
    assert fenced(["a", "````"]) == ["`````text", "a", "````", "`````", ""]


def test_pipes():
    assert row(["a|b", "c\\|d"]) == "| a\\|b | c\\\\x7cd |"
    assert HOSTILE.count("|") > 1


@pytest.mark.parametrize("form", ["markdown", "github"])
@pytest.mark.parametrize("report", [REPORT, QUIET, hostile()], ids=["report", "quiet", "hostile"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_lines_are_tidy(report, form, language):
    """What markdownlint asks of spaces: MD009, MD012, MD047, and MD060's compact tables."""
    text = RENDERERS[form](report, replace(TOKYO, language=language))
    assert text.endswith("\n")
    fenced_off = False
    for line, following in pairwise(text.removesuffix("\n").split("\n")):
        if re.match(r" *```(?!.*`)", line):
            fenced_off = not fenced_off
        if not fenced_off:
            assert line == line.rstrip()
            assert line or following, "two empty lines in a row"
            assert "|  |" not in line


def test_no_address_becomes_a_link_of_itself():
    """GitHub makes links of bare addresses, wherever they stand outside of code."""
    assert escaped("at http://h, HTTPS://i, www.j and k: l") == r"at http\://h, HTTPS\://i, www\.j and k: l"
