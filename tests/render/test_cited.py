"""Every sentence of every story told of the fixtures cites a line that stands in its file."""

from pathlib import Path

import pytest

from tests.render import cited

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = [p for name in ("incidents", "healthy-week") for p in sorted((FIXTURES / name).iterdir()) if p.is_dir()]
QUIET = {"debian-clean-reboot", "gate", "mill"}
"""In which there is nothing to explain."""


@pytest.mark.parametrize("case", [p for p in CASES if p.name[0] != "_"], ids=lambda p: p.name)
def test_sentences_cite_lines_that_are_there(case):
    said, count = cited.wrong(case)
    assert not said
    assert bool(count) is (case.name not in QUIET)


def test_the_check_finds_what_is_wrong(tmp_path):
    (tmp_path / "a.log").write_bytes(b"one\r\ntwo\n\0\0three\n")
    lines = cited.Lines(tmp_path / "a.log")
    name = str(tmp_path / "a.log")
    assert [lines.has(name, n, text) for n, text in ((1, "one"), (2, "two"), (3, "three"))] == [True] * 3
    assert not any(lines.has(*wrong) for wrong in ((name, 1, "two"), (name, 9, "one"), ("b.log", 1, "one")))
    known = {("/logs/a.log", 1): "one"}
    assert not list(cited._in_markdown("- It broke. (`a.log:1`)\n", ["It broke."], known))
    assert list(cited._in_markdown("- It broke.\n- It broke. (`b.log:1`)\n", ["It broke."], known))
    said = '<p>It broke. <span>[<a href="#line-1">a.log:1</a>]</span></p>'
    page = said + '<li id="line-1"><span>a.log:1</span> <code>{}</code></li>'
    assert not list(cited._in_html(page.format("one"), ["It broke."], known))
    assert list(cited._in_html(page.format("two"), ["It broke."], known))
    assert list(cited._in_html("<p>It broke.</p>", ["It broke."], known))
    assert list(cited._in_html('<p>It broke. [<a href="#line-7">x</a>]</p>', ["It broke."], known))
