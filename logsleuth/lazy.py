"""Regular expressions that are compiled when they are first used: a run uses few of all that there are."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands for a pattern, whose attributes become its own as they are asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # `re` keeps what it compiled, so asking for the next attribute costs a look into a dictionary.
        found = getattr(re.compile(self._text, self._flags), name)
        self.__dict__[name] = found
        return found


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`; a mistake in `text` shows when it is first used."""
    return cast("re.Pattern[AnyStr]", _Lazy(text, flags))
