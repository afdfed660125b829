"""Sigma's log sources, fields and conditions as regular expressions over one line's message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any, Literal

from logsleuth.records import dataclass


class Refused(Exception):
    """Something of a Sigma rule that lines cannot tell: what, and what to try. `word`: where in the file to look."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field's value stands in a line: what is before it, what it is made of, what is after it."""

    before: str
    char: str = "."
    after: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The lines that a log source means, and how its fields are read from them."""

    program: str = ""
    kind: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    pairs: bool = False
    """Any other field stands as name=value."""


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_URI_END = r'(?: HTTP/[\d.]+)?"'
_IN_URI = r'(?:[^" ]| (?!HTTP/))'
"""A broken client may send blanks; the version after the last one is not the address."""
_ANSWER = rf"[^\"]*{_QUOTED} "
_URI = Place(r'[^"]*"[^ "]* ', _IN_URI, _URI_END)
_AGENT = Place(rf'{_ANSWER}\d+ \S+ {_QUOTED} "', r'[^"]', '"')
_QUERY = Place(r'[^"]*"[^ "]* [^"? ]*\?', _IN_URI, _URI_END)
_STEM = Place(r'[^"]*"[^ "]* ', '[^"? ]', r'(?=[?" ])')
_WEB = {
    "c-ip": Place(r"(?:[\w.-]+:\d+ )?", "[^ ]", " "),
    "cs-method": Place(r'[^"]*"', '[^ "]', " "),
    "c-uri": _URI,
    "cs-uri": _URI,
    "cs-uri-stem": _STEM,
    "c-uri-stem": _STEM,
    "cs-uri-query": _QUERY,
    "c-uri-query": _QUERY,
    "sc-status": Place(_ANSWER, r"\d", r"(?!\d)"),
    "sc-bytes": Place(rf"{_ANSWER}\d+ ", r"[\d-]", "(?!\\d)"),
    "cs-referer": Place(rf'{_ANSWER}\d+ \S+ "', '[^"]', '"'),
    "cs-user-agent": _AGENT,
    "c-useragent": _AGENT,
}
_MESSAGE = {name: Place("", ".", "$") for name in ("message", "msg", "Message")}
_KEYWORD = Place(".*?")
_SERVICES = {
    "": "",
    "syslog": "",
    "auth": "",
    "auditd": "",
    "sshd": r"sshd(?:-session|-auth)?",
    "sudo": "sudo",
    "cron": r"crond?|anacron|crontab|atd",
    "cups": r"cups.*",
    "vsftpd": "vsftpd",
    "clamav": r"clam.*|freshclam",
    "guacamole": r"guac.*|tomcat.*|java",
}
"""Programs of the services that Sigma knows for Linux; an empty one is any program."""
_READ = {
    "src_ip": r".*?(?:\bfrom |\brhost=|\[)(?P<src_ip>[\da-fA-F]*[.:][\da-fA-F.:]+)",
    "user": r".*?\b(?:user|for)(?: invalid user)?[ =]\(?<?(?P<user>[\w.@-]+)",
}
"""What a group-by on lines of daemons can rest on: an address, a name."""
_SAME = {
    **dict.fromkeys(("src_ip", "source.ip", "SourceIP", "src-ip", "srcip", "c-ip", "ip", "rhost"), "src_ip"),
    **dict.fromkeys(("user", "User", "user.name", "username", "dst_user", "TargetUserName"), "user"),
}
_HOSTS = frozenset({"host", "hostname", "host.name", "Computer", "ComputerName", "device"})
_OWN = {"program": "program", "process": "program", "process.name": "program", "pid": "pid"}
_TRY = "write it as keywords, or as a rule of docs/writing-rules.md"


def source(category: str | None, product: str | None, service: str | None) -> Source:
    """The lines of a Sigma `logsource`."""
    web = {"apache", "nginx", "lighttpd"}
    if category == "webserver" or (product in web and not category):
        if service in {"error", "error_log"}:
            return Source(kind="error", places=_MESSAGE)
        return Source(kind="access", places=_WEB)
    if category is not None:
        raise Refused(f"category {category!r} is of events that no text log holds; {_TRY}", "category")
    if product not in {"linux", None}:
        raise Refused(f"product {product!r} is none whose lines are known (linux, apache, nginx); {_TRY}", "product")
    if (service or "") not in _SERVICES or (product is None and service is None):
        known = ", ".join(s for s in _SERVICES if s)
        raise Refused(f"service {service!r} is not one of {known}; leave it out to look at all lines", "service")
    return Source(_SERVICES[service or ""], places=_MESSAGE, pairs=service in {"auditd", "sudo"})


def grouping(source: Source, name: str) -> tuple[str, str] | None:
    """(field of the event, regex that reads it) for a `group-by`; None for the host, by which all is grouped anyway."""
    if name in _HOSTS:
        return None
    if name in _OWN:
        return _OWN[name], ""
    group = re.sub(r"\W", "_", name)
    if source.kind == "access" and name in source.places:
        place = source.places[name]
        return group, rf"{place.before}(?P<{group}>{place.char}*?){place.after}"
    if name in _SAME and source.kind != "access":
        return _SAME[name], _READ[_SAME[name]]
    if source.pairs:
        return group, rf'.*?\b{re.escape(name)}="?(?P<{group}>[^" ]+)'
    raise Refused(f"group-by {name!r} cannot be read from the lines; try src_ip, user or host", name)


Node = tuple[Literal["is", "not"], str, int] | tuple[Literal["and", "or"], tuple[Any, ...]]


def patterns(trees: Iterable[Any], source: Source, reads: Sequence[str] = ()) -> list[str]:
    """Regexes one of which a line has to match for one of some parsed conditions to hold."""
    out: list[str] = []
    lead = "".join(f"(?:(?={r})|)" for r in sorted(set(reads)) if r)
    for tree in trees:
        node = _node(tree, source, positive=True)
        for branch in node[1] if node[0] == "or" else (node,):
            body = _consuming(branch)
            if body is None:
                raise Refused("the condition only says what a line lacks; name something that it holds", "condition")
            text = f"^{lead}{body}"
            plain = text.removeprefix("^.*?")
            out.append("(?i)" + (plain if "(?=" not in plain and "(?!" not in plain else text))
    return list(dict.fromkeys(out))


def _node(tree: Any, source: Source, *, positive: bool) -> Node:
    """A parsed condition with its negations at the leaves."""
    kind = type(tree).__name__
    if kind == "ConditionNOT":
        return _node(tree.args[0], source, positive=not positive)
    if kind in {"ConditionAND", "ConditionOR"}:
        word: Literal["and", "or"] = "and" if (kind == "ConditionAND") == positive else "or"
        parts = [_node(arg, source, positive=positive) for arg in tree.args]
        flat = [p for part in parts for p in (part[1] if part[0] == word else (part,))]
        return word, tuple(flat)
    leaves = list(_leaves(getattr(tree, "field", None), tree.value, source))
    made: list[Node] = [("is" if positive else "not", text, weight) for text, weight in leaves]
    return made[0] if len(made) == 1 else ("or" if positive else "and", tuple(made))


def _worth(node: Node) -> int:
    """How much text a line needs to hold for it: the rarest part leads."""
    if node[0] == "is":
        return node[2]
    if node[0] == "not":
        return -1
    return (max if node[0] == "and" else min)((_worth(n) for n in node[1]), default=-1)


def _consuming(node: Node) -> str | None:
    if node[0] == "is":
        return node[1]
    if node[0] == "not":
        return None
    if node[0] == "or":
        parts = [_consuming(n) for n in node[1]]
        return None if None in parts else f"(?:{'|'.join(p for p in parts if p is not None)})"
    main = max(node[1], key=_worth)
    body = _consuming(main)
    return None if body is None else "".join(_looking(n) for n in node[1] if n is not main) + body


def _looking(node: Node) -> str:
    if node[0] == "is":
        return f"(?={node[1]})"
    if node[0] == "not":
        return f"(?!{node[1]})"
    parts = [_looking(n) for n in node[1]]
    return "".join(parts) if node[0] == "and" else f"(?:{'|'.join(parts)})"


def _leaves(name: str | None, value: Any, source: Source) -> Iterator[tuple[str, int]]:
    """(regex from the message's begin, length of its longest fixed text) for one value; several are alternatives."""
    place = _KEYWORD if name is None else _place(name, source)
    kind = type(value).__name__
    if kind in {"SigmaString", "SigmaCasedString"}:
        text, weight = _string(value, place)
        # Every line has a method and a status: they do not lead.
        weight = 0 if name in {"cs-method", "sc-status"} else weight
        yield (_cased(text) if kind == "SigmaCasedString" else text), weight
    elif kind == "SigmaNumber":
        yield f"{place.before}{re.escape(str(value))}{place.after}", 0
    elif kind == "SigmaRegularExpression":
        yield _regex(value, place, name or "re"), 1
    elif kind == "SigmaCIDRExpression" and name is not None:
        for text in value.expand("*"):
            body = re.escape(text).replace(r"\*", f"{place.char}*")
            yield f"{place.before}{body}{place.after}", len(text)
    elif kind == "SigmaCompareExpression" and name == "sc-status":
        yield f"{place.before}(?:{_codes(value)}){place.after}", 1
    elif kind == "SigmaNull" and name in _WEB:
        yield f"{place.before}-?{place.after}", 0
    else:
        what = {"SigmaExists": "exists", "SigmaCompareExpression": "a comparison", "SigmaFieldReference": "fieldref"}
        raise Refused(f"{what.get(kind, kind)} on {name or 'keywords'} is not understood; {_TRY}", name or "")


def _place(name: str, source: Source) -> Place:
    if name in source.places:
        return source.places[name]
    if source.pairs and re.fullmatch(r"[\w.-]+", name):
        return Place(rf'.*?\b{re.escape(name)}="?', '[^" ]', r"(?=[\" ]|$)")
    known = ", ".join(source.places)
    raise Refused(f"field {name!r} does not stand in these lines (known: {known}); {_TRY}", name)


def _string(value: Any, place: Place) -> tuple[str, int]:
    """A value with wildcards."""
    parts = list(value.iter_parts())
    if any(type(p).__name__ == "Placeholder" for p in parts):
        raise Refused("a placeholder (expand) has no value here; write the values out")
    wild = [not isinstance(p, str) and p.name == "WILDCARD_MULTI" for p in parts]
    before, after = place.before, place.after
    if place is _KEYWORD:
        while parts and wild[0]:
            parts, wild = parts[1:], wild[1:]
    if parts and wild[-1]:
        parts, wild, after = parts[:-1], wild[:-1], ""
    if not parts:
        return f"{before}{place.char}", 0
    made = [
        re.escape(p) if isinstance(p, str) else f"{place.char}*?" if many else place.char
        for p, many in zip(parts, wild, strict=True)
    ]
    return before + "".join(made) + after, max((len(p) for p in parts if isinstance(p, str)), default=0)


def _cased(text: str) -> str:
    return f"(?-i:{text})"


def _regex(value: Any, place: Place, name: str) -> str:
    """A regex value, kept inside its field."""
    text = str(value.regexp)
    start, end = text.startswith("^"), text.endswith("$") and not text.endswith(r"\$")
    core = text[start : len(text) - end]
    if "|" in core and (start or end):
        raise Refused("anchors and alternatives in one regex; write the alternatives as a list", name)
    flags = "".join(sorted(f.name[0].lower() for f in value.flags))
    on = "".join({"i": "i", "m": "m", "d": "s", "s": "s"}[f] for f in flags)
    body = core if place.char == "." else _inside(core, place.char)
    mode = on if "i" in on else f"{on}-i"
    lead = "" if start or place is _KEYWORD else f"{place.char}*?"
    before = "" if start and place is _KEYWORD else place.before
    return f"{before}{lead}(?{mode}:{body}){place.after if end else ''}"


def _inside(text: str, char: str) -> str:
    """A regex that cannot leave a field: what matches nearly all matches only the field's characters."""
    shut = char[2:-1] if char.startswith("[^") else ' "'
    narrow = {".": char, "[^": f"[^{shut}"} | {rf"\{c}": rf"[^\{c.lower()}{shut}]" for c in "WDS"}
    return re.sub(r"\\.|\[\^|\[\]?[^\]^]*\]|\.", lambda m: narrow.get(m[0], m[0]), text)


def _codes(value: Any) -> str:
    """HTTP statuses on one side of a number."""
    limit, op = int(value.number.number), value.op.name
    holds = {"LT": int.__lt__, "LTE": int.__le__, "GT": int.__gt__, "GTE": int.__ge__}.get(op)
    if holds is None:
        raise Refused("only lt, lte, gt and gte compare a status", "sc-status")
    test = partial(_flipped, holds, limit)
    out: list[str] = []
    for hundred in range(1, 6):
        codes = [c for c in range(hundred * 100, hundred * 100 + 100) if test(c)]
        out += [rf"{hundred}\d\d"] if len(codes) == 100 else [str(c) for c in codes]
    return "|".join(out) or "(?!)"


def _flipped(holds: Any, limit: int, code: int) -> bool:
    return bool(holds(code, limit))
