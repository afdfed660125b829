"""--lang, and the language of the user's locale where it is not given."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_GIVEN = "logsleuth.language"
_FALLBACK = "en"


def language_option(command: F) -> F:
    """--lang; `language` takes it up, so that no command needs to hand it on."""
    lang = click.option(
        "--lang",
        metavar="CODE",
        expose_value=False,
        callback=_keep,
        is_eager=True,
        help="Language of the sentences: en, ja; that of the locale where none is given.",
    )
    return lang(command)


def language() -> str:
    """What was given, else that of the locale."""
    context = click.get_current_context(silent=True)
    given: str | None = context.meta.get(_GIVEN) if context is not None else None
    return given or of_locale(os.environ)


def language_given() -> bool:
    """Somebody said --lang."""
    context = click.get_current_context(silent=True)
    return context is not None and _GIVEN in context.meta


def of_locale(environment: Mapping[str, str]) -> str:
    """As gettext chooses: LC_ALL before LC_MESSAGES before LANG, and LANGUAGE before all where those name a language.

    English where there is no catalogue, and where the terminal's encoding is not UTF-8: all output is.
    """
    from logsleuth.narrative.catalogue import language_of

    locale = next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(name))), "")
    name, _, encoding = locale.partition("@")[0].partition(".")
    if name in {"", "C", "POSIX"} or (encoding and encoding.lower().replace("-", "") != "utf8"):
        return _FALLBACK
    wanted = [*filter(None, environment.get("LANGUAGE", "").split(":")), name]
    return next((known for one in wanted if (known := language_of(one))), _FALLBACK)


def _keep(context: click.Context, _: click.Parameter, given: str | None) -> None:
    if given is None:
        return
    from logsleuth.errors import UsageError, quoted
    from logsleuth.narrative.catalogue import language_of, languages

    known = language_of(given)
    if known is None:
        raise UsageError(f"--lang {quoted(given)}: there is no such language; there are {', '.join(languages())}")
    context.meta[_GIVEN] = known
