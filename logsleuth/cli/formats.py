"""`logsleuth formats`: which formats are known, whether one's own are right, how a file is read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logsleuth.cli import options
from logsleuth.errors import NothingReadable, UsageError

if TYPE_CHECKING:
    from logsleuth.formats import Format

_WIDTH = 80
_form = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the output."
)


@click.group(invoke_without_command=True)
@_form
@options.formats_option
@click.pass_context
def command(context: click.Context, form: str) -> None:
    """List the formats in which logs are read: name, who writes it, a sample.

    See docs/formats.md for how to describe one of your own.
    """
    if context.invoked_subcommand is None:
        click.echo(_listed(form), nl=False)


def _known() -> dict[str, Format]:
    """By name, in the order in which they are tried."""
    from logsleuth import home
    from logsleuth.formats import PLAIN, registry

    home.use_formats(options.formats_given())
    return {form.name: form for form in (*registry.tried(), PLAIN)}


def _listed(form: str) -> str:
    from logsleuth.render.formats import formats_json, formats_table

    known = list(_known().values())
    return formats_json(known) if form == "json" else formats_table(known, _WIDTH)


@command.command()
@click.argument("name")
@_form
@options.formats_option
def show(name: str, form: str) -> None:
    """A format: its samples, and the parts that they have."""
    from logsleuth.nodes import near
    from logsleuth.render.formats import formats_json, shown

    known = _known()
    if name not in known:
        raise UsageError(f"no format {name!r}{near(name, known)}")
    click.echo(formats_json([known[name]]) if form == "json" else shown(known[name]), nl=False)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def test(files: Sequence[Path]) -> None:
    """Check the formats in FILE against their samples, and say which others would read those too."""
    from logsleuth.errors import RuleError
    from logsleuth.formats import own
    from logsleuth.formats.own import trial
    from logsleuth.narrative import safe

    failed = 0
    for file in files:
        try:
            loaded = own.use([file])
        except RuleError as error:
            click.echo(safe(str(error)), err=True)
            failed += 1
            continue
        for one in loaded:
            wrong = trial.problems(one)
            for problem in wrong:
                click.echo(safe(problem))
            taken = trial.taken_for(one)
            if taken != one.format.name:
                click.echo(safe(f"{one.file}: a file of its samples is taken for {taken}"))
            failed += bool(wrong) or taken != one.format.name
            count = len(one.samples)
            click.echo(f"{one.format.name}: {count} sample{'s' * (count != 1)}, {len(wrong)} wrong")
            if others := trial.rivals(one):
                click.echo(f"  also read by: {', '.join(others)} (yours is tried first)")
    sys.exit(2 if failed else 0)


@command.command("try")
@options.paths_argument
@options.formats_option
@click.option("--lines", default=5, type=click.IntRange(0), show_default=True, help="How many lines to take apart.")
def try_(paths: tuple[str, ...], lines: int) -> None:
    """Which format reads each log in PATH, with its first lines taken apart, and the lines that have no stamp."""
    from logsleuth import pipeline
    from logsleuth.render.formats import tried

    if not paths:
        raise UsageError("name a file")
    logs = pipeline.open_paths(list(paths), options.settings(), options.standard_input(paths))
    for trial in pipeline.trials(logs, lines):
        click.echo(tried(trial), nl=False)
    from logsleuth.cli.report import say_skipped

    say_skipped([*logs.skipped, *logs.problems])
    if not logs.opened.logs:
        raise NothingReadable("nothing could be read")
