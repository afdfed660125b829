"""Lines taken apart: host, program, process and text of each, and what is wrapped or handed on in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.entries import Batch
from logsleuth.formats.model import NO_SEVERITY
from logsleuth.formats.registry import ALL
from logsleuth.signs import nested
from logsleuth.signs.repeats import unwrapped
from logsleuth.signs.wrapped import COLOUR, Wrapped, wrapped

_LONGEST_TEXT = 16_384


@dataclass(frozen=True, slots=True)
class Message:
    """One line, taken apart."""

    time: int
    host: str
    program: str
    pid: int
    text: str
    whole: str
    """With the tag that `text` lacks."""
    raw: str
    named: bool
    """Its format says for sure which program wrote it."""
    joined: Wrapped | None = None
    """With the lines that follow it, where there are any: what was wrapped is one text again."""
    below: int = 0
    """How many lines below its entry's first it stands: 1 under a heading."""
    values: tuple[str, ...] = ()
    """Of an object's members: a pattern may be meant for one that is not its message."""
    n: int = 1
    """How often it stood there, if its line says so."""
    severity: int = NO_SEVERITY
    """Index in SEVERITIES, of the level that its line names."""

    def as_one(self) -> Message:
        """The message with its further lines."""
        text = self.joined.text if self.joined is not None else self.text
        return replace(self, text=text, whole=text, values=())

    def inner(self) -> Message | None:
        """The message that this one hands on from another program, or quotes."""
        found = nested.message_in(self.program if self.named else "", self.text if self.named else self.raw)
        if found is None:
            return None
        program = found.program or self.program
        named = self.named or bool(found.program)
        return replace(self, program=program, pid=found.pid, text=found.text, whole=found.text, named=named)


def messages(batch: Batch, rows: NDArray[np.int64], log: Log, origin: Batch) -> list[Message]:
    columns = batch.columns(rows)
    out = []
    data = batch.buffer.data
    lead = columns.lead_end.tolist() if columns.lead_end is not None else None
    for i, row in enumerate(rows.tolist()):
        stop = int(batch.line_stop[row])
        start = int(batch.start[row])
        end = stop if columns.text_end is None else min(stop, int(columns.text_end[i]))
        layout = int(batch.layout[row])
        form = ALL[layout] if layout >= 0 else log.format
        host = bytes(data[int(columns.host_at[i]) : int(columns.host_end[i])]).decode("utf-8", "replace")
        program = bytes(data[int(columns.program_at[i]) : int(columns.program_end[i])]).decode("utf-8", "replace")
        front = "" if lead is None or lead[i] <= start else text_of(batch, start, lead[i])
        text, count = unwrapped(front + text_of(batch, int(columns.text_at[i]), end))
        whole = front + text_of(batch, max(int(columns.host_end[i]), int(batch.body[row])), stop).lstrip()
        # Elsewhere a first word with a colon may be the text's own; with a process id it is a tag for sure.
        heading, _, raw = text_of(origin, int(origin.start[row]), int(origin.line_stop[row]), raw=True).rpartition("\n")
        named = bool(program) and (form.kind == "syslog" or int(columns.pid[i]) >= 0)
        out.append(
            Message(
                int(batch.time[row]),
                short_host(host or log.host),
                program.rpartition("/")[2] if program.startswith("/") else program or form.program,
                int(columns.pid[i]),
                text,
                whole,
                raw,
                named or bool(form.program),
                wrapped(batch, row, front + text_of(batch, int(columns.text_at[i]), stop)),
                int(bool(heading)),
                () if form.spelling is None else form.spelling.values(raw),
                count,
                int(columns.severity[i]),
            )
        )
    return out


def short_host(name: str) -> str:
    """A host's first label in lower case: some daemons write the whole name, some do not. Addresses stay."""
    lower = name.lower()
    return lower if lower.replace(".", "").isdigit() or ":" in lower else lower.split(".", 1)[0]


def host_named(text: str) -> str:
    """The short form of a host that a line names, with its port or export left off: `db1.example.org:5432`."""
    name, colon, port = text.strip("[]").partition(":")
    return short_host(name) if colon and (port.isdigit() or port.startswith("/")) else short_host(text)


def text_of(batch: Batch, start: int, stop: int, *, raw: bool = False) -> str:
    """A part of the buffer; for patterns, without colours."""
    data = bytes(batch.buffer.data[start : min(stop, start + _LONGEST_TEXT)])
    return (data if raw or b"\x1b" not in data else COLOUR.sub(b"", data)).decode("utf-8", "replace")
