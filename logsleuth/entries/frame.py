"""Entries as Arrow columns, and as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from logsleuth.clock.logs import Log
from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.arrow import strings
from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged
from logsleuth.entries.select import Select, selected
from logsleuth.entries.spelled import needs_spelling, spelled
from logsleuth.formats.model import SEVERITIES
from logsleuth.formats.registry import ALL
from logsleuth.formats.vector import Mask, Positions

if TYPE_CHECKING:
    import pandas as pd

_TEXT = pa.large_string()
SCHEMA = pa.schema([
    ("time", pa.timestamp("ns", "UTC")), ("host", _TEXT), ("program", _TEXT), ("pid", pa.int64()),
    ("severity", _TEXT), ("message", _TEXT), ("file", _TEXT), ("line", pa.int64()),
])  # fmt: skip
"""What is missing is null."""


def frame(stretches: Iterable[Merged], logs: Sequence[Log], select: Select | None = None) -> pd.DataFrame:
    r"""The entries of a timeline, a row each.

    Continuation lines are part of `message`; a byte that is no UTF-8 stands in it as `\xff`.
    """
    import pandas as pd

    if select is not None:
        stretches = selected(stretches, select, logs)
    tables = [table(stretch, logs) for stretch in stretches]
    types: Any = {_TEXT: pd.StringDtype("pyarrow"), pa.int64(): pd.Int64Dtype()}.get
    out: pd.DataFrame = pa.concat_tables(tables or [SCHEMA.empty_table()]).to_pandas(types_mapper=types)
    return out.astype({"line": "int64"})


def table(merged: Merged, logs: Sequence[Log]) -> Any:
    """The entries of a stretch as an Arrow table of `SCHEMA`."""
    made = pa.concat_tables([_columns(p.batch, p.rows, logs[p.batch.log]) for p in merged.pieces])
    return made if merged.order is None else made.take(pa.array(merged.order))


def _columns(batch: Batch, rows: NDArray[np.int64], log: Log) -> Any:
    if needs_spelling(batch, rows):
        batch, rows = spelled(batch, rows)
    columns = batch.columns(rows)
    host = _text(batch, columns.host_at, columns.host_end)
    program = _text(batch, columns.program_at, columns.program_end)
    unnamed = columns.program_end <= columns.program_at
    for kind in np.unique(batch.layout[rows]).tolist():
        program = _where(unnamed & (batch.layout[rows] == kind), ALL[kind].program if kind >= 0 else "", program)
    time = batch.time[rows]
    return pa.table(
        [
            pa.array(time, pa.int64(), mask=time == UNKNOWN).cast(SCHEMA.field("time").type),
            _where(columns.host_end <= columns.host_at, log.host, host),
            program,
            pa.array(columns.pid, pa.int64(), mask=columns.pid < 0),
            pa.array(SEVERITIES, _TEXT).take(pa.array(columns.severity, mask=columns.severity < 0)),
            _message(batch, rows, columns.lead_end, columns.text_at),
            pa.repeat(pa.scalar(_shown(log.name.encode(errors="surrogateescape")), _TEXT), len(rows)),
            pa.array(batch.line[rows], pa.int64()),
        ],
        schema=SCHEMA,
    )


def _message(batch: Batch, rows: NDArray[np.int64], lead_end: Positions | None, text_at: Positions) -> Any:
    import pyarrow.compute as pc

    text = strings(batch.buffer, text_at, batch.stop[rows])
    if lead_end is not None:
        lead = strings(batch.buffer, batch.start[rows], lead_end)
        text = pc.binary_join_element_wise(lead, text, pa.scalar(b"", text.type))
    if (batch.stop[rows] > batch.line_stop[rows]).any():
        text = pc.replace_substring(text, "\r\n", "\n")
    return _decoded(text)


def _text(batch: Batch, at: Positions, end: Positions) -> Any:
    return _decoded(strings(batch.buffer, at, end))


def _decoded(values: Any) -> Any:
    try:
        return values.cast(_TEXT)
    except pa.ArrowInvalid:  # some of it is not UTF-8
        return pa.array([_shown(value) for value in values.to_pylist()], _TEXT)


def _shown(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _where(missing: Mask, fallback: str, values: Any) -> Any:
    """The values, where one is missing the fallback or, if that is empty, null."""
    import pyarrow.compute as pc

    return pc.if_else(pa.array(missing), pa.scalar(fallback or None, _TEXT), values) if missing.any() else values
