"""Catalogues of sentences as translators' tools keep them: gettext PO files, of which this reads and writes text.

Format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html. Of it there are contexts, sentences, what
they become, and the flag `fuzzy`; no plurals (a number changes the words around it, see `sentence.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from logsleuth.errors import LogsleuthError

_KEYWORD = re.compile(r'(msgctxt|msgid|msgstr)\s+(?=")')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*')
_ESCAPE = re.compile(r"\\(.)")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}


class Entry(NamedTuple):
    """One sentence: where it belongs, in English, and in the language of the file (empty: not yet)."""

    context: str
    source: str
    said: str = ""
    fuzzy: bool = False
    """The English sentence has changed since; it is not said until somebody has looked."""
    before: str = ""
    """What the English sentence was when it was translated."""
    notes: tuple[str, ...] = ()
    """Translators' own comments."""


def parse(text: str, name: str) -> list[Entry]:
    """The entries of a file but its header; raises LogsleuthError with the place of what cannot be read."""
    out: list[Entry] = []
    for first, block in _blocks(text):
        entry = _entry(block, name, first)
        if entry is not None:
            out.append(entry)
    return out


def write(entries: Iterable[Entry], language: str) -> str:
    """A whole file; equal entries give equal bytes."""
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    )
    return "\n".join([head, *(_written(entry) for entry in entries)])


def _written(entry: Entry) -> str:
    lines = [f"# {note}".rstrip() for note in entry.notes]
    if entry.fuzzy:
        lines.append("#, fuzzy")
    if entry.before:
        lines.append(f"#| msgid {_quoted(entry.before)}")
    lines += [f"{key} {_quoted(text)}" for key, text in zip(("msgctxt", "msgid", "msgstr"), entry[:3], strict=True)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first."""
    block: list[str] = []
    lines = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield number - len(block), block
            block = []


def _entry(block: list[str], name: str, first: int) -> Entry | None:
    parts: dict[str, str] = {}
    notes: list[str] = []
    fuzzy, before, key = False, "", ""
    for number, line in enumerate(block, first):
        if line.startswith("#"):
            if line.startswith("#,"):
                fuzzy = "fuzzy" in line
            elif line.startswith("#| msgid "):
                before = _text(line.removeprefix("#| msgid "), name, number)
            elif line == "#" or line.startswith("# "):
                notes.append(line[2:])
            continue
        keyword = _KEYWORD.match(line)
        if keyword is not None:
            key = keyword[1]
            if key in parts:
                raise LogsleuthError(f"{name}:{number}: a second {key}; put an empty line between two entries")
            parts[key] = ""
        elif not key or not line.startswith('"'):
            raise LogsleuthError(f'{name}:{number}: expected msgctxt, msgid, msgstr or a "text"')
        parts[key] += _text(line[keyword.end() :] if keyword else line, name, number)
    if not parts.get("msgid"):
        return None
    if "msgstr" not in parts:
        raise LogsleuthError(f"{name}:{first}: msgstr is missing")
    return Entry(parts.get("msgctxt", ""), parts["msgid"], parts["msgstr"], fuzzy, before, tuple(notes))


def _text(quoted: str, name: str, number: int) -> str:
    match = _QUOTED.fullmatch(quoted)
    if match is None:
        raise LogsleuthError(f"{name}:{number}: the text is not closed by a quote, or holds one without a backslash")
    return _ESCAPE.sub(lambda m: _PLAIN.get(m[1], m[1]), match[1])
