"""`--compare`, which may stand alone or with a word behind it."""

from __future__ import annotations

import os

import click

from logsleuth.cli.options import F


class Comparing(click.Command):
    """A command with --compare: a path behind that is a path, a word for the option is the option's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        out: list[str] = []
        for n, word in enumerate(args):
            if word == "--":
                out += args[n:]
                break
            out.append("--compare=auto" if word == "--compare" and not _meant(args[n + 1 : n + 2]) else word)
        return super().parse_args(ctx, out)


def _meant(words: list[str]) -> bool:
    from logsleuth.incidents.compare.asked import WORDS, is_asked

    return bool(words) and (words[0] in WORDS or (not os.path.lexists(words[0]) and is_asked(words[0])))


def compare_option(command: F) -> F:
    """--compare."""
    option = click.option(
        "--compare",
        metavar="[boot|day|FROM..TO]",
        help="Tell what changed: new kinds of lines, what is missing, rates, versions. The last boot against the one "
        "before; the last day (or --since to --until) against the same hours of the day before; or against a window. "
        "Alone: the boot if it is at most a day older than the incident, else the day.",
    )
    return option(command)
