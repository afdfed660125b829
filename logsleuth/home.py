"""What belongs to the user, and is met at every run: rules and formats of one's own, what earlier runs left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.cache import Folder
    from logsleuth.formats.own.load import OwnFormat
    from logsleuth.rules.model import RuleSet


def rule_set(extra: Sequence[Path] = ()) -> RuleSet:
    """The shipped knowledge, the user's own rules, and files named on the command line, later ones overriding."""
    from logsleuth.rules.kept import rules_of

    return rules_of(rule_files(extra), shelf())


def rule_files(extra: Sequence[Path] = ()) -> list[tuple[str, str]]:
    """(name, text) of the files of `rule_set`."""
    from logsleuth.rules.files import from_paths, shipped

    return [*shipped(), *from_paths(user_rules()), *from_paths(extra)]


def user_rules() -> list[Path]:
    """The user's folder of rules, if it is there."""
    import platformdirs

    folder = Path(platformdirs.user_config_dir("logsleuth")) / "rules.d"
    return [folder] if folder.is_dir() else []


def use_formats(extra: Sequence[Path] = ()) -> list[OwnFormat]:
    """Have logs read by the user's own formats too, and by those in files named on the command line."""
    from logsleuth.formats import own

    return own.use(format_paths(extra))


def format_paths(extra: Sequence[Path] = ()) -> list[Path]:
    """The user's folder of formats, if it is there, and those files."""
    import platformdirs

    folder = Path(platformdirs.user_config_dir("logsleuth")) / "formats.d"
    return [*([folder] if folder.is_dir() else []), *extra]


def cache_folder() -> Path:
    """Where what takes long to work out is kept between runs."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("logsleuth"))


def logs_folder() -> Path:
    """Where in it lies what quotes logs."""
    return cache_folder() / "logs"


def shelf(formats: Sequence[Path] = ()) -> Folder:
    """Where runs leave what they found in logs; `formats` are the user's, by which lines may be read otherwise."""
    from logsleuth.cache import Folder
    from logsleuth.cache.program import program

    return Folder(logs_folder(), program(format_paths(formats)))
