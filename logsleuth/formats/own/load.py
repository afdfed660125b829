"""A user's format file to a `Format`: strict, and every mistake one line `file:line: format: what, and what to try`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import regex

from logsleuth.errors import RuleError
from logsleuth.formats import FORMATS, PLAIN
from logsleuth.formats.layout import NAMES, STATUS, Piece
from logsleuth.formats.model import SEVERITIES, Decoder, Format
from logsleuth.formats.own import notations
from logsleuth.formats.own.bodies import behind, by_pattern, by_pieces, divides, first_bytes
from logsleuth.formats.own.notations import Notation
from logsleuth.formats.own.stamps import decoder
from logsleuth.formats.placed import Placed
from logsleuth.formats.split import lines_of
from logsleuth.lazy import lazy_pattern
from logsleuth.nodes import CATASTROPHIC, Node, compose
from logsleuth.records import dataclass
from logsleuth.scan.ambiguous import ambiguous

_KEYS = (
    "name", "about", "stamp", "line", "regex", "apache", "apache-error", "nginx", "postgresql", "severities", "program",
    "kind", "ordered", "samples",
)  # fmt: skip
_WAYS = {
    "apache": notations.apache,
    "apache-error": notations.apache_error,
    "nginx": notations.nginx,
    "postgresql": notations.postgresql,
}
_SAMPLE = ("line", "time", "host", "program", "pid", "severity", "message")
_NAME = lazy_pattern(r"[a-z][a-z0-9-]*")
_LONGEST_WORD = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """A line, and which parts it is said to have."""

    line: bytes
    expected: dict[str, str]
    """Names of `_SAMPLE` to texts; what is not named is not compared."""
    at: int
    """Its line in the file."""


@dataclass(frozen=True, slots=True)
class OwnFormat:
    """A user's format, where it stands, and its samples."""

    format: Format
    file: str
    line: int
    samples: tuple[Sample, ...]


def load(paths: Iterable[Path]) -> list[OwnFormat]:
    """The formats in some files, and in the `.yaml` and `.yml` files of some folders."""
    out: dict[str, OwnFormat] = {}
    for path in paths:
        for file in _files(path):
            one = _format(compose(_text(file), str(file)))
            name = one.format.name
            if name in out and Path(out[name].file).resolve() != file.resolve():
                raise RuleError(
                    str(file), one.line, name, f"{out[name].file} has a format of that name; choose another"
                )
            out[name] = one
    return list(out.values())


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.suffix in {".yaml", ".yml"}) if path.is_dir() else [path]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RuleError(str(path), 1, "file", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RuleError(str(path), 1, "file", "is not UTF-8") from None


def _format(root: Node) -> OwnFormat:
    parts = root.entries(_KEYS)
    name = _needed(root, parts, "name")
    root = root.named(name.text())
    parts = root.entries(_KEYS)
    if not _NAME.fullmatch(name.text()):
        raise parts["name"].fail("a name is lower-case letters, digits and dashes, and begins with a letter")
    if name.text() in {form.name for form in (*FORMATS, PLAIN)}:
        raise parts["name"].fail("is the name of a shipped format; choose another")
    samples = tuple(_sample(node) for node in _needed(root, parts, "samples").items())
    made, pattern = _divided(root, parts)
    assert made.stamp is not None  # noqa: S101 - _divided gives it one
    severities = made.severities | _severities(parts.get("severities"))
    body = (
        by_pattern(pattern, severities)
        if pattern is not None
        else by_pieces(made.before, made.after, severities, access=made.kind == "access")
    )
    stamp: Decoder = made.stamp
    if made.before:
        stamp = Placed(stamp, behind(made.before), first_bytes(made.before, stamp.first_bytes))
    form = Format(
        name=name.text(),
        about=parts["about"].text() if "about" in parts else "a format of one's own",
        stamp=stamp,
        body=body,
        samples=tuple(sample.line for sample in samples),
        program=parts["program"].text() if "program" in parts else made.program,
        check=divides if _named(made, pattern) else None,
        ordered=parts["ordered"].truth() if "ordered" in parts else made.ordered,
        kind=parts["kind"].text() if "kind" in parts else made.kind,
    )
    for sample, node in zip(samples, parts["samples"].items(), strict=True):
        wrong = _wrong(form, sample.line)
        if wrong:
            raise node.fail(wrong)
    return OwnFormat(form, root.file, name.line, samples)


def _divided(root: Node, parts: dict[str, Node]) -> tuple[Notation, regex.Pattern[bytes] | None]:
    ways = [key for key in ("line", "regex", *_WAYS) if key in parts]
    if len(ways) > 1:
        raise parts[ways[1]].fail(f"{ways[0]!r} says already how a line divides; keep one of them")
    if ways and ways[0] in _WAYS:
        if "stamp" in parts:
            raise parts["stamp"].fail(f"{ways[0]!r} says how the stamp is spelled; leave it out")
        return _said(parts[ways[0]], _WAYS[ways[0]]), None
    spelled = _needed(root, parts, "stamp")
    try:
        lead, stamp = decoder(spelled.text())
    except ValueError as error:
        raise spelled.fail(str(error)) from None
    pattern = _pattern(parts["regex"]) if "regex" in parts else None
    made = _said(parts["line"], notations.line) if "line" in parts else Notation(after=[(Piece("message"),)])
    made.stamp = stamp
    if lead:
        made.before = (
            (*made.before[:-1], Piece(None, made.before[-1].text + lead)) if made.before else (Piece(None, lead),)
        )
    return made, pattern


def _named(made: Notation, pattern: regex.Pattern[bytes] | None) -> bool:
    """Lines in the format have more parts than a message."""
    if pattern is not None:
        return len(pattern.groupindex) > 1
    names = {piece.name for way in (made.before, *made.after) for piece in way}
    return bool(names & {"host", "program", "pid", "severity", STATUS})


def _said(node: Node, way: object) -> Notation:
    assert callable(way)  # noqa: S101 - for the type checker
    try:
        made = way(node.text())
    except ValueError as error:
        raise node.fail(str(error)) from None
    assert isinstance(made, Notation)  # noqa: S101 - for the type checker
    return made


def _pattern(node: Node) -> regex.Pattern[bytes]:
    text = node.text().removeprefix("^")
    try:
        compiled = regex.compile(text.encode())
    except regex.error as error:
        raise node.fail(f"not a regular expression: {error}") from None
    if ambiguous(text):
        raise node.fail(CATASTROPHIC)
    unknown = sorted(set(compiled.groupindex) - set(NAMES))
    if unknown:
        raise node.fail(f"group {unknown[0]!r} is no part of a line; there are {', '.join(NAMES)}")
    if "message" not in compiled.groupindex:
        raise node.fail("a group (?P<message>...) is missing")
    return compiled


def _severities(node: Node | None) -> dict[str, int]:
    out = {}
    for word, value in node.entries().items() if node is not None else ():
        if len(word.encode()) > _LONGEST_WORD:
            raise value.fail(f"{word!r} is longer than {_LONGEST_WORD} bytes")
        out[word] = SEVERITIES.index(value.one_of(SEVERITIES))
    return out


def _sample(node: Node) -> Sample:
    import yaml

    if isinstance(node.raw, yaml.ScalarNode):
        return Sample(node.text().rstrip("\n").encode(), {}, node.line)
    parts = node.entries(_SAMPLE)
    line = _needed(node, parts, "line").text().rstrip("\n").encode()
    return Sample(line, {key: value.text() for key, value in parts.items() if key != "line"}, node.line)


def _needed(node: Node, parts: dict[str, Node], key: str) -> Node:
    if key not in parts:
        raise node.fail(f"{key!r} is missing")
    return parts[key]


def _wrong(form: Format, line: bytes) -> str:
    """What is wrong with a sample; empty if nothing is."""
    lines = lines_of(line)
    got = form.stamp.decode(lines.buffer, lines.view, lines.start[:1], lines.stop[:1])
    if not len(got.valid) or not got.valid[0]:
        return "its stamp is not found in this sample; compare the two, or try the stamp alone"
    columns = form.body(lines.buffer, lines.view, got.end, lines.stop[:1])
    if form.check is not None and not form.check(lines.buffer, lines.view, columns, lines.stop[:1])[0]:
        return "this sample has the stamp, but does not divide as the file says; compare the two"
    return ""
