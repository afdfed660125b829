"""Events that only weigh others: kept at once where they are rare, looked for again where they are not."""

import pytest

from logsleuth.pipeline import default_settings, entries, investigate, open_paths
from logsleuth.rules.load import load
from logsleuth.signs.match import Matcher
from logsleuth.signs.model import EventType, LazyPattern

RULE = """
events:
  thing.broke:
    match: ['^thing broke']
    source: tests
  hand.moved:
    match: ['^hand moved (?P<what>\\w+)']
    source: tests
rules:
- id: broken-by-hand
  cause: hardware-failure
  bind:
    it: {event: thing.broke}
  evidence:
  - {side: for, if: {event: hand.moved, after: $it.t - 1h, before: $it.t}, say: 'a hand moved'}
  base: possible
  cap: probable
  title: 'A thing broke'
  narrative: |
    It broke at {it.t}.
  remedy: |
    Mend it.
"""


def saved(folder, moves):
    lines = [f"Mar  4 09:{n // 60:02}:{n % 60:02} gate app[7]: hand moved x{n}\n" for n in range(moves)]
    (folder / "app.log").write_text("".join(lines) + "Mar  4 09:59:00 gate app[7]: thing broke\n")
    return open_paths([str(folder / "app.log")], default_settings("UTC"))


def found(logs, counts, dropped):
    kinds = [EventType("rare", match=(LazyPattern("broke"),)), EventType("often", match=(LazyPattern("hand moved"),))]
    matcher = Matcher(kinds, weighing=frozenset({"often", "rare"}))
    batches = [piece.batch for merged in entries(logs) for piece in merged.pieces]
    return [f.type for batch in batches for f in matcher.facts(batch, logs.opened.logs[0], counts, dropped)]


@pytest.mark.parametrize(
    ("moves", "before", "dropped", "kept"),
    [(4, 0, set(), 4), (5, 0, set(), 5), (6, 0, {"often"}, 0), (2, 3, set(), 2), (2, 4, {"often"}, 0)],
)
def test_what_is_too_often_hit_is_dropped_and_said(tmp_path, monkeypatch, moves, before, dropped, kept):
    monkeypatch.setattr("logsleuth.signs.match.FEW", 5)
    gone: set[str] = set()
    types = found(saved(tmp_path, moves), {"often": before}, gone)
    assert (gone, types.count("often"), types.count("rare")) == (dropped, kept, 1)


@pytest.mark.parametrize("few", [5, 500], ids=["dropped", "kept"])
def test_a_rule_that_holds_is_weighed_by_either(tmp_path, monkeypatch, few):
    monkeypatch.setattr("logsleuth.signs.match.FEW", few)
    logs = saved(tmp_path, 40)
    (match,) = investigate(logs, load([("own.yaml", RULE)], samples=False))[1].matches
    assert (match.confidence, [reason.item.say for reason in match.reasons]) == ("probable", ["a hand moved"])
