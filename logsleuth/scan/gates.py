r"""What a line must hold to be worth a close look by a pattern that is dear to look for everywhere.

`(?:cannot|could not) open \S+.*: No such file` costs a scanner something at every byte of a log; that one of two words
stands on a line is cheap to see, and the pattern itself is then tried on those lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from logsleuth.scan.core import bits_of, branches, closing, inside, pieces, tells
from logsleuth.scan.literals import sets_of

_WORDS = (
    "accepted address and been client close closed cmd code command connect connected connection connections "
    "cron daemon data date debug dhcprequest disconnect disconnected event file for from get has have host http "
    "https info init into kernel level line link load local log logged login mail main message mode module name "
    "new not notice open opened option options pam password path pid port post process query received remote "
    "request response root running script server service session sessions set size ssh sshd start started "
    "starting state status success successful successfully systemd the this time uid unit update user users "
    "value version was with zone dev rip lip"
)
_EVERYWHERE = frozenset(_WORDS.split(" "))
"""Words that a tenth of a log's lines may hold: to look closely at so many would cost what it saves."""
_OFTEN = (
    *_EVERYWHERE,
    *("block", "changed", "clock", "completed", "device", "devices", "disk", "ended", "exist", "exited", "extended"),
    *("finished", "found", "limit", "locked", "removed", "reset", "returned", "ssl", "stopped", "stopping", "support"),
    *("suspended", "tls"),
)
"""Words that some of a hundred lines hold; a text that is a part of one stands in them too."""
_TROUBLE = (
    *("fail", "error", "cannot", "can't", "could not", "unable", "invalid", "denied", "refused", "timed out"),
    *("timeout", "corrupt", "exceed", "expired", "terminated", "killed", "unknown", "fault", "wrong", "panic"),
    *("missing", "crash", "mismatch", "unreachable", "already", "lost", "full", "degraded", "abort", "fatal"),
    *("not responding", "not found", "couldn't", "no such", "too many", " down", "reset", "offline", "unexpected"),
    *("illegal", "incorrect", "exception", "critical", "exhausted", "dead", "stale", "backwards", "detected", "errno"),
    *("battery", "firmware", "controller", "certificate", "lookup", "no space", "not valid", "must be", "reboot"),
    *("required", "sense", "btrfs", "power", "reachable", "answer", "not allowed", "rejected", "limit"),
    *("ignor", "disappear", "disabled", "expect", "warning", "corrected", "threshold"),
)
"""Words that thousands of texts hold and few lines of a healthy log."""
_LOOSE = re.compile(r"(?<!\\)[*+?}]$")
_AROUND = re.compile(r"\(\?<?[=!]")
"""A look around is dear, and not every scanner takes it."""
_WORD = re.compile(r"[a-z]+")
_SHORTEST = 3
_LEAST = 28
"""Bits that a part must tell which is more than a choice of texts."""
LONG = 7
"""Characters of a text that costs a scanner little."""
_MOST = 150
"""Texts of a gate."""


def _not_everywhere(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in _EVERYWHERE


def _seldom(word: str) -> bool:
    return len(word) >= _SHORTEST and not any(word in often for often in _OFTEN)


def gate_of_text(text: str) -> str | None:
    """A word of trouble that a text holds, if any."""
    lower = text.lower()
    return next((word for word in _TROUBLE if word in lower), None)


def well_gated(regex: str) -> bool:
    """Whether the gates of a pattern are words of trouble, which are looked for in any case, or long and rare."""
    found = gates(regex)
    return found is not None and all(
        any(all(map(_cheap, texts)) for texts in sets_of(parser.parse(gate))) for gate in found
    )


def _cheap(text: str) -> bool:
    words = _WORD.findall(text.lower())
    return gate_of_text(text) is not None or (len(text) >= LONG and any(map(_seldom, words)))


def gates(regex: str) -> tuple[str, ...] | None:
    """Patterns one of which stands on each line that a regex matches, all of them cheap; None where none are known."""
    forms = branches(regex)
    if len(forms) > 1:
        each = [gates(form) for form in forms]
        return None if None in each else tuple(dict.fromkeys(g for some in each for g in some or ()))
    parts = pieces(regex)
    if parts is None:
        return None
    found: list[tuple[str, ...]] = [(_cut(run),) for run in _runs(parts) if _telling("".join(run))]
    for part in parts:
        alone = part.startswith("(") and closing(part, 0) == len(part)
        inner = inside(part) if alone and tells(part)[1] else None
        some = gates(inner) if inner is not None else None
        if some is not None:
            found.append(some)
    return max(found, key=_worth, default=None)


def _runs(parts: list[str]) -> list[list[str]]:
    """Neighbours without a wide repeat."""
    runs: list[list[str]] = [[]]
    for part in parts:
        if tells(part)[1]:
            runs.append([])
        else:
            runs[-1].append(part)
    return [r for r in runs if r]


def _cut(run: list[str]) -> str:
    """A run without what may be missing or repeated at its ends: a scanner tells of each place where it can end."""
    begin, end = 0, len(run)
    while end - begin > 1 and _LOOSE.search(run[end - 1]) and _telling("".join(run[begin : end - 1])):
        end -= 1
    while end - begin > 1 and _LOOSE.search(run[begin]) and _telling("".join(run[begin + 1 : end])):
        begin += 1
    return "".join(run[begin:end])


def _worth(some: tuple[str, ...]) -> tuple[bool, float, int]:
    """What holds no word that is often seen comes first, then what tells more."""
    return all(_telling(g, _seldom) for g in some), min(tells(g)[0] for g in some), -len(some)


def _telling(run: str, few: Callable[[str], bool] = _not_everywhere) -> bool:
    if _AROUND.search(run):
        return False
    try:
        return _rare(parser.parse(run), few)
    except (re.error, RecursionError, OverflowError):
        return False


def _rare(tree: Any, few: Callable[[str], bool]) -> bool:
    """What a sequence matches stands in few lines, as the words of its texts do."""
    sets = sets_of(tree)
    if any(len(texts) <= _MOST and all(any(map(few, _WORD.findall(t.lower()))) for t in texts) for texts in sets):
        return True
    for op, value in tree:
        if op is sre.SUBPATTERN and _rare(value[-1], few):
            return True
        if op is sre.BRANCH and all(_rare(branch, few) for branch in value[1]):
            return True
    # No texts to speak of, but classes that tell as much: `F\d{4} \d`.
    return all(min(map(len, texts)) <= _SHORTEST for texts in sets) and bits_of(tree)[0] >= _LEAST
