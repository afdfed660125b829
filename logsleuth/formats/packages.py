"""What package managers write of the packages that came and went."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.placed import Placed, after_words, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_DNF = {"DDEBUG": 7, "SUBDEBUG": 7, "SUPERCRI": 2, "TRACE": 7}
# libzypp: base/LogControl.h, enum LogLevel.
_ZYPP = {"0": 7, "1": 6, "2": 4, "3": 3, "4": 2, "5": 2, "6": 5}


def _named_before(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The program stands before the stamp, a colon behind it."""
    start = line_start(buffer, at, 80)
    end = vector.find_byte(view, start, at, ord(" "))
    colon = (at < stop) & (buffer[np.minimum(at, stop)] == ord(":"))
    columns = body.plain(buffer, view, np.minimum(at + colon, stop), stop)
    return columns._replace(program_at=start, program_end=np.where(colon, end, start))


def _portage(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that begin with one of portage's marks: others write seconds and a colon too (mosquitto)."""
    good = vector.starts(view, columns.text_at, b"Started ")
    for mark in (b">>> ", b"<<< ", b"=== ", b"*** ", b"::: ", b"--- ", b"!!! "):
        good |= vector.starts(view, columns.text_at, mark)
    return good


def _names(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines of `update-` and what follows."""
    return vector.starts(view, columns.program_at, b"update-") & (columns.program_end > columns.program_at)


FORMATS = (
    # apt-pkg/history: a paragraph for each run, its stamps local; the stamp of its end stays in its text.
    Format(
        name="apt-history",
        about="apt's history.log: a paragraph is one entry, at its Start-Date",
        stamp=Stamp("YYYY-MM-DD  HH:MM:SS", lead=b"Start-Date: "),
        body=layout("\n{message}"),
        program="apt",
        heading=True,
        samples=(
            (
                b"Start-Date: 2021-03-04  05:06:07\nCommandline: apt-get install nano\n"
                b"Install: nano:amd64 (5.4-2)\nEnd-Date: 2021-03-04  05:06:11"
            ),
        ),
    ),
    Format(
        name="apt-term",
        about="apt's term.log, what dpkg printed in each run",
        stamp=Stamp("YYYY-MM-DD  HH:MM:SS", lead=b"Log started: "),
        body=layout("\n{message}"),
        program="apt",
        heading=True,
        samples=(b"Log started: 2021-03-04  05:06:07\nSelecting previously unselected package nano.",),
    ),
    Format(
        name="dpkg",
        about="dpkg's log",
        stamp=Marked(
            Stamp("YYYY-MM-DD HH:MM:SS"),
            (
                *(b"status ", b"startup ", b"install ", b"upgrade ", b"configure ", b"trigproc ", b"triggers-awaited "),
                *(b"remove ", b"purge ", b"conffile ", b"disappear ", b"unpack ", b"triggers-pending "),
            ),
        ),
        body=body.plain,
        program="dpkg",
        samples=(
            b"2021-03-04 05:06:08 status half-configured nano:amd64 5.4-2",
            b"2021-03-04 05:06:08 startup archives unpack",
        ),
    ),
    Format(
        name="alternatives",
        about="dpkg's update-alternatives: alternatives.log",
        stamp=Placed(Stamp("YYYY-MM-DD HH:MM:SS"), after_words(1), b"u"),
        body=_named_before,
        check=_names,
        samples=(
            b"update-alternatives 2021-03-04 05:06:08: run with --quiet --install /usr/bin/pager pager /bin/less 77",
        ),
    ),
    Format(
        name="yum",
        about="yum's log",
        stamp=Marked(
            Stamp("Mmm dd HH:MM:SS"),
            (
                *(b"Installed: ", b"Updated: ", b"Erased: ", b"Obsoleted: ", b"Dep-Installed: ", b"Dep-Updated: "),
                b"Removed: ",
            ),
        ),
        body=body.plain,
        program="yum",
        samples=(b"Mar 04 05:06:08 Installed: nano-2.3.1-10.el7.x86_64",),
    ),
    Format(
        name="dnf",
        about="dnf.log, dnf.rpm.log, dnf.librepo.log, hawkey.log",
        stamp=Marked(
            Stamp("YYYY-MM-DDTHH:MM:SSz"),
            (
                *(
                    b"DDEBUG ",
                    b"SUBDEBUG ",
                    b"DEBUG ",
                    b"INFO ",
                    b"WARNING ",
                    b"ERROR ",
                    b"CRITICAL ",
                    b"SUPERCRITICAL",
                ),
                b"TRACE ",
            ),
        ),
        body=layout(" {severity} {message}", severities=_DNF),
        program="dnf",
        samples=(
            b"2021-03-04T05:06:08Z DDEBUG Command: dnf install nano ",
            b"2021-03-04T05:06:08+0100 INFO --- logging initialized ---",
            b"2021-03-04T05:06:09+0100 SUBDEBUG Installed: nano-5.4-1.fc34.x86_64",
        ),
    ),
    Format(
        name="zypp-history",
        about="libzypp's history",
        stamp=Stamp("YYYY-MM-DD HH:MM:SS|"),
        body=body.plain,
        program="zypp",
        samples=(b"2021-03-04 05:06:08|install|nano|5.4-1.2|x86_64|root@gate|main|0badc0de|",),
    ),
    Format(
        name="zypper",
        about="zypper.log, y2log of SUSE",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS"), tuple(b"<%d> " % n for n in range(7))),
        body=layout(" <{severity}> {host}({pid}) {message}", severities=_ZYPP),
        program="zypper",
        samples=(
            b"2021-03-04 05:06:08 <1> gate(4121) [zypper] main.cc(main):96 ===== Hi, me zypper 1.14.42",
            b"2021-03-04 05:06:09 <3> gate(4121) [zypp::exec] process.cc(failed):87 exit status 1",
        ),
    ),
    Format(
        name="pacman",
        about="pacman before 5.2, which writes no seconds",
        stamp=Stamp("[YYYY-MM-DD HH:MM]"),
        body=body.plain,
        program="pacman",
        samples=(b"[2014-03-04 05:06] [PACMAN] Running 'pacman -S nano'",),
    ),
    Format(
        name="emerge",
        about="portage's emerge.log",
        stamp=Epoch(after=b": "),
        body=body.plain,
        check=_portage,
        program="emerge",
        samples=(
            b"1614834368: Started emerge on: Mar 04, 2021 05:06:08",
            b"1614834371:  >>> emerge (1 of 1) app-editors/nano-5.4 to /",
        ),
    ),
)
