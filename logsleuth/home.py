"""What belongs to the user, and is met at every run: rules and formats of one's own, what earlier runs left."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from logsleuth.cache import Folder
    from logsleuth.formats.own.load import OwnFormat
    from logsleuth.rules.alike import Known
    from logsleuth.rules.model import RuleSet


def rule_set(extra: Sequence[Path] = (), read: Sequence[tuple[str, str]] = ()) -> RuleSet:
    """The shipped knowledge, the user's own rules, and files named on the command line, later ones overriding.

    `read` is what `rule_files` gave, where it was called already.
    """
    from logsleuth.rules.kept import rules_of

    return rules_of(read or rule_files(extra), shelf())


def known_messages(extra: Sequence[Path] = ()) -> Known:
    """The messages that the rules of `rule_set` have as samples."""
    from logsleuth.rules.kept import known_of

    return known_of(rule_files(extra), shelf())


def rule_files(extra: Sequence[Path] = ()) -> list[tuple[str, str]]:
    """(name, text) of the files of `rule_set`."""
    from logsleuth.rules.files import from_paths, shipped

    return [*shipped(), *from_paths(user_rules()), *from_paths(extra)]


def user_rules() -> list[Path]:
    """The user's folder of rules, if it is there."""
    folder = _folder("config") / "rules.d"
    return [folder] if folder.is_dir() else []


def use_formats(extra: Sequence[Path] = ()) -> list[OwnFormat]:
    """Have logs read by the user's own formats too, and by those in files named on the command line."""
    from logsleuth.formats import own

    return own.use(format_paths(extra))


def format_paths(extra: Sequence[Path] = ()) -> list[Path]:
    """The user's folder of formats, if it is there, and those files."""
    folder = _folder("config") / "formats.d"
    return [*([folder] if folder.is_dir() else []), *extra]


def cache_folder() -> Path:
    """Where what takes long to work out is kept between runs."""
    return _folder("cache")


def own_folders() -> tuple[Path, Path]:
    """Where the user's rules and formats are, or would be."""
    return _folder("config") / "rules.d", _folder("config") / "formats.d"


def _folder(kind: Literal["cache", "config"]) -> Path:
    """As platformdirs says. To import that is a twentieth of the start, so it is not asked what Linux says plainly."""
    base = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
    if not base and os.environ.get("HOME", "").startswith("/"):
        base = f"{os.environ['HOME'].rstrip('/')}/.{kind}"
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ and base.startswith("/") and base.strip() == base:
        return Path(base) / "logsleuth"
    import platformdirs

    one = platformdirs.user_cache_dir if kind == "cache" else platformdirs.user_config_dir
    return Path(one("logsleuth"))


def logs_folder() -> Path:
    """Where in it lies what quotes logs."""
    return cache_folder() / "logs"


def shelf(formats: Sequence[Path] = ()) -> Folder:
    """Where runs leave what they found in logs; `formats` are the user's, by which lines may be read otherwise."""
    from logsleuth.cache import Folder
    from logsleuth.cache.program import program

    return Folder(logs_folder(), program(format_paths(formats)))
