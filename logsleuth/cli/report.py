"""What the commands that print a report share: opening the logs, and getting the text to where it is wanted."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from logsleuth.cli import options, pager
from logsleuth.errors import NothingReadable

if TYPE_CHECKING:
    from logsleuth.pipeline import Logs
    from logsleuth.render import Options
    from logsleuth.report import Skipped

_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""
_PIPED = 100


def opened(paths: Sequence[str], tz: Sequence[str], year: int | None, host: Sequence[str]) -> Logs:
    """The logs under some paths; says on the standard error what was skipped where none can be read."""
    from logsleuth import pipeline

    stdin = options.standard_input(paths)
    logs = pipeline.open_paths(list(paths) or list(options.DEFAULT_PATHS), options.settings(tz, year, host), stdin)
    if not logs.opened.logs:
        say_skipped(logs.skipped)
        raise NothingReadable("nothing could be read")
    return logs


def look(logs: Logs, color: str, output: str | None, verbose: int = 0, *, plain: bool = False) -> Options:
    """How the text is to look where it goes."""
    from logsleuth.render import Options

    to_terminal = sys.stdout.isatty() and output is None
    width = min(shutil.get_terminal_size().columns, _WIDEST) if to_terminal else _PIPED
    return Options(
        width=max(40, width),
        color=not plain and output is None and options.colored(color),
        verbose=verbose,
        zone=logs.opened.settings.zone,
    )


def show(text: str, logs: Logs, output: str | None, *, paged: bool) -> None:
    """To a file, or through the user's pager to the terminal."""
    data = text.encode("utf-8", "backslashreplace")
    if output is None:
        with pager.paged(wanted=paged) as out:
            out.write(data)
        return
    inputs = [log.source.path.stat() for log in logs.opened.logs if log.source.path is not None]
    with pager.written(output, frozenset((s.st_dev, s.st_ino) for s in inputs)) as out:
        out.write(data)


def say_skipped(skipped: Sequence[Skipped]) -> None:
    """On the standard error, for outputs that a program reads."""
    from logsleuth.narrative.safe import safe

    for one in skipped:
        click.echo(
            f"logsleuth: {'read in part' if one.partial else 'skipped'} {safe(one.name)}: {safe(one.reason)}",
            err=True,
        )
