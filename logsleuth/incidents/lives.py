"""The ledger of boots as the report's rows, and the share of time that each host was up."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.report import Availability, Boot, Bounds, Statement
from logsleuth.signs.boots import REASONS, Ledger, Life
from logsleuth.signs.model import Fact


def boots(book: Ledger, downs: Sequence[Fact]) -> list[Boot]:
    """Every life of every host, oldest first."""
    after = {(d.host, d.boot): d for d in downs}
    out = []
    for host, lives in sorted(book.lives.items()):
        for life in lives:
            down = after.get((host, life.number))
            out.append(_boot(life, len(lives), down))
    return out


def _boot(life: Life, count: int, down: Fact | None) -> Boot:
    how = "still up" if life.up else {"yes": "clean", "no": "unclean"}.get(life.clean, "unknown")
    times = None
    if down is not None:
        times = (int(down.fields.get("seconds_min", "0")) * 10**9, int(down.fields["seconds_max"]) * 10**9)
    last = life.last if life.last is not None else life.first
    end = Bounds(down.lo, down.hi) if down is not None else life.end
    return Boot(
        host=life.host,
        number=life.number - count + 1,
        start=life.start,
        first=life.first,
        seen=life.seen,
        end=end,
        last=last,
        how=how,  # type: ignore[arg-type]  # one of the four words above
        because=Statement(REASONS.get(life.reason, REASONS["unknown"]), {}, life.proof or (last,)),
        down=times,
    )


def availability(book: Ledger, downs: Sequence[Fact]) -> list[Availability]:
    """Share of the time between a host's first and last line that it was up, at least and at most."""
    out = []
    for host, lives in sorted(book.lives.items()):
        first, last = lives[0].first.time, lives[-1].last_time
        # Where no boot was seen, the logs need not be ones in which a boot would show.
        if first is None or last <= first or not any(life.seen for life in lives):
            continue
        window = last - first
        own = [d for d in downs if d.host == host]
        least = sum(int(d.fields.get("seconds_min", "0")) for d in own) * 10**9
        most = sum(int(d.fields["seconds_max"]) for d in own) * 10**9
        out.append(
            Availability(
                host,
                Bounds(first, last),
                1 - min(1.0, most / window),
                1 - min(1.0, least / window),
                boots=sum(life.seen for life in lives),
                unclean=sum(life.clean == "no" for life in lives[:-1]),
            )
        )
    return out
