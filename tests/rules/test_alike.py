"""Lines that no rule knows are compared with messages that are known, in excerpts in which nothing else was found."""

import gzip

import pytest

from logsleuth.errors import RuleError
from logsleuth.incidents import incidents
from logsleuth.pipeline import explain
from logsleuth.rules import load
from logsleuth.rules.alike import ANY_LINE, EXCERPT, Known, Message, alike, features, messages
from logsleuth.rules.infer import infer
from logsleuth.rules.model import Sample
from logsleuth.rules.trial import Trial
from logsleuth.signs.collect import collect
from logsleuth.signs.match import Matcher
from tests.rules.small import WORDS, rule
from tests.rules.small import log as small_log

KNOWN = Known(
    [
        Message("feedd[8]: the spool of feed is full of weevils", "weevils", "disk-full"),
        Message("feedd[8]: the hopper is jammed by a stone", "stones", "hardware-failure"),
        Message("feedd[8]: the hopper was cleared", "stones", ""),
        *(Message(f"other{n}: a line of its own kind, {n * 7919}", "others", "job-failure") for n in range(9)),
    ]
)
STRANGE = "millctl[8]: fatal: grind_speed is not a keyword here, see the configuration file of mill"


def log(tmp_path, *messages):
    lines = [f"Mar  3 10:00:{n:02} gate {message}\n" for n, message in enumerate(messages)]
    (tmp_path / "messages").write_text("".join(lines))
    return explain([str(tmp_path)], tz="UTC", year=2024)


def told(report):
    return [(cause.rule, cause.cause, cause.confidence) for i in report.incidents for cause in i.causes]


def test_what_words_a_line_has():
    words = features("Mar  3 10:00:01 gate feedd[8]: cannot open /srv/feed/a.dat: 12 Weevils")
    assert words == {"feedd", "cannot", "open", "path", "weevils"} | {
        "feedd cannot",
        "cannot open",
        "open path",
        "path weevils",
    }


def best(line):
    votes = KNOWN.votes(line)
    return max(votes, key=lambda cause: votes[cause][0], default=None)


def test_the_nearest_messages_vote():
    assert best("millctl: the hopper is jammed, and full of weevils") == "hardware-failure"
    assert best("millctl: its spool is full of weevils") == "disk-full"
    assert best("millctl: zebras zigzag") is None


def test_messages_of_samples_with_one_line_and_of_those_that_mean_nothing():
    text = """
rules:
- {id: a, cause: disk-full}
- {id: b, cause: job-failure, kind: symptom}
samples:
- {rule: a, expect: probable, logs: {x: "one line"}}
- {rule: a, expect: probable, logs: {x: "two\\nlines"}}
- {rule: a, expect: none, logs: {x: "two\\nothers"}}
- {rule: b, expect: probable, logs: {x: "an effect"}}
"""
    assert [(m.text, m.cause) for m in messages([("a.yaml", text)])] == [
        ("one line", "disk-full"),
        ("two", ""),
        ("others", ""),
        ("an effect", ""),
    ]


@pytest.mark.parametrize("text", ["", "[]", "samples: 3", "samples: [{}]", "a: [", "samples: [{rule: a, logs: 3}]"])
def test_what_is_no_rule_file_is_passed_over(text):
    assert messages([("a.yaml", text)]) == []


def test_a_line_of_an_excerpt_that_no_rule_knows(tmp_path):
    assert told(log(tmp_path, STRANGE))[:1] == [("words-alike", "config-error", "possible")]


def test_it_may_be_why_a_service_failed(tmp_path):
    (incident,) = log(tmp_path, STRANGE, "systemd[1]: mill.service: Failed with result 'exit-code'.").incidents
    assert {f.rule for f in incident.causes} == {"words-alike"}
    assert [f.rule for f in incident.effects] == ["service-failed"]


def test_where_a_cause_was_found_no_words_are_compared(tmp_path):
    killed = "kernel: Out of memory: Killed process 71 (feedd) total-vm:900kB, anon-rss:800kB, file-rss:0kB"
    assert [rule for rule, _, _ in told(log(tmp_path, STRANGE, killed))] == ["oom-kill"]


def test_an_effect_that_says_why_is_enough(tmp_path):
    early = "openvpn[7]: VERIFY ERROR: depth=1, error=certificate is not yet valid: CN=mill"
    assert [rule for rule, _, _ in told(log(tmp_path, STRANGE, early))] == ["certificate-not-yet-valid"]


def test_of_a_whole_log_no_line_is_picked(tmp_path):
    calm = ["feedd[8]: the hopper is full of oats, as it is each day at noon"] * 60
    (tmp_path / "messages").write_text(
        "".join(f"Mar  3 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} gate {m}\n" for n, m in enumerate(calm * 5))
        + f"Mar  3 10:00:00 gate {STRANGE}\n"
    )
    assert (tmp_path / "messages").stat().st_size > EXCERPT
    report = explain([str(tmp_path)], tz="UTC", year=2024)
    assert told(report) == []
    assert [group.pattern for group in report.unexplained if "grind_speed" in group.pattern]


def test_two_readings_of_one_line_are_one_incident():
    rules = load.load(
        [
            (
                "mine.yaml",
                WORDS
                + rule("{it: {event: line.alike}}", ", last: true, base: possible, cap: possible", cause="$it.like"),
            )
        ]
    )
    text = small_log("10:00:00 the hopper is jammed by a stone, the spool of feed must be full of weevils")
    sample = Sample(("r",), "", (("messages", text),), 2024, "none", "", (), "", "mine.yaml", 1)
    signs = Trial(rules).signs(sample)

    def resembling(matches):
        return alike(collect(signs.logs, Matcher([ANY_LINE]), frozenset()).facts, matches, KNOWN)

    (incident,) = incidents(infer(rules, signs, resembling=resembling).matches, [])[0]
    assert [cause.cause for cause in incident.causes] == ["hardware-failure", "disk-full"]


@pytest.mark.parametrize("cause", ["$it.wath", "$other.what"])
def test_a_cause_that_nothing_names_is_refused(cause):
    text = f"""
events: {{pair: {{match: '^pair (?P<what>\\S+)'}}}}
rules:
- {{id: reading, cause: {cause}, bind: {{it: {{event: pair}}}}, title: t, narrative: n}}
"""
    with pytest.raises(RuleError, match=r"what|bound before"):
        load.load([("a.yaml", text)])


def test_a_packed_file_is_an_excerpt_by_its_lines(tmp_path):
    calm = "".join(f"Mar  3 10:{n // 60:02}:{n % 60:02} gate feedd[8]: the hopper is full\n" for n in range(500))
    (tmp_path / "messages.gz").write_bytes(gzip.compress(f"{calm}Mar  3 10:20:00 gate {STRANGE}\n".encode()))
    assert (tmp_path / "messages.gz").stat().st_size < EXCERPT
    assert told(explain([str(tmp_path)], tz="UTC", year=2024)) == []
