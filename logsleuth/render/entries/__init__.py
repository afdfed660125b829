"""The timeline as bytes, a stretch at a time. To add a form: a file with a writer, and its name in `WRITERS`."""

from logsleuth.render.entries import comma, jsonl, raw, text
from logsleuth.render.entries.writer import Look, Maker, Writer

WRITERS: dict[str, Maker] = {
    "text": text.writer,  # the default: for a terminal, or a line per line for other tools
    "jsonl": jsonl.writer,  # for programs
    "csv": comma.writer,  # for spreadsheets
    "raw": raw.writer,  # the bytes as they stand in the files
}
"""By the name that `--format` takes."""

__all__ = ["WRITERS", "Look", "Maker", "Writer"]
