"""The timeline as bytes, a stretch at a time. To add a form: a file with a writer, and its name in `WRITERS`."""

from logsleuth.render.entries.comma import Commas
from logsleuth.render.entries.gather import gathered
from logsleuth.render.entries.jsonl import Objects
from logsleuth.render.entries.raw import Raw
from logsleuth.render.entries.text import plain_or_terminal
from logsleuth.render.entries.writer import Look, Maker, Writer

WRITERS: dict[str, Maker] = {
    "text": plain_or_terminal,  # the default: for a terminal, or a line per line for other tools
    "jsonl": Objects,  # for programs
    "csv": Commas,  # for spreadsheets
    "raw": Raw,  # the bytes as they stand in the files
}
"""By the name that `--format` takes."""

__all__ = ["WRITERS", "Look", "Maker", "Writer", "gathered"]
