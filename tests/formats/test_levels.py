"""What stands between a stamp and its text."""

import pytest

from logsleuth.formats.levels import java, leveled
from logsleuth.formats.model import SEVERITIES
from logsleuth.formats.split import lines_of


def divided(body, rest):
    lines = lines_of(rest)
    c = body(lines.buffer, lines.view, lines.start, lines.stop)
    program = bytes(lines.buffer[int(c.program_at[0]) : int(c.program_end[0])]).decode()
    severity = SEVERITIES[int(c.severity[0])] if c.severity[0] >= 0 else ""
    return program, int(c.pid[0]), severity, bytes(lines.buffer[int(c.text_at[0]) : int(lines.stop[0])]).decode()


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (b" [error] no", ("", -1, "err", "no")),
        (b" [ERROR]: no", ("", -1, "err", "no")),
        (b" [ WARN ] no", ("", -1, "warning", "no")),
        (b" <Warning> no", ("", -1, "warning", "no")),
        (b" ERROR no", ("", -1, "err", "no")),
        (b" Error: no", ("", -1, "err", "no")),
        (b" Error no level", ("", -1, "", "Error no level")),
        (b" error reading x", ("", -1, "", "error reading x")),
        (b" [812] [INFO] up", ("", 812, "info", "up")),
        (b" [812] up", ("", 812, "", "up")),
        (b" (812) FATAL: gone", ("", 812, "crit", "gone")),
        (b" - shop.db - CRITICAL - gone", ("", -1, "crit", "gone")),
        (b" [thread 7] DEBUG x", ("", -1, "debug", "x")),
        (b" [client 192.0.2.7] no level", ("", -1, "", "[client 192.0.2.7] no level")),
        (b" | INFO | x", ("", -1, "info", "x")),
        (b" \x1b[31mERROR\x1b[0m no", ("", -1, "err", "no")),
        (b" worker[12]: x", ("worker", 12, "", "x")),
        (b" a - b - c", ("", -1, "", "a - b - c")),
        (b" INFORMATION x", ("", -1, "info", "x")),
        (b" INFORMAL x", ("", -1, "", "INFORMAL x")),
        (b" DEBUG2: x", ("", -1, "debug", "x")),
        (b" ", ("", -1, "", "")),
        (b" [", ("", -1, "", "[")),
        (b" [error", ("", -1, "", "[error")),
    ],
)
def test_severity_and_process_are_taken_off_the_text(rest, expected):
    assert divided(leveled, rest) == expected


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (b" ERROR [main] o.e.Shop - no", ("o.e.Shop", -1, "err", "no")),
        (b"  INFO 812 --- [  main] o.e.Shop   : up", ("o.e.Shop", 812, "info", "up")),
        (b" INFO org.example.Shop: up", ("org.example.Shop", -1, "info", "up")),
        (b" INFO Server: up", ("", -1, "info", "Server: up")),
        (b" [main] WARN  o.e.Shop - slow", ("o.e.Shop", -1, "warning", "slow")),
        (b" no level - here", ("", -1, "", "no level - here")),
    ],
)
def test_the_logger_is_the_program(rest, expected):
    assert divided(java, rest) == expected
