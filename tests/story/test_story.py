"""The story's explanation, and how each claim of it weakens when its evidence is taken away."""

import bz2
import gzip
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logsleuth.clock.zones import zone_named
from logsleuth.narrative import Teller
from logsleuth.pipeline import explain
from logsleuth.render import RENDERERS, Options
from logsleuth.report import SAME_LINE

FIXTURE = Path(__file__).parents[1] / "fixtures" / "incidents" / "yasuharu-2008"
CONFIDENCE = ("ruled out", "possible", "probable", "confirmed")
ZONE = "Asia/Tokyo"
OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open}


@pytest.fixture(scope="module")
def report():
    return explain([str(FIXTURE)], tz=ZONE)


@pytest.fixture
def copy(tmp_path):
    target = tmp_path / "yasuharu"
    shutil.copytree(FIXTURE, target)
    return target


def edit(path, change):
    """Rewrite one log of the copy, packed or not; `change` is a function of its text."""
    opened = OPENERS.get(path.suffix, open)
    with opened(path, "rb") as file:
        text = file.read().decode()
    changed = change(text)
    assert changed != text
    with opened(path, "wb") as file:
        file.write(changed.encode())


def findings(report, cause=None):
    found = [f for i in report.incidents for f in (*i.causes, *i.effects)]
    return [f for f in found if cause is None or f.cause == cause]


def only(report, cause):
    found = findings(report, cause)
    assert found, f"nothing of {cause}: {[f.cause for f in findings(report)]}"
    return max(found, key=lambda f: CONFIDENCE.index(f.confidence))


def told(finding):
    """All sentences of a finding, in the zone of the host."""
    teller = Teller(zone_named(ZONE))
    said = [finding.title, *finding.narrative, *finding.reasons, finding.remedy, finding.settle]
    return " ".join(teller.tell(s) for s in said if s is not None)


def cited(finding):
    return {line.text for line in finding.evidence}


def test_what_a_shared_line_joins_does_not_run_backwards(report):
    """A line may be the last of one finding and the first of another, which then did not lead to it."""
    for incident in report.incidents:
        by_id = {f.id: f for f in (*incident.causes, *incident.effects)}
        shared = [link for link in incident.links if link.why == SAME_LINE]
        assert shared
        for link in shared:
            cause, effect = by_id[link.cause], by_id[link.effect]
            assert effect.start.latest + 2 * 10**9 >= cause.start.earliest, (cause.title, effect.title)


class TestTheStory:
    def test_it_is_one_incident_with_its_consequences(self, report):
        assert len(report.incidents) == 1
        causes = {f.cause for f in findings(report)}
        assert {
            "unclean-reboot",
            "external-network",
            "mailbox-corrupt",
            "stale-mutex",
            "latent-fault",
            "address-changed",
        } <= causes

    def test_no_finding_names_a_cause_that_is_not_there(self, report):
        causes = {f.cause for f in findings(report)}
        assert not causes & {"power-loss", "kernel-panic", "disk-failure", "disk-full", "link-down", "brute-force"}

    def test_the_host_went_down_twice_without_shutting_down(self, report):
        first, second = sorted(findings(report, "unclean-reboot"), key=lambda f: f.start.earliest)
        assert "2008-12-17 06:06:21" in told(first)
        assert "15:19:41" in told(second)
        assert "15:21:48" in told(second)
        assert any("Stats: mobilemailys 6 38709 51" in text for text in cited(second))
        assert any("kernel boot file is" in text for text in cited(second))

    def test_the_stop_is_bounded_and_tightened_by_the_time_that_a_boot_takes(self, report):
        second = max(findings(report, "unclean-reboot"), key=lambda f: f.start.earliest)
        assert (second.start.latest - second.start.earliest) // 10**9 == 127
        assert "15:20:25" in told(second)

    def test_the_network_was_away_while_the_host_was_up(self, report):
        first, second = sorted(findings(report, "external-network"), key=lambda f: f.start.earliest)
        assert "13:10:04" in told(first)
        assert "13:10:04" in told(second)
        assert "17:00:02" in told(second)
        for away in (first, second):
            assert "not in these logs" in told(away)
            assert any("heartbeat" in text for text in cited(away))
            assert any(line.file.endswith(("messages", "cron", "maillog")) for line in away.evidence)

    def test_somebody_got_through_meanwhile_and_that_speaks_against_it(self, report):
        second = max(findings(report, "external-network"), key=lambda f: f.start.earliest)
        assert [s for s in second.reasons if s.side == "against"]
        assert second.confidence == "possible"

    def test_the_mailbox_was_being_rewritten(self, report):
        (mailbox,) = [f for f in findings(report, "mailbox-corrupt") if f.rule.startswith("mbox-")]
        said = told(mailbox)
        for word in ("mobilemailys", "15:19:41", "6 messages deleted, 51 kept", "2008-12-18 09:08:17"):
            assert word in said
        assert mailbox.confidence in {"probable", "confirmed"}
        assert [s for s in mailbox.reasons if s.side == "for" and "fine" in s.template]

    def test_apache_met_the_mutex_of_its_former_self(self, report):
        mutex = only(report, "stale-mutex")
        said = told(mutex)
        for word in ("mutex 0", "712", "/tmp/mpmtx7120", "removes", "does not fit a start in the boot sequence"):
            assert word in said
        assert any(text == "Configuration Failed" for text in cited(mutex))

    def test_the_update_script_was_broken_for_a_month_before_the_address_changed(self, report):
        latent = only(report, "latent-fault")
        said = told(latent)
        for word in ("2008-11-17 22:07:02", "2008-11-17 23:07:03", "2008-11-17 22:41:07", "198.51.100.77"):
            assert word in said

    def test_the_heartbeat_log_had_the_right_address_all_along(self, report):
        changed = only(report, "address-changed")
        assert "198.51.100.77" in told(changed)
        assert all(line.file.endswith("access.log") for line in changed.evidence[:2])

    def test_availability_is_told_with_both_bounds(self, report):
        (share,) = [a for a in report.availability if a.host == "yasuharu"]
        days = (share.window.latest - share.window.earliest) / 86_400e9
        assert 109 < days < 111
        assert 0.999 < share.least < share.most <= 1
        assert share.unclean == 2

    def test_the_orderly_reboot_of_november_is_no_incident(self, report):
        assert any(f.cause in {"clean-reboot", "planned-reboot"} for f in report.set_aside)
        assert not any(f.cause == "clean-reboot" for f in findings(report))

    def test_every_sentence_cites_lines_that_are_there(self, report):
        texts = {}
        for finding in findings(report):
            assert finding.narrative
            for statement in finding.narrative:
                assert statement.evidence, statement.template
            for line in finding.evidence:
                if line.file not in texts:
                    opened = OPENERS.get(Path(line.file).suffix, open)
                    with opened(line.file, "rb") as file:
                        texts[line.file] = file.read().decode().splitlines()
                assert texts[line.file][line.line - 1] == line.text

    def test_assumptions_and_what_was_skipped_are_said(self, report):
        assert any("Asia/Tokyo" in a.text for a in report.assumptions)
        assert any("2008" in a.text for a in report.assumptions)
        assert any(s.name.endswith("README.md") for s in report.skipped)


class TestTheShortForm:
    """What an administrator reads first, in a terminal of 80 columns."""

    @pytest.fixture
    def text(self, report):
        return RENDERERS["text"](report, Options(zone=zone_named(ZONE)))

    def test_it_says_what_matters(self, text):
        said = " ".join(text.split())
        for claim in (
            "between 2008-12-17 06:00:04 and 06:06:21",
            "it was not shut down in order",
            "and 15:21:48 (confirmed)",
            "probably stopped before 15:20:25",
            "up again but had no connection (probable)",
            "The next heartbeat arrived at 13:10:04.",
            "was up but cut off from the network (possible)",
            "The next heartbeat arrived at 17:00:02.",
            "the cause is not in these logs. Look at what lies between",
            "(6 messages deleted, 51 kept)",
            "nothing forces the file to the disk",
            "The first complaint about this mailbox came at 2008-12-18 09:08:17",
            "the mailbox of hiroko was fine after the start",
            "belongs to mutex 0 of a former httpd with process id 712, which ended uncleanly",
            "the failed start itself removes it",
            "Against: no boot is seen in the ten minutes before: this does not fit a start in the boot sequence",
            "The last success in home/var/log/ddns.log is of 2008-11-17 22:07:02",
            "edited /usr/local/etc/ddns-update.sh at 22:41:07",
            "The updates have failed since 23:07:03",
            "The address changed between 2008-12-17 06:00:04 and 13:10:04 to 198.51.100.77",
            "has recorded the right address, 198.51.100.77, all along",
            "up between 99.99 % and 100 % of 109 days (4 boots, 2 ended without a shutdown)",
            "stamps without a zone are read as Asia/Tokyo",
            "README.md: text without time stamps",
        ):
            assert claim in said, claim

    def test_it_is_no_longer_than_it_must_be(self, text, report):
        assert text.count("\n") < 175
        wide = RENDERERS["text"](report, Options(zone=zone_named(ZONE), width=120))
        assert wide.count("\n") < 125
        assert RENDERERS["text"](report, Options(zone=zone_named(ZONE), verbose=1)).count("\n") > 2 * text.count("\n")

    def test_no_date_is_told_twice_in_one_paragraph(self, text):
        assert "is of 2008-12-17 06:00:00; the next start\n     was logged at 06:06:21." in text


BANNER = "Dec 17 15:21:48 yasuharu syslogd: kernel boot file is /boot/kernel/kernel\n"


def shut_down_in_order(text):
    """Put an orderly shutdown before the second boot, and leave out what that boot says of dirty file systems."""
    head, tail = text.split(BANNER, 1)
    lines = tail.splitlines(keepends=True)
    kept = [line for line in lines if not ("Dec 17 15:21:48" in line and "not properly dismounted" in line)]
    stop = (
        "Dec 17 15:20:01 yasuharu shutdown: reboot by yasu: \nDec 17 15:20:03 yasuharu syslogd: exiting on signal 15\n"
    )
    return head + stop + BANNER + "".join(kept)


class TestWithoutTheEvidence:
    def test_an_orderly_shutdown_takes_the_unclean_end_and_what_rests_on_it_away(self, copy):
        edit(copy / "home/var/log/messages", shut_down_in_order)
        report = explain([str(copy)], tz=ZONE)
        (stop,) = findings(report, "unclean-reboot")
        assert "06:06:21" in told(stop)
        assert not [f for f in findings(report, "mailbox-corrupt") if f.rule.startswith("mbox-")]
        mutex = findings(report, "stale-mutex")
        assert all("15:21:48" not in told(f) for f in mutex)

    def test_without_the_dirty_file_systems_the_unclean_end_is_less_sure(self, copy, report):
        edit(
            copy / "home/var/log/messages",
            lambda text: "".join(x for x in text.splitlines(keepends=True) if "not properly dismounted" not in x),
        )
        before = min(CONFIDENCE.index(f.confidence) for f in findings(report, "unclean-reboot"))
        changed = explain([str(copy)], tz=ZONE)
        after = max(CONFIDENCE.index(f.confidence) for f in findings(changed, "unclean-reboot"))
        assert after <= before
        assert all("fsck" not in told(f) for f in findings(changed, "unclean-reboot"))

    def test_the_complaint_about_another_mailbox_confirms_nothing(self, copy):
        edit(
            copy / "home/var/log/messages",
            lambda text: text.replace("mobilemailys at 133.51.82.172", "hiroko at 133.51.82.172"),
        )
        report = explain([str(copy)], tz=ZONE)
        damaged = [f for f in findings(report, "mailbox-corrupt") if f.rule == "mbox-unflushed-at-unclean-restart"]
        assert not damaged

    def test_without_any_complaint_the_mailbox_was_only_at_risk(self, copy):
        edit(
            copy / "home/var/log/messages",
            # Neither the complaint, nor the good session after the repair, which would show that nothing was lost.
            lambda text: "".join(
                x
                for x in text.splitlines(keepends=True)
                if "Unable to process From lines" not in x and not (x.startswith("Dec 18") and "mobilemailys" in x)
            ),
        )
        report = explain([str(copy)], tz=ZONE)
        at_risk = findings(report, "mailbox-corrupt")
        assert at_risk
        assert {f.confidence for f in at_risk} == {"possible"}

    def test_a_later_session_of_the_same_user_clears_the_mailbox(self, copy):
        later = (
            "Dec 17 15:20:58 yasuharu qpopper[901]: Stats: mobilemailys 0 0 51 212786 "
            "ntibrk112219.ibrk.nt.ftth.ppp.infoweb.ne.jp 121.94.82.219\n"
        )
        edit(copy / "home/var/log/messages", lambda text: text.replace(BANNER, later + BANNER))
        report = explain([str(copy)], tz=ZONE)
        said = " ".join(told(f) for f in findings(report, "mailbox-corrupt"))
        assert "15:20:58" in said or "6 messages deleted" not in said

    def test_a_heartbeat_that_goes_on_takes_the_network_outage_away(self, copy):
        def beat_on(text):
            lines = text.splitlines(keepends=True)
            (model,) = [x for x in lines if "17/Dec/2008:13:10:04" in x and "heartbeat" in x]
            times = [(h, m) for h in range(6, 17) for m in range(0, 60, 10) if (h, m) not in {(6, 0), (13, 10)}]
            beats = [model.replace("13:10:04", f"{h:02}:{m:02}:03") for h, m in times]
            stamp = lambda x: x.split("[", 1)[1][:20]  # noqa: E731
            day = [x for x in lines if "[17/Dec/2008" in x] + beats
            rest = [x for x in lines if "[17/Dec/2008" not in x]
            before = [x for x in rest if "[18/Dec/2008" not in x]
            return "".join([*before, *sorted(day, key=stamp), *(x for x in rest if "[18/Dec/2008" in x)])

        edit(copy / "remote/access.log", beat_on)
        report = explain([str(copy)], tz=ZONE)
        assert not findings(report, "external-network")

    def test_without_the_failures_the_update_script_was_not_broken(self, copy):
        edit(
            copy / "home/var/log/ddns.log",
            lambda text: "".join(x for x in text.splitlines(keepends=True) if "good" in x or "nochg" in x),
        )
        report = explain([str(copy)], tz=ZONE)
        assert not findings(report, "latent-fault")
        assert not findings(report, "ddns-failure")

    def test_without_a_change_of_address_the_broken_script_is_only_possible(self, copy):
        for name in ("remote/access.log",):
            edit(copy / name, lambda text: text.replace("198.51.100.77", "203.0.113.45"))
        edit(copy / "home/var/log/ddns.log", lambda text: text.replace("198.51.100.77", "203.0.113.45"))
        report = explain([str(copy)], tz=ZONE)
        latent = [f for f in findings(report) if f.cause in {"latent-fault", "ddns-failure"}]
        assert latent
        assert all("changed" not in told(f) or f.confidence == "possible" for f in latent)

    def test_a_panic_says_why_the_host_went_down(self, copy):
        panic = "Dec 17 15:21:48 yasuharu savecore: reboot after panic: page fault\n"
        edit(copy / "home/var/log/messages", lambda text: text.replace(BANNER, BANNER + panic))
        report = explain([str(copy)], tz=ZONE)
        assert findings(report, "kernel-panic")

    def test_without_the_first_line_of_the_start_in_the_boot_the_mutex_is_still_read_right(self, copy):
        """The spelling that a web page mangles, and the one that Apache writes, mean the same."""
        edit(
            copy / "home/var/log/httpd-error.log",
            lambda text: text.replace(
                "errorFile exists: modpython: Failed", "[error] (17)File exists: mod_python: Failed"
            ),
        )
        mutex = only(explain([str(copy)], tz=ZONE), "stale-mutex")
        assert "712" in told(mutex)
