"""Which log a rotated file belongs to, and in which order its members were written."""

import pytest

from logsleuth.sources.rotation import LIVE, split_name

NAMES = [
    # the live file and its numbered forebears
    ("messages", "messages", LIVE),
    ("messages.0", "messages", (1, 0)),
    ("messages.0.bz2", "messages", (1, 0)),
    ("syslog.1", "syslog", (1, -1)),
    ("syslog.2.gz", "syslog", (1, -2)),
    ("syslog.10.xz", "syslog", (1, -10)),
    ("wtmp.0.Z", "wtmp", (1, 0)),
    ("audit.log.4", "audit.log", (1, -4)),
    ("php7.4-fpm.log.1", "php7.4-fpm.log", (1, -1)),
    ("pop3.1", "pop3", (1, -1)),
    # dates
    ("x-20260101.gz", "x", (0, 20260101)),
    ("x-2026010112", "x", (0, 20260101, 12)),
    ("x-20240101.log.gz", "x.log", (0, 20240101)),
    ("secure-20230422", "secure", (0, 20230422)),
    ("messages.20240101T000000.bz2", "messages", (0, 20240101, 0)),
    ("messages.20240101T235959", "messages", (0, 20240101, 235959)),
    ("error.log.2024-01-01", "error.log", (0, 20240101)),
    ("access.log-20231231.zst", "access.log", (0, 20231231)),
    ("x-20240101-1704067200.gz", "x", (0, 20240101, 1704067200)),
    ("catalina.2024-01-01.log", "catalina.log", (0, 20240101)),
    ("app.2024-01-01.0.log", "app.log", (0, 20240101, 0)),
    ("app.2024-01-01.12.log", "app.log", (0, 20240101, 12)),
    ("app-2024-01-01-3.log.gz", "app.log", (0, 20240101, 3)),
    ("postgresql-2024-01-01_000000.log", "postgresql.log", (0, 20240101, 0)),
    ("0.log.20240101-120000.gz", "0.log", (0, 20240101, 120000)),
    ("foo-2016-11-04T18-30-00.000.log", "foo.log", (0, 20161104, 18, 30, 0, 0)),
    ("localhost_access_log20240101.txt", "localhost_access_log.txt", (0, 20240101)),
    ("prog.host.log.INFO.20240101-120000.1234", "prog.host.log.INFO", (0, 20240101, 120000, 1234)),
    ("20240101.log", "*.log", (0, 20240101)),
    ("2024-01-01", "*", (0, 20240101)),
    ("x-202401.log", "x.log", (0, 20240100)),
    ("access_log.1229472000", "access_log", (0, 20081217, 1229472000)),
    # 2008-12-17 as a TAI64N label
    ("@40000000494843800e0b2ca4.s", "current", (0, 20081217, 1229472640)),
    # put aside
    ("log.old", "log", (2, 1)),
    ("boot.log.bak", "boot.log", (2, 1)),
    ("Xorg.0.log.old", "Xorg.0.log", (2, 1)),
    ("kodi.old.log", "kodi.log", (2, 1)),
    ("dmesg.yesterday", "dmesg", (2, 0)),
    ("dmesg.today", "dmesg", (2, 2)),
    ("messages.gz", "messages", (2, 1)),
    # journald: archived at its first entry's time, put aside at a time, by hand
    (
        "system@0123456789abcdef0123456789abcdef-00000000000004d2-00061775015564d0.journal",
        "system.journal",
        (0, 20240502, 1714641161, 250000),
    ),
    ("system@000617824484b8c7-5ca1ab1e0ddba11a.journal~", "system.journal", (0, 20240503, 1714698123, 7)),
    ("user-1000@000617824484b8c7-5ca1ab1e0ddba11a.journal~.xz", "user-1000.journal", (0, 20240503, 1714698123, 7)),
    ("system.journal~", "system.journal", (2, 1)),
    ("system.journal", "system.journal", LIVE),
    ("user-1234567890.journal", "user-1234567890.journal", LIVE),
    # digits that mean something else
    ("php7.4-fpm.log", "php7.4-fpm.log", LIVE),
    ("mail.log", "mail.log", LIVE),
    ("mail.info", "mail.info", LIVE),
    ("postgresql-15-main.log", "postgresql-15-main.log", LIVE),
    ("pop3.log", "pop3.log", LIVE),
    ("Xorg.0.log", "Xorg.0.log", LIVE),
    ("0.log", "0.log", LIVE),
    ("192.168.1.5", "192.168.1.5", LIVE),
    ("host-10.0.0.1", "host-10.0.0.1", LIVE),
    ("192.168.1.5.1", "192.168.1.5", (1, -1)),
    ("192.168.1.5.log.1", "192.168.1.5.log", (1, -1)),
    ("nginx-1.18.0", "nginx-1.18.0", LIVE),
    ("node-20231399.log", "node-20231399.log", LIVE),
    ("job-1234567.log", "job-1234567.log", LIVE),
    ("pod-20240101abcd.log", "pod-20240101abcd.log", LIVE),
    (".gz", ".gz", LIVE),
]


@pytest.mark.parametrize(("name", "stem", "rank"), NAMES, ids=[name for name, _, _ in NAMES])
def test_a_name_tells_its_log_and_its_age(name, stem, rank):
    assert split_name(name) == (stem, rank)


ORDERS = [
    ["messages.10.bz2", "messages.2.bz2", "messages.0.bz2", "messages"],
    ["x-20231231.gz", "x-20240101", "x-2024010201", "x-2024010212", "x"],
    ["a.log-20240101", "a.log.2", "a.log.1", "a.log.old", "a.log"],
    ["access_log.1229472000", "access_log.1229558400", "access_log-20240101", "access_log"],
    ["app.2024-01-01.9.log", "app.2024-01-01.10.log", "app.2024-01-01.31.log", "app.log"],
    ["dmesg.yesterday", "dmesg.today", "dmesg"],
    ["@4000000049484100000000aa.s", "@4000000049484380000000aa.u", "current"],
]


@pytest.mark.parametrize("names", ORDERS)
def test_members_sort_oldest_first(names):
    split = [split_name(name) for name in names]
    assert len({stem for stem, _ in split}) == 1
    ranks = [rank for _, rank in split]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
