"""What the clock is told, and what it hands on."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from pathlib import Path

from logsleuth.clock.offsets import UNKNOWN, Offsets
from logsleuth.clock.twins import Twins
from logsleuth.clock.years import Years
from logsleuth.formats import Format
from logsleuth.records import dataclass
from logsleuth.report import Assumption, Skipped
from logsleuth.sources import Source


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user said of time and hosts, and what this machine adds."""

    zone: dt.tzinfo
    """For stamps that name none."""
    zone_said: str
    """The zone's name and who named it: 'Asia/Tokyo (--tz)'."""
    now: int
    """UTC nanoseconds."""
    zone_given: bool = False
    """The user named the zone; otherwise what a machine's own stamps name goes before it."""
    zones: dict[str, dt.tzinfo] = field(default_factory=dict)
    """Zones of single hosts, files and folders: 'gate', 'gate/auth.log', 'auth.log', 'gate'."""
    formats: tuple[Path, ...] = ()
    """Files of the user's formats."""
    year: int | None = None
    """Year of the newest line of every file whose stamps name none."""
    hosts: dict[str, str] = field(default_factory=dict)
    """Folder or file to the name of the host it comes from."""


@dataclass(slots=True)
class Log:
    """A source, and how to read its lines."""

    index: int
    source: Source
    format: Format
    machine: str
    """The folder that holds the logs of one machine."""
    host: str
    """For lines that name none; empty if nothing tells."""
    offsets: Offsets
    years: Years | None
    """Of its lines without a year; None where the first look met none such."""
    boots: tuple[tuple[int, int], ...] = ()
    """Where its stamps count from boots: offset in the file and UTC nanoseconds of each, UNKNOWN where not told."""
    written: int = 0
    """UTC nanoseconds of the file's last change; of now, where nothing tells it."""
    marks: tuple[tuple[int, int], ...] = ()
    """As `Survey.marks`: where a reader may begin in the middle."""
    twins: Twins | None = field(default=None, repr=False, compare=False)
    """Where its lines have no stamps: when those of them were written that a stamped log holds too."""
    places: tuple[tuple[int, int], ...] | None = field(default=None, repr=False, compare=False)
    """Where `entries.window` found stamps, offset and UTC nanoseconds; None before it looked."""
    counted: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """Line feeds before some offsets, as far as they were counted."""

    @property
    def booted(self) -> int | None:
        """UTC nanoseconds of the last boot from which its stamps count, if they do and it is known."""
        return self.boots[-1][1] if self.boots and self.boots[-1][1] != UNKNOWN else None

    @property
    def name(self) -> str:
        """As every output shows it."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Opened:
    """All logs, in the order of their streams and oldest first in each."""

    logs: tuple[Log, ...]
    skipped: tuple[Skipped, ...]
    assumptions: tuple[Assumption, ...]
    settings: Settings
    until: int | None = None
    """UTC nanoseconds: a run from then on may choose other years. None: none ever does."""
