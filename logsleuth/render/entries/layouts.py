"""What other tools call the kinds of lines that formats and stores read."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from logsleuth.formats import sysline
from logsleuth.formats.model import Format
from logsleuth.formats.registry import ALL
from logsleuth.render.entries.part import Part
from logsleuth.render.entries.pool import Pool
from logsleuth.render.entries.row import Token, one_of

_OF_STORES = {
    "systemd journal": "systemd:journal",
    "journal export": "systemd:journal",
    "journal verbose": "systemd:journal",
    "login records": "linux:utmp:event",
    "FreeBSD login records": "linux:utmp:event",
    "Apple System Log": "macos:asl:entry",
}
_OF_FORMATS = {
    "access": "apache:access_log:entry",
    "audit": "selinux:line",
    "dpkg": "linux:dpkg_log:entry",
    "journal-json": "systemd:journal",
    "w3c-extended": "iis:log:line",
    "bash-history": "bash:history:entry",
    "zsh-history": "shell:zsh:history",
    "fish-history": "fish:history:entry",
    "viminfo": "viminfo:history",
    "popularity-contest": "linux:popularity_contest_log:session",
    "snort": "snort:fastlog:alert",
    "snort-year": "snort:fastlog:alert",
}


def data_type(pool: Pool, part: Part) -> Token:
    """Plaso's `data_type` (plaso/data/timeliner.yaml), which Timesketch's analyzers ask for.

    `logsleuth:FORMAT` where Plaso knows none.
    """
    store = _OF_STORES.get(part.log.source.store)
    return store.encode() if store else one_of(pool, part.layout, _data_types(len(ALL)))


def format_name(pool: Pool, part: Part) -> Token:
    """The name of the format that `logsleuth formats` lists, or of the store."""
    store = part.log.source.store
    return store.encode() if store else one_of(pool, part.layout, _names(len(ALL)))


def zone(pool: Pool, part: Part, before: bytes, after: bytes) -> Token:
    """Where stamps name no zone, the one in which they were read: an IANA name, or the offset."""
    said = _zone(part.log.offsets.zone)
    text = before + said + after if said else b""
    return one_of(pool, part.layout, [text if silent else b"" for silent in _zoneless(len(ALL))])


def _zone(zone: dt.tzinfo) -> bytes:
    key = getattr(zone, "key", None)
    if key:
        return str(key).encode()
    offset = zone.utcoffset(None)
    if offset is None:
        return b""
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}".encode()


@lru_cache
def _data_types(count: int) -> list[bytes]:
    return [*(_data_type(form).encode() for form in ALL[:count]), b"logsleuth:plain"]


def _data_type(form: Format) -> str:
    named = _OF_FORMATS.get(form.name)
    if named:
        return named
    return "syslog:line" if form.body in sysline.BODIES or form.name == "rfc5424" else f"logsleuth:{_word(form)}"


@lru_cache
def _names(count: int) -> list[bytes]:
    return [*(_word(form).encode() for form in ALL[:count]), b"plain"]


def _word(form: Format) -> str:
    """Its name, which a user may have chosen."""
    return re.sub(r"[^\w.-]", "-", form.name, flags=re.ASCII)


@lru_cache
def _zoneless(count: int) -> list[bool]:
    return [*(_is_zoneless(form) for form in ALL[:count]), False]


def _is_zoneless(form: Format) -> bool:
    template = getattr(form.stamp, "template", "")
    return bool(template) and not form.stamp.relative and not {"z", "Z"} & set(template)
