"""Why a rule did not hold: the clause that failed, the nearest candidate, and what of it was missing."""

import pytest

from logsleuth.rules.why import why_not
from tests.rules.small import BOOT, TICKS, log, rule, run


def why(bind, *texts, more=""):
    ran = run(rule(bind, more), *texts)
    return why_not(ran.engine.rules, ran.engine, "r")


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("event: b, where: {user: $x.user}", "its user (tom) is not $x.user (rika)"),
        ("event: b, where: {user: [anna, lea]}", "its user (tom) is none of anna, lea"),
        ("event: b, where: {user: '!tom'}", "its user (tom) is tom"),
        ("event: b, where: {user: '~^r'}", "its user (tom) does not match ^r"),
        ("event: b, before: $x.t - 5m", "it is not before $x.t - 300s"),
        ("event: b, after: $x.t + 5m", "it is not after $x.t + 300s"),
        ("event: b, by: [user], count: 3, within: 1m", "there are not 3 such lines within 60s"),
        ("event: b, by: [], count: 2, distinct: user", "there are not 2 different values of user"),
    ],
)
def test_what_is_missing_of_the_nearest(clause, said):
    text = why(f"{{x: {{event: a}}, y: {{{clause}}}}}", log("10:00:00 alpha rika", "10:01:00 beta tom"))
    assert "Nearest: b of gate" in text
    assert f"      but {said}\n" in text


def test_another_host():
    text = why("{x: {event: a}, y: {event: b}}", log("10:00:00 alpha"), log("10:00:00 beta", host="mill"))
    assert "but it is of mill, not of gate" in text


def test_another_life():
    logs = log("10:00:00 alpha", *TICKS, f"11:00:00 {BOOT}", "11:00:01 beta")
    assert "but it is of another life of the host" in why("{x: {event: a}, y: {event: b, scope: boot}}", logs)


def test_a_span_that_was_not_open():
    logs = log("10:00:00 alpha rika", "10:01:00 beta rika", "10:05:00 gamma")
    assert "but it is not open at $x.t" in why("{x: {event: c}, y: {span: work, open_at: $x.t}}", logs)


def test_the_nearest_is_the_one_of_which_least_is_missing():
    """Nearer in time, but of another user and too small."""
    logs = log("10:00:00 beta rika", "10:00:10 alpha tom 5", "11:00:00 alpha rika 5")
    said = why("{x: {event: b}, y: {event: a, where: {user: $x.user, size: '>7'}}}", logs)
    assert "alpha rika 5" in said
    assert said.count("but ") == 1


def test_nothing_at_all():
    assert "There is no such line at all." in why("{x: {event: a}}", log("10:00:00 beta"))
