"""`logsleuth rules`: look at the rules, check them, run their samples."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from logsleuth.errors import UsageError


@click.group()
def command() -> None:
    """Look at the rules, check rule files, and run the samples in them."""


@command.command("list")
def list_rules() -> None:
    """A line for each rule: id, cause, title."""
    from logsleuth.home import rule_set

    rules = rule_set()
    width = max(len(name) for name in rules.rules)
    for rule in sorted(rules.rules.values(), key=lambda r: (r.cause, r.id)):
        click.echo(f"{rule.id:{width}}  {rule.cause:22}  {rule.title}")


@command.command()
@click.argument("rule_id")
def show(rule_id: str) -> None:
    """A rule as it stands in its file."""
    from logsleuth.home import rule_set
    from logsleuth.nodes import near
    from logsleuth.rules.load import source_of

    rules = rule_set()
    if rule_id not in rules.rules:
        raise UsageError(f"no rule {rule_id!r}{near(rule_id, rules.rules)}")
    rule = rules.rules[rule_id]
    click.echo(f"# {rule.file}:{rule.line}")
    click.echo(source_of(rule))


@command.command()
def schema() -> None:
    """The JSON Schema of rule files, for editors."""
    from logsleuth.rules.schema import shipped

    click.echo(shipped(), nl=False)


@command.command()
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a new file.")
def new(name: str, output: Path | None) -> None:
    """A rule file to begin with, its rule called NAME."""
    from logsleuth.rules.starter import starter

    text = starter(name)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{output} is there already; choose another name") from None
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from None


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def lint(files: Sequence[Path]) -> None:
    """Check rule files (default: the shipped ones and your own)."""
    _, errors = _load(files)
    for error in errors:
        click.echo(str(error), err=True)
    sys.exit(2 if errors else 0)


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rule", "only", help="Only the samples of this rule.")
@click.option("--mutate", is_flag=True, help="Also drop each clause of each rule: some sample has to notice.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each sample, passed ones too.")
def test(files: Sequence[Path], only: str | None, mutate: bool, verbose: bool) -> None:
    """Run the samples in rule files (default: all)."""
    from logsleuth.rules.sigma_documents import DETECTION
    from logsleuth.rules.trial import run

    rules, errors = _load(files)
    for error in errors:
        click.echo(str(error), err=True)
    names = {str(f.resolve()) for f in files}
    chosen = [s for s in rules.samples if (not files or _full(s.file) in names) and (only is None or only in s.rules)]
    failed = 0
    for sample, problems in run(rules, chosen):
        failed += bool(problems)
        if problems or verbose:
            click.echo(f"{'FAIL' if problems else 'ok  '} {sample.file}:{sample.line} {sample.name}")
        for problem in problems:
            click.echo(f"     {problem}")
    # Sigma files have no place for samples.
    own = [r for r in rules.rules.values() if r.cause != DETECTION]
    untested = [r for r in own if not files or _full(r.file) in names]
    for rule in untested:
        expected = {s.expect for s in rules.samples if rule.id in s.rules}
        if not expected - {"none"} or not expected & {"none", "possible", "ruled out", "probable"}:
            click.echo(f"note {rule.file}:{rule.line} {rule.id}: needs a sample in which it holds and one in which not")
    if mutate:
        from logsleuth.rules.mutate import survivors

        wanted = [r.id for r in untested if only is None or r.id == only]
        for rule, what in survivors(rules, wanted):
            failed += 1
            click.echo(f"{rule.file}:{rule.line}: {rule.id}: no sample notices when this is dropped: {what}")
    click.echo(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 2 if errors else 0)


@command.command()
@click.argument("language")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write or renew DIR/LANGUAGE/*.po, keeping what is translated; and DIR/LANGUAGE.toml where there is none.",
)
def translate(language: str, folder: Path | None) -> None:
    """What of the rules is told in LANGUAGE (a code such as ja), and files for translators; see docs/translating.md."""
    from logsleuth.narrative import desk

    try:
        for line in desk.told(language) if folder is None else desk.written(language, folder):
            click.echo(line)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from None


def _full(name: str) -> str:
    from logsleuth.rules import load

    shipped = Path(load.__file__).resolve().parent.parent
    return str((shipped / name).resolve()) if name.startswith("knowledge/") else str(Path(name).resolve())


def _load(files: Sequence[Path]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from logsleuth.home import user_rules
    from logsleuth.rules import load

    known = {_full(name) for name, _ in load.shipped()}
    extra = [f for f in files if str(f.resolve()) not in known]
    return load.forgiving([*load.shipped(), *load.from_paths(user_rules()), *load.from_paths(extra)])
