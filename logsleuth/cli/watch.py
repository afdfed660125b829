"""`logsleuth watch`: incidents as they happen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli import options
from logsleuth.cli.language import language, language_option

if TYPE_CHECKING:
    from logsleuth.render import Options
    from logsleuth.report import Report
    from logsleuth.watching import News


@click.command()
@options.paths_argument
@click.option("--since", metavar="TIME", help="Tell incidents from this time on too; else only those that come.")
@options.clock_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: an object a line.")
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="More rules: a file or a folder of files.",
)
@language_option
def command(
    paths: tuple[str, ...],
    since: str | None,
    tz: tuple[str, ...],
    year: int | None,
    host: tuple[str, ...],
    form: str,
    rules: tuple[Path, ...],
) -> None:
    """Follow the logs under PATH (/var/log), and tell each incident when its lines are written, and when it changes.

    What is there already is not told, but may be the cause of what comes. Ends when it is interrupted, with 130.
    """
    from logsleuth import home, watching
    from logsleuth.clock.ranges import parse_instant
    from logsleuth.render import Options

    told = options.settings(tz, year, host)
    watch = watching.Watch(
        list(paths) or list(options.DEFAULT_PATHS),
        told,
        home.rule_set(rules),
        None if since is None else parse_instant(since, now=options.now_of(told), zone=told.zone),
        watching.memory(told.formats),
    )
    look = Options(width=100, color=False, verbose=0, zone=told.zone, language=language())
    for number, report in enumerate(watch.reports()):
        news = watch.news(report)
        if number or since is not None:
            for one in news:
                sys.stdout.write(_line(one, look) if form == "json" else _text(one, report, look))
        if not number:
            many = "file" if len(report.files) == 1 else "files"
            click.echo(f"logsleuth: watching {len(report.files):,} {many}", err=True)
        sys.stdout.flush()


def _line(news: News, look: Options) -> str:
    from logsleuth.narrative import Teller
    from logsleuth.render import leaves

    leaf = json.loads(leaves.dumps(leaves.incident(news.incident, Teller(look.zone, look.language), {})))
    return json.dumps({"event": news.event, "language": look.language, **leaf}) + "\n"


def _text(news: News, report: Report, look: Options) -> str:
    from logsleuth.render.names import names_of
    from logsleuth.render.page import Page

    page = Page(look, names_of(report))
    for cause in news.incident.causes:
        lead = page.teller.say("page.update") if news.event == "changed" else ""
        page.add(f"{lead}{page.teller.headline(news.incident)} ({page.teller.confidence(cause.confidence)})")
        page.add(page.teller.title(cause), indent=2)
        for line in cause.evidence[:5]:
            page.evidence(line, 4)
        break
    return f"{page}\n"
