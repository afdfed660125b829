"""What references of a rule stand for, given what is bound already: moments, values, conditions."""

from __future__ import annotations

from logsleuth.report import Bounds
from logsleuth.rules.match import Env
from logsleuth.rules.model import Condition, Moment, Ref
from logsleuth.signs.message import host_named
from logsleuth.signs.model import Fact


def moment_of(moment: Moment | None, env: Env) -> tuple[int, int] | None:
    """Bounds of `$name.field + offset`; None where the time is not known."""
    if moment is None:
        return None
    fact = env.get(moment.ref.name)
    value = fact.get(moment.ref.field) if fact is not None else None
    if not isinstance(value, Bounds) or (value.earliest is None and value.latest is None):
        return None
    low = value.earliest if value.earliest is not None else value.latest
    high = value.latest if value.latest is not None else 1 << 62
    assert low is not None  # noqa: S101 - one side is known
    return low + moment.offset, high + moment.offset


def holds(condition: Condition, fact: Fact, env: Env) -> bool:  # noqa: PLR0911 - one a kind of condition
    """Whether a fact meets a condition."""
    word = fact.word(condition.field)
    if condition.op == "in":
        assert isinstance(condition.value, tuple)  # noqa: S101 - the loader makes it so
        return word is not None and word in [value_of(v, env) for v in condition.value]
    value = value_of(condition.value, env) if not isinstance(condition.value, float) else None
    if condition.field == "host" and value is not None and condition.op in {"eq", "ne"}:
        # `$name.hosts` are several: the other is one of them, or none.
        return (word in {host_named(part) for part in value.split(", ")}) is (condition.op == "eq")
    if condition.op == "eq":
        return word is not None and word == value
    if condition.op == "ne":
        return word is not None and value is not None and word != value
    if condition.op == "re":
        return word is not None and condition.pattern is not None and bool(condition.pattern.compiled.search(word))
    try:
        number = float(word or "")
    except ValueError:
        return False
    assert isinstance(condition.value, float)  # noqa: S101 - the loader makes it so
    return number > condition.value if condition.op == "gt" else number < condition.value


def value_of(value: str | Ref | float | tuple[str | Ref, ...], env: Env) -> str | None:
    """The text that is meant: itself, or that of an earlier binding's field; None where it has none."""
    if isinstance(value, Ref):
        fact = env.get(value.name)
        return fact.word(value.field) if fact is not None else None
    return value if isinstance(value, str) else None
