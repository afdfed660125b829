"""A user's spelling of a stamp, a template as in `formats/stamp.py` or strftime(3)'s, to what decodes it."""

from __future__ import annotations

import re

from logsleuth.formats.epoch import Epoch
from logsleuth.formats.model import Decoder
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

_COMPOSED = (
    ("%F", "%Y-%m-%d"), ("%D", "%m/%d/%y"), ("%T", "%H:%M:%S"), ("%R", "%H:%M"), ("%h", "%b"),
    ("%c", "%a %b %e %H:%M:%S %Y"),
)  # fmt: skip
_CODES = {
    "%H:%M:%S": "HH:MM:SS", "%H%M%S": "HHMMSS", "%H:%M": "HH:MM", "%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD",
    "%e": "dd", "%b": "Mmm", "%a": "Www", ".%f": ".f", ",%f": ".f", "%z": "z", "%Z": "ZZZ", "%%": "%",
}  # fmt: skip
_CODE = lazy_pattern("|".join(re.escape(code) for code in sorted(_CODES, key=len, reverse=True)))
_DATE = lazy_pattern(r"HH:MM:SS|HHMMSS|HH:MM|YYYY|YY|MM|DD|dd|Mmm|mmm|Www")
_DAYS, _MONTHS, _YEARS = ("DD", "dd"), ("MM", "Mmm", "mmm"), ("YYYY", "YY")


def decoder(spelling: str) -> tuple[bytes, Decoder]:
    """Literal text that stands before the stamp, and what decodes it; ValueError says what is wrong."""
    if "%s" in spelling:
        before, _, after = spelling.partition("%s")
        if "%" in before or "%" in after.replace(".%f", "", 1):
            raise ValueError("%s is a whole stamp; nothing but .%f may follow it")
        return before.encode(), Epoch(after=after.replace(".%f", "", 1).encode())
    if "%" in spelling:
        return _from_strftime(spelling)
    return b"", _stamp(spelling)


def _from_strftime(spelling: str) -> tuple[bytes, Decoder]:
    for short, long in _COMPOSED:
        spelling = spelling.replace(short, long)
    begin = spelling.index("%")
    before, rest = spelling[:begin], spelling[begin:]
    out, last = "", 0
    for code in _CODE.finditer(rest):
        out += _literal(rest[last : code.start()]) + _CODES[code[0]]
        last = code.end()
    return before.encode(), _stamp(out + _literal(rest[last:]))


def _literal(text: str) -> str:
    code = re.search(r"%.?", text)
    if code:
        raise ValueError(
            f"{code[0]} is not known; there are %Y %y %m %d %e %b %a %H:%M:%S %H%M%S %H:%M %T %F %D %R %z %Z %s, "
            "and .%f for a fraction"
        )
    return text


def _stamp(template: str) -> Stamp:
    found = _DATE.findall(template)
    clocks = [piece for piece in found if piece.startswith("HH")]
    if len(clocks) != 1:
        raise ValueError("a stamp needs one time of day: HH:MM:SS (%H:%M:%S), HHMMSS or HH:MM")
    _one(found, _DAYS, "day (DD, dd; %d, %e)")
    _one(found, _MONTHS, "month (MM, Mmm; %m, %b)")
    if sum(piece in _YEARS for piece in found) > 1:
        raise ValueError("a stamp has one year at most")
    stamp = Stamp(template)
    late = set(_DATE.findall(template[len(stamp.fixed) :])) - {"YYYY"}
    if late:
        raise ValueError(f"only the year may follow the time of day, not {', '.join(sorted(late))}")
    try:
        _ = stamp.date
    except re.error as error:
        raise ValueError(f"this is no spelling of a date: {error}") from None
    return stamp


def _one(found: list[str], wanted: tuple[str, ...], what: str) -> None:
    if sum(piece in wanted for piece in found) != 1:
        raise ValueError(f"a stamp needs one {what}")
