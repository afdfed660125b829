"""Reports as text: each renderer is a function of the report, and prints nothing itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from logsleuth.render.options import Options
from logsleuth.report import Report

if TYPE_CHECKING:
    from logsleuth.render.boots import boots_json, boots_table
    from logsleuth.render.sources import sources_json, sources_table

__all__ = ["RENDERERS", "Options", "boots_json", "boots_table", "sources_json", "sources_table"]

Renderer = Callable[[Report, Options], str]


def _of(module: str) -> Renderer:
    """The `render` of a module, which is imported when it is called for."""

    def render(report: Report, options: Options) -> str:
        made: str = importlib.import_module(f"logsleuth.render.{module}").render(report, options)
        return made

    return render


RENDERERS: dict[str, Renderer] = {
    "text": _of("text"),  # the default: for a terminal
    "markdown": _of("markdown"),  # a write-up for a person to finish
    "html": _of("html"),  # one file to send and to look around in
    "json": _of("as_json"),  # for programs
    "github": _of("github"),  # for an issue
    "csv": _of("comma"),  # the incidents' lines for a spreadsheet
}
"""By the name that `--format` takes. Every text ends with a line feed."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"logsleuth.render.{name.partition('_')[0]}"), name)
