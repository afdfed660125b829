"""Stamps that count from the boot, tied to the wall clock."""

from __future__ import annotations

from logsleuth.clock.model import Settings
from logsleuth.clock.survey import Survey
from logsleuth.report import Assumption


def booted(seen: Survey, settings: Settings, assumptions: list[Assumption]) -> int | None:
    """The boot from which a ring buffer's stamps count: its last line is taken to be as old as the file.

    None where they count from several boots, as in journalctl's short-monotonic: only one can be as old as the file.
    """
    if seen.format.stamp.relative and seen.last_uptime is not None:
        if seen.restarts:
            told = f"its stamps count from the boot, and it tells of {seen.restarts + 1} boots: its times are not known"
            assumptions.append(Assumption(seen.source.name, told))
            return None
        at = seen.source.mtime if seen.source.mtime is not None else settings.now
        assumptions.append(
            Assumption(
                seen.source.name,
                "its stamps count from the boot: its last line is put at the file's last change",
            )
        )
        return at - seen.last_uptime
    return None
