import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from logsleuth.render import RENDERERS, Options
from logsleuth.render.layout import cells
from logsleuth.report import Link
from tests.render.reports import CUT, INCIDENT, MAILBOX, QUIET, REPORT, UNSAFE, hostile

TOKYO = Options(zone=ZoneInfo("Asia/Tokyo"))


def shown(report, **options):
    return RENDERERS["text"](report, Options(zone=TOKYO.zone, **options))


def test_nothing_to_explain():
    assert (
        shown(QUIET)
        == """\
Nothing to explain: no fault was found in 1,234 lines of 2 files from
2024-03-03 19:00:00 to 2024-03-04 03:00:00.
Times are Asia/Tokyo.
Files are named from /srv/logs/gate/var/log/ on.

Looked at
  1,234 lines of 2 files, from 2024-03-03 19:00:00 to 2024-03-04 03:00:00, zone
    Asia/Tokyo.
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


def test_a_symptom_without_a_cause_says_so():
    symptom = replace(MAILBOX, kind="symptom")
    text = shown(replace(QUIET, incidents=(replace(INCIDENT, causes=(symptom,), effects=(), links=()),)))
    assert "   Mailbox /var/mail/rika was damaged (cause not in these logs)\n" in text
    assert "confirmed" not in text


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_a_finding_that_says_no_more_than_its_title_is_told_in_one_line(verbose):
    bare = replace(MAILBOX, narrative=(MAILBOX.title,))
    text = shown(replace(QUIET, incidents=(replace(INCIDENT, causes=(bare,), effects=(), links=()),)), verbose=verbose)
    assert "   Mailbox /var/mail/rika was damaged (confirmed) [maillog:7]\n" in text
    silent = replace(MAILBOX, narrative=())
    assert shown(
        replace(QUIET, incidents=(replace(INCIDENT, causes=(silent,), effects=(), links=()),)), verbose=verbose
    )


def test_many_effects_are_counted():
    effects = tuple(replace(MAILBOX, id=f"m{n}") for n in range(20))
    incident = replace(INCIDENT, effects=effects, links=tuple(Link(CUT.id, e.id, "") for e in effects))
    text = shown(replace(QUIET, incidents=(incident,)))
    assert "     9 more findings; -v tells of all.\n" in text
    assert text.count("was being rewritten") == 11
    assert shown(replace(QUIET, incidents=(incident,)), verbose=1).count("was being rewritten") == 20


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
1 incident.
Times are Asia/Tokyo.
Files are named from /srv/logs/gate/var/log/ on.

1. gate stopped without shutting down, between 2024-03-03 19:00:07 and 19:02:08

   It began between 2024-03-03 19:00:07 and 19:02:08; the last sign of it came
   at 2024-03-04 03:00:00: between 7 h 57 min and 8 h in all.

   What led to what
     gate stopped without shutting down (probable)
     -> Mailbox /var/mail/rika was damaged (confirmed)
        because it had not yet been written to the disk

   gate stopped without shutting down (probable)
     gate stopped between 2024-03-03 19:00:07 and 19:02:08: no shutdown is
       logged before its boot at 2024-03-03 19:02:08.
     It was down for at least 0 s and at most 2 min 1 s. [messages:12, :13]
     Against: no UPS reported a failure of the mains
     Next step: Ask whether somebody pulled the plug of gate.

   Mailbox /var/mail/rika was damaged (confirmed)
     /var/mail/rika was being rewritten at 2024-03-03 19:00:01 (6 deleted, 51
       left). [maillog:7]
     The first complaint came at 2024-03-04 03:00:00: "Unable to process From
       lines". [maillog:9]
     For: other mailboxes were fine [maillog:20, :21, :22 +3 more]
     Remedy: Stop POP for rika; restore the file.

Set aside
  1 finding that is no fault (such as an orderly reboot) and 1 explanation that
  was ruled out; -v lists them.

Not explained
  3 x  kernel: acpi*: reservation of * failed [messages:12, :13]
  1 x  timeout [messages:12]

Boots and availability
  gate was up between 99.62 % and 99.65 % of 110 days (1 boot, 1 ended without a
    shutdown).
  Boot -1 of gate was already under way when the log begins; it ended without a
    shutdown between 2024-03-03 19:00:07 and 19:02:08: no line of a shutdown
    stands before the next boot; down-time at most 2 min 1 s. [messages:12]

Assumptions
  zone: stamps without a zone are read as Asia/Tokyo (--tz)
  year 2024 for its last line, as given with --year: 2 files (maillog, messages)

Skipped
  maillog.0.gz: gzip ends early after 12,345 bytes (read in part)

Notes
  only the first pop.login lines were looked at

Looked at
  1,234 lines of 2 files, from 2024-03-03 19:00:00 to 2024-03-04 03:00:00, zone
    Asia/Tokyo.
  Window asked for: from 2024-03-03 19:00:00 to the end.
  1 incident lies outside the window asked for.
"""
