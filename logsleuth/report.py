"""Leaf types that every later stage hands on: what was said, how surely, and by which lines."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from logsleuth.records import dataclass

FORMAT_VERSION = 1
"""Version of the JSON that `explain --format json` prints; raised when a field changes its meaning."""

Confidence = Literal["confirmed", "probable", "possible", "ruled out"]
CONFIDENCE: tuple[Confidence, ...] = ("ruled out", "possible", "probable", "confirmed")
"""The four words, weakest first."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was found but not (wholly) read."""

    name: str
    """As the user would name it: a path, or an archive's path with the member's name below it."""
    reason: str
    """A clear sentence fragment: "permission denied", "gzip ends early after 12,345 bytes"."""
    partial: bool = False
    """Part of it was read."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that no line states and the times or the story rest on."""

    about: str
    """A file, a host, or the whole run."""
    text: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """An instant known to lie in [earliest, latest], UTC nanoseconds; None where that side is open."""

    earliest: int | None
    latest: int | None

    @property
    def exact(self) -> bool:
        """Both sides are known and less than two seconds apart (a second's stamp and its neighbour)."""
        if self.earliest is None or self.latest is None:
            return False
        return self.latest - self.earliest < 2_000_000_000


UNKNOWN = Bounds(None, None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of a log that shows something."""

    file: str
    line: int
    """Counted from 1, in the unpacked file."""
    text: str
    """The whole line as it stands in the file, without its end; invalid UTF-8 replaced."""
    time: int | None = None
    """UTC nanoseconds, None where the line's time is unknown."""

    @property
    def where(self) -> str:
        """The reference that a reader can look up: `file:line`."""
        return f"{self.file}:{self.line}"


Value = str | int | Bounds | None
"""What a narrative's placeholder may hold: text, a number, or an instant with bounds."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence before it is put into words: a template, its values, and the lines that back it."""

    template: str
    values: dict[str, Value]
    evidence: tuple[Evidence, ...]
    side: Literal["for", "against", "note"] = "note"
    rule: str = field(default="", compare=False)
    """Whose sentence it is: two rules that say the same in English may not in another language."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault (or its effect) that a rule found, with what speaks for and against it."""

    id: str
    """Stable for the same logs: rule, host and first evidence line."""
    rule: str
    cause: str
    """A slug of the cause vocabulary."""
    kind: Literal["fault", "symptom", "harmless"]
    """A symptom says that something failed, not why; what is harmless is no incident."""
    confidence: Confidence
    host: str
    title: Statement
    narrative: tuple[Statement, ...]
    reasons: tuple[Statement, ...]
    """What speaks for and against (side), each with its own lines."""
    remedy: Statement | None
    settle: Statement | None
    """What to look at next: what would settle the doubt that is left."""
    evidence: tuple[Evidence, ...]
    """Every line the finding rests on, in order, without repeats."""
    start: Bounds
    end: Bounds


SAME_LINE = "the same line tells of both"
"""Why one finding explains another that is no more than a second reading of its line."""
SAME_MESSAGE = "the same message stands in another log"
"""Why one finding explains another that rests on a copy of its line: a daemon's own log and what its starter kept."""


@dataclass(frozen=True, slots=True)
class Link:
    """`cause` explains `effect` (ids of findings); `why` is a sentence."""

    cause: str
    effect: str
    why: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage: findings that hang together, root causes first."""

    id: str
    hosts: tuple[str, ...]
    causes: tuple[Finding, ...]
    """Root causes, most credible first: nothing else in the logs explains them."""
    effects: tuple[Finding, ...]
    links: tuple[Link, ...]
    start: Bounds
    end: Bounds

    def within(self, since: int | None, until: int | None) -> bool:
        """Any of it can lie in a window; one at an unknown time always does."""
        start = self.start.earliest
        end = self.end.latest if self.end.latest is not None else self.start.latest
        return (until is None or start is None or start <= until) and (since is None or end is None or end >= since)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind that no rule used."""

    pattern: str
    """The text with its variable parts masked."""
    count: int
    first: Evidence
    last: Evidence
    severity: str
    program: str
    new: bool = False
    """No such line stood in the logs before the incidents, or before the window asked for."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """One row of the table of sources."""

    file: str
    stream: str
    """The file that this one was rotated out of; its own name otherwise."""
    host: str
    format: str
    lines: int
    entries: int
    first: int | None
    last: int | None
    backwards: int
    """How often a stamp ran backwards."""
    sha256: str = ""
    """Of the file's bytes as they lie there, packed or not; empty where it was not taken or could not be."""


@dataclass(frozen=True, slots=True)
class Boot:
    """One life of a host, from its first line to how it ended."""

    host: str
    number: int
    """0 for the newest, -1 for the one before it, as `journalctl -b` counts."""
    start: Bounds
    first: Evidence
    """The first line of this boot; of the log, where it begins while the host is up."""
    seen: bool
    """The boot itself was seen (False: the log begins while the host is up)."""
    end: Bounds
    last: Evidence
    """The last sign of life."""
    how: Literal["clean", "unclean", "still up", "unknown"]
    because: Statement
    down: tuple[int, int] | None
    """Shortest and longest down-time after it, nanoseconds; None for the last boot."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Share of the window that a host was up: lower and upper bound, 0 to 1."""

    host: str
    window: Bounds
    least: float
    most: float
    boots: int
    unclean: int


Sort = Literal["version", "package", "silent", "new", "gone", "rate"]
SORTS: tuple[Sort, ...] = ("version", "package", "silent", "new", "gone", "rate")
"""What can differ between two windows, the most telling first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two windows of time."""

    sort: Sort
    """`silent`: a program of which nothing came any more; `gone`: a kind of line."""
    program: str
    pattern: str
    """The text with its variable parts masked; of a version, what stands now; empty for a program as a whole."""
    severity: str
    """`error`, `warning` or `notice`."""
    counts: tuple[int, int]
    """Lines before and after."""
    lengths: tuple[int, int]
    """Nanoseconds, before and after, in which the log was being written."""
    lines: tuple[Evidence, ...]
    at_boot: bool = False
    """Its lines are those of a boot: how many there are in an hour means nothing."""
    earlier: bool = False
    """Such lines stood in the logs, but before both windows."""
    former: str = ""
    """Of a version, what stood there before."""


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A log that does not reach over both windows."""

    file: str
    """The name of its stream."""
    first: int | None
    """UTC nanoseconds of its first line that is left."""
    last: int | None


WHY_NOT: tuple[str, ...] = (
    *("one_boot", "first_boot", "no_boot", "short", "overlap", "no_earlier", "no_logs", "few", "undated", "requests"),
)
"""Why two times cannot be compared."""
COMPARED_NOTES = ("boots", "cut", "crowded")
"""What bounds a comparison."""
By = Literal["boot", "day", "window"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs on one host between a window of time and an earlier one."""

    host: str
    by: By
    """What the windows are: two boots, the same hours of other days, an earlier window that was asked for."""
    before: Bounds
    after: Bounds
    why_not: str
    """One of WHY_NOT; empty where there is something to compare with."""
    differences: tuple[Difference, ...]
    """The most telling first."""
    left_out: tuple[int, ...]
    """How many more there are of each of SORTS."""
    uncompared: tuple[Uncompared, ...]
    notes: tuple[str, ...] = ()
    """Of COMPARED_NOTES."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `explain` found; a renderer needs nothing else."""

    incidents: tuple[Incident, ...]
    set_aside: tuple[Finding, ...]
    """Findings that stand for themselves and are no fault (an orderly reboot), and those ruled out."""
    unexplained: tuple[Group, ...]
    boots: tuple[Boot, ...]
    availability: tuple[Availability, ...]
    files: tuple[FileRead, ...]
    assumptions: tuple[Assumption, ...]
    skipped: tuple[Skipped, ...]
    window: Bounds
    """First and last time among the lines read."""
    told: Bounds
    """The window asked for with --since and --until; open sides where none was given."""
    zone: str
    """IANA name or offset in which times are to be shown."""
    version: str
    command: str = ""
    hidden: int = 0
    """Incidents that lie outside the window asked for."""
    notes: tuple[str, ...] = field(default=())
    changes: tuple[Evidence, ...] = ()
    """What somebody changed in the days before the incidents and during them: commands, packages."""
    digested: bool = False
    """Digests of the files were asked for: a row without one could not be read to its end again."""
    compared: tuple[Comparison, ...] = ()
    """What differs from an earlier time, host by host; empty unless it was asked for."""
