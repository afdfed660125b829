"""Which format a whole file is in, judged by its first lines."""

import pytest

from logsleuth.formats.registry import ALL
from logsleuth.formats.split import decode, lines_of, recognize
from tests.formats.test_samples import clock, parts

SYSLOG = b"Mar  4 09:15:%02d gate sshd[4121]: Accepted publickey for rika\n"
ISO = b"2024-03-04T09:16:%02d.123456+01:00 gate sshd[4121]: Accepted publickey for rika\n"
REPEATED = b"Mar  4 09:16:%02d gate last message repeated 3 times\n"
TRACE = b"\tat org.example.Main.run(Main.java:%d)\n"


def named(content):
    form, share = recognize(content)
    return form.name, round(share, 2)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"".join(SYSLOG % i for i in range(50)), ("bsd-syslog", 1.0)),
        (b"".join(SYSLOG % i for i in range(40)) + b"".join(ISO % i for i in range(10)), ("bsd-syslog", 0.8)),
        (b"".join(SYSLOG % i for i in range(10)) + b"".join(ISO % i for i in range(40)), ("iso-syslog", 0.8)),
        (b"".join(REPEATED % i for i in range(10)) + SYSLOG % 1, ("bsd-syslog", 1.0)),
        (b"".join(SYSLOG % i + TRACE % i * 3 for i in range(10)), ("bsd-syslog", 0.25)),
        (b"".join(SYSLOG % i + b"\n" for i in range(10)), ("bsd-syslog", 1.0)),
        (b"".join(SYSLOG % i for i in range(10)).replace(b"\n", b"\r\n"), ("bsd-syslog", 1.0)),
        (b"".join(b"Mar  4 09:15:%02d nightly copy goes on\n" % i for i in range(10)), ("stamped-bsd", 1.0)),
        (b"".join(b"2024-03-04T09:15:%02dZ nightly copy goes on\n" % i for i in range(10)), ("stamped-iso-t", 1.0)),
        (b"\0" * 4096 + SYSLOG % 1 + SYSLOG % 2, ("bsd-syslog", 1.0)),
        (b"\xff\xfe\x80 not UTF-8\n" + SYSLOG.replace(b"rika", b"r\xefka") % 1, ("bsd-syslog", 0.5)),
        (SYSLOG % 1 + b"Mar  4 09:15:02 gate sshd[4121]: cut in the mid", ("bsd-syslog", 1.0)),
        (b"**** BEGIN LOGGING AT Thu Mar  4 05:06:07 2021\n" + b"mar 04 05:06:08 <rika> x\n" * 4, ("xchat", 0.8)),
        (
            b"=====\n   Date (UTC) Time     IP Address\n=====\n" + b"2021-03-04 05:06:07 192.0.2.1  3 3.5\n" * 3,
            ("chrony-statistics", 0.5),
        ),
        (b"2021-03-04 05:06:07 192.0.2.1  3 3.5\n" * 3, ("stamped-iso-dash", 1.0)),
        (b"nothing\nhere\nhas a stamp at 09:15:02\n", ("plain", 0.0)),
    ],
)
def test_the_format_that_reads_most_lines_is_taken(content, expected):
    assert named(content) == expected


def test_a_sample_of_a_long_head_is_spread_over_all_of_it():
    head = b"".join(TRACE % i for i in range(2000)) + b"".join(SYSLOG % (i % 60) for i in range(2000))
    assert named(head) == ("bsd-syslog", 0.5)


def test_one_line_without_a_tag_makes_no_other_format():
    assert named(SYSLOG % 1 + b"Mar  4 09:15:02 gate -- MARK --\n" + b"Mar  4 09:15:03 gate odd\n")[0] == "bsd-syslog"


@pytest.mark.parametrize(
    ("line", "host", "program", "pid", "severity", "text"),
    [
        (b"Mar  4 09:15:02 gate app[web.1]: up", "gate", "app", -1, "", "up"),
        (b"Mar  4 09:15:02 gate app[12]:up", "gate", "app", 12, "", "up"),
        (b"Mar  4 09:15:02 gate app[12] up", "gate", "app", 12, "", "up"),
        (b"Mar  4 09:15:02 gate foo::bar[1]: up", "gate", "foo::bar", 1, "", "up"),
        (b"Mar  4 09:15:02 gate a:b up", "gate", "", -1, "", "a:b up"),
        (b"Mar  4 09:15:02 gate postfix/smtpd[7]: up: x", "gate", "postfix/smtpd", 7, "", "up: x"),
        (b"Mar  4 09:15:02 gate CRON[99999999]: up", "gate", "CRON", 99_999_999, "", "up"),
        (b"Mar  4 09:15:02 2001:db8::7 sshd[1]: up", "2001:db8::7", "sshd", 1, "", "up"),
        (b"Mar  4 09:15:02 gate kernel: [    1.5] usb", "gate", "kernel", -1, "", "[    1.5] usb"),
        (b"Mar  4 09:15:02 <mail.crit> gate sm[1]: up", "gate", "sm", 1, "crit", "up"),
        (b"Mar  4 09:15:02 <0.6> gate kernel: up", "gate", "kernel", -1, "info", "up"),
        (b"Mar  4 09:15:02 <nonsense gate kernel: up", "<nonsense", "", -1, "", "gate kernel: up"),
        (b"Mar  4 09:15:02 gate", "gate", "", -1, "", ""),
        (b"Mar  4 09:15:02 gate sshd[1]:", "gate", "sshd", 1, "", ""),
        (b"Mar  4 09:15:02 gate " + b"x" * 200 + b": up", "gate", "", -1, "", "x" * 200 + ": up"),
    ],
)  # fmt: skip
def test_syslog_names_host_program_and_pid(line, host, program, pid, severity, text):
    form = recognize(SYSLOG % 1)[0]
    assert parts(line, form)[3:8] == (host, program, pid, severity, text)


@pytest.mark.parametrize(
    ("rest", "pid", "severity", "text"),
    [
        (b"[error] [client 2001:db8::7] no", -1, "err", "[client 2001:db8::7] no"),
        (b"[client 192.0.2.7] no level", -1, "", "[client 192.0.2.7] no level"),
        (b"[ssl:trace3] [pid 5] x", 5, "debug", "x"),
        (b"[:error] [pid 5:tid 7] [client 192.0.2.7:5] x", 5, "err", "[client 192.0.2.7:5] x"),
        (b"[crit] (2)No such file or directory: x", -1, "crit", "(2)No such file or directory: x"),
        (b"[notice", -1, "", "[notice"),
        (b"", -1, "", ""),
    ],
)
def test_apaches_error_log_names_level_and_process(rest, pid, severity, text):
    got = parts(b"[Wed Oct  7 09:12:44 2009] " + rest + b"\n")
    assert (got.pid, got.severity, got.text) == (pid, severity, text)


@pytest.mark.parametrize(
    ("line", "severity", "lead"),
    [
        (b'2001:db8::7 - - [%s] "GET / HTTP/1.1" 200 5', "info", "2001:db8::7 - - "),
        (b'[2001:db8::7] - - [%s] "GET / HTTP/1.1" 304 -', "info", "[2001:db8::7] - - "),
        (
            b'www.example.org:80 192.0.2.7 - - [%s] "GET / HTTP/1.1" 404 5',
            "warning",
            "www.example.org:80 192.0.2.7 - - ",
        ),
        (b'192.0.2.7 - rika [%s] "GET /?q=\\"a\\" HTTP/1.1" 500 5', "err", "192.0.2.7 - rika "),
        (b'192.0.2.7 - - [%s] "GET /never-ending', "", "192.0.2.7 - - "),
        (b"192.0.2.7 - - [%s]", "", "192.0.2.7 - - "),
    ],
)
def test_an_access_line_gives_its_answer_and_what_stands_before_the_stamp(line, severity, lead):
    form = recognize(b'::1 - - [07/Oct/2009:09:12:44 +0900] "GET / HTTP/1.1" 200 5')[0]
    got = parts(line % b"07/Oct/2009:09:12:44 +0900", form)
    assert (got.layout, got.severity, got.lead) == ("access", severity, lead)
    if len(line) > 30:
        assert parts(line % b"07/Oct/2009:09:12:44", form).lead == lead


def test_the_priority_of_rfc_5424_stands_before_its_stamp():
    form = recognize(b"<34>1 2023-10-11T22:14:15Z gate su - - - x")[0]
    assert parts(b"<34>1 2023-10-11T22:14:15Z gate su - - - x -> y", form).severity == "crit"
    assert parts(b"<34>1 2023-10-11T22:14:15Z gate>x su - - - y", form).severity == "crit"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            (
                b"[Mar 4 05:06] Linux version 5.10.0\n[  +0.000003] Command line: quiet\n[ +12.500000] usb 1-1: reset\n"
                b"[Mar14 23:59] EXT4-fs (sda1): re-mounted\n[  +0.000001] a\n"
            ),
            [
                "2000-03-04T05:06:00",
                "2000-03-04T05:06:00.000003",
                "2000-03-04T05:06:12.500003",
                "2000-03-14T23:59:00",
                "2000-03-14T23:59:00.000001",
            ],
        ),
        (b"[  +0.000003] nothing above\n[Mar 4 05:06] a\n", ["", "2000-03-04T05:06:00"]),
    ],
)
def test_seconds_from_line_to_line_are_added_up_from_the_minute_above(content, expected):
    lines = lines_of(content)
    stamped = decode(lines, recognize(content)[0])
    times = [clock(int(wall)) if kind >= 0 else "" for wall, kind in zip(stamped.wall, stamped.layout, strict=True)]
    assert times == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"#Fields: date time c-ip\n#Date: 2021-03-04 05:06:07\n2021-03-04 05:06:07 192.0.2.7\n", ["w3c-extended"]),
        (
            b"Log file created at: 2021/03/04 05:06:07\nI0304 05:06:07.123456   812 a.cc:1] up\n",
            ["glog-created", "klog"],
        ),
        (b"From a@example.org  Thu Mar  4 05:06:07 2021\n  Folder: /var/mail/jun\t12\n", ["procmail"]),
        (b"From a@example.org  Thu Mar  4 05:06:07 2021\nSubject: a mailbox is no log\n", []),
        (b"  starts 4 2021/03/04 05:06:07;\nlease 192.0.2.7 {\n  ends never;\n}\n", []),
    ],
)
def test_lines_that_only_look_like_entries_are_none(content, expected):
    lines = lines_of(content)
    stamped = decode(lines, recognize(content)[0])
    assert [ALL[kind].name for kind in stamped.layout if kind >= 0] == expected


ALB = (
    b'http 2018-07-02T22:23:00.186641Z app/shop/50dc 192.0.2.7:1 198.51.100.1:80 0 0 0 200 - 34 366 "GET http://x/ZZZ '
    b'HTTP/1.1" "%b" - - arn "Root=1-x" "-" "-" 0 %b "forward" "-" "-"'
)


@pytest.mark.parametrize(
    ("agent", "came", "expected"),
    [
        (b"curl", b"2018-07-02T22:22:48.364000Z", "2018-07-02T22:22:48.364"),
        (b"curl", b"-", "2018-07-02T22:23:00.186641"),
        (b"curl", b"2018-07-02T22:24:48.364000Z", "2018-07-02T22:23:00.186641"),
        (b"2001-01-01T00:00:00.000000Z ", b"2018-07-02T22:22:48.364000Z", "2018-07-02T22:22:48.364"),
        (b"Z " * 30, b"2018-07-02T22:22:48.364000Z", "2018-07-02T22:22:48.364"),
    ],
)
def test_a_request_stands_where_it_came(agent, came, expected):
    """A balancer's line begins with when it answered; what a client says cannot pretend to be the other stamp."""
    assert parts(ALB % (agent, came)).wall == expected


@pytest.mark.parametrize(
    "line",
    [
        b"type=LOGIN msg=audit(1337845201): no milliseconds",
        b"type=LOGIN msg=audit(1337845201.123): no serial",
        b"type= msg=audit(1337845201.123:7): no type",
        b"msg=audit(1337845201.123:7): none at all",
        b"type=LOGIN msg=audit(): nothing",
    ],
)
def test_what_is_left_of_an_audit_record_goes_on_the_one_above(line):
    whole = b"type=LOGIN msg=audit(1337845201.123:7): pid=1\n"
    lines = lines_of(whole + line + b"\n" + whole)
    stamped = decode(lines, recognize(whole)[0])
    assert [kind >= 0 for kind in stamped.layout.tolist()] == [True, False, True]
