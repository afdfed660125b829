"""Logs that Amazon's services write as text, in UTC; those of its load balancers are in `aws_elb`."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body
from logsleuth.formats.epoch import read_epoch, stamps
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.placed import after_words
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_BEFORE = after_words(10)


@dataclass(frozen=True)
class _Flow:
    """The eleventh column of a record of version 2: when its first packet was seen."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"2"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        at, can = _BEFORE(buffer, view, start, stop)
        can &= buffer[np.minimum(start + 1, stop)] == ord(" ")
        wall, end, good = read_epoch(buffer, view, at, stop)
        good &= can & (buffer[np.minimum(end, stop)] == ord(" "))
        return stamps(good, wall, start.copy())


FORMATS = (
    Format(
        name="cloudfront",
        about="access logs of AWS CloudFront",
        stamp=Marked(Stamp("YYYY-MM-DD\tHH:MM:SS\t"), utc=True),
        body=body.plain,
        hint=lazy_pattern(rb"\n#Fields: date time x-edge-location"),
        ordered=False,
        kind="w3c",
        preamble=(b"#",),
        samples=(b"2021-03-04\t05:06:07\tFRA2\t392\t192.0.2.7\tGET\tx.example.org\t/index.html\t502\t-",),
    ),
    Format(
        name="vpc-flow",
        about="AWS VPC flow logs, version 2: a flow at its start",
        stamp=_Flow(),
        body=body.plain,
        hint=lazy_pattern(rb"\n2 (?:\d{12}|unknown) eni-"),
        ordered=False,
        preamble=(b"version account-id ",),
        samples=(
            b"2 123456789010 eni-0badc0de 192.0.2.7 198.51.100.1 50211 22 6 20 4249 1614834367 1614834427 REJECT OK",
            b"2 123456789010 eni-0badc0de - - - - - - - 1614834367 1614834427 - NODATA",
        ),
    ),
)
