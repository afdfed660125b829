"""The command line: the commands by name, and what becomes of errors."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import Any

import click

from logsleuth import __version__
from logsleuth.errors import LogsleuthError, NothingReadable

# OpenBLAS starts a thread for each core when numpy is imported; nothing here multiplies matrices.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    # A module with a `command`, imported when it is called for; and its line in --help.
    "timeline": ("logsleuth.cli.timeline", "What happened, in order, across all logs."),
    "explain": ("logsleuth.cli.explain", "What went wrong and why, in sentences that cite their lines."),
    "show": ("logsleuth.cli.show", "A saved report in any other form, without the logs."),
    "watch": ("logsleuth.cli.watch", "Incidents as they happen: follow logs that grow."),
    "boots": ("logsleuth.cli.boots", "When each host was up, and how each boot ended."),
    "sources": ("logsleuth.cli.sources", "Which logs were found, and what was assumed to read them."),
    "cache": ("logsleuth.cli.cache", "What is kept between runs: how much, and away with it."),
    "formats": ("logsleuth.cli.formats", "List the formats, check your own, see how a file is read."),
    "rules": ("logsleuth.cli.rules", "List, show, check and test the rules."),
}

USAGE, NOTHING_READ, INTERRUPTED = 2, 3, 130


class Commands(click.Group):
    """The group of all commands, none of which is imported before it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"no command {name!r}; there are {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (LogsleuthError, KeyboardInterrupt, OSError) as error:
            ctx.exit(ended(error))
        return result


def ended(error: BaseException) -> int:
    """The exit status of a run that ends with this, after a word where one is due. Raises what nobody expects."""
    if isinstance(error, LogsleuthError):
        click.echo(f"logsleuth: {error}", err=True)
        return NOTHING_READ if isinstance(error, NothingReadable) else USAGE
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if not isinstance(error, OSError) or error.errno not in {errno.EPIPE, errno.ENOSPC}:
        raise error
    # What is still buffered is to go nowhere, or Python complains about it at its exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if error.errno == errno.EPIPE:
        return 0
    click.echo(f"logsleuth: cannot write: {error.strerror}", err=True)
    return USAGE


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="logsleuth", message="%(prog)s %(version)s")
def main() -> None:
    """Reads a machine's logs as evidence: what happened, in which order, and what explains what.

    Logs are read, never written to. Exit codes: 0 done, 1 an incident (explain --exit-code), 2 wrong usage,
    a faulty rule or an output that cannot be written, 3 nothing could be read, 130 interrupted.
    """
