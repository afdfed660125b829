"""The shipped rules: every sample passes, and every clause of every rule is noticed by some sample."""

import re

import pytest

from logsleuth.rules import load
from logsleuth.rules.mutate import survivors
from logsleuth.rules.trial import Trial

PARTS = 8
"""The rules are tried in so many parts, which may run beside each other."""


@pytest.fixture(scope="module")
def rules():
    before, load.THOROUGH = load.THOROUGH, True
    try:
        return load.load(load.shipped())
    finally:
        load.THOROUGH = before


@pytest.fixture(scope="module")
def trial(rules):
    return Trial(rules)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_sample_passes(rules, trial, part):
    problems = [
        f"{sample.file}:{sample.line}: {problem}"
        for sample in rules.samples[part::PARTS]
        for problem in trial.problems(sample)
    ]
    assert problems == []


def test_every_rule_has_a_sample_in_which_it_holds_and_one_in_which_not(rules):
    expected: dict[str, set[str]] = {}
    for sample in rules.samples:
        for rule in sample.rules:
            expected.setdefault(rule, set()).add(sample.expect)
    assert [name for name in rules.rules if not expected.get(name, set()) - {"none", "ruled out"}] == []
    assert [name for name in rules.rules if len(expected.get(name, set())) < 2] == []


@pytest.mark.parametrize(("part", "pattern"), [("rules", r"^- id: (\S+)$"), ("events", r"^  ([\w.]+):")])
def test_no_shipped_file_takes_the_place_of_what_another_says(part, pattern):
    named: dict[str, list[str]] = {}
    for file, text in load.shipped():
        section = re.search(rf"^{part}:\n(.*?)(?=^\w|\Z)", text, re.MULTILINE | re.DOTALL)
        for name in re.findall(pattern, section[1], re.MULTILINE) if section else ():
            named.setdefault(name, []).append(file)
    assert len(named) > 100
    assert {name: files for name, files in named.items() if len(files) > 1} == {}


def test_links_join_what_some_rule_concludes(rules):
    known = {"symptom", *rules.rules, *(rule.cause for rule in rules.rules.values())}
    unknown = [(link.file, link.line, name) for link in rules.links for name in (*link.causes, *link.effects)]
    assert [place for place in unknown if place[2] not in known] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sample_notices_whatever_is_dropped_from_a_rule(rules, part):
    names = list(rules.rules)[part::PARTS]
    left = [f"{rule.file}:{rule.line}: {rule.id}: {what}" for rule, what in survivors(rules, names)]
    assert left == []
