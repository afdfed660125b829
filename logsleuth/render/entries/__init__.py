"""The timeline as bytes, a stretch at a time. To add a form: a file with a writer, and its name in `WRITERS`."""

from logsleuth.render.entries.comma import Commas
from logsleuth.render.entries.ecs import Ecs
from logsleuth.render.entries.gather import gathered
from logsleuth.render.entries.jsonl import Objects
from logsleuth.render.entries.l2tcsv import L2tCsv
from logsleuth.render.entries.otel import Otel
from logsleuth.render.entries.parquet import Parquet
from logsleuth.render.entries.raw import Raw
from logsleuth.render.entries.text import plain_or_terminal
from logsleuth.render.entries.timed import Timed
from logsleuth.render.entries.timesketch import TimesketchCommas, TimesketchObjects
from logsleuth.render.entries.tln import L2tTln, Tln
from logsleuth.render.entries.writer import Look, Maker, Writer

WRITERS: dict[str, Maker] = {
    "text": plain_or_terminal,  # the default: for a terminal, or a line per line for other tools
    "jsonl": Objects,  # for programs
    "csv": Commas,  # for spreadsheets
    "raw": Raw,  # the bytes as they stand in the files
    # For other tools (docs/exports.md):
    "timesketch-csv": TimesketchCommas,
    "timesketch-jsonl": TimesketchObjects,
    "l2tcsv": L2tCsv,
    "tln": Tln,
    "l2ttln": L2tTln,
    "ecs": Ecs,
    "otel": Otel,
    "parquet": Parquet,
}
"""By the name that `--format` takes."""

__all__ = ["WRITERS", "Look", "Maker", "Timed", "Writer", "gathered"]
