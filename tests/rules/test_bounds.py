"""What would take for ever, or fill the memory, is bounded, and that is said."""

import time

import pytest

from logsleuth.clock.offsets import SECOND
from logsleuth.report import CONFIDENCE
from logsleuth.rules import engine
from logsleuth.rules.graph import Graph
from logsleuth.rules.store import Store
from logsleuth.signs.model import Fact
from tests.rules.small import BOOT, found, log, rule, run


def many(count, word="alpha"):
    return log(*(f"{10 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} {word} u{n}" for n in range(count)))


def test_ten_thousand_candidates_for_one_binding_are_cut_and_said():
    ran = run(rule("{x: {event: a}}"), many(10_050))
    assert len(ran.matches) == engine.MOST == 10_000
    assert ran.engine.notes == ["r: more than 10,000 candidates for 'x'; the rest is left out"]


def test_matches_are_cut_and_said_once(monkeypatch):
    monkeypatch.setattr(engine, "MOST", 50)
    ran = run(rule("{x: {event: a}, y: {event: b}}"), many(20) + many(20, "beta"))
    assert len(ran.matches) == 50
    assert ran.engine.notes == ["r: more than 50 matches; the rest is left out"]


def test_a_join_without_a_field_in_common_is_given_up_and_said(monkeypatch):
    monkeypatch.setattr(engine, "MOST_WORK", 5_000)
    bind = "{x: {event: a}, y: {event: b}, z: {event: c, where: {user: $x.user, text: $y.text}}}"
    begin = time.perf_counter()
    ran = run(rule(bind), many(300) + many(300, "beta") + many(300, "gamma"))
    assert time.perf_counter() - begin < 5
    assert not ran.matches
    assert ran.engine.notes == ["r: given up after 5,000 comparisons; what it would still find is left out"]


@pytest.mark.parametrize(
    ("name", "text", "outcome"),
    [
        ("work", log("10:00:00 alpha rika", "18:00:00 tick"), "open"),
        ("short", log("10:00:00 alpha rika", "10:04:00 tick"), "open"),
        ("short", log("10:00:00 alpha rika", "10:06:00 tick"), "unknown"),
        ("short", log("10:00:00 alpha rika", "10:04:00 tick", f"12:00:00 {BOOT}", "12:00:01 tick"), "cut"),
        ("short", log("10:00:00 alpha rika", "11:04:00 tick", f"12:00:00 {BOOT}", "12:00:01 tick"), "unknown"),
    ],
)
def test_a_span_that_never_closes(name, text, outcome):
    (match,) = found(rule(f"{{x: {{span: {name}}}}}"), text)
    assert match.env["x"].outcome == outcome


def test_one_key_holds_one_open_span():
    text = many(200).replace(" u1", " u").replace(" u2", " u")
    spans = [m.env["x"] for m in found(rule("{x: {span: work}}"), text + log("15:00:00 tick"))]
    assert len(spans) == len({s.get("user") for s in spans})


def session(start, end, user="rika"):
    fact = Fact("s", start * SECOND, start * SECOND, "gate", {"user": user}, ())
    fact.end_lo = fact.end_hi = end * SECOND if end is not None else -(1 << 63)
    return fact


@pytest.mark.parametrize("moment", [0, 99, 100, 149, 150, 5000, 99_000])
def test_the_index_of_spans_loses_none(moment):
    store = Store()
    store.add([*(session(100 * n, 100 * n + 50) for n in range(1000)), session(3, None), session(7, 80_000)])
    facts = store.all("s")
    kept = store.spanning(facts, moment * SECOND, moment * SECOND)
    open_then = [
        f for f in facts if f.lo <= moment * SECOND and (f.end.latest is None or f.end.latest > moment * SECOND)
    ]
    assert set(map(id, open_then)) <= set(map(id, kept))
    assert len(kept) < 6


def test_facts_with_wide_bounds_are_found_wherever_they_begin():
    store = Store()
    wide = Fact("s", 0, 5000 * SECOND, "gate", {}, ())
    undated = Fact("s", -(1 << 63), -(1 << 63), "gate", {}, ())
    points = [Fact("s", n * SECOND, n * SECOND, "gate", {}, ()) for n in range(1, 9000)]
    store.add([wide, undated, *points])
    got = store.between("s", store.all("s"), 4000 * SECOND, 4001 * SECOND)
    assert [f for f in got if f in {wide, undated}] == [undated, wide]
    assert len(got) < 12


def test_long_chains_of_causes_take_no_square_of_time():
    graph = Graph([])
    begin = time.perf_counter()
    for n in range(20_000):
        graph.add(0, n + 1, "")
    assert time.perf_counter() - begin < 5
    graph.add(5, 0, "")
    assert (5, 0) not in graph.arrows
    assert graph.reaches(0, 20_000)


def test_a_circle_of_links_keeps_the_arrow_that_came_first():
    """What explains a thing is not explained by it."""
    text = rule("{x: {event: a}}", cause="one") + rule("{x: {event: b}}", name="s", cause="two")
    links = "links:\n- {cause: one, effect: two, because: p}\n- {cause: two, effect: one, before: 1h, because: q}\n"
    ran = run(text + links, log("10:00:00 alpha", "10:00:01 beta"))
    assert {m.confidence for m in ran.matches} <= set(CONFIDENCE)
    from logsleuth.rules.graph import build

    assert len(build(ran.matches, ran.engine.rules.links).arrows) == 1
