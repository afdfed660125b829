"""`logsleuth cache`: what is kept of logs between runs."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """What explain and boots keep of the logs they read, so that another run reads only what is new.

    It quotes lines of the logs; only its owner can read it. It never grows beyond its limit: what was not used for
    longest leaves first.
    """


@command.command()
def info() -> None:
    """Where it lies, and how much it is."""
    from logsleuth import home

    folder = home.shelf()
    count, size = folder.sizes()
    click.echo(f"{folder.path}: {count:,} {'entry' if count == 1 else 'entries'}, {size / 1e6:,.1f} MB ", nl=False)
    click.echo(f"of at most {folder.most / 1e6:,.0f} MB")


@command.command()
def clear() -> None:
    """Take all of it away."""
    from logsleuth import home

    folder = home.shelf()
    count, size = folder.sizes()
    folder.clear()
    click.echo(f"{count:,} {'entry' if count == 1 else 'entries'} taken away, {size / 1e6:,.1f} MB")
