"""Text of logs made harmless: what would steer a terminal or turn a line around is shown, not done."""

from __future__ import annotations

import re

# Terminals act on C0, DEL and C1 (U+009B alone begins a colour); the rest is invisible, breaks a line, or
# turns the reading order (Trojan Source, CVE-2021-42574). A tab too would break the columns of a table.
_CLASS = (
    r"\x7f-\x9f"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls
    r"\u2028\u2029"  # line and paragraph separators
    r"\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    r"\ud800-\udfff"  # halves of a pair; file names hold them for bytes that are not UTF-8
)
_UNSAFE = re.compile(rf"[\x00-\x1f{_CLASS}]")
_UNSAFE_BUT_LINES = re.compile(rf"[\x00-\x09\x0b-\x1f{_CLASS}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def safe(text: str) -> str:
    r"""Every control, bidi and invisible character as an escape to be seen, such as `\x1b` or `\u202e`."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(lambda m: _escaped(m[0]), text)


def whole(text: str) -> str:
    r"""Lone surrogates as escapes (`\xff` for the byte that it stands for), all else as it is."""
    return _SURROGATE.sub(lambda m: _escaped(m[0]), text)


def steering(text: str) -> str:
    r"""JSON text with the unsafe characters in its strings as JSON's own escapes, so of the same value."""
    return _UNSAFE_BUT_LINES.sub(lambda m: _json_escape(ord(m[0])), text)


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # how os.fsdecode stores a byte that is not UTF-8
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(code: int) -> str:
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
