"""Small logs in a folder, read and merged as the program does it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.entries.select import Select, selected
from logsleuth.render.entries import WRITERS, Look, Timed
from logsleuth.run import Logs

NOW = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 10**9
Opens = Callable[..., Logs]
Writes = Callable[..., bytes]


@pytest.fixture
def opened(tmp_path: Path) -> Opens:
    """Opens files given by name and content, as if it were the year's last day."""

    def opens(files: Mapping[str, bytes], zone: tzinfo = UTC, year: int | None = 2023) -> Logs:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        settings = Settings(zone, "UTC (--tz)", NOW, zone_given=True, year=year)
        return pipeline.open_paths([str(tmp_path)], settings)

    return opens


@pytest.fixture
def written(opened: Opens, tmp_path: Path) -> Writes:
    """What a writer makes of some files; the folder they lie in is called DIR."""

    def writes(
        files: Mapping[str, bytes], form: str = "text", select: Select | None = None, zone: tzinfo = UTC, **look: bool
    ) -> bytes:
        logs = opened(files, zone)
        writer = WRITERS[form](logs.opened.logs, Look(zone, **look))
        found = selected(pipeline.entries(logs), select or Select(), logs.opened.logs, logs.tallies)
        if writer.timed:
            found = Timed(logs.opened.logs)(found)
        out = writer.header + b"".join([bytes(writer.lines(stretch)) for stretch in found]) + writer.end()
        return out if writer.binary else out.replace(str(tmp_path).encode(), b"DIR")

    return writes
