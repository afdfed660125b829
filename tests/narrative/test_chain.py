from dataclasses import replace

import pytest

from logsleuth.narrative import chain
from logsleuth.report import Incident, Link, Statement
from tests.render.reports import CUT, at


def made(name, confidence="probable", offset=0):
    return replace(CUT, id=name, confidence=confidence, start=at(offset))


def shape(causes, effects, links):
    incident = Incident("i", ("gate",), causes, effects, tuple(Link(a, b, f"{a}{b}") for a, b in links), at(0), at(9))
    return [(step.depth, step.finding.id) for step in chain(incident)]


A, B, C, D = (made(name, offset=n) for n, name in enumerate("abcd"))


@pytest.mark.parametrize(
    ("causes", "effects", "links", "expected"),
    [
        ((A,), (), "", [(0, "a")]),
        ((A,), (B, C), ("ab", "bc"), [(0, "a"), (1, "b"), (2, "c")]),
        # effects of one cause in the order of their time
        ((A,), (C, B), ("ac", "ab"), [(0, "a"), (1, "b"), (1, "c")]),
        # of equally sure causes the nearest
        ((A,), (B, C), ("ab", "ac", "bc"), [(0, "a"), (1, "b"), (2, "c")]),
        # below the surest cause
        ((A, made("b", "confirmed")), (C,), ("ac", "bc"), [(0, "a"), (0, "b"), (1, "c")]),
        # an effect without a link stands alone; links to what is not there are no links
        ((A,), (B,), ("xb", "ax", "aa"), [(0, "a"), (0, "b")]),
        # a circle ends
        ((A,), (B, C, D), ("bc", "cd", "db"), [(0, "a"), (0, "b"), (1, "c"), (2, "d")]),
    ],
)
def test_every_finding_once(causes, effects, links, expected):
    assert shape(causes, effects, links) == expected


def test_findings_with_one_id_are_all_told():
    assert shape((A,), (B, B), ("ab",)) == [(0, "a"), (1, "b"), (1, "b")]


def test_other_causes_are_named():
    incident = Incident("i", (), (A, B), (C,), (Link("a", "c", "x"), Link("b", "c", "y")), at(0), at(9))
    last = chain(incident)[1]
    assert (last.finding.id, last.why, [f.id for f in last.also]) == ("c", "x", ["b"])


def settled(*causes):
    incident = Incident("i", (), causes, (C,), tuple(Link(c.id, "c", "") for c in causes), at(0), at(9))
    (step,) = [s for s in chain(incident) if s.finding.id == "c"]
    return [f.id for f in step.also], [s.template for s in step.settle]


def test_rivals_are_ranked_and_what_would_settle_between_them_is_told():
    weak, strong, other = (
        replace(made(name, sure), settle=Statement(f"look at {name}", {}, ()))
        for name, sure in (("w", "possible"), ("s", "probable"), ("o", "probable"))
    )
    assert settled(weak, strong, other) == (["o", "w"], ["look at s", "look at o", "look at w"])
    assert settled(replace(strong, confidence="confirmed"), weak) == (["w"], [])
    assert settled(strong) == ([], [])


def test_long_chains_do_not_overflow():
    many = [made(str(n)) for n in range(3000)]
    links = tuple(Link(str(n), str(n + 1), "") for n in range(2999))
    incident = Incident("i", (), (many[0],), tuple(many[1:]), links, at(0), at(9))
    assert [s.depth for s in chain(incident)] == list(range(3000))
