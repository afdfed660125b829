"""The documents of a Sigma file, as pySigma reads them, and the events and rules that they become."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

import yaml

from logsleuth.errors import RuleError
from logsleuth.nodes import Node
from logsleuth.records import dataclass
from logsleuth.rules import sigma_lines as lines
from logsleuth.rules.model import Clause, Rule
from logsleuth.signs.model import EventType, LazyPattern

if TYPE_CHECKING:
    from sigma.correlations import SigmaCorrelationRule
    from sigma.rule import SigmaRule

DETECTION = "detection"
"""The slug of everything that came from Sigma: a line was meant by somebody, which is no fault yet."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(eq=False)
class Document:
    """One document: what pySigma makes of it, and what the others want of it."""

    node: Node
    title: str
    slug: str
    detection: SigmaRule | None = None
    correlation: SigmaCorrelationRule | None = None
    source: lines.Source = field(default_factory=lines.Source)
    wanted: dict[str, str] = field(default_factory=dict)
    """Fields that correlations group by, with the regexes that read them."""
    shown: bool = True
    """A rule that a correlation uses is told by itself only where the correlation says `generate: true`."""
    uses: list[Document] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    """For each of `uses`, the fields by which the correlation groups it."""

    @property
    def rule(self) -> SigmaRule | SigmaCorrelationRule:
        found = self.detection or self.correlation
        assert found is not None  # noqa: S101 - _read makes one of them
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """What a correlation can call it by."""
        return tuple(str(n) for n in (self.rule.name, self.rule.id) if n is not None)

    @property
    def event(self) -> str:
        return f"sigma.{self.slug.replace('-', '_')}"

    @property
    def id(self) -> str:
        return f"sigma-{self.slug}"

    def told(self, step: Any) -> None:
        """Do something; what Sigma or we refuse is an error at the line it is about."""
        from sigma.exceptions import SigmaError

        try:
            step()
        except lines.Refused as error:
            raise RuleError(
                self.node.file, _line_of(self.node, error.word), f"sigma {self.title}", str(error)
            ) from None
        except SigmaError as error:
            said = " ".join(str(error).split())
            raise RuleError(
                self.node.file, self.node.line, f"sigma {self.title}", f"{said}; see the Sigma specification"
            ) from None


def documents(text: str, file: str) -> Iterator[Document]:
    try:
        import sigma.rule
    except ImportError:
        raise RuleError(file, 1, "sigma", "pySigma is not installed; pip install 'logsleuth[sigma]'") from None
    del sigma
    try:
        roots = list(yaml.compose_all(text, Loader=_Loader))
        values = list(yaml.load_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RuleError(file, mark.line + 1 if mark else 1, "yaml", error.problem or "not YAML") from None
    taken: set[str] = set()
    for root, value in zip(roots, values, strict=True):
        if value is None:
            continue
        node = Node(root, file, "sigma")
        if not isinstance(value, dict) or not isinstance(value.get("title"), str):
            raise RuleError(file, node.line, "sigma", "a Sigma document is a mapping with a title")
        document = Document(node, plain(value["title"]), _slug(value["title"], taken))
        document.told(lambda d=document, v=value: _read(d, v))
        yield document


def _slug(title: str, taken: set[str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "rule"
    number = 1
    name = slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name


def plain(text: str) -> str:
    """One line without what a narrative takes for a placeholder."""
    return " ".join(text.split()).replace("{", "(").replace("}", ")")


def _line_of(node: Node, word: str) -> int:
    """The first line of a document that has a key or value beginning with a word; else its own."""
    todo: list[Any] = [node.raw]
    while word and todo:
        raw = todo.pop(0)
        if isinstance(raw, yaml.ScalarNode) and (raw.value == word or raw.value.startswith(f"{word}|")):
            return int(raw.start_mark.line) + 1
        if isinstance(raw, yaml.MappingNode):
            todo += [part for pair in raw.value for part in pair]
        elif isinstance(raw, yaml.SequenceNode):
            todo += raw.value
    return node.line


def _read(document: Document, value: dict[str, Any]) -> None:
    from sigma.correlations import SigmaCorrelationRule
    from sigma.rule import SigmaRule

    if "correlation" in value:
        document.correlation = SigmaCorrelationRule.from_dict(value)
        return
    if "detection" not in value or "action" in value:
        raise lines.Refused(
            "neither a detection nor a correlation; filters and 'action' documents are not read", "action"
        )
    rule = SigmaRule.from_dict(value)
    document.detection = rule
    document.source = lines.source(rule.logsource.category, rule.logsource.product, rule.logsource.service)
    if document.source.kind == "access":
        document.wanted = dict(filter(None, [lines.grouping(document.source, "c-ip")]))


def event_type(named: Document, parts: list[Document]) -> EventType:
    """The lines of one detection, or of several that are counted together."""
    from logsleuth.rules.load import pattern

    made: list[LazyPattern] = []
    for part in parts:
        assert part.detection is not None  # noqa: S101 - the caller looked
        trees = [c.parsed for c in part.detection.detection.parsed_condition]
        for text in lines.patterns(trees, part.source, list(part.wanted.values())):
            scalar = yaml.ScalarNode("tag:yaml.org,2002:str", text, start_mark=part.node.raw.start_mark)
            made.append(pattern(Node(scalar, part.node.file, f"sigma {part.title}")))
    source = parts[0].source
    return EventType(
        name=named.event,
        match=tuple(made),
        program=LazyPattern(source.program, re.IGNORECASE) if source.program else None,
        kind=source.kind,
        where=f"{named.node.file}:{named.node.line}",
    )


def clause(document: Document, event: str, **more: Any) -> Clause:
    return replace(Clause("event", (event,), line=document.node.line), **more)


def rule(document: Document, bind: tuple[tuple[str, Clause], ...], told: tuple[str, ...]) -> Rule:
    """Possible and no more: a detection says that a line was seen, not that something is wrong."""
    sigma = document.rule
    level = sigma.level.name.lower() if sigma.level is not None else ""
    grave = f"Its author rates it {level}; that a line matches proves no more than that."
    told = (*told, grave) if level in {"high", "critical"} else told
    harmless = "; ".join(plain(str(f)) for f in sigma.falsepositives or ())
    remedy = [plain(sigma.description or "")]
    if harmless:
        remedy.append(f"Harmless causes that its author names: {harmless}.")
    return Rule(
        id=document.id,
        cause=DETECTION,
        kind="fault" if document.shown else "harmless",
        bind=bind,
        absent=(),
        evidence=(),
        base="possible",
        cap="possible",
        title=document.title,
        narrative=tuple(t.replace("TITLE", document.title) for t in told),
        remedy="\n".join(r for r in remedy if r),
        settle="",
        fields=(),
        at=None,
        file=document.node.file,
        line=document.node.line,
    )
