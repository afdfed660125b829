import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.render import RENDERERS, Options
from logsleuth.render.redact import Pseudonyms, redact
from logsleuth.report import Evidence
from tests.render.reports import QUIET, REPORT


def one(text, **more):
    """What becomes of a line of evidence."""
    names = Pseudonyms()
    report = redact(replace(QUIET, changes=(Evidence("a", 1, text),), **more), names)
    return report.changes[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 192.0.2.7 port 22", "from ip-1 port 22"),
        ("from 192.0.2.7, 192.0.2.8 and 192.0.2.7.", "from ip-1, ip-2 and ip-1."),
        ("on 127.0.0.1 and ::1", "on 127.0.0.1 and ::1"),
        ("from 2001:db8::7:1 now", "from ip-1 now"),
        ("at 10:02:08 [10:02]", "at 10:02:08 [10:02]"),
        ("std::string dead", "std::string dead"),
        ("eth0: 52:54:00:12:34:56 up", "eth0: mac-1 up"),
        ("to=<Rika.Oe@Example.org>, relay", "to=<mail-1>, relay"),
        ("Accepted publickey for rika from 192.0.2.7", "Accepted publickey for user-1 from ip-1"),
        ("Failed password for invalid user oracle7 from ::ffff:192.0.2.9",
         "Failed password for invalid user user-1 from ip-1"),
        ("sudo:     rika : TTY=pts/0 ; PWD=/home/rika ; USER=root ; COMMAND=/bin/vi /etc/rika.conf",
         "sudo:     user-1 : TTY=pts/0 ; PWD=/home/user-1 ; USER=root ; COMMAND=/bin/vi /etc/user-1.conf"),
        ("open /home/rika/plans/2024.ods failed", "open /home/user-1/path-1 failed"),
        ("user=rika, method=PLAIN", "user=user-1, method=PLAIN"),
        ("connect from mail.example.org[192.0.2.3]", "connect from host-2[ip-1]"),
        ("systemd: Started rsyslog.service, read syslog.conf", "systemd: Started rsyslog.service, read syslog.conf"),
        ("gate and GATE.example.org but not gates", "host-1 and host-1 but not gates"),
        ("logs of gate_old, gate-2", "logs of host-1_old, host-1-2"),
        ("session opened for user root by (uid=0)", "session opened for user root by (uid=0)"),
    ],
)  # fmt: skip
def test_a_line(text, expected):
    assert one(text) == expected


def test_names_of_files_lose_them_too_and_keep_their_own():
    file = replace(QUIET.files[0], file="/home/rika/gate/logs/messages", stream="/home/rika/gate/logs/messages")
    report = redact(replace(QUIET, files=(file,), command="logsleuth explain /home/rika/gate/logs"))
    assert report.files[0].file == "/home/user-1/path-1/messages"
    assert report.files[0].host == "host-1"
    assert "rika" not in report.command
    assert "gate" not in report.command


def test_the_table_tells_what_stands_for_what():
    names = Pseudonyms()
    redact(REPORT, names)
    lines = names.table().splitlines()
    assert "host-1\tgate" in lines
    assert any(line.endswith("\trika") for line in lines)
    assert len({line.split("\t")[0] for line in lines}) == len(lines)


def test_the_same_report_gives_the_same_pseudonyms():
    assert redact(REPORT) == redact(REPORT)


LABEL = st.text(string.ascii_lowercase, min_size=5, max_size=9).map(lambda s: f"q{s}z")
LINES = st.sampled_from(
    [
        "Mar  3 10:00:01 {host} sshd[7]: Failed password for {user} from {ip} port 4242 ssh2",
        "Mar  3 10:00:01 {host} dovecot: imap-login: Login: user=<{user}>, rip={ip}",
        "Mar  3 10:00:01 {host} smtpd[7]: from=<{user}@{host}.example.org> client=x[{ip}]",
        "Mar  3 10:00:01 {host} app: cannot open /home/{user}/{host}/notes: denied for {ip}",
        "2024-03-03T10:00:01+00:00 {host} sudo: {user} : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ping {ip}",
    ]
)


@settings(max_examples=40, deadline=None)
@given(host=LABEL, user=LABEL, ip=st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)), text=LINES)
def test_no_known_name_is_left_in_any_format(host, user, ip, text):
    if ip.is_loopback or ip.is_unspecified or host == user:
        return
    line = Evidence(f"/srv/{host}/home/{user}/messages", 7, text.format(host=host, user=user, ip=ip), 0)
    incident = REPORT.incidents[0]
    finding = replace(
        incident.causes[0],
        host=host,
        title=replace(incident.causes[0].title, values={"down.host": host}, evidence=(line,)),
        narrative=(replace(incident.causes[0].title, values={"down.host": user}, evidence=(line,)),),
        evidence=(line,),
    )
    report = replace(
        REPORT,
        incidents=(replace(incident, hosts=(host,), causes=(finding,), effects=(), links=()),),
        files=(replace(REPORT.files[0], file=line.file, stream=line.file, host=host),),
        command=f"logsleuth explain /srv/{host} --host {user}=/srv",
        changes=(line,),
    )
    hidden = redact(report)
    for name, render in RENDERERS.items():
        shown = render(hidden, Options(verbose=2)).lower()
        for known in (host, user, str(ip)):
            assert known not in shown, (name, known)
