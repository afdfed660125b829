r"""JSON strings as text: `\"`, `\n`, `\u00e9`; and messages that journald writes as a list of bytes."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from logsleuth.lazy import lazy_pattern

_BYTES = lazy_pattern(rb"\[[\d,\s]*\]")
_ESCAPE = lazy_pattern(rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([^u]))")
_VALUE = lazy_pattern(r'[:=\[,]\s*"((?:[^"\\]|\\.){4,4000}+)"(?!\s*:)')
_ONE = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}


def read(raw: bytes) -> bytes:
    """The text of a string between its quotes, or of a list of bytes, without line ends at its end.

    What is no escape of JSON stays as it stands; a half of a pair is written as the three bytes of its number.
    """
    if _BYTES.fullmatch(raw):
        return bytes(int(number) & 255 for number in re.findall(rb"\d+", raw)).rstrip(b"\r\n")
    try:
        said = raw.decode() + '"'
        text, end = scanstring(said, 0, False)  # noqa: FBT003 - its signature
        return text.encode().rstrip(b"\r\n") if end == len(said) else _read_slowly(raw)
    except (ValueError, UnicodeError):
        return _read_slowly(raw)


def values(line: str) -> tuple[str, ...]:
    """The strings among the values of a line of JSON or logfmt, those of objects within it too; short ones left out."""
    return tuple(read(raw.encode(errors="surrogateescape")).decode(errors="replace") for raw in _VALUE.findall(line))


def _read_slowly(raw: bytes) -> bytes:
    return _ESCAPE.sub(_replaced, raw).rstrip(b"\r\n")


def _replaced(match: re.Match[bytes]) -> bytes:
    if match[4]:
        return _ONE.get(match[4], match[4] if match[4] in b'"\\/' else match[0])
    if match[3]:
        return chr(int(match[3], 16)).encode("utf-8", "surrogatepass")
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).encode()
