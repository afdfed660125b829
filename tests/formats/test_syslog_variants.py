"""What single syslogds and devices add to a line."""

import pytest

from logsleuth.formats import bsd_syslog
from tests.formats.test_samples import parts


@pytest.mark.parametrize(
    ("rest", "host", "program", "pid", "severity", "text"),
    [
        (b"sun genunix: [ID 540533 kern.notice] SunOS 5.10", "sun", "genunix", -1, "notice", "SunOS 5.10"),
        (b"sun app[7]: [ID none] text", "sun", "app", 7, "", "[ID none] text"),
        (b"mac launchd[1] (com.example.job[7]): Exited with code: 1", "mac", "launchd", 1, "",
         "(com.example.job[7]): Exited with code: 1"),
        (b"mac launchd[1] (com.example.job) <Warning>: late", "mac", "launchd", 1, "warning",
         "(com.example.job) <Warning>: late"),
        (b"mac app[7] <none>: text", "mac", "app", 7, "", "<none>: text"),
        (b"gate kernel: <6>eth0: up", "gate", "kernel", -1, "info", "eth0: up"),
        (b'("U7PG2,788a2001,v4") hostapd: ath2: left', "U7PG2,788a2001,v4", "hostapd", -1, "", "ath2: left"),
        (b"kernel: em0: link state changed to DOWN", "", "kernel", -1, "", "em0: link state changed to DOWN"),
        (b"192.0.2.1 000045: Mar  1 18:46:10.999 CET: %SYS-5-CONFIG_I: Configured", "192.0.2.1", "", -1, "notice",
         "%SYS-5-CONFIG_I: Configured"),
        (b"leaf : 2019 Mar  1 18:46:10 CET: %ETHPORT-5-IF_UP: up", "leaf", "", -1, "notice", "%ETHPORT-5-IF_UP: up"),
        (b"edge mgd[7]: %DAEMON-6-UI_LOGIN: User 'rika'", "edge", "mgd", 7, "info", "%DAEMON-6-UI_LOGIN: User 'rika'"),
        (b"gate app[7]: %d of 5 done", "gate", "app", 7, "", "%d of 5 done"),
        (b"gate 7: nothing", "gate", "7", -1, "", "nothing"),
        (b"gate kern.info kernel: eth0: up", "gate", "kernel", -1, "info", "eth0: up"),
        (b"edge system,error,critical login failure", "edge", "", -1, "crit", "login failure"),
        (b"gate at last, info came", "gate", "", -1, "", "at last, info came"),
    ],
)  # fmt: skip
def test_a_line_names_what_its_syslogd_adds(rest, host, program, pid, severity, text):
    got = parts(b"Mar  1 18:46:11 " + rest, bsd_syslog.FORMAT)
    assert (got.host, got.program, got.pid, got.severity, got.text) == (host, program, pid, severity, text)


@pytest.mark.parametrize("priority", [0, 34, 191])
def test_a_priority_before_the_stamp_is_the_severity(priority):
    names = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
    line = b"<%d>Mar  1 18:46:11 gate su: text" % priority
    assert parts(line).severity == names[priority % 8]
