"""Audit records as ausearch -i prints them: the instant written out, in the order of the locale.

Layout: ausearch-report.c, output_interpreted_node: `type=SYSCALL msg=audit(03/04/2021 05:06:07.123:456) : ...`.
"""

from logsleuth.formats import body
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Either, Placed, after_text
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

_BEFORE = after_text(b"msg=audit(", 200, (b"type=", b"node="))
_SPELLED = lazy_pattern(rb"\n(?:node=\S+ )?type=\S+ msg=audit\(\d+[-/.]\d+[-/.]\d+ ")


def _format(name: str, about: str, templates: tuple[str, ...], sample: bytes) -> Format:
    return Format(
        name=name,
        about=about,
        stamp=Placed(Either(tuple(Stamp(template) for template in templates)), _BEFORE, b"tn", inside=True),
        body=body.plain,
        hint=_SPELLED,
        preamble=(b"----",),
        program="audit",
        kind="syslog",
        samples=(sample,),
    )


FORMATS = (
    _format(
        "ausearch",
        "audit records by ausearch -i",
        ("MM/DD/YYYY HH:MM:SS.F:", "MM/DD/YY HH:MM:SS.F:", "YYYY-MM-DD HH:MM:SS.F:"),
        b"type=SYSCALL msg=audit(03/04/2021 05:06:07.123:456) : arch=x86_64 syscall=openat success=no exit=EACCES",
    ),
    _format(
        "ausearch-day-first",
        "audit records by ausearch -i where the day comes first",
        ("DD/MM/YYYY HH:MM:SS.F:", "DD/MM/YY HH:MM:SS.F:", "DD.MM.YYYY HH:MM:SS.F:"),
        b"node=gate type=AVC msg=audit(14/03/2021 05:06:07.123:456) : avc:  denied  { read } for  pid=812",
    ),
)
