"""`logsleuth show`: a saved report in any other form."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from logsleuth.cli import options
from logsleuth.cli.language import language_option
from logsleuth.cli.report import deliver, looks
from logsleuth.errors import LogsleuthError


@click.command()
@click.argument("file", metavar="REPORT.json")
@options.report_options
@click.option("--tz", metavar="ZONE", help="Zone in which times are told; that of the report where none is given.")
@click.option("-v", "--verbose", count=True, help="Show the lines of evidence; -vv: the graph too.")
@language_option
@options.screen_options
def command(
    file: str,
    form: str,
    output: str | None,
    redact: bool,
    redact_table: str | None,
    tz: str | None,
    verbose: int,
    color: str,
    no_pager: bool,
) -> None:
    """Show a report that `explain --format json` wrote, without the logs. - reads it from the standard input."""
    from dataclasses import replace

    from logsleuth.clock.zones import zone_named
    from logsleuth.render import saved

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        report = saved.read(data.decode("utf-8"))
        zone = zone_named(tz or report.zone)
    except OSError as error:
        raise LogsleuthError(f"cannot read {file}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise LogsleuthError(f"cannot show {file}: it is no UTF-8 text") from error
    except saved.Unreadable as error:
        raise LogsleuthError(f"cannot show {file}: {error}") from error
    if tz is not None:
        report = replace(report, zone=tz)
    status = None if file == "-" else os.stat(file)  # noqa: PTH116 - the same for any name
    deliver(
        report,
        looks(zone, color, output, verbose, plain=form != "text"),
        form,
        output,
        frozenset() if status is None else frozenset({(status.st_dev, status.st_ino)}),
        redact=redact,
        redact_table=redact_table,
        paged=not no_pager,
    )
