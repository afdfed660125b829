"""BSM audit trails, written by struct as audit.log(5) lays them out."""

import struct

import pytest

from logsleuth import sources
from tests.sources.stores.made import T0
from tests.sources.stores.test_logins import read

EMPTY = 0xFFFFFFFF
FOUR, SIXTEEN = struct.pack(">I", 4), struct.pack(">I", 16)


def text(token, said):
    return struct.pack(">BH", token, len(said) + 1) + said + b"\0"


def said(words):
    return text(0x28, words)


def path(name):
    return text(0x23, name)


def subject(login=501, effective=0, real=501, pid=712, address=b"\xc0\0\2\7", token=0x24, port=1):
    ids = struct.pack(">B7I", token, login, effective, 20, real, 20, pid, 100_001)
    wide = token in {0x75, 0x7C}
    kind = (SIXTEEN if len(address) == 16 else FOUR) if token in {0x7A, 0x7C} else b""
    return ids + struct.pack(">Q" if wide else ">I", port) + kind + address


def ended(status=0, value=0):
    return struct.pack(">BBI", 0x27, status, value)


def audited(event, *tokens, sec=T0, ms=123, token=0x14):
    when = struct.pack(">QQ" if token in {0x74, 0x79} else ">II", sec, ms)
    machine = FOUR + b"\x0a\0\0\1" if token in {0x15, 0x79} else b""
    content = b"".join(tokens)
    size = 10 + len(machine) + len(when) + len(content) + 7
    head = struct.pack(">BIBHH", token, size, 11, event, 0) + machine + when
    return head + content + b"\x13\xb1\x05" + struct.pack(">I", size)


def filed(name=b"/var/audit/20231114221320.not_terminated"):
    return struct.pack(">BIIH", 0x11, T0, 0, len(name) + 1) + name + b"\0"


SU = audited(6159, subject(), said(b"bad su rika to root on ttys000"), ended(13, 1))
BOOT = audited(113, sec=T0 - 60)
SAID_SU = "audit[712]: su bad su rika to root on ttys000 by uid 0, logged in as uid 501 from 192.0.2.7: failed (EACCES)"
SAID_BOOT = "audit: system booted"


def test_a_trail_is_read_record_by_record(tmp_path):
    trail = filed() + BOOT + SU + filed(b"/var/audit/next")
    assert read(tmp_path, trail, "20231114221320.not_terminated") == ("BSM audit trail", [SAID_BOOT, SAID_SU], [])


@pytest.mark.parametrize("token", [0x14, 0x15, 0x74, 0x79])
def test_each_kind_of_header_has_its_time(tmp_path, token):
    (tmp_path / "trail").write_bytes(audited(6152, said(b"x"), token=token))
    found, problems = sources.find([str(tmp_path / "trail")])
    assert b"".join(sources.blocks(found[0], problems)) == b"<110>2023-11-14T22:13:20.123000Z - audit: local login x\n"


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        ([path(b"/etc/passwd")], "audit: execve /etc/passwd"),
        ([struct.pack(">BI", 0x3C, 2) + b"ls\0-l\0"], "audit: execve [ls -l]"),
        ([struct.pack(">BI", 0x3D, 1) + b"HOME=/root\0"], "audit: execve"),
        ([struct.pack(">BBI", 0x2D, 1, 9), text(0, b"signal")[1:]], "audit: execve signal=9"),
        ([struct.pack(">BBQ", 0x71, 1, 9), text(0, b"signal")[1:]], "audit: execve signal=9"),
        ([subject(EMPTY, 0, 0)], "audit[712]: execve by uid 0 from 192.0.2.7"),
        ([subject(501, 501, 501, address=bytes(4))], "audit[712]: execve by uid 501"),
        ([subject(0, 0, 0, token=0x75)], "audit[712]: execve by uid 0 from 192.0.2.7"),
        ([subject(0, 0, 0, token=0x7A)], "audit[712]: execve by uid 0 from 192.0.2.7"),
        (
            [subject(0, 0, 0, token=0x7C, address=bytes.fromhex("20010db8" + "0" * 23 + "7"))],
            "audit[712]: execve by uid 0 from 2001:db8::7",
        ),
        ([subject(0, 7, 7, token=0x26)], "audit: execve process 712 of uid 7"),
        ([struct.pack(">BHH", 0x80, 2, 22) + b"\xc0\0\2\7"], "audit: execve 192.0.2.7 port 22"),
        ([struct.pack(">BH", 0x82, 1) + b"/var/run/x\0"], "audit: execve /var/run/x"),
        ([struct.pack(">B", 0x3E) + bytes(28), path(b"/x")], "audit: execve /x"),
        ([struct.pack(">BBQ", 0x72, 0, 7)], "audit: execve: done (7)"),
        ([ended(200)], "audit: execve: failed (error 200)"),
        ([struct.pack(">BII", 0x52, 3, 0)], "audit: execve: status 3"),
        ([said(b"text\0and more")], "audit: execve text"),
    ],
)
def test_tokens_become_a_sentence(tmp_path, tokens, line):
    assert read(tmp_path, audited(23, *tokens) + SU, "trail")[1] == [line, SAID_SU]


def test_an_event_that_has_no_name_here_has_its_number(tmp_path):
    assert read(tmp_path, audited(45_999, ended()), "trail")[1] == ["audit: event 45999: done"]


def test_what_is_damaged_is_named_and_what_follows_is_read(tmp_path):
    trail = BOOT + b"\xff" * 40 + SU + SU + BOOT[:20]
    _, lines, problems = read(tmp_path, trail, "trail")
    assert lines == [SAID_BOOT, SAID_SU, SAID_SU]
    assert problems == [
        f"40 bytes from byte {len(BOOT):,} on are no audit records; what follows them is read",
        "the last record is torn: 20 bytes of it are there",
    ]


def test_a_token_that_nobody_knows_ends_its_record_alone(tmp_path):
    odd = audited(23, path(b"/x"), b"\xfe\1\2\3")
    _, lines, problems = read(tmp_path, odd + SU, "trail")
    assert lines == ["audit: execve /x", SAID_SU]
    assert problems == ["1 audit records hold tokens that could not be read"]


@pytest.mark.parametrize("cut", range(0, len(BOOT + SU), 5))
def test_any_beginning_of_a_trail_is_read_or_refused(tmp_path, cut):
    trail = BOOT + SU
    lines = read(tmp_path, trail[:cut], "trail")[1]
    assert lines == ([SAID_BOOT] if cut >= len(BOOT) else [])
