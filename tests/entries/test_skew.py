"""Two hosts' clocks by mail that one handed to the other: said where they agree, else not at all."""

import datetime as dt

import pytest

from logsleuth.pipeline import default_settings, open_paths
from logsleuth.run import assumptions

START = dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)


def line(second, host, text):
    return f"{START + dt.timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}+00:00 {host} {text}\n"


def said(folder, skews, ids=None):
    """What is said of two hosts, of which `box` receives mail so many seconds after `out` sent it."""
    ids = ids or [f"4F00{n:06X}" for n in range(len(skews))]
    out = "".join(
        line(n * 60, "out", f"postfix/smtp[7]: 9A{n:08X}: to=<a@example.org>, relay=box[192.0.2.7]:25, delay=0.4, "
             f"status=sent (250 2.0.0 Ok: queued as {name})")
        for n, name in enumerate(ids)
    )  # fmt: skip
    box = "".join(
        line(n * 60 + by, "box", f"postfix/smtpd[9]: {name}: client=out[192.0.2.8]")
        for n, (by, name) in enumerate(zip(skews, ids, strict=True))
    )
    for name, text in (("out", out), ("box", box)):
        (folder / name / "var/log").mkdir(parents=True)
        (folder / name / "var/log/maillog").write_text(text)
    logs = open_paths([str(folder)], default_settings("UTC"))
    return [(a.about, a.text) for a in assumptions(logs) if "its clock runs" in a.text]


@pytest.mark.parametrize(
    ("skews", "expected"),
    [
        ([-42, -43, -41, -42], "about 42 s (41..43) behind that of out, by 4 mails"),
        ([100, 101, 100], "about 100 s (100..101) ahead of that of out, by 3 mails"),
        ([-3600, -3601, -3600], "about 3600 s (3600..3601) behind that of out, or its zone is another, by 3 mails"),
        ([-42, -42, -42, -42, -900], "about 42 s (42..42) behind that of out, by 4 mails"),
    ],
)
def test_clocks_that_lie_apart(tmp_path, skews, expected):
    ((about, text),) = said(tmp_path, skews)
    assert about == "box"
    assert expected in text


@pytest.mark.parametrize(
    "skews",
    [[-42, -42], [0, -1, 0, -2], [-42, -80, -120, -5], [-42, -42, -42, 300, 400], [-90_000, -90_000, -90_000], []],
)
def test_nothing_is_said_where_it_is_not_sure(tmp_path, skews):
    assert said(tmp_path, skews) == []


def test_queue_ids_that_come_again_tell_nothing(tmp_path):
    assert said(tmp_path, [-42] * 4, ids=["4F00AAAAAA"] * 4) == []


def heard(folder, **texts):
    """What is said of hosts with these lines, each (second by its own clock, text) or a whole line."""
    for name, lines in texts.items():
        (folder / name / "var/log").mkdir(parents=True)
        own = "".join(one if isinstance(one, str) else line(one[0], name, one[1]) for one in lines)
        (folder / name / "var/log/messages").write_text(own)
    logs = open_paths([str(folder)], default_settings("UTC"))
    return [(a.about, a.text) for a in assumptions(logs) if "its clock runs" in a.text]


NIGHT = [(n * 61, f"app[{n}]: step {n} of the night") for n in range(8)]
FILLER = [(n * 61, f"cron[{n}]: (root) CMD (true)") for n in range(12)]


def forwarded(by, lines=NIGHT, host="box"):
    """Lines of `box` as a log server has them that stamps them when they come."""
    return [line(second + by, host, text) for second, text in lines]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (95, "about 95 s (95..95) ahead of that of box, by 8 lines that box forwarded to it"),
        (-30, "about 30 s (30..30) behind that of box, by 8 lines that box forwarded to it"),
    ],
)
def test_lines_that_a_log_server_keeps(tmp_path, by, expected):
    ((about, text),) = heard(tmp_path, box=NIGHT, loghost=[*FILLER, *forwarded(by)])
    assert about == "loghost"
    assert expected in text


@pytest.mark.parametrize(
    "lines",
    [
        forwarded(0),
        forwarded(95, host="other"),
        forwarded(95, NIGHT[:4]),
        forwarded(95, [(second, text.replace("step", "pace")) for second, text in NIGHT]),
        [line(second * (n + 2), "box", text) for n, (second, text) in enumerate(NIGHT)],
    ],
)
def test_copies_that_are_none_or_few_or_do_not_agree_tell_nothing(tmp_path, lines):
    assert heard(tmp_path, box=NIGHT, loghost=[*FILLER, *lines]) == []


def test_lines_that_say_the_same_again_and_again_tell_nothing(tmp_path):
    same = [(n * 61, "app[7]: step") for n in range(8)]
    assert heard(tmp_path, box=same, loghost=[*FILLER, *forwarded(95, same)]) == []


RENEWED = (0, 1650, 3420, 5010)
"""dhclient renews at about half of a lease's time, jittered."""


@pytest.mark.parametrize(
    ("server", "client"),
    [
        (
            "dhcpd: DHCPACK on 192.0.2.7 to 00:11:22:33:44:55 (box) via eth0",
            "dhclient[7]: bound to 192.0.2.7 -- renewal",
        ),
        (
            "dnsmasq-dhcp[9]: DHCPACK(br0) 192.0.2.7 00:11:22:33:44:55 box",
            "dhcpcd[7]: eth0: leased 192.0.2.7 for 3600 s",
        ),
        (
            (
                "kea-dhcp4: INFO  [kea-dhcp4.leases] DHCP4_LEASE_ALLOC [hwtype=1 00:11:22:33:44:55], cid=[no info], "
                "tid=0x1: lease 192.0.2.7 has been allocated for 3600 seconds"
            ),
            "systemd-networkd[7]: eth0: DHCPv4 address 192.0.2.7/24, gateway 192.0.2.1 acquired from 192.0.2.1",
        ),
        (
            "dnsmasq-dhcp[9]: 4121 DHCPACK(br0) 192.0.2.7 00:11:22:33:44:55 box",
            "NetworkManager[7]: <info>  [1614834367.1] dhcp4 (eth0): state changed new lease, address=192.0.2.7",
        ),
    ],
)
def test_leases(tmp_path, server, client):
    told = heard(
        tmp_path,
        gate=[(at, server) for at in RENEWED],
        # The client's log begins later.
        box=[(at - 200, client) for at in RENEWED[1:]],
    )
    assert told[0][0] == "box"
    assert (
        "about 200 s (200..200) behind that of gate, by 3 leases that both logs name, such as that of 192.0.2.7"
        in told[0][1]
    )


@pytest.mark.parametrize("by", [1000, 3600])
def test_renewals_in_regular_distances_do_not_tell_which_is_which(tmp_path, by):
    at = range(0, 7200, 1800)
    server = [(t, "dhcpd: DHCPACK on 192.0.2.7 to 00:11:22:33:44:55 (box) via eth0") for t in at]
    client = [(t + by, "dhclient[7]: bound to 192.0.2.7 -- renewal in 1800 seconds.") for t in at]
    assert heard(tmp_path, gate=server, box=client) == []


def packet(port, number, to=22):
    return (
        f"kernel: [   12.5] IN=eth0 OUT=eth1 SRC=192.0.2.7 DST=198.51.100.5 LEN=60 TOS=0x00 TTL=63 ID={number} DF "
        f"PROTO=TCP SPT={port} DPT={to} WINDOW=64240 RES=0x00 SYN URGP=0 "
    )


def test_packets_that_two_firewalls_log(tmp_path):
    sent = [(n * 7, packet(50_000 + n, n, 443)) for n in range(4)]
    told = heard(tmp_path, gate=sent, wall=[(at + 61, text) for at, text in sent])
    assert len(told) == 1
    assert (
        "about 61 s (61..61) ahead of that of gate, by 4 packets that both saw, such as that from 192.0.2.7"
        in told[0][1]
    )


def test_connections_that_a_router_saw_begin(tmp_path):
    """Who logs in types for a while: the bounds say so."""
    box = [
        (n * 90 + 600 + typed, f"sshd[9]: Accepted password for rika from 192.0.2.7 port {50_000 + n} ssh2")
        for n, typed in enumerate((3, 20, 8, 11))
    ]
    ((about, text),) = heard(tmp_path, gate=[(n * 90, packet(50_000 + n, n)) for n in range(4)], box=box)
    assert about == "box"
    assert (
        "(603..620) ahead of that of gate, by 4 connections that gate saw begin, such as that from 192.0.2.7 port"
        in text
    )
