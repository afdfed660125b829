"""Every format's own samples: which format they are taken for, and into which parts they divide."""

from typing import NamedTuple

import numpy as np
import pytest

from logsleuth.formats import FORMATS, PLAIN, SEVERITIES
from logsleuth.formats.registry import ALL
from logsleuth.formats.split import decode, lines_of, recognize
from logsleuth.formats.stamp import NO_ZONE
from tests.formats import (
    expected_databases,
    expected_hosts,
    expected_kernel,
    expected_servers,
    expected_stamped,
    expected_structured,
    expected_syslog,
    expected_tools,
    expected_unixes,
    expected_windows,
)


class Parts(NamedTuple):
    layout: str
    wall: str
    offset: int | None
    host: str
    program: str
    pid: int
    severity: str
    text: str
    lead: str = ""
    rest: tuple[str, ...] = ()


def clock(wall):
    """As stamped, with as many digits of the fraction as are not zero."""
    return str(np.datetime64(wall // 10**9, "s")) + f".{wall % 10**9:09}".rstrip("0").rstrip(".")


def parts(line, form=None):
    """The parts of the first line, read as a file of its own; of a format whose stamped lines only head, of two."""
    form = form or recognize(line)[0]
    lines = lines_of(line)
    stamped = decode(lines, form)
    layout = ALL[stamped.layout[0]] if stamped.layout[0] >= 0 else form
    # A heading's message stands on the line below.
    stop = lines.stop[1:2] if layout.heading and len(lines.stop) > 1 else lines.stop[:1]
    columns = layout.body(lines.buffer, lines.view, stamped.end[:1], stop)

    def text(at, end):
        return bytes(lines.buffer[int(at) : int(end)]).decode()

    def message():
        if columns.text_end is None:
            return text(columns.text_at[0], stop[0])
        said = text(columns.text_at[0], columns.text_end[0])
        return layout.spelling.read(said.encode()).decode() if columns.escaped[0] else said

    severity = int(columns.severity[0])
    offset = int(stamped.offset[0])
    lead = "" if columns.lead_end is None else text(lines.start[0], columns.lead_end[0])
    return Parts(
        layout.name,
        clock(int(stamped.wall[0])) if stamped.layout[0] >= 0 else "",
        None if offset == NO_ZONE else offset,
        text(columns.host_at[0], columns.host_end[0]),
        text(columns.program_at[0], columns.program_end[0]),
        int(columns.pid[0]),
        SEVERITIES[severity] if severity >= 0 else "",
        message(),
        lead,
        tuple(text(at[0], end[0]) for at, end in columns.rest if end[0] > at[0]),
    )


GROUPS = (
    expected_syslog,
    expected_kernel,
    expected_servers,
    expected_databases,
    expected_hosts,
    expected_structured,
    expected_tools,
    expected_unixes,
    expected_windows,
    expected_stamped,
)
# In the order of each format's samples.
EXPECTED = (
    Parts("rfc5424", "2023-10-11T22:14:15.003", 0, "gate.example.org", "su", 812, "crit",
          "'su root' failed for rika on /dev/pts/8"),
    Parts("rfc5424", "2023-08-24T05:14:15.000003", -25200, "gate", "evntslog", -1, "notice", "an event"),
    Parts("rfc5424", "2023-08-24T05:14:15", 7200, "gate", "", -1, "notice", "text alone"),
    Parts("iso-syslog", "2024-01-02T03:04:05.123456", 3600, "gate", "systemd", 1, "",
          "Started cron.service - Regular background program."),
    Parts("iso-syslog", "2024-01-02T03:04:05", 0, "gate", "sshd", 88, "", "Server listening on 0.0.0.0 port 22."),
    Parts("iso-syslog", "2024-01-02T03:04:05", 3600, "gate", "kernel", -1, "", "e1000e: eth0 NIC Link is Down"),
    Parts("iso-syslog-priority", "2024-01-02T03:04:05.123456", 0, "gate", "systemd", 1, "info",
          "Started cron.service - Regular background program."),
    Parts("iso-syslog-priority", "2024-01-02T03:04:05.123456", 0, "gate", "kernel", -1, "err",
          "EXT4-fs error (device sda1): inode 12 is corrupt"),
    Parts("iso-syslog-priority", "2024-01-02T03:04:05", 3600, "gate", "sshd", 88, "info",
          "session opened for rika"),
    Parts("journal-full", "2024-01-02T03:04:05", 0, "gate", "systemd", 1, "",
          "Started cron.service - Regular background program."),
    Parts("journal-full", "2024-01-02T03:04:05", 3600, "gate", "kernel", -1, "", "e1000e: eth0 NIC Link is Down"),
    Parts("journal-full", "2024-01-02T03:04:05", 10800, "gate", "cron.service", 88, "", "(root) CMD (true)"),
    Parts("journal-unix", "2024-01-02T03:04:05.123456", 0, "gate", "systemd", 1, "",
          "Started cron.service - Regular background program."),
    Parts("journal-unix", "2024-01-02T03:04:05.123456", 0, "gate", "kernel", -1, "", "e1000e: eth0 NIC Link is Down"),
    Parts("journal-monotonic", "1970-01-01T00:00:12.345678", None, "gate", "kernel", -1, "",
          "e1000e: eth0 NIC Link is Down"),
    Parts("journal-monotonic", "1970-01-01T00:07:01.860568", None, "gate", "systemd", 1, "",
          "Started cron.service - Regular background program."),
    Parts("journal-monotonic", "1970-01-01T00:07:02.615898", None, "gate", "cron", 88, "", "(root) CMD (true)"),
    Parts("bsd-syslog", "2000-03-04T09:15:02", None, "gate", "sshd", 4121, "",
          "Accepted publickey for rika from 192.0.2.7 port 50211 ssh2"),
    Parts("bsd-syslog", "2000-11-30T23:59:59", None, "gate", "", -1, "", "last message repeated 3 times"),
    Parts("bsd-syslog", "2000-07-14T02:40:00", None, "gate", "/usr/sbin/cron", 881, "info",
          "(root) CMD (/usr/libexec/atrun)"),
    Parts("bsd-syslog", "2000-07-14T02:40:00", None, "gate", "qpopper", 836, "notice",
          "Stats: rika 0 0 12 40961 pc7.example.org 192.0.2.7"),
    Parts("bsd-syslog", "2000-06-09T04:11:00", None, "gate", "crond", 77, "err",
          "user rika: process already running: /usr/local/bin/sync.sh"),
    Parts("bsd-syslog", "2000-10-11T22:14:15", None, "gate", "su", -1, "crit", "BAD SU rika to root on /dev/ttyp0"),
    Parts("bsd-syslog", "2000-02-29T00:00:00", None, "gate", "kernel", -1, "", "em0: link state changed to DOWN"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "sun", "sendmail", 812, "err",
          "NOQUEUE: SYSERR(root): cannot bind"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "mac", "sshd", 812, "err",
          "error: PAM: authentication error for rika"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "", "", -1, "", "last message repeated 3 times ---"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "U7LT,f09fc2a1b2c3,v4.3.20", "hostapd", -1, "",
          "ath0: STA 00:11:22:33:44:55 IEEE 802.11: disassociated"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "", "filterlog", 812, "", "5,,,1000000103,em0,match,block,in,4"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "wall", "", -1, "info",
          "%ASA-6-302013: Built outbound TCP connection 7 for outside:192.0.2.7/443"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "core", "", -1, "err",
          "%LINK-3-UPDOWN: Interface Gi0/1, changed state to down"),
    Parts("bsd-syslog", "2000-03-01T18:46:11", None, "edge", "", -1, "info", "ether1 link down"),
    Parts("apache-error", "2009-10-07T09:12:44", None, "", "", -1, "err",
          "[client 192.0.2.7] File does not exist: /usr/local/www/favicon.ico"),
    Parts("apache-error", "2013-12-07T09:12:44", None, "", "", -1, "notice", "caught SIGTERM, shutting down"),
    Parts("apache-error", "2020-01-02T03:04:05.678901", None, "", "", 712, "notice",
          "AH00094: Command line: '/usr/sbin/httpd'"),
    Parts("apache-error", "2020-01-02T03:04:05.678901", None, "", "", 712, "err",
          "(111)Connection refused: AH00957: HTTP: failed"),
    Parts("audit", "2014-12-31T04:26:40.123", 0, "", "", -1, "",
          'avc:  denied  { read } for  pid=812 comm="httpd" name="x" dev=dm-0', "type=AVC "),
    Parts("audit", "2014-12-31T04:26:40.004", 0, "", "", -1, "",
          "pid=99 uid=0 auid=1000 ses=3 msg='op=login id=1000 res=success'", "type=USER_LOGIN "),
    Parts("audit", "2014-12-31T04:26:41", 0, "", "", -1, "", "arch=c000003e syscall=2 success=no exit=-13",
          "node=gate type=SYSCALL "),
    Parts("access", "2009-10-07T09:12:44", 32400, "", "", -1, "info",
          '"GET /index.html HTTP/1.1" 200 5120 "-" "Mozilla/5.0"', "192.0.2.7 - - "),
    Parts("access", "2012-02-29T23:59:59", 0, "", "", -1, "err", '"POST /cgi-bin/x HTTP/1.0" 500 312',
          "2001:db8::7 - rika "),
    Parts("access", "2009-10-07T09:12:44", -12600, "", "", -1, "warning", '"-" 408 0 "-" "-"',
          "www.example.org:80 192.0.2.7 - - "),
    *(Parts(*row) for part in GROUPS for row in part.ROWS),
)  # fmt: skip
HEADS = {
    "sar": (b"Linux 5.10.0-8-amd64 (gate) \t03/04/2021 \t_x86_64_\t(4 CPU)",),
    "w3c-time": (b"#Fields: time c-ip cs-method cs-uri-stem sc-status",),
    "zeek-iso": (b"#separator \\x09", b"#fields\tts\tuid\tid.orig_h"),
    "cloudfront": (b"#Version: 1.0", b"#Fields: date time x-edge-location sc-bytes c-ip cs-method"),
    "macos-log-show": (b"Timestamp                       Thread     Type        Activity             PID    TTL  ",),
    "zeek": (b"#separator \\x09", b"#fields\tts\tuid\tid.orig_h"),
    "w3c-local": (b"#Time Format: Local",),
    "w3c-extended": (b"#Software: a server", b"#Fields: date time c-ip cs-method cs-uri-stem sc-status"),
}
"""Lines that a file of a format begins with."""
CASES = [(form, number) for form in (*FORMATS, PLAIN) for number in range(len(form.samples))]


@pytest.mark.parametrize(("form", "number"), CASES, ids=[f"{form.name}-{number}" for form, number in CASES])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["bare", "lf", "crlf"])
def test_a_sample_divides_into_its_parts(form, number, end):
    expected = [row for row in EXPECTED if row.layout == form.name]
    assert len(expected) == len(form.samples), f"a sample of {form.name} is missing in EXPECTED"
    # Lines of some are known by other lines of their file; a last line that is not whole is not looked at.
    sample = form.samples[number]
    given = None if form.hinted(sample) and (end or b"\n" not in sample) else form
    sample = form.samples[number].replace(b"\n", end or b"\n") + end
    assert parts(sample, given) == expected[number]


@pytest.mark.parametrize("form", [*FORMATS, PLAIN], ids=lambda form: form.name)
def test_a_file_of_a_formats_samples_is_recognized_as_that_format(form):
    content = b"\n".join(HEADS.get(form.name, ()) + form.samples) + b"\n"
    if not form.hinted(content):
        pytest.skip("its lines are known by another of the file: see test_recognize")
    # Samples of some formats have more lines than the one with the stamp.
    stamped = len(form.samples) / sum(map(bool, content.splitlines()))
    assert recognize(content) == (form, 0.0 if form is PLAIN else pytest.approx(stamped))
