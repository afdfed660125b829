import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from logsleuth.render import RENDERERS, Options
from logsleuth.render.layout import cells
from logsleuth.report import SAME_LINE, Assumption, Link, Skipped, Value
from tests.render.reports import CUT, INCIDENT, LAST, MAILBOX, QUIET, REPORT, UNSAFE, hostile

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))


def shown(report, **options):
    return RENDERERS["text"](report, Options(zone=TOKYO.zone, **options))


def test_nothing_to_explain():
    assert (
        shown(QUIET)
        == """\
Nothing to explain: no fault was found in 1,234 lines of 2 files from
2024-03-03 19:00:00 to 2024-03-04 03:00:00. Times are Asia/Tokyo. Files are
named from /srv/logs/gate/var/log/ on.

Looked at  1,234 lines of 2 files, from 2024-03-03 19:00:00 to
             2024-03-04 03:00:00, zone Asia/Tokyo.
"""
    )


def test_a_whole_report():
    assert shown(REPORT) == WHOLE


def test_evidence_is_shown_when_asked_for_each_line_once():
    text = shown(REPORT, verbose=1)
    story, _, _ = text.partition("Set aside")
    assert story.count("messages:12: Mar  3 10:00:07 gate cron[841]: (root) CMD (true)") == 1
    assert story.count("maillog:2") == 7  # the reference, and the six lines themselves
    assert "Set aside\n  gate was rebooted in order, at 2024-03-03 19:02:08 (confirmed)" in text
    assert "Graph" not in text


def test_graph_is_shown_when_asked_for():
    text = shown(REPORT, verbose=2)
    graph = " ".join(text[text.index("   Graph\n") :].split())
    assert graph.startswith(
        "Graph 1 gate stopped without shutting down (host-unclean-restart, unclean-reboot, probable, gate) "
        "explains 2: it had not yet been written to the disk 2 Mailbox /var/mail/rika was damaged ("
    )


def only(finding):
    return replace(QUIET, incidents=(replace(INCIDENT, causes=(finding,), effects=(), links=()),))


def test_a_symptom_without_a_cause_says_so():
    symptom = replace(MAILBOX, kind="symptom")
    for verbose in (0, 1):
        text = shown(only(symptom), verbose=verbose, width=100)
        assert "Mailbox /var/mail/rika was damaged (cause not in these logs)" in text
        assert "confirmed" not in text


@pytest.mark.parametrize("verbose", [1, 2])
def test_a_finding_that_says_no_more_than_its_title_is_told_in_one_line(verbose):
    bare = replace(MAILBOX, narrative=(MAILBOX.title,))
    assert "   Mailbox /var/mail/rika was damaged (confirmed) [maillog:7]\n" in shown(only(bare), verbose=verbose)
    assert "Mailbox /var/mail/rika" in shown(only(replace(MAILBOX, narrative=())), verbose=verbose)


def test_briefly_the_only_finding_is_the_headline():
    bare = replace(MAILBOX, narrative=(MAILBOX.title,))
    text = shown(only(bare))
    assert text.count("Mailbox /var/mail/rika was damaged") == 1
    assert "(confirmed)" in text
    assert (
        "   [maillog:7]\n   For: other mailboxes were fine\n   Remedy: Stop POP for rika; restore the file.\n" in text
    )


def named(n, **more):
    """A mailbox of its own."""
    values: dict[str, Value] = {"risk.mailbox": f"/var/mail/user{n}"}
    return replace(MAILBOX, id=f"m{n}", title=replace(MAILBOX.title, values=values), **more)


def caused(*effects, why=""):
    links = tuple(Link(CUT.id, e.id, why) for e in effects)
    return replace(QUIET, incidents=(replace(INCIDENT, effects=effects, links=links),))


def test_many_effects_are_counted():
    report = caused(*map(named, range(20)))
    text = shown(report)
    assert "   9 more findings; -v tells of all.\n" in text
    assert text.count("was being rewritten") == 11
    assert shown(report, verbose=1).count("was being rewritten") == 20


def test_equal_effects_are_told_once_and_counted():
    text = " ".join(shown(caused(*(replace(MAILBOX, id=f"m{n}") for n in range(3)))).split())
    assert "-> Mailbox /var/mail/rika was damaged (confirmed) 3 times" in text
    assert text.count("was being rewritten") == 1
    assert "more findings" not in text


def test_another_reading_of_the_same_lines_is_left_to_the_long_form():
    again = replace(named(1), evidence=CUT.evidence)
    other = replace(named(2), evidence=MAILBOX.evidence)
    for report, told in (
        (caused(again, why=SAME_LINE), 0),
        (caused(replace(again, kind="symptom")), 0),
        (caused(again), 1),
        (caused(other, why=SAME_LINE), 1),
    ):
        assert shown(report).count("/var/mail/user") == told
        assert shown(report, verbose=1).count("/var/mail/user") >= 2


def test_a_paragraph_tells_the_date_once():
    assert "no shutdown is\n     logged before its boot at 19:02:08." in shown(REPORT)
    assert "at 2024-03-03 19:02:08." in shown(REPORT, verbose=1)


def test_a_long_paragraph_keeps_the_sentences_with_lines_of_their_own():
    first, complaint = MAILBOX.narrative
    filler = [replace(first, template="x" * 80 + f" {n}.") for n in range(9)]
    text = " ".join(shown(caused(replace(MAILBOX, narrative=(first, *filler, complaint)))).split())
    assert 'The first complaint came at 2024-03-04 03:00:00: "Unable to process From lines". … [maillog:7, :9]' in text
    assert text.count("x" * 80) == 5


def test_against_is_never_left_out():
    against = tuple(replace(CUT.reasons[0], template=f"against {n}") for n in range(5))
    text = shown(only(replace(CUT, reasons=against)))
    assert [f"   Against: against {n}" in text.splitlines() for n in range(5)] == [True] * 5


def test_of_many_incidents_the_last_are_told_by_their_headlines():
    report = replace(QUIET, incidents=tuple(replace(INCIDENT, id=f"i{n}") for n in range(9)))
    text = shown(report)
    assert text.count("gate stopped between 2024-03-03") == 5
    assert "Less grave, or less sure\n  6. gate stopped" in text
    assert len(re.findall(r"^ +\d\. gate|^\d\. gate", text, re.MULTILINE)) == 9
    assert shown(report, verbose=1).count("What led to what") == 9


def test_the_same_advice_for_several_incidents_stands_there_once():
    report = replace(QUIET, incidents=(INCIDENT, replace(INCIDENT, id="i2")))
    assert shown(report).count("Ask whether somebody pulled the plug") == 1
    assert shown(report, verbose=1).count("Ask whether somebody pulled the plug") == 2


def test_briefly_a_kind_of_line_takes_one_line():
    long = replace(REPORT.unexplained[0], pattern="word " * 60 + "last")
    (line,) = [x for x in shown(replace(REPORT, unexplained=(long,))).splitlines() if "word" in x]
    assert re.fullmatch(r"  3 x  kernel: (word )+\w*….*word last", line)
    assert 78 <= cells(line) <= 80
    assert "word last [" in shown(replace(REPORT, unexplained=(long,)), verbose=1)


def test_alike_assumptions_and_skipped_files_are_told_together():
    assumed = tuple(Assumption(f"/srv/logs/gate/var/log/{n}", f"stamps run backwards {n} times") for n in range(7))
    left = tuple(Skipped(f"/srv/logs/gate/var/log/wtmp.{n}", "empty file") for n in range(5))
    report = replace(QUIET, assumptions=assumed, skipped=left)
    text = " ".join(shown(report).split())
    assert "0: stamps run backwards 0 times; and much the same of 6 files (1, 2, 3, …)" in text
    assert "Skipped empty file: 5 files (wtmp.0, wtmp.1, wtmp.2, …)" in text
    whole = shown(report, verbose=1)
    assert whole.count("stamps run backwards") == 7
    assert whole.count(": empty file\n") == 5


def test_ids_in_names_are_cut_if_the_names_can_be_told_apart():
    journal = "/srv/logs/gate/var/log/journal/0123456789abcdef0123456789abcdef/system.journal"
    cited = replace(CUT, narrative=(replace(CUT.narrative[0], evidence=(replace(LAST, file=journal),)),))
    assert "[journal/01234567…/system.journal:12]" in shown(only(cited))
    assert "journal/0123456789abcdef0123456789abcdef/system.journal:12" in shown(only(cited), verbose=1)
    twin = replace(QUIET.files[0], file=journal.replace("abcdef/", "abcdee/"))
    files = (*QUIET.files, replace(twin, file=journal), twin)
    assert "0123456789abcdef/system.journal:12]" in shown(replace(only(cited), files=files))


def test_one_line_of_colour_never_runs_into_the_next():
    text = shown(REPORT, color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", text) == WHOLE
    for line in text.splitlines():
        codes = re.findall(r"\x1b\[([\d;]*)m", line)
        assert codes[1::2] == ["0"] * (len(codes) // 2)
        assert len(codes) % 2 == 0


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_width_is_kept(width, verbose):
    for line in shown(REPORT, width=width, verbose=verbose).splitlines():
        assert cells(line) <= width or len(line.split()) <= 2
        assert line == line.rstrip()


@pytest.mark.parametrize("verbose", [0, 2])
def test_hostile_text_is_shown_not_done(verbose):
    text = shown(hostile(), verbose=verbose)
    assert not set(UNSAFE) & set(text)
    assert "\\x1b[31mred" in text
    text.encode()


def test_same_report_same_text():
    assert shown(REPORT, verbose=2, color=True) == shown(REPORT, verbose=2, color=True)


WHOLE = """\
1 incident. Times are Asia/Tokyo. Files are named from /srv/logs/gate/var/log/
on.

1. gate stopped without shutting down, between 2024-03-03 19:00:07 and 19:02:08
   It began between 2024-03-03 19:00:07 and 19:02:08; the last sign of it came
   at 2024-03-04 03:00:00: between 7 h 57 min and 8 h in all.

   gate stopped without shutting down (probable)
     gate stopped between 2024-03-03 19:00:07 and 19:02:08: no shutdown is
     logged before its boot at 19:02:08. It was down for at least 0 s and at
     most 2 min 1 s. [messages:12, :13]
     Against: no UPS reported a failure of the mains
     -> Mailbox /var/mail/rika was damaged (confirmed), because it had not yet
        been written to the disk
        /var/mail/rika was being rewritten at 2024-03-03 19:00:01 (6 deleted, 51
        left). The first complaint came at 2024-03-04 03:00:00: "Unable to
        process From lines". [maillog:7, :9]
        For: other mailboxes were fine

   What to do
     - Stop POP for rika; restore the file.

   What to look at next
     - Ask whether somebody pulled the plug of gate.

Not explained
  3 x  kernel: acpi*: reservation of * failed
  1 x  timeout

Availability  gate was up between 99.62 % and 99.65 % of 110 days (1 boot, 1
                ended without a shutdown).
Assumptions   zone: stamps without a zone are read as Asia/Tokyo (--tz)
              year 2024 for its last line, as given with --year: 2 files
                (maillog, messages)
Skipped       maillog.0.gz: gzip ends early after 12,345 bytes (read in part)
Notes         only the first pop.login lines were looked at
Looked at     1,234 lines of 2 files, from 2024-03-03 19:00:00 to
                2024-03-04 03:00:00, zone Asia/Tokyo.
              Window asked for: from 2024-03-03 19:00:00 to the end.
              Set aside: 1 finding that is no fault (such as an orderly reboot)
                and 1 explanation that was ruled out; -v lists them.
              1 incident lies outside the window asked for.
"""
