"""HTML as text that is safe by its type: what is no `Markup` is escaped wherever it is put in."""

from __future__ import annotations

import html
from collections.abc import Iterable

from logsleuth.narrative import Pieces, safe

Attribute = str | int | bool | None
_VOID = frozenset({"br", "col", "hr", "input", "link", "meta", "wbr"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Iterable[str]


def text(raw: str) -> Markup:
    """Any text, a log's too: controls shown as escapes, and nothing in it is markup."""
    return raw if isinstance(raw, Markup) else Markup(html.escape(safe(raw)))


def tag(_name: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element. `class_` and `for_` lose their last underscore, others inside a name become hyphens."""
    begin = f"<{_name}{''.join(_attribute(k, v) for k, v in attributes.items())}>"
    return Markup(begin if _name in _VOID else f"{begin}{joined(*children)}</{_name}>")


def joined(*children: Child) -> Markup:
    """Neighbours, each escaped unless it is markup."""
    return Markup("".join(text(c) if isinstance(c, str) else joined(*c) for c in children))


def marked(pieces: Pieces) -> Markup:
    """A sentence; what comes from a log is set apart, and is kept from turning the words around it."""
    return joined([tag("code", p.text) if p.kind == "log" else text(p.text) for p in pieces])


def table(caption: str, head: Iterable[Child], rows: Iterable[Iterable[Child]], *, class_: str = "") -> Markup:
    """A table with a name, in a box of its own that can be moved sideways, by keys too."""
    top = tag("tr", [tag("th", cell, scope="col") for cell in head])
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    whole = tag("table", tag("caption", caption), tag("thead", top), tag("tbody", body), class_=class_ or None)
    return scrollable(caption, whole)


def scrollable(name: str, inside: Markup) -> Markup:
    """A box that scrolls by itself; a keyboard can only do that where it can get the focus."""
    return tag("div", inside, class_="wide", role="group", aria_label=name, tabindex=0)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    shown = name.removesuffix("_").replace("_", "-")
    return f" {shown}" if value is True else f' {shown}="{text(str(value))}"'
