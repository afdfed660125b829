"""`logsleuth timeline`: every entry of all logs, in order."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, BinaryIO

import click

from logsleuth.cli import options, pager

if TYPE_CHECKING:
    from logsleuth.entries.merge import Merged
    from logsleuth.entries.select import Select
    from logsleuth.pipeline import Logs
    from logsleuth.render.entries import Writer

SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
"""As formats.model has them, which would import numpy."""
FORMATS = ("text", "jsonl", "csv", "raw")
"""The names in render.entries.WRITERS."""


@click.command()
@options.paths_argument
@options.time_options
@click.option("--host", multiple=True, metavar="GLOB", help="Only entries of these hosts.")
@click.option("--program", multiple=True, metavar="GLOB", help="Only entries of these programs.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    help="Only entries as bad as this or worse, by their fields or else by words such as error.",
)
@click.option(
    "-g", "--grep", multiple=True, metavar="REGEX", help="Only entries that match all of these; case counts if capitals do."
)
@click.option("-i", "--ignore-case", is_flag=True, help="Match in either case.")
@click.option("-v", "--invert-match", is_flag=True, help="Only entries that do not match.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Form of the output.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
@click.option("-n", "--limit", type=click.IntRange(0), metavar="N", help="The first N entries; the newest with --reverse.")
@click.option("--reverse", is_flag=True, help="Newest first.")
@options.clock_options
@options.screen_options
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of what was skipped or assumed.")
def command(
    paths: Sequence[str],
    since: str | None,
    until: str | None,
    host: tuple[str, ...],
    program: tuple[str, ...],
    severity: str | None,
    grep: tuple[str, ...],
    ignore_case: bool,
    invert_match: bool,
    form: str,
    output: str | None,
    limit: int | None,
    reverse: bool,
    tz: Sequence[str],
    year: int | None,
    host_of: Sequence[str],
    color: str,
    no_pager: bool,
    quiet: bool,
) -> None:
    """Print every entry of the logs under PATH (/var/log) in the order of time.

    Lines without a stamp belong to the entry above them. What could not be read, and what had to be assumed, is told
    on the standard error.
    """
    from logsleuth import pipeline
    from logsleuth.entries.select import Select, selected
    from logsleuth.errors import NothingReadable
    from logsleuth.render.entries import WRITERS, Look

    wanted = Select(
        hosts=host,
        programs=program,
        severity=None if severity is None else SEVERITIES.index(severity),
        grep=grep,
        ignore_case=ignore_case,
        invert=invert_match,
    )
    wanted.check()
    logs = pipeline.open_paths(
        list(paths) or list(options.DEFAULT_PATHS),
        options.settings(tz, year, host_of),
        click.get_binary_stream("stdin") if "-" in paths else None,
    )
"""
"""
