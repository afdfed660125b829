"""Sentences of rules before they are filled: `{mail.user} could not log in, {mail.where}`."""

from __future__ import annotations

import re
from collections.abc import Collection

PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)(?::[^{}]*)?\}")
_BEFORE_VALUE = re.compile(rf"(?:\b(?:of|on|at|by|in|to|from|for|with|since) )?(?P<value>{PLACEHOLDER.pattern})")


def bare(template: str, missing: Collection[str] | None = None) -> str:
    """A template without some placeholders, or all, and the words before them: they have no value."""
    left = _BEFORE_VALUE.sub(lambda m: "" if missing is None or m["value"] in missing else m[0], template)
    bare = re.sub(r" ?\(\s*\)", "", re.sub(r"\s+", " ", left))
    bare = bare.replace(" ,", ",").strip(" :,")
    return bare[:1].upper() + bare[1:]
