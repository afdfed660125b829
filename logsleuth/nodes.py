"""YAML as nodes that remember their lines; duplicate and unknown keys are errors, every scalar is a string."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

import yaml

from logsleuth.errors import RuleError

_UNITS = {
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86_400 * 10**9,
    "w": 604_800 * 10**9,
}
CATASTROPHIC = (
    "a repeated group that can read one text in several ways can take for ever on one line; "
    "unnest it, or let each round begin with a sign that the rest of it cannot take"
)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node:
    """One value of a file, and where it stands."""

    def __init__(self, raw: yaml.Node, file: str, about: str) -> None:
        self.raw = raw
        self.file = file
        self.about = about

    @property
    def line(self) -> int:
        """Counted from 1."""
        return int(self.raw.start_mark.line) + 1

    def fail(self, message: str) -> RuleError:
        """An error at this place."""
        return RuleError(self.file, self.line, self.about, message)

    def named(self, about: str) -> Node:
        """The same value, errors in which are told of `about`."""
        return Node(self.raw, self.file, about)

    def entries(self, allowed: Collection[str] | None = None) -> dict[str, Node]:
        """A mapping's entries in order; with `allowed`, any other key is an error."""
        if isinstance(self.raw, yaml.ScalarNode) and self.raw.value in {"", "~", "null"}:
            return {}
        if not isinstance(self.raw, yaml.MappingNode):
            raise self.fail("a mapping (key: value) is expected here")
        out: dict[str, Node] = {}
        for key, value in self.raw.value:
            name = Node(key, self.file, self.about).text()
            node = Node(value, self.file, self.about)
            if name in out:
                raise Node(key, self.file, self.about).fail(f"key {name!r} stands twice; merge the two")
            if allowed is not None and name not in allowed:
                raise Node(key, self.file, self.about).fail(f"unknown key {name!r}{near(name, allowed)}")
            out[name] = node
        return out

    def items(self) -> list[Node]:
        """A list's items; a single value stands for a list of one."""
        if isinstance(self.raw, yaml.SequenceNode):
            return [Node(value, self.file, self.about) for value in self.raw.value]
        return [self]

    def text(self) -> str:
        """A scalar as it is written."""
        if not isinstance(self.raw, yaml.ScalarNode):
            raise self.fail("a single value is expected here")
        return str(self.raw.value)

    def texts(self) -> tuple[str, ...]:
        """A list of scalars, or one."""
        return tuple(item.text() for item in self.items())

    def one_of(self, allowed: Collection[str]) -> str:
        """A scalar out of a few."""
        word = self.text()
        if word not in allowed:
            raise self.fail(f"{word!r} is not one of {', '.join(sorted(allowed))}{near(word, allowed)}")
        return word

    def truth(self) -> bool:
        """`true` or `false`."""
        return self.one_of(("true", "false")) == "true"

    def number(self) -> int:
        """A whole number."""
        word = self.text()
        if not word.lstrip("-").isdigit():
            raise self.fail(f"{word!r} is not a whole number")
        return int(word)

    def duration(self) -> int:
        """`90s`, `10m`, `1h30m`, `7d` in nanoseconds."""
        return duration(self.text(), self)


def duration(text: str, node: Node) -> int:
    """Nanoseconds of `1h30m`."""
    compact = text.replace(" ", "")
    parts = _DURATION.findall(compact)
    if not parts or "".join(a + b for a, b in parts) != compact:
        raise node.fail(f"{text!r} is not a duration; write 30s, 10m, 2h, 7d or 1h30m")
    return sum(round(float(amount) * _UNITS[unit]) for amount, unit in parts)


def near(word: str, allowed: Collection[str]) -> str:
    """A hint at what was meant."""
    close = get_close_matches(word, [str(a) for a in allowed], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def compose(text: str, file: str) -> Node:
    """The root of a file."""
    try:
        raw = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RuleError(file, mark.line + 1 if mark else 1, "yaml", error.problem or "not YAML") from None
    except yaml.YAMLError as error:
        raise RuleError(file, 1, "yaml", str(error).splitlines()[0]) from None
    if raw is None:
        raw = yaml.MappingNode("tag:yaml.org,2002:map", [], yaml.Mark(file, 0, 0, 0, None, 0))
    return Node(raw, file, "file")
