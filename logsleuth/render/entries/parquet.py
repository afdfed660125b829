"""Apache Parquet: the columns of `logsleuth.timeline()`, for DuckDB, pandas, Spark and their kin.

A row group is written as soon as it is full, so memory stays bounded; the file's index comes at its end.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from logsleuth.clock.logs import Log
from logsleuth.entries.merge import Merged
from logsleuth.render.entries.writer import Look, Writer

_ROWS = 1 << 17
_BYTES = 64 << 20
"""Of a row group before it is packed, about."""


class Parquet(Writer):
    """A single file; what is not known is null."""

    binary = True

    def __init__(self, logs: Sequence[Log], look: Look) -> None:  # noqa: ARG002 - instants have no zone
        import pyarrow.parquet as pq

        from logsleuth.entries.frame import SCHEMA

        self._logs = logs
        self._sink = _Sink()
        self._file = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd")
        self._waiting: list[Any] = []
        self._rows = self._bytes = 0

    def lines(self, merged: Merged) -> bytes:
        from logsleuth.entries.frame import table

        made = table(merged, self._logs)
        self._waiting.append(made)
        self._rows += made.num_rows
        self._bytes += made.nbytes
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._write()
        return self._sink.taken()

    def end(self) -> bytes:
        if self._waiting:
            self._write()
        self._file.close()
        return self._sink.taken()

    def _write(self) -> None:
        import pyarrow as pa

        self._file.write_table(pa.concat_tables(self._waiting), row_group_size=max(1, self._rows))
        self._waiting.clear()
        self._rows = self._bytes = 0


class _Sink(io.RawIOBase):
    """Keeps what is written to it until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:
        self._parts.append(bytes(some))
        self._place += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        return self._place

    def taken(self) -> bytes:
        out = b"".join(self._parts)
        self._parts.clear()
        return out
