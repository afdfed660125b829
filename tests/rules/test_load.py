"""Mistakes in rule files: one line each, with the place, and what to try."""

import pytest

from logsleuth.errors import RuleError
from logsleuth.rules import load

EVENTS = """\
events:
  a.up: {match: '^up (?P<user>\\S+)'}
  a.down: {match: '^down (?P<user>\\S+)'}
"""


def rule(bind, more="", name="some-rule", cause="some-cause"):
    return f"- {{id: {name}, cause: {cause}, title: t, narrative: n, bind: {bind}{more}}}\n"


def rules(*texts):
    return EVENTS + "rules:\n" + "".join(texts)


def mistake(text):
    with pytest.raises(RuleError) as caught:
        load.load([("mine.yaml", text)])
    said = str(caught.value)
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("evnts: {}", "mine.yaml:1: file: unknown key 'evnts'; did you mean 'events'?"),
        (
            "about: x\nevents:\n  a.b:\n    match: x\n    progam: y\n",
            "mine.yaml:5: event a.b: unknown key 'progam'; did you mean 'program'?",
        ),
        ("events:\n  a.b: {match: x}\n  a.b: {match: y}\n", "mine.yaml:3: file: key 'a.b' stands twice; merge the two"),
        ("events:\n  a.b: {kind: syslog}\n", "mine.yaml:2: event a.b: 'match' is missing"),
        ("events:\n  a.b: {match: 'x', role: begin}\n", "mine.yaml:2: event a.b: 'begin' is not one of "),
        ("events: [a, b]\n", "mine.yaml:1: file: a mapping (key: value) is expected here"),
        ("events:\n  a.b: {match: {x: y}}\n", "mine.yaml:2: event a.b: a single value is expected here"),
        ("a: [\n", "mine.yaml:2: yaml: "),
        ("events:\n\ta: b\n", "mine.yaml:2: yaml: found character"),
    ],
)
def test_the_shape_of_a_file(text, said):
    assert mistake(text).startswith(said)


@pytest.mark.parametrize(
    ("regex", "said"),
    [
        ("(?P<user>", "not a regular expression: "),
        ("a(b", "not a regular expression: "),
        ("^(a+)+$", "can take for ever"),
        ("x(?:[a-z]*)*y", "can take for ever"),
        ("(?P<u>.*b?\\S+)*z", "can take for ever"),
        ("(.*b?)+x", "can take for ever"),
        ("(\\w+\\s?)*x", "can take for ever"),
        ("((a+)b?)+x", "can take for ever"),
        ("(a|aa)+x", "can take for ever"),
        (".*", "matches an empty text"),
        ("(?:up)?", "matches an empty text"),
    ],
)
def test_regexes(regex, said):
    found = mistake(f"events:\n  a.b:\n    match:\n    - 'fine'\n    - '{regex}'\n")
    assert found.startswith("mine.yaml:5: event a.b: ")
    assert said in found


@pytest.mark.parametrize("regex", ["(?:a+)b+", "(a+b)+", "(?:a|b)*c", "\\(a+\\)+", "(?:x\\+)+"])
def test_regexes_that_are_fine(regex):
    load.load([("mine.yaml", f"events:\n  a.b: {{match: '{regex}'}}\n")])


def test_a_count_needs_a_by():
    assert "by" in mistake(rules(rule("{x: {event: a.up, count: 5}}")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rule("{x: {event: a.upp}}"), "mine.yaml:5: some-rule: no event 'a.upp'; did you mean 'a.up'?"),
        (rule("{x: {span: a.up}}"), "mine.yaml:5: some-rule: no span 'a.up'"),
        (rule("{x: {fact: other-rule}}"), "mine.yaml:5: some-rule: no fact 'other-rule'"),
        (rule("{x: {event: a.up, where: {usr: y}}}"),
         "mine.yaml:5: some-rule: a.up has no field 'usr'; did you mean 'user'?"),
        (rule("{x: {event: a.up, after: $y.t}}"), "mine.yaml:5: some-rule: $y is not bound before this"),
        (rule("{x: {event: a.up, before: $x.t}}"), "mine.yaml:5: some-rule: $x is not bound before this"),
        (rule("{x: {event: a.up}, y: {event: a.down, where: {user: $x.usr}}}"),
         "mine.yaml:5: some-rule: $x has no field 'usr'; did you mean 'user'?"),
        (rule("{x: {event: a.up}, y: {event: a.down, during: $z}}"),
         "mine.yaml:5: some-rule: 'during' names no earlier binding: 'z'"),
        (rule("{x: {event: a.up, after: 5m}}"), "mine.yaml:5: some-rule: '5m' is not a moment; write $name.t, "),
        (rule("{x: {event: a.up, after: $y}}"), "mine.yaml:5: some-rule: '$y' is not a moment"),
        (rule("{x: {event: a.up, after: $y.t + soon}}"), "mine.yaml:5: some-rule: 'soon' is not a duration"),
        (rule("{x: {event: a.up, gap: 5 minutes}}"),
         "mine.yaml:5: some-rule: '5 minutes' is not a duration; write 30s, "),
        (rule("{x: {event: a.up, gap: 5}}"), "mine.yaml:5: some-rule: '5' is not a duration"),
        (rule("{x: {event: a.up, where: {user: $y}}}"),
         "mine.yaml:5: some-rule: '$y' is not a reference; write $name.field"),
        (rule("{x: {event: a.up, where: {user: '~a(b'}}}"), "mine.yaml:5: some-rule: not a regular expression: "),
        (rule("{x: {event: a.up, count: many}}"), "mine.yaml:5: some-rule: 'many' is not a whole number"),
        (rule("{x: {event: a.up, by: [], distinct: user}}"), "mine.yaml:5: some-rule: 'distinct' needs 'count'"),
        (rule("{x: {event: a.up, by: [], count: 2, distinct: usr}}"),
         "mine.yaml:5: some-rule: a.up has no field 'usr'; did you mean 'user'?"),
        (rule("{x: {event: a.up, optional: yes}}"), "mine.yaml:5: some-rule: 'yes' is not one of false, true"),
        (rule("{x: {event: a.up, span: b}}"),
         "mine.yaml:5: some-rule: a clause names exactly one of event, span, fact"),
        (rule("{x: {where: {user: y}}}"), "mine.yaml:5: some-rule: a clause names exactly one of event, span, fact"),
        (rule("{}"), "mine.yaml:5: some-rule: 'bind' is empty"),
        (rule("{x: {event: a.up}}", ", base: sure"), "mine.yaml:5: some-rule: 'sure' is not one of "),
        (rule("{x: {event: a.up}}", ", remedy: 'ask {y.user}'"), "mine.yaml:5: some-rule: $y is not bound before this"),
        (rule("{x: {event: a.up}}", ", remedy: 'ask {x}'"),
         "mine.yaml:5: some-rule: a placeholder is {name.field}: 'ask {x}'"),
        (rule("{x: {event: a.up}}", name="Some_Rule"),
         "mine.yaml:5: Some_Rule: an id is lower-case words with hyphens"),
        ("- {cause: c, title: t, narrative: n, bind: {x: {event: a.up}}}\n", "mine.yaml:5: file: 'id' is missing"),
        ("- {id: some-rule, title: t, narrative: n, bind: {x: {event: a.up}}}\n",
         "mine.yaml:5: some-rule: 'cause' is missing"),
        (rule("{x: {event: a.up}}", ", evidence: [{side: for, say: s}]"), "mine.yaml:5: some-rule: 'if' is missing"),
    ],
)  # fmt: skip
def test_rules(text, said):
    assert mistake(rules(text)).startswith(said)


def test_a_mistake_is_told_where_it_stands_not_where_the_rule_begins():
    text = EVENTS + (
        "rules:\n- id: some-rule\n  cause: c\n  title: t\n  narrative: n\n"
        "  bind:\n    x: {event: a.up}\n    y:\n      event: a.down\n      after: $x.t\n      bfore: $x.t\n"
    )
    assert mistake(text) == "mine.yaml:14: some-rule: unknown key 'bfore'; did you mean 'before'?"


def test_facts_that_wait_for_each_other():
    said = mistake(
        rules(rule("{x: {fact: b}}", name="a"), rule("{x: {fact: c}}", name="b"), rule("{x: {fact: a}}", name="c"))
    )
    assert "rules that wait for each other: a -> b -> c -> a" in said


def test_a_rule_that_waits_for_itself_by_its_cause():
    assert "a -> a" in mistake(rules(rule("{x: {fact: 'cause:slug'}}", name="a", cause="slug")))


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ("{open: a.up}", "say either 'close'"),
        ("{open: a.up, close: a.down, for: 5m}", "say either 'close'"),
        ("{close: a.down}", "'open' is missing"),
        ("{open: a.upp, close: a.down}", "no event 'a.upp'; did you mean 'a.up'?"),
        ("{open: a.up, close: a.down, scope: world}", "'world' is not one of boot, host"),
        ("{open: a.up, close: a.down, max: long}", "'long' is not a duration"),
    ],
)
def test_spans(span, said):
    found = mistake(EVENTS + f"spans:\n  a.busy: {span}\n")
    assert found.startswith("mine.yaml:5: span a.busy: ")
    assert said in found


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "true", "null", "~x", "1e3", "0o17", "2024-03-03", "1:30"])
def test_scalars_stay_as_they_are_written(word):
    text = rules(rule(f"{{x: {{event: a.up, where: {{user: {word}}}}}}}"))
    (clause,) = [c for _, c in load.load([("mine.yaml", text)]).rules["some-rule"].bind]
    assert clause.where[0].value == word.removeprefix("~")


def test_no_of_a_sample_stays_no():
    text = (
        rules(rule("{x: {event: a.up}}"))
        + "samples:\n- {rule: some-rule, logs: {m: x}, expect: none, fields: {user: no}}\n"
    )
    assert load.load([("mine.yaml", text)]).samples[0].fields == (("user", "no"),)


@pytest.mark.parametrize(
    ("written", "nanoseconds"),
    [
        ("30s", 30e9),
        ("1h30m", 5400e9),
        ("1h 30m", 5400e9),
        ("250ms", 0.25e9),
        ("1.5h", 5400e9),
        ("7d", 604_800e9),
        ("1w", 604_800e9),
    ],
)
def test_durations(written, nanoseconds):
    text = rules(rule(f"{{x: {{event: a.up, gap: {written}}}}}"))
    assert load.load([("mine.yaml", text)]).rules["some-rule"].bind[0][1].gap == nanoseconds


@pytest.mark.parametrize(
    ("written", "field", "offset"),
    [
        ("$x.t", "t", 0),
        ("$x.end + 5m", "end", 300e9),
        ("$x.start-30d", "start", -2_592_000e9),
        ("$x.t + 1h30m", "t", 5400e9),
    ],
)
def test_moments(written, field, offset):
    text = rules(rule(f"{{x: {{event: a.up}}, y: {{event: a.down, after: {written}}}}}"))
    moment = load.load([("mine.yaml", text)]).rules["some-rule"].bind[1][1].after
    assert moment is not None
    assert (moment.ref.name, moment.ref.field, moment.offset) == ("x", field, offset)


def test_a_later_file_overrides_by_id():
    first, second = rules(rule("{x: {event: a.up}}")), rules(rule("{x: {event: a.down}}"))
    loaded = load.load([("one.yaml", first), ("two.yaml", second)])
    assert loaded.rules["some-rule"].file == "two.yaml"


def test_an_empty_file_is_fine():
    assert not load.load([("mine.yaml", ""), ("other.yaml", "# nothing\n")]).rules


def test_a_broken_file_does_not_stop_work_on_another():
    loaded, errors = load.forgiving([("bad.yaml", "evnts: {}"), ("good.yaml", rules(rule("{x: {event: a.up}}")))])
    assert list(loaded.rules) == ["some-rule"]
    assert [e.file for e in errors] == ["bad.yaml"]


def test_a_rule_that_refers_to_nothing_is_left_out_and_told():
    text = rules(rule("{x: {event: a.upp}}"), rule("{x: {event: a.up}}", name="other"))
    loaded, errors = load.forgiving([("mine.yaml", text)])
    assert list(loaded.rules) == ["other"]
    assert len(errors) == 1


def test_heartbeats_and_links_refer_to_something():
    assert "no such event; did you mean 'a.up'?" in mistake(EVENTS + "heartbeats: [{event: a.upp, every: 5m}]\n")
    assert "'because' is missing" in mistake(EVENTS + "links:\n- {cause: a, effect: b}\n")


def test_a_condition_that_takes_for_ever():
    assert "can take for ever" in mistake(rules(rule("{x: {event: a.up, where: {user: '~(a+)+$'}}}")))


def test_a_heartbeat_is_told_with_its_file():
    found = mistake(EVENTS + "heartbeats:\n- {event: a.upp, every: 5m}\n")
    assert found.startswith("mine.yaml:5: ")
