"""Options and arguments that several commands share, and what they come to."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

if TYPE_CHECKING:
    from logsleuth.clock.logs import Settings
    from logsleuth.run import Logs

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_PATHS = ("/var/log",)
STDIN = "-"
_FORMATS = "logsleuth.formats"

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")
"""Files and folders; - for the standard input; /var/log where none is given."""


def time_options(command: F) -> F:
    """--since, --until."""
    until = click.option("--until", metavar="TIME", help="Up to this time; a day without a time means all of it.")
    since = click.option(
        "--since",
        metavar="TIME",
        help="From this time on: 2008-12-17, '2008-12-17 10:30', yesterday, 10:30, -2h, '3 days ago', "
        "@1229472000, boot, boot-1.",
    )
    return since(until(command))


def clock_options(command: F) -> F:
    """--tz, --year, --formats, --host."""
    host = click.option(
        "--host",
        multiple=True,
        metavar="NAME=PATH",
        help="The host whose logs a folder, a file or an archive holds, where nothing in them tells.",
    )
    return zone_options(host(command))


def _keep_formats(context: click.Context, _: click.Parameter, given: tuple[str, ...]) -> None:
    """`settings` takes them up, so that no command needs to hand them on."""
    context.meta[_FORMATS] = (*context.meta.get(_FORMATS, ()), *(Path(name) for name in given))


def formats_option(command: F) -> F:
    """--formats."""
    formats = click.option(
        "--formats",
        multiple=True,
        metavar="FILE",
        expose_value=False,
        callback=_keep_formats,
        help="A file that describes a format of your own, or a folder of them; see `logsleuth formats`.",
    )
    return formats(command)


def zone_options(command: F) -> F:
    """--tz, --year, --formats: `clock_options` without --host, for a command in which that chooses hosts too."""
    year = click.option(
        "--year", type=click.IntRange(1970, 2261), help="Year of the last line of files whose stamps name none."
    )
    tz = click.option(
        "--tz",
        multiple=True,
        metavar="ZONE|NAME=ZONE",
        help="Zone of stamps that name none, and of the output: Asia/Tokyo, +09:00, UTC, local. With a host, "
        "file or folder before it, zone of its stamps.",
    )
    return tz(year(formats_option(command)))


def screen_options(command: F) -> F:
    """--color, --no-pager."""
    pager = click.option("--no-pager", is_flag=True, help="Print at once, also to a terminal.")
    color = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colours; auto: on a terminal unless NO_COLOR is set.",
    )
    return color(pager(command))


def jobs_option(command: F) -> F:
    """--jobs."""
    jobs = click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1),
        metavar="N",
        help="Processes that may work at once; as many as there are cores where it is not said.",
    )
    return jobs(command)


FORMS = ("text", "markdown", "html", "json", "github", "csv")
"""Forms of a report, by the names that `render.RENDERERS` knows."""


def report_options(command: F) -> F:
    """--format, --output, --redact, --redact-table of the commands that print a report."""
    table = click.option(
        "--redact-table", metavar="FILE", help="Write what each pseudonym stands for to a file; implies --redact."
    )
    redact = click.option(
        "--redact",
        is_flag=True,
        help="Pseudonyms for hosts, users, mail and network addresses, and paths below home folders.",
    )
    output = click.option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write to a file; of a write-up (markdown) that is there already, only what was generated is renewed.",
    )
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default="text",
        show_default=True,
        help="For a terminal, for a write-up, to look around in, for programs, for an issue, lines as rows.",
    )
    return form(output(redact(table(command))))


def cache_option(command: F) -> F:
    """--no-cache."""
    return click.option("--no-cache", is_flag=True, help="Read everything, and keep nothing for the next run.")(command)


def table_options(command: F) -> F:
    """--format, --output of the commands that print a table."""
    output = click.option("-o", "--output", metavar="FILE", help="Write to a file.")
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Form of the output.",
    )
    return form(output(command))


def settings(tz: Sequence[str] = (), year: int | None = None, named: Sequence[str] = ()) -> Settings:
    """What the options of `clock_options` say, and what this machine adds: its zone and its clock."""
    from logsleuth.clock.logs import Settings
    from logsleuth.clock.zones import local_zone, zone_named

    zones: dict[str, dt.tzinfo] = {}
    general = ""
    for text in tz:
        host, equals, name = text.rpartition("=")
        if equals:
            zones[host] = zone_named(name)
        else:
            general = text
    zone, said = (zone_named(general), f"{general} (--tz)") if general else local_zone()
    return Settings(
        zone,
        said,
        time.time_ns(),
        zone_given=bool(general),
        zones=zones,
        formats=formats_given(),
        year=year,
        hosts=_hosts(named),
    )


def formats_given() -> tuple[Path, ...]:
    """The files named with --formats."""
    context = click.get_current_context(silent=True)
    given: tuple[Path, ...] = context.meta.get(_FORMATS, ()) if context is not None else ()
    return given


def hosts_chosen(host: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The globs that choose hosts, and the NAME=PATH that name them: no host's name holds an equals sign."""
    return tuple(text for text in host if "=" not in text), tuple(text for text in host if "=" in text)


def _hosts(texts: Sequence[str]) -> dict[str, str]:
    from logsleuth.errors import UsageError, quoted

    hosts = {}
    for text in texts:
        name, _, path = text.partition("=")
        if not (name and path):
            raise UsageError(f"--host {quoted(text)}: write NAME=PATH, as in --host gate=/mnt/backup")
        hosts[os.path.normpath(path)] = name
    return hosts


def standard_input(paths: Sequence[str]) -> BinaryIO | None:
    """The bytes of the standard input, where it is one of the paths."""
    return sys.stdin.buffer if STDIN in paths else None


def now_of(told: Settings) -> dt.datetime:
    """When the run began, in its zone."""
    return dt.datetime.fromtimestamp(told.now // 10**9, told.zone)


def window(logs: Logs, since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """UTC nanoseconds of --since and --until."""
    from logsleuth import pipeline
    from logsleuth.clock.ranges import parse_instant
    from logsleuth.errors import UsageError

    told = logs.opened.settings
    now = dt.datetime.fromtimestamp(told.now // 10**9, told.zone)
    # Boots are found by reading all the logs, so only for those who ask.
    boots = pipeline.boot_instants(logs) if "boot" in f"{since} {until}".lower() else None
    low = None if since is None else parse_instant(since, now=now, zone=told.zone, boots=boots)
    high = None if until is None else parse_instant(until, now=now, zone=told.zone, boots=boots, end=True)
    if low is not None and high is not None and low > high:
        raise UsageError(f"--since {since} lies after --until {until}")
    return low, high


def colored(color: str) -> bool:
    """Whether to colour what goes to the standard output."""
    if color != "auto":
        return color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
