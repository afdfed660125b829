"""The timeline's part of a page: the controls that a script brings to life, and the table that needs none."""

from __future__ import annotations

from typing import Any

from logsleuth.formats.model import SEVERITIES
from logsleuth.render.html.drawing import Drawing, script
from logsleuth.render.html.events import Packed
from logsleuth.render.html.leaf import Leaf
from logsleuth.render.html.markup import Markup, joined, tag

_BUTTONS = (("in", "+"), ("out", "\u2212"), ("left", "\u2190"), ("right", "\u2192"))
_KEYS = ("up", "down", "finding", "line")


def figure(leaf: Leaf, events: Packed | None) -> Markup:
    """Hidden until its script runs; the table stands in any case."""
    drawing = Drawing(leaf)
    columns: dict[str, Any] | None = None
    if events is not None:
        lanes = [drawing.source(host, stream) for host, stream in events.lanes]
        columns = events.document(lanes)
    document = drawing.document(columns)
    said = [tag("p", events.said, class_="note")] if events is not None and events.said else []
    draws = bool(drawing.items or columns)
    return tag(
        "section",
        tag("h2", leaf.say("html.timeline"), id="timeline-title"),
        said,
        tag("noscript", tag("p", leaf.say("html.no_script"))) if draws else "",
        _drawn(leaf, document) if draws else "",
        "" if draws else tag("p", leaf.say("html.no_moments")),
        script("drawing-data", document) if draws else "",
        events.markup() if events is not None else "",
        id="timeline",
        aria_labelledby="timeline-title",
    )


def _drawn(leaf: Leaf, document: dict[str, Any]) -> Markup:
    say = leaf.say
    plot = tag(
        "div", id="plot", tabindex=0, role="application", aria_label=say("html.timeline"), aria_describedby="keys"
    )
    keys = (*_KEYS, "entries") if document["events"] else _KEYS
    key = [tag("li", tag("span", class_=f"key key-{k}", aria_hidden="true"), say(f"html.key_{k}")) for k in keys]
    chosen = tag("div", tag("p", say("html.nothing_chosen")), id="chosen", role="status")
    return tag(
        "div",
        _controls(leaf, document),
        tag("p", say("html.keys"), id="keys", class_="note"),
        plot,
        tag("ul", key, class_="legend"),
        chosen,
        id="drawing",
        hidden=True,
    )


def _controls(leaf: Leaf, document: dict[str, Any]) -> Markup:
    say = leaf.say
    find = tag("label", say("html.find"), " ", tag("input", type="search", id="find", autocomplete="off"))
    levels = [tag("option", say("html.any_severity"), value=len(SEVERITIES))]
    levels += [tag("option", name, value=n) for n, name in enumerate(SEVERITIES[:-1])]
    severity = tag("label", say("html.severity"), " ", tag("select", levels, id="severity"))
    spans = [tag("option", say("html.whole_span"), value="")]
    spans += [tag("option", say("html.incident", n=n), value=n) for n, *_ in document["spans"]]
    span = tag("label", say("html.span"), " ", tag("select", spans, id="span"))
    buttons = [
        tag("button", shown, type="button", id=f"move-{k}", aria_label=say(f"html.{k}"), title=say(f"html.{k}"))
        for k, shown in _BUTTONS
    ]
    status = tag("p", "", id="found", role="status")
    return joined(tag("div", find, severity, span, tag("span", buttons, class_="buttons"), class_="controls"), status)
