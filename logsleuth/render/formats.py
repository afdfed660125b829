"""Formats for a reader: the list, one with its samples, and how a file is read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from logsleuth.formats import Format
from logsleuth.formats.own.parts import Parts, parts
from logsleuth.narrative import safe
from logsleuth.render import leaves

if TYPE_CHECKING:
    from logsleuth.entries.trial import Trial

_FIELDS = ("time", "host", "program", "pid", "severity", "message")
_MOST = 10
"""So many of the lines without a stamp are shown."""


def formats_table(known: Sequence[Format], width: int) -> str:
    """A format in two or three lines: name and who writes it; a sample below."""
    column = max(len(form.name) for form in known) + 2
    out = []
    for form in known:
        about = textwrap.wrap(safe(form.about), width - column) or [""]
        out.append(f"{form.name:<{column}}{about[0]}")
        out += [" " * column + line for line in about[1:]]
        out.append(" " * column + _cut(_first_line(form.samples[0]), width - column))
    return "\n".join(out) + "\n"


def formats_json(known: Sequence[Format]) -> str:
    """A list of objects."""
    return leaves.dumps(
        [
            {
                "name": form.name,
                "about": form.about,
                "program": form.program or None,
                "kind": form.kind,
                "samples": [sample.decode("utf-8", "replace") for sample in form.samples],
            }
            for form in known
        ]
    )


def shown(form: Format) -> str:
    """One format with its samples and their parts."""
    out = [f"{form.name}: {safe(form.about)}"]
    if form.program:
        out.append(f"lines that name no program are {form.program}'s")
    for sample in form.samples:
        out += ["", *(safe(line) for line in sample.decode("utf-8", "replace").splitlines())]
        out += _fields(parts(form, sample))
    return "\n".join(out) + "\n"


def tried(trial: Trial) -> str:
    """How a file is read."""
    out = [f"{safe(trial.name)}: {trial.format}, {trial.read} of {trial.lines} lines begin an entry"]
    if len(trial.formats) > 1:
        out.append("  formats of its lines: " + ", ".join(f"{name} {count}" for name, count in trial.formats))
    for number, got in trial.first:
        out += [f"  line {number}", *_fields(got, "    ")]
    if trial.unread:
        out.append(f"  {trial.without} without a stamp, which go on the entry above them:")
        out += [f"    {number}: {_cut(safe(text), 70)}" for number, text in trial.unread[:_MOST]]
        if trial.without > _MOST:
            out.append(f"    and {trial.without - _MOST} more")
    return "\n".join(out) + "\n"


def _fields(got: Parts | None, indent: str = "  ") -> Iterable[str]:
    if got is None:
        return [f"{indent}no stamp"]
    return [f"{indent}{name:<9}{_cut(safe(getattr(got, name)), 100)}" for name in _FIELDS if getattr(got, name)]


def _first_line(sample: bytes) -> str:
    return safe(sample.decode("utf-8", "replace").splitlines()[0])


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
