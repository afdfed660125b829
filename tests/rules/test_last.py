"""Rules that are tried last speak only where no other finding does."""

import pytest

from logsleuth.errors import RuleError
from tests.rules.small import found, log, rule, run

LAST = rule("{x: {event: b, by: [program], gap: 1h}}", ", last: true, base: possible, cap: possible", name="words")
WEAK = ", base: possible, cap: possible"


def told(rules, *texts):
    """(Hour and minute, program) of what is told by the words alone."""
    return [m.env["x"].lines[0].text[7:12] for m in found(rules + LAST, *texts, name="words")]


def test_a_line_that_nothing_else_speaks_for():
    assert told("", log("10:00:00 beta")) == ["10:00"]


def test_a_line_that_another_finding_rests_on():
    assert told(rule("{x: {event: b}}", WEAK), log("10:00:00 beta")) == []


def test_a_line_of_the_same_wording():
    # Hours later, so that the finding itself no longer speaks for its program.
    first = rule("{x: {event: b, pick: first}}", WEAK)
    assert told(first, log("10:00:00 beta", "15:00:00 beta")) == []


@pytest.mark.parametrize(
    ("finding", "line", "expected"),
    [
        ("10:00:00 alpha rika", "10:30:00 beta", []),  # the same program
        ("10:00:00 alpha rika", "11:30:00 beta", ["11:30"]),  # long after it
        ("10:00:00 alpha rika", "08:30:00 beta", ["08:30"]),  # long before it
    ],
)
def test_a_weak_finding_speaks_for_its_program_for_an_hour(finding, line, expected):
    assert told(rule("{x: {event: a}}", WEAK), log(*sorted((finding, line)))) == expected


def test_a_likely_finding_speaks_for_its_host():
    likely = rule("{x: {event: c}}")
    assert told(likely, log("10:30:00 gamma", "10:40:00 beta")) == []
    assert told(likely, log("10:30:00 gamma"), log("10:40:00 beta", host="mill")) == ["10:40"]


def test_a_symptom_speaks_for_nothing():
    symptom = rule("{x: {event: a}}", ", kind: symptom")
    assert told(symptom, log("10:00:00 alpha rika", "10:00:01 beta")) == ["10:00"]


def test_an_orderly_restart_speaks_for_its_own_noises():
    calm = rule("{x: {event: a}}", ", kind: harmless, base: possible")
    assert told(calm, log("10:00:00 alpha rika", "10:04:00 mill[2]: beta", "10:04:30 beta", "10:10:00 beta")) == [
        "10:10"
    ]


def test_of_many_findings_the_latest_three_are_told():
    text = log(*(f"0{hour}:00:00 beta" for hour in (1, 3, 5, 7, 9)))
    assert told("", text) == ["05:00", "07:00", "09:00"]


def test_the_first_of_two_such_rules_speaks_alone():
    other = rule("{x: {event: b}}", ", last: true, base: possible, cap: possible", name="more")
    matches = run(LAST + other, log("10:00:00 beta")).matches
    assert [m.rule.id for m in matches] == ["words"]


def test_it_may_not_be_surer_than_possible():
    with pytest.raises(RuleError, match="say 'base: possible' and 'cap: possible'"):
        run(rule("{x: {event: b}}", ", last: true"), log("10:00:00 beta"))


def test_no_other_rule_may_rest_on_it():
    with pytest.raises(RuleError, match="words is tried last"):
        run(LAST + rule("{x: {fact: words}}"), log("10:00:00 beta"))
    assert found(LAST + rule("{x: {fact: 'cause:slug'}}", name="o", cause="s"), log("10:00:00 beta"), name="o") == []
