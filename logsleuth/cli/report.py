"""What the commands that print a report share: opening the logs, and getting the text to where it is wanted."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli import options, pager
from logsleuth.cli.language import language, language_given
from logsleuth.errors import LogsleuthError, NothingReadable, UsageError

if TYPE_CHECKING:
    from logsleuth.render import Options
    from logsleuth.report import Report, Skipped
    from logsleuth.run import Logs

_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""
_PIPED = 100


def opened(
    paths: Sequence[str], tz: Sequence[str], year: int | None, host: Sequence[str], *, cache: bool = True
) -> Logs:
    """The logs under some paths; says on the standard error what was skipped where none can be read."""
    from logsleuth import home, pipeline

    stdin = options.standard_input(paths)
    told = options.settings(tz, year, host)
    shelf = home.shelf(told.formats) if cache else None
    logs = pipeline.open_paths(list(paths) or list(options.DEFAULT_PATHS), told, stdin, shelf)
    if not logs.opened.logs:
        say_skipped(logs.skipped)
        raise NothingReadable("nothing could be read")
    return logs


def look(logs: Logs, color: str, output: str | None, verbose: int = 0, *, plain: bool = False) -> Options:
    """How the text is to look where it goes."""
    return looks(logs.opened.settings.zone, color, output, verbose, plain=plain)


def looks(zone: dt.tzinfo, color: str, output: str | None, verbose: int = 0, *, plain: bool = False) -> Options:
    """As `look`, in a zone."""
    from logsleuth.render import Options

    to_terminal = sys.stdout.isatty() and output is None
    width = min(shutil.get_terminal_size().columns, _WIDEST) if to_terminal else _PIPED
    return Options(
        width=max(40, width),
        color=not plain and output is None and options.colored(color),
        verbose=verbose,
        zone=zone,
        language=language(),
    )


def deliver(
    report: Report,
    how: Options,
    form: str,
    output: str | None,
    inputs: frozenset[tuple[int, int]],
    *,
    redact: bool,
    redact_table: str | None,
    paged: bool,
) -> bytes:
    """A report in one of its forms, to where it is wanted; what was written there.

    `inputs` (device, inode) are never overwritten.
    """
    from logsleuth.render import RENDERERS

    names = None
    if redact or redact_table is not None:
        from logsleuth.render.redact import Pseudonyms
        from logsleuth.render.redact import redact as redacted

        names = Pseudonyms()
        report = redacted(report, names)
    if form == "markdown" and output is not None and not language_given():
        how = replace(how, language=_language_there(output) or how.language)
    text = RENDERERS[form](report, how)
    if form == "markdown" and output is not None:
        text = _renewed(output, text)
    if names is not None and redact_table is not None:
        if output is not None and os.path.realpath(output) == os.path.realpath(redact_table):
            raise UsageError("--redact-table and --output name one file: the table must not stand in the report")
        with pager.written(redact_table, inputs, private=True) as out:
            out.write(names.table().encode("utf-8", "backslashreplace"))
    data = encoded(text)
    put(data, output, inputs, paged=paged)
    return data


def _language_there(output: str) -> str | None:
    """The language in which a person went on writing: a renewed write-up keeps it."""
    from logsleuth.render.renew import language_of

    try:
        return language_of(Path(output).read_text(encoding="utf-8")) if Path(output).is_file() else None
    except (OSError, UnicodeDecodeError):
        return None  # `_renewed` says what is wrong with it


def _renewed(output: str, text: str) -> str:
    """What is to stand in a file that may hold an earlier write-up, perhaps one that a person went on writing."""
    from logsleuth.render.renew import Broken, renewed

    path = Path(output)
    if not path.is_file():
        return text
    try:
        out, kept = renewed(path.read_bytes().decode("utf-8"), text)
    except UnicodeDecodeError as error:
        raise LogsleuthError(f"cannot write {output}: what is there is no UTF-8 text; nothing was changed") from error
    except Broken as error:
        raise LogsleuthError(f"cannot write {output}: {error}; nothing was changed") from error
    except OSError as error:
        raise LogsleuthError(f"cannot read {output}: {(error.strerror or str(error)).lower()}") from error
    for said in kept:
        click.echo(f"logsleuth: {output}: {said}", err=True)
    return out


def show(text: str, logs: Logs, output: str | None, *, paged: bool) -> None:
    """To a file, or through the user's pager to the terminal."""
    put(encoded(text), output, inputs_of(logs) if output is not None else frozenset(), paged=paged)


def inputs_of(logs: Logs) -> frozenset[tuple[int, int]]:
    """(device, inode) of the files that are read."""
    stats = [log.source.path.stat() for log in logs.opened.logs if log.source.path is not None]
    return frozenset((s.st_dev, s.st_ino) for s in stats)


def encoded(text: str) -> bytes:
    """As all output is."""
    return text.encode("utf-8", "backslashreplace")


def put(data: bytes, output: str | None, inputs: frozenset[tuple[int, int]], *, paged: bool) -> None:
    """As `show`, with the files that must not be overwritten."""
    if output is None:
        with pager.paged(wanted=paged) as out:
            out.write(data)
        return
    with pager.written(output, inputs) as out:
        out.write(data)


def say_skipped(skipped: Sequence[Skipped]) -> str:
    """On the standard error, for outputs that a program reads; what was said."""
    from logsleuth.safe import safe

    said = "".join(
        f"logsleuth: {'read in part' if one.partial else 'skipped'} {safe(one.name)}: {safe(one.reason)}\n"
        for one in skipped
    )
    click.echo(said, nl=False, err=True)
    return said
