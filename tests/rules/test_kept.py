"""What rule files come to is kept, and made anew where anything about it is not as it was."""

import pytest

from logsleuth.cache import Entry, Folder, Memory
from logsleuth.errors import RuleError
from logsleuth.rules import kept, load
from logsleuth.rules.kept import rules_of
from logsleuth.signs.kept import digest
from logsleuth.signs.match import Matcher
from logsleuth.signs.stream import Look

TEXT = """
events:
  full: {match: 'No space left on (?P<what>device)', program: 'app|web', not: [test]}
rules:
- id: disk-full
  cause: storage-full
  bind:
    full: {event: full, where: {what: '~dev'}}
  title: "{full.host} has no space left"
  narrative: "{full.where} says so."
"""


def told(rules):
    return kept._PLAIN.data(rules)


@pytest.fixture
def loads(monkeypatch):
    """How often files were really read."""
    counted: list[int] = []
    real = load.load

    def counting(files, **how):
        counted.append(len(files))
        return real(files, **how)

    monkeypatch.setattr(load, "load", counting)
    return counted


def test_the_shipped_rules_come_back_as_they_were(loads):
    shelf = Memory("one")
    made, again = rules_of(load.shipped(), shelf), rules_of(load.shipped(), shelf)
    assert told(again) == told(made)
    assert again.order == made.order
    assert again.needed_first() == made.needed_first()
    # What was found by the ones counts for the others.
    looks = [Look(Matcher(list(rules.events.values())), None) for rules in (made, again)]
    assert digest(looks[0]) == digest(looks[1])
    assert len(loads) == 1


def test_other_texts_and_another_program_are_read_anew(loads, tmp_path):
    rules_of([("a.yaml", TEXT)], Folder(tmp_path, "one"))
    assert rules_of([("a.yaml", TEXT)], Folder(tmp_path, "one")).rules["disk-full"].cause == "storage-full"
    assert len(loads) == 1
    changed = TEXT.replace("storage-full", "other-cause")
    assert rules_of([("a.yaml", changed)], Folder(tmp_path, "one")).rules["disk-full"].cause == "other-cause"
    rules_of([("a.yaml", changed)], Folder(tmp_path, "two"))
    assert len(loads) == 3


@pytest.mark.parametrize(
    "body",
    [None, [], [99], [0], {"rules": 1}, [0, {}, {}, [-2], {}, [-2], [-2], [-2], 1], [6, 1], [-3, 7]],
    ids=repr,
)
def test_what_is_no_rule_set_is_made_anew(body):
    shelf = Memory("one")
    rules_of([("a.yaml", TEXT)], shelf)
    ((key, entry),) = shelf.entries.items()
    shelf.entries[key] = Entry.of(entry.head, body)
    assert told(rules_of([("a.yaml", TEXT)], shelf)) == told(load.load([("a.yaml", TEXT)]))


def test_half_a_file_is_made_anew(tmp_path):
    shelf = Folder(tmp_path, "one")
    rules_of([("a.yaml", TEXT)], shelf)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert list(rules_of([("a.yaml", TEXT)], shelf).rules) == ["disk-full"]


def test_a_mistake_is_told_each_time():
    shelf = Memory("one")
    for _ in range(2):
        with pytest.raises(RuleError, match=r"a\.yaml:3"):
            rules_of([("a.yaml", TEXT.replace("match:", "mtach:"))], shelf)
    assert not shelf.entries
