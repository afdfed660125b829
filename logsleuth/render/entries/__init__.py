"""The timeline as bytes, a stretch at a time. To add a form: a file with a writer, and its name in `WRITERS`."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from logsleuth.clock.logs import Log
from logsleuth.render.entries.gather import gathered
from logsleuth.render.entries.timed import Timed
from logsleuth.render.entries.writer import Look, Maker, Writer


def _of(module: str, name: str) -> Maker:
    """A writer, whose module is imported when it is called for."""

    def make(logs: Sequence[Log], look: Look) -> Writer:
        maker: Maker = getattr(importlib.import_module(f"logsleuth.render.entries.{module}"), name)
        return maker(logs, look)

    return make


WRITERS: dict[str, Maker] = {
    "text": _of("text", "plain_or_terminal"),  # the default: for a terminal, or a line per line for other tools
    "jsonl": _of("jsonl", "Objects"),  # for programs
    "csv": _of("comma", "Commas"),  # for spreadsheets
    "raw": _of("raw", "Raw"),  # the bytes as they stand in the files
    # For other tools (docs/exports.md):
    "timesketch-csv": _of("timesketch", "TimesketchCommas"),
    "timesketch-jsonl": _of("timesketch", "TimesketchObjects"),
    "l2tcsv": _of("l2tcsv", "L2tCsv"),
    "tln": _of("tln", "Tln"),
    "l2ttln": _of("tln", "L2tTln"),
    "ecs": _of("ecs", "Ecs"),
    "otel": _of("otel", "Otel"),
    "parquet": _of("parquet", "Parquet"),
}
"""By the name that `--format` takes."""

__all__ = ["WRITERS", "Look", "Maker", "Timed", "Writer", "gathered"]
