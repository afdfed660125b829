"""The notations in which servers are told what to log, as pieces of a line.

Apache's LogFormat and ErrorLogFormat (mod_log_config, core), nginx's log_format, PostgreSQL's log_line_prefix.
"""

from __future__ import annotations

from dataclasses import field

from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import STATUS, Piece, pieces
from logsleuth.formats.model import Decoder
from logsleuth.formats.own.stamps import decoder
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_POSTGRESQL = {f"DEBUG{n}": 7 for n in range(1, 6)} | {
    "LOG": 6, "INFO": 6, "NOTICE": 5, "WARNING": 4, "ERROR": 3, "FATAL": 2, "PANIC": 0,
}  # fmt: skip
_ACCESS_STAMP = Stamp("DD/Mmm/YYYY:HH:MM:SSz")


@dataclass(slots=True)
class Notation:
    """A line's pieces before its stamp, the stamp, and one or several ways on which it may go on."""

    before: tuple[Piece, ...] = ()
    stamp: Decoder | None = None
    after: list[tuple[Piece, ...]] = field(default_factory=list)
    severities: dict[str, int] = field(default_factory=dict)
    kind: str = "log"
    program: str = ""
    ordered: bool = True


@dataclass(slots=True)
class _Parts:
    """Pieces while they are gathered; two names without a text between them are one that nobody asks for."""

    out: list[Piece] = field(default_factory=list)

    def text(self, text: str) -> None:
        if not text:
            return
        if self.out and self.out[-1].name is None:
            text = self.out.pop().text.decode() + text
        self.out.append(Piece(None, text.encode()))

    def name(self, name: str) -> None:
        if any(piece.name == name for piece in self.out if name):
            name = ""
        if self.out and self.out[-1].name is not None:
            if self.out[-1].name == "stamp" or name == "stamp":
                raise ValueError("the stamp and its neighbour have no text between them that would tell them apart")
            self.out[-1] = Piece("")
        else:
            self.out.append(Piece(name))


def line(notation: str) -> Notation:
    """`{stamp} {host} {program}[{pid}]: {message}`."""
    return _cut(pieces(notation, ("stamp",)), None, Notation())


_LOG_FORMAT = lazy_pattern(r"%[!\d,]*[<>]?(?:\{(?P<of>[^}]*)\})?(?P<code>\^[A-Za-z]{2}|[A-Za-z%])")


def apache(notation: str) -> Notation:
    r"""LogFormat: `%h %l %u %t \"%r\" %>s %b`; the whole line is the message, its severity the answer's status."""
    parts, stamp, last = _Parts(), None, 0
    notation = notation.replace('\\"', '"').replace("\\t", "\t")
    for match in _LOG_FORMAT.finditer(notation):
        parts.text(notation[last : match.start()])
        last = match.end()
        if match["code"] == "%":
            parts.text("%")
        elif match["code"] == "t" and stamp is None:
            stamp = _apache_time(parts, match["of"])
        else:
            parts.name(STATUS if match["code"] == "s" else "")
    parts.text(notation[last:])
    return _cut(tuple(parts.out), stamp, Notation(kind="access", program="httpd", ordered=False))


def _apache_time(parts: _Parts, of: str | None) -> Decoder:
    if of is None:
        parts.text("[")
        parts.name("stamp")
        parts.text("]")
        return _ACCESS_STAMP
    spelled = of.removeprefix("begin:").removeprefix("end:")
    if spelled in {"msec", "usec", "msec_frac", "usec_frac"}:
        raise ValueError(f"%{{{of}}}t counts in a unit that is not read; use %{{sec}}t or %t")
    lead, stamp = decoder("%s" if spelled == "sec" else spelled)
    parts.text(lead.decode())
    parts.name("stamp")
    return stamp


# What every line holds; of what may be missing Apache leaves out the text around it too, so there the message begins.
_ERROR_CODES = {"l": "severity", "m": "", "P": "pid", "T": "", "M": "message"}
_ERROR_FORMAT = lazy_pattern(r"%(?:[-+]|\d+)*(?:\{(?P<of>[^}]*)\})?(?P<code>[A-Za-z%])|\\(?P<plain>.)|(?P<blank>% )")
_ERROR_STAMPS = {
    None: "Www Mmm dd HH:MM:SS YYYY",
    "u": "Www Mmm dd HH:MM:SS.f YYYY",
    "cu": "YYYY-MM-DD HH:MM:SS.f",
    "c": "YYYY-MM-DD HH:MM:SS",
    "uc": "YYYY-MM-DD HH:MM:SS.f",
}


def apache_error(notation: str) -> Notation:
    """ErrorLogFormat: `[%{u}t] [%-m:%l] [pid %P:tid %T] %M`."""
    parts, stamp, last = _Parts(), None, 0
    for match in _ERROR_FORMAT.finditer(notation):
        parts.text(notation[last : match.start()])
        last = match.end()
        code = match["code"]
        if match["plain"] or match["blank"] or code == "%":
            parts.text(match["plain"] or ("" if match["blank"] else "%"))
        elif code == "t" and stamp is None:
            if match["of"] not in _ERROR_STAMPS:
                raise ValueError(f"%{{{match['of']}}}t is not known; there are %t, %{{u}}t, %{{cu}}t")
            stamp = Stamp(_ERROR_STAMPS[match["of"]])
            parts.name("stamp")
        elif code in _ERROR_CODES:
            parts.name(_ERROR_CODES[code])
            if code == "M":
                break
        else:
            _message_from_here(parts)
            break
    return _cut(tuple(parts.out), stamp, Notation(kind="error", program="httpd"))


def _message_from_here(parts: _Parts) -> None:
    """What stands before a part that may be missing is missing with it: the message begins at the last blank."""
    if parts.out and parts.out[-1].name is None:
        text = parts.out.pop().text.decode()
        parts.text(text[: text.rfind(" ") + 1] or text)
    parts.name("message")


_VARIABLE = lazy_pattern(r"\$(?:\{(?P<braced>\w+)\}|(?P<bare>\w+))")
_NGINX_STAMPS: dict[str, Decoder] = {
    "time_local": _ACCESS_STAMP,
    "time_iso8601": Stamp("YYYY-MM-DDTHH:MM:SSz"),
    "msec": Epoch(),
}


def nginx(notation: str) -> Notation:
    """log_format: `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent`."""
    parts, stamp, last = _Parts(), None, 0
    for match in _VARIABLE.finditer(notation):
        parts.text(notation[last : match.start()])
        last = match.end()
        name = match["braced"] or match["bare"]
        if name in _NGINX_STAMPS and stamp is None:
            stamp = _NGINX_STAMPS[name]
            parts.name("stamp")
        else:
            parts.name(STATUS if name == "status" else "")
    parts.text(notation[last:])
    return _cut(tuple(parts.out), stamp, Notation(kind="access", program="nginx", ordered=False))


_PREFIX = lazy_pattern(r"%-?\d*(?P<code>[A-Za-z%])")
_PREFIX_STAMPS: dict[str, Decoder] = {
    "t": Stamp("YYYY-MM-DD HH:MM:SSZZZ"),
    "m": Stamp("YYYY-MM-DD HH:MM:SS.fZZZ"),
    "n": Epoch(),
}


def postgresql(notation: str) -> Notation:
    """log_line_prefix: `%m [%p] %q%u@%d `; processes without a session write it up to `%q` only."""
    parts, stamp, last, short = _Parts(), None, 0, None
    for match in _PREFIX.finditer(notation):
        parts.text(notation[last : match.start()])
        last = match.end()
        code = match["code"]
        if code == "q":
            short = list(parts.out)
        elif code == "%":
            parts.text("%")
        elif code in _PREFIX_STAMPS and stamp is None:
            stamp = _PREFIX_STAMPS[code]
            parts.name("stamp")
        else:
            parts.name("pid" if code == "p" else "")
    parts.text(notation[last:])
    made = Notation(program="postgres", severities=_POSTGRESQL)
    for head in (parts.out, *([short] if short is not None else [])):
        for tail in ("{severity}:  {message}", "{message}"):
            whole = _Parts(list(head))
            for piece in pieces(tail):
                whole.text(piece.text.decode()) if piece.name is None else whole.name(piece.name)
            _cut(tuple(whole.out), stamp, made)
    # What divides a line best comes first: with its severity, then without.
    made.after.sort(key=lambda way: not any(piece.name == "severity" for piece in way))
    return made


def _cut(whole: tuple[Piece, ...], stamp: Decoder | None, made: Notation) -> Notation:
    """The notation with the pieces before and after the stamp; ValueError if it has none."""
    places = [i for i, piece in enumerate(whole) if piece.name == "stamp"]
    if not places:
        raise ValueError("the line has no stamp: write where it stands")
    before, after = whole[: places[0]], whole[places[0] + 1 :]
    if any(piece.name in {"message", "severity"} for piece in before):
        raise ValueError("message and severity can only follow the stamp")
    made.before, made.stamp = before, stamp
    made.after.append(after)
    return made
