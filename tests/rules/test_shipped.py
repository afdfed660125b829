"""The shipped rules: every sample passes, and every clause of every rule is noticed by some sample."""

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


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sample_notices_whatever_is_dropped_from_a_rule(rules, part):
    names = list(rules.rules)[part::PARTS]
    left = [f"{rule.file}:{rule.line}: {rule.id}: {what}" for rule, what in survivors(rules, names)]
    assert left == []
