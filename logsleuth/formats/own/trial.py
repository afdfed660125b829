"""The samples of a user's format: against what is said of them, and against the other formats."""

from __future__ import annotations

from logsleuth.formats import registry
from logsleuth.formats.own.load import OwnFormat
from logsleuth.formats.own.parts import parts
from logsleuth.formats.split import recognize


def problems(own: OwnFormat) -> list[str]:
    """What is wrong with its samples, a line each: `file:line: format: what`."""
    out = []
    for sample in own.samples:
        got = parts(own.format, sample.line)
        place = f"{own.file}:{sample.at}: {own.format.name}"
        if got is None:
            out.append(f"{place}: its stamp is not found")
            continue
        for key, said in sample.expected.items():
            have = str(getattr(got, key))
            wanted = said.replace("T", " ") if key == "time" else said
            if have != wanted:
                out.append(f"{place}: {key} is {have!r}, not {wanted!r}")
    return out


def rivals(own: OwnFormat) -> list[str]:
    """Names of the other formats that find a stamp in every sample, in the order in which they are tried."""
    out = []
    for form in registry.tried():
        if form is not own.format and form.stamp.first_bytes and form.name != own.format.name:
            read = [parts(form, sample.line) is not None for sample in own.samples]
            if all(read):
                out.append(form.name)
    return out


def taken_for(own: OwnFormat) -> str:
    """The format that a file of its samples is taken for."""
    return recognize(b"\n".join(sample.line for sample in own.samples) + b"\n")[0].name
