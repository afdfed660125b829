"""The command line."""
import click
from logsleuth.cli.rules import command as rules


@click.group()
def main() -> None:
    """Reads logs as evidence."""


main.add_command(rules, "rules")
