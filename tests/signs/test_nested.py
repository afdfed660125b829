"""Messages inside others: by way of the kernel's ring or of netifd, or quoted in a mail or a post."""

import pytest

from logsleuth.pipeline import explain
from logsleuth.signs.nested import Nested, message_in


@pytest.mark.parametrize(
    ("program", "text", "found"),
    [
        ("kernel", "[   12.345678] systemd[1]: Failed to mount /srv.", Nested("systemd", 1, "Failed to mount /srv.")),
        ("kernel", "systemd-journald[95]: Journal started", Nested("systemd-journald", 95, "Journal started")),
        ("kernel", "eth0: link is down", None),
        ("kernel", "the lead systemd[1]: is not at the begin", None),
        ("netifd", "wan (83): udhcpc: no lease, failing", Nested("udhcpc", 83, "no lease, failing")),
        ("netifd", "Interface 'wan' is now down", None),
        ("sshd", "kernel: panic", None),
        ("", "> Mar  3 10:00:01 gate pppd[40]: Modem hangup", Nested("pppd", 40, "Modem hangup")),
        ("", "gate hp-ams[xxxx]: WARNING: hot", Nested("hp-ams", -1, "WARNING: hot")),
        ("", "lis 02 20:23:06 gate.example.org kernel: irq 16: off", Nested("kernel", -1, "irq 16: off")),
        ("", "messages.1:Mar  3 10:00:01 gate dhclient: No lease", Nested("dhclient", -1, "No lease")),
        ("", "> > no tag at all", Nested("", -1, "no tag at all")),
        ("", "an ordinary sentence", None),
    ],
)
def test_what_stands_in_a_message(program, text, found):
    assert message_in(program, text) == found


def test_a_quoted_line_is_explained_like_the_line(tmp_path):
    path = tmp_path / "reply.txt"
    path.write_text("Rika wrote:\n> Mar  3 10:00:01 gate pppd[40]: No response to 4 echo-requests\n")
    report = explain([str(path)], tz="UTC")
    assert [f.cause for i in report.incidents for f in i.causes] == ["ppp-down"]


def test_another_programs_name_in_a_message_does_not_make_it_that_programs_word(tmp_path):
    path = tmp_path / "messages"
    path.write_text("Mar  3 10:00:01 gate sshd[7]: user said pppd[40]: No response to 4 echo-requests\n")
    found = [f for i in explain([str(path)], tz="UTC", year=2024).incidents for f in i.causes]
    assert all(f.cause != "ppp-down" and f.confidence == "possible" for f in found)
