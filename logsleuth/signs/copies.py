"""One fact for a line that several files of a host hold: syslog, messages and kern.log; the journal and its text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from logsleuth.entries.copies import LATE, NEAR
from logsleuth.signs.model import Fact

_UPTIME = re.compile(r"\[ *\d+\.\d{6}\] ?")
"""Kept by some before the kernel's messages, by the journal never."""


_KERNELS = frozenset({"kernel", "bsd", "netbsd", "unix", "genunix"})


def merge_copies(facts: list[Fact], stores: Collection[int] = (), captures: Collection[int] = ()) -> list[Fact]:
    """Each line once, as the first file that holds it has it; `stores` are the logs that take messages at first hand.

    In `captures` lines without a stamp are the kernel's, whatever they begin with: a log that stamped one is cited
    before them.

    A line that one file holds several times stands as often in the others: each is a copy of one at most.
    """
    groups: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for i, fact in enumerate(facts):
        if fact.timed:
            text = _UPTIME.sub("", fact.text, count=1) if fact.text.startswith("[") else fact.text
            program = fact.program
            if captures and fact.log in captures and fact.lines[0].text.startswith(program):
                program, text = "kernel", fact.lines[0].text
            elif captures and program in _KERNELS:
                program = "kernel"
            groups[fact.type, fact.host, program, text.strip()].append(i)
    copies: set[int] = set()
    for group in groups.values():
        if len({facts[i].log for i in group}) > 1:
            copies.update(_copies(facts, sorted(group, key=lambda i: facts[i].log in captures), stores))
    return [fact for i, fact in enumerate(facts) if i not in copies]


def _copies(facts: list[Fact], group: list[int], stores: Collection[int]) -> set[int]:
    """Of facts with one text, those that are copies of others in earlier logs."""
    by_log: dict[int, list[int]] = defaultdict(list)
    for i in group:
        by_log[facts[i].log].append(i)
    found: set[int] = set()
    kept: list[int] = []
    for log, own in by_log.items():
        own.sort(key=lambda i: facts[i].lo)
        left, free = own, kept
        for reach in (NEAR, LATE):
            if reach == LATE:
                free = [i for i in free if (facts[i].log in stores) != (log in stores)]
            left, free = _paired(facts, left, free, reach)
        found.update(set(own) - set(left))
        kept = sorted([*kept, *left], key=lambda i: facts[i].lo)
    return found


def _paired(facts: list[Fact], some: list[int], others: list[int], reach: int) -> tuple[list[int], list[int]]:
    """What is left of two lists in the order of time when those within `reach` of each other have been paired."""
    left: list[int] = []
    free: list[int] = []
    at = 0
    for i in some:
        fact = facts[i]
        while at < len(others) and facts[others[at]].lo < fact.lo - reach:
            free.append(others[at])
            at += 1
        if at < len(others) and facts[others[at]].lo <= fact.lo + reach and _one_process(fact, facts[others[at]]):
            at += 1
        else:
            left.append(i)
    return left, free + others[at:]


def _one_process(one: Fact, other: Fact) -> bool:
    """The journal knows the process id of every message, a text only where the program gave it."""
    return one.pid == other.pid or -1 in {one.pid, other.pid}
