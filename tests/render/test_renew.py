from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from logsleuth.render import RENDERERS, Options
from logsleuth.render.renew import Broken, renewed
from tests.render.reports import INCIDENT, REPORT

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))
LATER = replace(REPORT, version="0.9.9", command="logsleuth explain /srv/other")


def shown(report):
    return RENDERERS["markdown"](report, TOKYO)


def test_the_same_report_leaves_the_same_text():
    assert renewed(shown(REPORT), shown(REPORT)) == (shown(REPORT), [])


def test_what_was_generated_is_renewed_and_what_a_person_typed_is_kept():
    prompt = "> TODO (person): customers, money, data lost, support cases"
    mine = shown(REPORT).replace(
        prompt, "Forty people had no mail.\n\n| who | how long |\n| --- | --- |\n| all | 8 h |"
    )
    mine = (
        mine.replace("# gate stopped without shutting down", "# The night of the third of March", 1) + "\nSigned: T.\n"
    )
    text, said = renewed(mine, shown(LATER))
    assert said == []
    assert text.startswith("# The night of the third of March")
    assert "Forty people had no mail.\n\n| who |" in text
    assert text.endswith("Signed: T.\n")
    assert "0.9.9" in text
    assert "0.1.0" not in text
    assert "logsleuth explain /srv/other" in text
    assert prompt not in text


def test_a_part_that_a_person_edited_is_kept_and_named():
    mine = shown(REPORT).replace("- [ ] Stop POP for rika", "- [x] (Tom, Friday) Stop POP for rika")
    text, said = renewed(mine, shown(LATER))
    assert "- [x] (Tom, Friday) Stop POP" in text
    assert "0.9.9" in text
    assert len(said) == 1
    assert "actions incident-1" in said[0]
    assert renewed(text, shown(LATER)) == (text, said)


def test_an_incident_that_got_another_name_is_the_same_one():
    mine = shown(REPORT).replace("> TODO (person): what went well?", "The pager went off.")
    again = shown(replace(LATER, incidents=(replace(INCIDENT, id="incident-2"),)))
    text, _ = renewed(mine, again)
    assert "The pager went off." in text
    assert "incident-1" not in text
    assert text.count("<!-- logsleuth: timeline ") == 1


def test_a_new_incident_is_added_and_one_that_is_gone_says_so():
    two = shown(replace(REPORT, incidents=(INCIDENT, replace(INCIDENT, id="incident-2"))))
    text, _ = renewed(shown(REPORT), two)
    assert text.count("<!-- logsleuth: timeline ") == 2
    assert "#### " not in text
    back, _ = renewed(text, shown(REPORT))
    assert back.count("this run tells nothing here any more") > 5
    assert "TODO (person)" in back


def test_line_ends_of_another_system_are_kept():
    text, said = renewed(shown(REPORT).replace("\n", "\r\n"), shown(LATER))
    assert said == []
    assert "0.9.9" in text
    assert text.count("\r\n") == text.count("\n")


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("My diary.\n", "without a mark of logsleuth"),
        ("<!-- logsleuth: about -->\nx\n", "has no end mark"),
        ("x\n<!-- /logsleuth: about -->\n", "line 2: the part 'about' ends, but did not begin"),
        ("<!-- logsleuth: a -->\n<!-- logsleuth: b -->\n", "line 2: the part 'a' of line 1 has no end mark"),
        ("<!-- logsleuth: a -->\n<!-- /logsleuth: b -->\n", "line 2: the part 'b' ends"),
        ("<!-- logsleuth: a -->\n<!-- /logsleuth: a --\n", "line 2: the mark is damaged"),
        ("<!-- logsleuth: a -->\n<!-- /logsleuth: a -->\n" * 2, "line 3: the part 'a' begins a second time"),
    ],
)
def test_a_broken_mark_changes_nothing(old, said):
    with pytest.raises(Broken) as caught:
        renewed(old, shown(REPORT))
    assert said in str(caught.value)


def test_every_mark_that_is_cut_is_noticed():
    lines = shown(REPORT).splitlines()
    for number, line in enumerate(lines):
        if "logsleuth: " in line and line.startswith("<!--"):
            with pytest.raises(Broken):
                renewed("\n".join(lines[:number] + lines[number + 1 :]), shown(LATER))
