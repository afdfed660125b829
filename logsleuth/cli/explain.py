"""`logsleuth explain`: what went wrong and why."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import click

from logsleuth.answered import Answer
from logsleuth.cli import options
from logsleuth.cli.compare import Comparing, compare_option
from logsleuth.cli.keeping import keep
from logsleuth.cli.language import language_option
from logsleuth.cli.report import deliver, inputs_of, look, opened, say_skipped, show
from logsleuth.errors import UsageError

FOUND = 1
"""Exit status with --exit-code when an incident is probable or worse."""


@click.command(cls=Comparing)
@options.paths_argument
@options.time_options
@options.clock_options
@options.report_options
@click.option(
    "--events",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="With --format html: draw up to N log entries from around the incidents too, the gravest first. Their text "
    "is in the file.",
)
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="More rules: a file or a folder of files.",
)
@compare_option
@click.option("--why-not", metavar="RULE", help="Tell where a rule failed, and what came nearest to it.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when an incident is probable or surer.")
@click.option("-v", "--verbose", count=True, help="Show the lines of evidence; -vv: the graph too.")
@options.jobs_option
@options.cache_option
@language_option
@options.screen_options
def command(
    paths: tuple[str, ...],
    since: str | None,
    until: str | None,
    tz: tuple[str, ...],
    year: int | None,
    host: tuple[str, ...],
    form: str,
    events: int,
    output: str | None,
    redact: bool,
    redact_table: str | None,
    rules: tuple[Path, ...],
    compare: str | None,
    why_not: str | None,
    exit_code: bool,
    verbose: int,
    jobs: int | None,
    no_cache: bool,
    color: str,
    no_pager: bool,
) -> None:
    """Explain what went wrong on the hosts whose logs lie under PATH (/var/log), in sentences that cite their lines.

    --since and --until choose which incidents are told; older lines may still be causes and evidence.
    """
    from logsleuth import home, pipeline

    if events and form != "html":
        raise UsageError("--events is for --format html")
    if events and (redact or redact_table is not None):
        raise UsageError("--events draws lines of the logs as they are: leave it out, or --redact")
    if rules:
        home.rule_set(rules)  # what is wrong with them is told before anything is read
    logs = opened(paths, tz, year, host, cache=not no_cache)
    logs.jobs = jobs or logs.jobs
    low, high = options.window(logs, since, until)
    ask = None if compare is None else pipeline.asked(compare, logs.opened.settings)
    if why_not is not None:
        known = home.rule_set(rules)
        _, found = pipeline.investigate(logs, known)
        show(pipeline.why_not(known, found, why_not), logs, output, paged=not no_pager)
        return
    report = pipeline.explained(
        logs,
        rules,
        since=low,
        until=high,
        zone=str(logs.opened.settings.zone),
        command=shlex.join(["logsleuth", *sys.argv[1:]]),
        digests=form in {"markdown", "json", "github"},
        compared=ask,
    )
    looks = look(logs, color, output, verbose, plain=form != "text")
    if events:
        looks = replace(looks, events=pipeline.drawn(logs, report, events))
    inputs = inputs_of(logs)
    out = deliver(
        report,
        looks,
        form,
        output,
        inputs,
        redact=redact,
        redact_table=redact_table,
        paged=not no_pager,
    )
    err = ""
    if (form in {"html", "json"} or output is not None) and not (redact or redact_table):
        err = say_skipped(report.skipped)
    surely = any(c.confidence in {"probable", "confirmed"} for i in report.incidents for c in i.causes)
    code = FOUND if exit_code and surely else 0
    # A write-up is put together with what stands in its file, and a table is a second file.
    if redact_table is None and (output is None or form != "markdown"):
        given = Answer(out, err, code, not no_pager, output, inputs)
        keep(logs, report, paths, rules, (since, until, compare), given)
    if code:
        sys.exit(code)
