"""Reports as text: each renderer is a function of the report, and prints nothing itself."""

from collections.abc import Callable

from logsleuth.render import as_json, comma, github, html, markdown, text
from logsleuth.render.boots import boots_json, boots_table
from logsleuth.render.options import Options
from logsleuth.render.sources import sources_json, sources_table
from logsleuth.report import Report

__all__ = ["RENDERERS", "Options", "boots_json", "boots_table", "sources_json", "sources_table"]

RENDERERS: dict[str, Callable[[Report, Options], str]] = {
    "text": text.render,  # the default: for a terminal
    "markdown": markdown.render,  # a write-up for a person to finish
    "html": html.render,  # one file to send and to look around in
    "json": as_json.render,  # for programs
    "github": github.render,  # for an issue
    "csv": comma.render,  # the incidents' lines for a spreadsheet
}
"""By the name that `--format` takes. Every text ends with a line feed."""
