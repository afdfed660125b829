"""`logsleuth boots`: when each host was up, and how each boot ended."""

from __future__ import annotations

import click

from logsleuth.cli import options
from logsleuth.cli.language import language_option
from logsleuth.cli.report import look, opened, say_skipped, show


@click.command()
@options.paths_argument
@options.clock_options
@options.table_options
@options.jobs_option
@options.cache_option
@language_option
@options.screen_options
def command(
    paths: tuple[str, ...],
    tz: tuple[str, ...],
    year: int | None,
    host: tuple[str, ...],
    form: str,
    output: str | None,
    jobs: int | None,
    no_cache: bool,
    color: str,
    no_pager: bool,
) -> None:
    """List every boot of every host: first line, last sign of life, how it ended and by which line one knows."""
    from logsleuth import pipeline
    from logsleuth.render import boots_json, boots_table

    logs = opened(paths, tz, year, host, cache=not no_cache)
    logs.jobs = jobs or logs.jobs
    rows, shares = pipeline.lives(logs)
    render = boots_json if form == "json" else boots_table
    show(
        render(rows, shares, look(logs, color, output, plain=form == "json")),
        logs,
        output,
        paged=not no_pager,
    )
    say_skipped([*logs.skipped, *logs.problems])
