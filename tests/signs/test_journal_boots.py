"""The lives of a host by its journal alone: archived, put aside, live; and by a text beside it."""

import pytest

from logsleuth import sources
from logsleuth.pipeline import boots, timeline
from tests.sources.journals import ARCHIVED, NOON, ONLINE, Writer, said

SECOND = 1_000_000
HOUR = 3600 * SECOND
BANNER = "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.76-1"
UNCLEAN = "File /var/log/journal/0123/system.journal corrupted or uncleanly shut down, renaming and replacing."


def life(writer, start, boot, *, ends):
    """A boot at `start`, a message every ten minutes for an hour, and an orderly shutdown or none."""
    writer.entry(start, said(BANNER, "kernel", 0, 5), boot)
    writer.entry(start + SECOND, said("systemd 252 running in system mode", "systemd", 1), boot)
    for i in range(1, 7):
        writer.entry(start + i * HOUR // 6, said("(root) CMD (true)", "CRON", 800 + i), boot)
    if ends == "clean":
        for i, (text, who, pid) in enumerate(
            (
                ("System is rebooting.", "systemd-logind", 601),
                ("Reached target reboot.target - System Reboot.", "systemd", 1),
                ("Shutting down.", "systemd", 1),
                ("Journal stopped", "systemd-journald", 245),
            )
        ):
            writer.entry(start + HOUR + i * SECOND, said(text, who, pid), boot)


@pytest.fixture
def machine(tmp_path):
    """Three lives: the first ends in order, the second in the middle of something."""
    folder = tmp_path / "var/log/journal/0123"
    folder.mkdir(parents=True)
    old, torn, live = Writer(state=ARCHIVED, compact=True), Writer(state=ONLINE, room=9999), Writer(state=ONLINE)
    life(old, NOON, b"1" * 16, ends="clean")
    life(torn, NOON + 2 * HOUR, b"2" * 16, ends="")
    life(live, NOON + 5 * HOUR, b"3" * 16, ends="")
    live.entry(NOON + 6 * HOUR + SECOND, said(UNCLEAN, "systemd-journald", 245, 4), b"3" * 16)
    (folder / f"system@{'ab' * 16}-0000000000000001-{NOON:016x}.journal").write_bytes(old.bytes())
    (folder / f"system@{NOON + 5 * HOUR:016x}-00000000deadbeef.journal~").write_bytes(torn.bytes())
    (folder / "system.journal").write_bytes(live.bytes())
    user = Writer(state=ONLINE)
    user.entry(NOON + 3 * HOUR, said("Started app.", "systemd", 2001), b"2" * 16)
    (folder / "user-1000.journal").write_bytes(user.bytes())
    return tmp_path


def test_files_that_rotate_are_one_stream(machine):
    frame = timeline(str(machine))
    system = frame[~frame.file.str.contains("user-")]
    assert len(frame) == 8 + 4 + 8 + 8 + 1 + 1
    assert system.time.is_monotonic_increasing
    assert frame.time.is_monotonic_increasing


def test_three_lives(machine):
    told, _ = boots(str(machine))
    assert [(b.host, b.number, b.how) for b in told] == [
        ("gate", -2, "clean"),
        ("gate", -1, "unclean"),
        ("gate", 0, "still up"),
    ]
    assert [b.start.earliest for b in told] == [(NOON + h * HOUR) * 1000 for h in (0, 2, 5)]
    ends = (3 * SECOND + HOUR, 3 * HOUR, 6 * HOUR + SECOND)
    assert [b.end.earliest for b in told] == [(NOON + end) * 1000 for end in ends]
    assert BANNER in told[1].first.text
    assert "CRON[806]" in told[1].last.text or "Started app." in told[1].last.text


def test_a_text_beside_the_journal_tells_of_the_same_boots(machine):
    text = machine / "var/log/syslog"
    text.write_text(
        # rsyslog starts later, and stamps what the kernel said before.
        f"2024-01-02T14:00:21.000000+00:00 gate kernel: [    0.000000] {BANNER}\n"
        "2024-01-02T14:30:00.000000+00:00 gate CRON[803]: (root) CMD (true)\n"
        f"2024-01-02T17:00:21.000000+00:00 gate kernel: [    0.000000] {BANNER}\n"
    )
    told, _ = boots(str(machine))
    assert [b.start.earliest for b in told] == [(NOON + h * HOUR) * 1000 for h in (0, 2, 5)]


def test_lines_of_a_boot_that_are_stamped_before_its_first_are_not_the_last_sign_of_life(tmp_path):
    """What rsyslog kept during the boot it writes in no order, here and in files without the kernel's lines."""
    (tmp_path / "syslog").write_text(
        "2024-01-02T13:00:00.000000+00:00 gate CRON[803]: (root) CMD (true)\n"
        f"2024-01-02T14:00:21.000000+00:00 gate kernel: [    0.000000] {BANNER}\n"
        "2024-01-02T14:00:19.000000+00:00 gate systemd[1]: Mounted dev-hugepages.mount - Huge Pages File System.\n"
        "2024-01-02T14:30:00.000000+00:00 gate CRON[804]: (root) CMD (true)\n"
    )
    (tmp_path / "daemon.log").write_text(
        "2024-01-02T12:59:00.000000+00:00 gate systemd[1]: Started app.service.\n"
        "2024-01-02T14:00:19.000000+00:00 gate systemd[1]: Mounted dev-hugepages.mount - Huge Pages File System.\n"
    )
    told, _ = boots(str(tmp_path))
    assert [b.last.text.rpartition(": ")[2] for b in told] == ["(root) CMD (true)"] * 2
    assert told[0].end.earliest == (NOON + HOUR) * 1000


def test_a_boot_without_the_kernels_lines_is_told_by_its_id(tmp_path):
    """The oldest messages of each boot were given up, or the journal is a user's own, or a container's."""
    one = Writer(state=ONLINE)
    for i in range(6):
        boot = b"1" * 16 if i < 3 else b"2" * 16
        one.entry(NOON + i * HOUR, said(f"(root) CMD (nightly {i})", "CRON", 800 + i), boot)
    (tmp_path / "system.journal").write_bytes(one.bytes())
    told, _ = boots(str(tmp_path))
    assert [(b.number, b.how) for b in told] == [(-1, "unknown"), (0, "still up")]
    assert told[0].end.earliest == (NOON + 2 * HOUR) * 1000
    assert told[1].start.earliest is not None
    assert (NOON + 2 * HOUR) * 1000 <= told[1].start.earliest <= (NOON + 3 * HOUR) * 1000
    assert len(timeline(str(tmp_path))) == 6


@pytest.mark.parametrize(
    ("boots_of", "pause", "count"),
    [((b"1", b"2"), HOUR, 2), ((b"1", b"1"), HOUR, 1), ((b"1", b"2"), SECOND, 1), ((b"1", b"2", b"2"), HOUR, 2)],
)
def test_a_boot_between_two_files_is_told_by_their_ids(tmp_path, boots_of, pause, count):
    for number, boot in enumerate(boots_of):
        writer = Writer(state=ONLINE if number == len(boots_of) - 1 else ARCHIVED)
        start = NOON + number * (2 * HOUR + pause)
        for i in range(3):
            writer.entry(start + i * HOUR, said(f"(root) CMD (nightly {number} {i})", "CRON", 800 + i), boot * 16)
        name = "system" if number == len(boots_of) - 1 else f"system@{'ab' * 16}-{number:016x}-{start:016x}"
        (tmp_path / f"{name}.journal").write_bytes(writer.bytes())
    told, _ = boots(str(tmp_path))
    assert [b.how for b in told] == ["unknown"] * (count - 1) + ["still up"]
    if count > 1:
        assert told[0].end.earliest == (NOON + 2 * HOUR) * 1000
        assert told[1].start.earliest == (NOON + 2 * HOUR + pause) * 1000
        assert "nightly 1 0" in told[1].first.text


def test_files_of_two_machines_tell_of_no_boot(tmp_path):
    for number in range(2):
        writer = Writer(state=ARCHIVED)
        fields = [(name, f"gate{number}" if name == "_HOSTNAME" else value) for name, value in said("hello")]
        writer.entry(NOON + number * HOUR, fields, bytes([number + 1]) * 16)
        (tmp_path / f"remote@{'ab' * 16}-{number:016x}-{NOON + number * HOUR:016x}.journal").write_bytes(writer.bytes())
    assert not any(b.seen for b in boots(str(tmp_path))[0])


def test_a_journal_of_several_machines_tells_of_no_boot_where_they_take_turns(tmp_path):
    many = Writer(state=ONLINE)
    for i in range(6):
        fields = [(name, f"gate{i % 2}" if name == "_HOSTNAME" else value) for name, value in said(f"line {i}")]
        many.entry(NOON + i * HOUR, fields, bytes([i % 2]) * 16)
    (tmp_path / "remote.journal").write_bytes(many.bytes())
    assert [b.seen for b in boots(str(tmp_path))[0]] == [False] * len(boots(str(tmp_path))[0])


def test_the_line_between_two_boots_stands_at_the_same_place_wherever_one_begins_to_read(tmp_path):
    long = Writer(state=ONLINE)
    for i in range(9000):
        long.entry(NOON + i * SECOND, said(f"line {i}"), b"1" * 16 if i < 4096 else b"2" * 16)
    (tmp_path / "system.journal").write_bytes(long.bytes())
    source = sources.find([tmp_path])[0][0]
    whole = b"".join(sources.blocks(source, []))
    assert whole.count(b"\n-- Boot " + b"32" * 16 + b" --\n") == 1
    at = whole.index(b"-- Boot ")
    for start in (at - 1, at, at + 1, len(whole) - 5):
        assert b"".join(sources.blocks(source, [], start=start)) == whole[start:]
