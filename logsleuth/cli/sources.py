"""`logsleuth sources`: which logs were found, and what was assumed to read them."""

from __future__ import annotations

import click

from logsleuth.cli import options
from logsleuth.cli.language import language_option
from logsleuth.cli.report import look, show


@click.command()
@options.paths_argument
@options.clock_options
@options.table_options
@language_option
@options.screen_options
def command(
    paths: tuple[str, ...],
    tz: tuple[str, ...],
    year: int | None,
    host: tuple[str, ...],
    form: str,
    output: str | None,
    color: str,
    no_pager: bool,
) -> None:
    """List the logs under PATH (/var/log): format, lines, first and last time; assumptions; what was skipped, why."""
    from logsleuth import pipeline, run
    from logsleuth.errors import NothingReadable
    from logsleuth.render import sources_json, sources_table

    logs = pipeline.open_paths(
        list(paths) or list(options.DEFAULT_PATHS),
        options.settings(tz, year, host),
        options.standard_input(paths),
    )
    for _ in pipeline.entries(logs):
        pass
    found = run.file_rows(logs), run.assumptions(logs), [*logs.skipped, *logs.problems]
    render = sources_json if form == "json" else sources_table
    text = render(*found, look(logs, color, output))
    show(text, logs, output, paged=not no_pager)
    if not logs.opened.logs:
        raise NothingReadable("nothing could be read")
