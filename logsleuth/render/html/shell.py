"""The file around a page: nothing in it is fetched, and no script runs but ours, which is named by its hash."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from logsleuth.render.html.markup import Markup, tag

_SCRIPTS = ("decode.js", "axis.js", "paint.js", "choose.js", "page.js")
"""They share one scope, in this order."""


def shell(title: str, language: str, body: Markup) -> str:
    """A whole document."""
    style, script = _style(), _script()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        Markup(f"<style>{style}</style>"),
    ]
    whole = tag("html", tag("head", head), tag("body", body, Markup(f"<script>{script}</script>")), lang=language)
    return f"<!DOCTYPE html>\n{whole}\n"


@cache
def _style() -> str:
    return _read("vendor/uPlot.min.css") + "\n" + _read("assets/page.css")


@cache
def _script() -> str:
    licence = _read("vendor/uPlot.LICENSE").strip()
    own = "\n".join(_read(f"assets/{name}") for name in _SCRIPTS)
    return f'/*!\n{licence}\n*/\n{_read("vendor/uPlot.iife.min.js")}\n(() => {{\n"use strict";\n{own}\n}})();\n'


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As CSP names an inline script or style: a digest of its very bytes."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
