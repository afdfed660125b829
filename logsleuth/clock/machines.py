"""Whose logs they are: the folder that is the root of one machine, on disk or in an archive, and the machine's name."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from logsleuth.clock.survey import Survey
from logsleuth.lazy import lazy_pattern
from logsleuth.sources import Source, companion

_STDIN, _STDIN_NAME = "-", "<stdin>"
_ROOTS = (("var", "log"), ("sos_commands",))
"""What stands right below the root of a machine, in a backup of it or in what sosreport collected."""
_SYSTEM = "bin boot cygdrive dev etc home lib mnt opt private proc root run sbin srv sys tmp usr var"
_SOS = "sos_commands sos_logs sos_reports sos_strings"
_PARTS = frozenset(f"{_SYSTEM} {_SOS}".split())
"""Folders of a machine, beside its /var/log; any other name there may be another machine's."""
_PREFIX = lazy_pattern(r"(?:usr/local|usr/pkg|private|opt/[^/]+)$")
"""A program's own var/log (or macOS's) is that of the machine around it."""
_SOSREPORT = lazy_pattern(r"sosreport-(?P<host>.+?)(?:[-.]\d{4,}.*)?$")
_ENDINGS = lazy_pattern(r"(?:\.(?:tar|tgz|tbz2?|txz|tzst|zip|gz|bz2|xz|zstd?))+$", re.IGNORECASE)
_NAMED_IN = ("etc/hostname", "etc/HOSTNAME", "etc/myname", "etc/nodename")
_ASSIGNED_IN = ("etc/rc.conf", "etc/sysconfig/network")
_PRINTED_IN = ("sos_commands/host/hostname", "sos_commands/general/hostname", "hostname")
_ASSIGNED = lazy_pattern(rb"""^\s*hostname\s*=\s*["']?([A-Za-z0-9][A-Za-z0-9.-]*)""", re.IGNORECASE | re.MULTILINE)
_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,253}")
_NOBODY = frozenset({"localhost", "localhost.localdomain", "none", "unknown"})


def machines_of(surveys: Sequence[Survey], given: Mapping[str, str] | None = None) -> list[str]:
    """For each source the folder that holds its machine's logs; `given` maps folders and files to hosts (--host).

    That is the one that the user names, else the one above `var/log`, and all else in a folder of a machine belongs to
    that machine. Beside such folders, each folder of the first level is a machine of its own (`home/var/log/...`,
    `remote/access.log`); so it is where such a folder bears the name of a host that lines in it name
    (`gate/messages`). Else all of an argument is one machine.
    """
    found = [s.source for s in surveys]
    told = [_told(source.name, given or {}) for source in found]
    above = [_above(source.name) for source in found]
    roots = {key for key in above if key is not None}
    keys = [
        one if one is not None else _around(key, roots) if key is not None else _nearest(source, roots)
        for source, one, key in zip(found, told, above, strict=True)
    ]
    several = {source.root for source, key in zip(found, above, strict=True) if key is not None}
    for seen in surveys:
        first = _short(_bare(PurePath(_first_level(seen.source)).name))
        if any(_short(host) == first for host in seen.hosts):
            several.add(seen.source.root)
    return [
        key if key is not None else _first_level(source) if source.root in several else _folder(source)
        for source, key in zip(found, keys, strict=True)
    ]


def unmet(surveys: Sequence[Survey], given: Mapping[str, str]) -> list[str]:
    """Those of the user's folders and files in which no log was found."""
    return [path for path in given if not any(_told(s.source.name, {path: ""}) is not None for s in surveys)]


def host_names(surveys: Sequence[Survey], machines: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """The name of each machine.

    The user's; else that of its lines, where there are several the one that its own files name; else what its files
    name; else its folder's, where there are several machines or the folder is a sosreport's.
    """
    counts: dict[str, Counter[str]] = {m: Counter() for m in machines}
    first: dict[str, Source] = {}
    for seen, machine in zip(surveys, machines, strict=True):
        counts[machine].update(seen.hosts)
        first.setdefault(machine, seen.source)
    told = {_absolute(path): name for path, name in given.items()}
    return {
        machine: told.get(_absolute(machine)) or _name(counter, machine, first[machine], several=len(counts) > 1)
        for machine, counter in counts.items()
    }


def _name(counter: Counter[str], machine: str, source: Source, *, several: bool) -> str:
    for nobody in _NOBODY:
        counter.pop(nobody, None)
    own = _own_name(source, machine)
    if counter:
        same = [host for host, _ in counter.most_common() if _short(host) == _short(own)]
        return same[0] if same else counter.most_common(1)[0][0]
    folder = PurePath(machine).name
    report = _SOSREPORT.match(_bare(folder))
    return own or (report["host"] if report else _bare(folder) if several else "")


def _own_name(source: Source, machine: str) -> str:
    """What the machine's own files call it; empty where none does."""
    sos = companion(source, machine, "sos_commands/host/hostname") or _SOSREPORT.match(PurePath(machine).name)
    for name in (*_NAMED_IN, *(_PRINTED_IN if sos else ())):
        found = companion(source, machine, name)
        for line in (found.content if found is not None else b"").decode("utf-8", "replace").splitlines():
            if not line.lstrip().startswith("#") and _NAME.fullmatch(line.strip()):
                return "" if line.strip().lower() in _NOBODY else line.strip()
    for name in _ASSIGNED_IN:
        found = companion(source, machine, name)
        match = _ASSIGNED.search(found.content) if found is not None else None
        if match and match[1].lower().decode() not in _NOBODY:
            return match[1].decode()
    return ""


def _told(name: str, given: Mapping[str, str]) -> str | None:
    """The longest of the user's paths that holds a source, as the source's name spells it."""
    parts = PurePath(name).parts
    whole = PurePath(_absolute(name))
    best = None
    for path in given:
        home = PurePath(_absolute(path))
        if whole.is_relative_to(home):
            below = len(whole.parts) - len(home.parts)
            key = str(PurePath(*parts[: max(0, len(parts) - below)]))
            best = key if best is None or len(key) > len(best) else best
    return best


def _absolute(path: str) -> str:
    if path in {_STDIN, _STDIN_NAME}:
        return _STDIN_NAME
    return path if path.startswith(_STDIN_NAME) else os.path.abspath(path)  # noqa: PTH100 (nothing is resolved)


def _above(name: str) -> str | None:
    parts = PurePath(name).parts
    for i in range(len(parts) - 1):
        if any(parts[i : i + len(root)] == root for root in _ROOTS):
            return str(PurePath(*parts[:i]))
    return None


def _around(key: str, roots: set[str]) -> str:
    """The machine itself, where a folder with a `var/log` of its own lies in it."""
    for parent in PurePath(key).parents:
        if str(parent) in roots and _PREFIX.fullmatch(PurePath(key).relative_to(parent).as_posix()):
            return str(parent)
    return key


def _nearest(source: Source, roots: set[str]) -> str | None:
    """The machine in whose folder a source lies elsewhere than under `var/log`; None if that is not sure."""
    path = PurePath(source.name)
    for parent in path.parents:
        if str(parent) in roots:
            below = path.relative_to(parent).parts
            sure = parent != PurePath(source.root) or len(below) == 1 or below[0] in _PARTS
            return _around(str(parent), roots) if sure else None
    return None


def _first_level(source: Source) -> str:
    try:
        below = PurePath(source.name).relative_to(source.root)
    except ValueError:
        return _folder(source)
    return str(PurePath(source.root, below.parts[0])) if len(below.parts) > 1 else source.root


def _folder(source: Source) -> str:
    return str(PurePath(source.name).parent) if source.given else source.root


def _bare(name: str) -> str:
    """A folder's name, or an archive's without its endings."""
    return _ENDINGS.sub("", name) or name


def _short(host: str) -> str:
    return host.lower().split(".")[0]
