"""`logsleuth timeline`: every entry of all logs, in order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import click

from logsleuth.cli import options, pager
from logsleuth.errors import NothingReadable

if TYPE_CHECKING:
    from logsleuth.entries.merge import Merged
    from logsleuth.entries.select import Select
    from logsleuth.entries.slices import Slice
    from logsleuth.render.entries import Look, Timed, Writer
    from logsleuth.run import Logs

SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
"""As formats.model has them, which would import numpy."""
FORMATS = (
    *("text", "jsonl", "csv", "raw", "timesketch-csv", "timesketch-jsonl", "l2tcsv", "tln", "l2ttln"),
    *("ecs", "otel", "parquet"),
)
"""The names in render.entries.WRITERS."""
_NAMED = 3
"""So many files are named with an assumption that many share."""


@click.command()
@options.paths_argument
@options.time_options
@click.option(
    "--host",
    multiple=True,
    metavar="GLOB|NAME=PATH",
    help="Only entries of these hosts. With a path after it, the host whose logs a folder, a file or an archive holds, "
    "where nothing in them tells.",
)
@click.option("--program", multiple=True, metavar="GLOB", help="Only entries of these programs.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    help="Only entries as bad as this or worse, by their fields or else by words such as error.",
)
@click.option(
    "-g",
    "--grep",
    multiple=True,
    metavar="REGEX",
    help="Only entries that match all of these; case counts if capitals do.",
)
@click.option("-i", "--ignore-case", is_flag=True, help="Match in either case.")
@click.option("-v", "--invert-match", is_flag=True, help="Only entries that do not match.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    help="Form of the output; those after raw are for other tools (docs/exports.md).",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
@click.option(
    "-n", "--limit", type=click.IntRange(0), metavar="N", help="The first N entries; the newest with --reverse."
)
@click.option("--reverse", is_flag=True, help="Newest first.")
@click.option(
    "--keep-duplicates",
    is_flag=True,
    help="Show twice what a journal and a text file both hold, or a log and a capture, as --format raw does.",
)
@options.zone_options
@options.jobs_option
@options.cache_option
@options.screen_options
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of what was skipped or assumed.")
def command(
    paths: Sequence[str],
    since: str | None,
    until: str | None,
    limit: int | None,
    reverse: bool,
    output: str | None,
    quiet: bool,
    **said: Any,
) -> None:
    """Print every entry of the logs under PATH (/var/log) in the order of time.

    Lines without a stamp belong to the entry above them. What could not be read, and what had to be assumed, is told
    on the standard error.
    """
    from logsleuth import pipeline
    from logsleuth.entries.copies import copies
    from logsleuth.entries.select import selected
    from logsleuth.render.entries import WRITERS, Timed

    asked = _select(said)
    logs = _opened(paths, said, quiet=quiet)
    logs.jobs = said["jobs"] or logs.jobs
    low, high = options.window(logs, since, until)
    wanted = replace(asked, since=low, until=high)
    look = _look(logs, said["color"], output)
    writer = WRITERS[said["form"]](logs.opened.logs, look)
    if writer.binary:
        _check_binary(said["form"], output, turned=reverse and limit is None)
    timed = Timed(logs.opened.logs)
    known = None if said["keep_duplicates"] or said["form"] == "raw" else copies(logs.opened.logs)
    # Columns that grow with what is seen, the last lines first, and copies far apart are for one process alone.
    alone = reverse or limit is not None or look.aligned or known is not None or writer.binary
    parts = [] if alone else pipeline.slices(logs, low, high, numbered=writer.numbered)
    with _sink(output, logs, paged=not said["no_pager"]) as out:
        if parts:
            out.write(writer.header)
            make = partial(WRITERS[said["form"]], logs.opened.logs, look)
            for piece in _of_slices(logs, parts, wanted, make, timed):
                out.write(piece)
        else:
            stretches = pipeline.entries(logs, low, numbered=writer.numbered, copies=known)
            found = selected(stretches, wanted, logs.opened.logs, logs.tallies)
            for chunk in _chunks(timed(found) if writer.timed else found, writer, limit, reverse=reverse):
                out.write(chunk)
    if not quiet:
        _notes(logs)
        if timed.left_out:
            many = "1 entry" if timed.left_out == 1 else f"{timed.left_out:,} entries"
            _say(f"{many} without a known time left out, which {said['form']} cannot hold (see --format jsonl)")
        if known is not None and known.count:
            many = "message" if known.count == 1 else "messages"
            _say(f"{known.count:,} {many} that a journal and a text file both hold shown once (see --keep-duplicates)")
        if known is not None and known.captured:
            many = "line" if known.captured == 1 else "lines"
            _say(f"{known.captured:,} {many} of captures that another log holds too left out (see --keep-duplicates)")
    if logs.problems and not any(t.lines for t in logs.tallies.values()):
        raise NothingReadable("nothing could be read")


def _select(said: dict[str, Any]) -> Select:
    from logsleuth.entries.select import Select

    severity = said["severity"]
    select = Select(
        hosts=options.hosts_chosen(said["host"])[0],
        programs=said["program"],
        severity=None if severity is None else SEVERITIES.index(severity),
        grep=said["grep"],
        ignore_case=said["ignore_case"],
        invert=said["invert_match"],
    )
    select.check()
    return select


def _opened(paths: Sequence[str], said: dict[str, Any], *, quiet: bool) -> Logs:
    from logsleuth import home, pipeline

    told = options.settings(said["tz"], said["year"], options.hosts_chosen(said["host"])[1])
    stdin = sys.stdin.buffer if "-" in paths else None
    # What a first look at a file found is kept: where New Years lie in it, and what a packed one holds.
    shelf = None if said["no_cache"] else home.shelf(told.formats)
    logs = pipeline.open_paths(list(paths) or list(options.DEFAULT_PATHS), told, stdin, shelf)
    if not logs.opened.logs:
        if not quiet:
            _notes(logs)
        raise NothingReadable("nothing could be read")
    return logs


def _look(logs: Logs, color: str, output: str | None) -> Look:
    from logsleuth.render.entries import Look

    to_file = output not in {None, "-"}
    colored = options.colored(color) and not (to_file and color == "auto")
    aligned = color == "always" or (sys.stdout.isatty() and not to_file)
    return Look(logs.opened.settings.zone, aligned=aligned, color=colored)


def _sink(output: str | None, logs: Logs, *, paged: bool) -> AbstractContextManager[IO[bytes]]:
    if output is None or output == "-":
        return pager.paged(wanted=paged)
    inputs = [log.source.path.stat() for log in logs.opened.logs if log.source.path is not None]
    return pager.written(output, frozenset((s.st_dev, s.st_ino) for s in inputs))


def _check_binary(form: str, output: str | None, *, turned: bool) -> None:
    """Raise UsageError where a form that is no text cannot be written."""
    from logsleuth.errors import UsageError

    if output in {None, "-"} and _is_terminal():
        raise UsageError(f"--format {form} is not for a terminal: name a file with --output")
    if turned:
        raise UsageError(f"--format {form} is written in the order of time: sort it when it is read")


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _of_slices(
    logs: Logs, parts: Sequence[Slice], wanted: Select, writer: Callable[[], Writer], timed: Timed
) -> Iterator[memoryview]:
    from logsleuth.render.entries.sliced import Told, added, sliced

    for chunk in sliced(logs.opened.logs, parts, wanted, writer, logs.jobs):
        if isinstance(chunk, Told):
            logs.problems.extend(chunk.problems)
            logs.tallies.update(added(logs.tallies, chunk.tallies))
            timed.left_out += chunk.left_out
        else:
            yield chunk


def _chunks(
    found: Iterable[Merged], writer: Writer, limit: int | None, *, reverse: bool
) -> Iterator[bytes | memoryview]:
    from logsleuth.entries.select import head
    from logsleuth.render.entries import gathered

    yield writer.header
    if reverse:
        yield from _newest_first(found, writer, limit)
        yield writer.end()
        return
    for stretch in gathered(found if limit is None else head(found, limit)):
        yield writer.lines(stretch)
    yield writer.end()


def _newest_first(found: Iterable[Merged], writer: Writer, limit: int | None) -> Iterator[bytes | memoryview]:
    import tempfile

    from logsleuth.entries.select import tail, turned
    from logsleuth.render.entries import gathered

    if limit is not None:
        for stretch in reversed(list(gathered(tail(found, limit)))):
            yield writer.lines(turned(stretch))
        return
    # The newest entry is read last: what comes before it waits on the disk, not in memory.
    with tempfile.TemporaryFile() as waiting:
        sizes = [waiting.write(writer.lines(turned(stretch))) for stretch in gathered(found)]
        place = sum(sizes)
        for size in reversed(sizes):
            place -= size
            waiting.seek(place)
            yield waiting.read(size)


def _notes(logs: Logs) -> None:
    """What a reader has to know of how the logs were read."""
    from logsleuth.run import assumptions

    for skipped in dict.fromkeys([*logs.skipped, *logs.problems]):
        _say(f"{'read in part' if skipped.partial else 'skipped'} {skipped.name}: {skipped.reason}")
    assumed: dict[str, list[str]] = {}
    for one in logs.opened.assumptions:
        assumed.setdefault(one.text, []).append(one.about)
    for text, about in assumed.items():
        more = f" and {len(about) - _NAMED} more" if len(about) > _NAMED else ""
        _say(f"assumed: {text}" if about == ["zone"] else f"assumed for {', '.join(about[:_NAMED])}{more}: {text}")
    # A run adds what was seen while reading: stamps that run backwards.
    for one in assumptions(logs)[len(logs.opened.assumptions) :]:
        _say(f"{one.about}: {one.text}")


def _say(text: str) -> None:
    from logsleuth.safe import safe

    click.echo(f"logsleuth: {safe(text)}", err=True)
