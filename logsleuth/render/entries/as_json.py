"""Texts as JSON has them, for all writers of JSON."""

from __future__ import annotations

import json

from logsleuth.render.entries.escaped import Escapes
from logsleuth.safe import steering, whole


def literal(value: str | None) -> str:
    r"""JSON that keeps the text's value, but for bytes that are no UTF-8: they are spelt out, `\xff`."""
    text = None if value is None else whole(value)
    return steering(json.dumps(text, ensure_ascii=False))


def inner(text: str) -> str:
    """A text to stand between two quotes; its line ends are LF."""
    return literal(text.replace("\r\n", "\n"))[1:-1]


JSON = Escapes(
    in_names=b'"\\\t',
    in_texts=b'"\\\t',
    replaced=(("\\", "\\\\"), ('"', '\\"'), ("\r\n", "\n"), ("\n", "\\n"), ("\t", "\\t")),
    name=inner,
    text=inner,
)
