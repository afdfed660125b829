"""A heartbeat that stops because its host is shut down says nothing of the network."""

import pytest

from logsleuth.pipeline import explain


def logs(folder, stop):
    """Beats every minute until 09:30:02, a boot at 09:38, beats again from 09:40:02; `stop` in seconds after 09:30."""
    beat = '192.0.2.7 - - [03/Mar/2024:09:{:02}:02 +0000] "GET /ping?h=gate HTTP/1.1" 200 2\n'
    (folder / "mill").mkdir()
    (folder / "mill" / "access.log").write_text("".join(map(beat.format, [*range(31), *range(40, 56)])))
    (folder / "gate").mkdir()
    lines = [f"Mar  3 09:{m:02}:01 gate cron[{700 + m}]: (rika) CMD (/home/rika/ping.sh)" for m in range(31)]
    minute, second = divmod(stop, 60)
    lines += [f"Mar  3 09:30:{s:02} gate shutdown: reboot by rika: new kernel" for s in (min(stop, 30),)] + [
        f"Mar  3 09:{30 + minute:02}:{second:02} gate syslogd: exiting on signal 15",
        "Mar  3 09:38:00 gate syslogd: kernel boot file is /boot/kernel/kernel",
        "Mar  3 09:38:00 gate kernel: FreeBSD 9.0-RELEASE #0: Tue Jan  3 07:46:30 UTC 2012",
    ]
    lines += [f"Mar  3 09:{m:02}:01 gate cron[{700 + m}]: (rika) CMD (/home/rika/ping.sh)" for m in range(40, 56)]
    (folder / "gate" / "messages").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(("stop", "away"), [(20, False), (100, False), (330, True)])
def test_a_shutdown_that_takes_longer_than_a_beat_is_not_the_networks_fault(tmp_path, stop, away):
    logs(tmp_path, stop)
    report = explain([str(tmp_path)], tz="UTC", year=2024)
    causes = {f.cause for i in report.incidents for f in (*i.causes, *i.effects)}
    assert ("external-network" in causes) == away


def two_beats(folder, quiet, both):
    """A ping and an update each minute; between the minutes `quiet` the ping stops, and the update too if `both`."""
    kinds = {'"GET /ping?h=gate HTTP/1.1"': True, '"GET /nic/update?hostname=gate HTTP/1.1"': both}
    stamp = "192.0.2.7 - - [03/Mar/2024:09:{:02}:0{} +0000] {} 200 2\n"
    lines = [
        stamp.format(minute, 2 + second, request)
        for minute in range(50)
        for second, (request, stops) in enumerate(kinds.items())
        if not (stops and minute in quiet)
    ]
    (folder / "mill").mkdir()
    (folder / "mill" / "access.log").write_text("".join(lines))
    (folder / "gate").mkdir()
    lines = [f"Mar  3 09:{m:02}:01 gate cron[{700 + m}]: (rika) CMD (/home/rika/ping.sh)\n" for m in range(50)]
    (folder / "gate" / "messages").write_text("".join(lines))


@pytest.mark.parametrize(("both", "told"), [(False, 0), (True, 1)])
def test_a_host_is_away_once_and_only_while_none_of_its_heartbeats_is_heard(tmp_path, both, told):
    two_beats(tmp_path, range(20, 30), both)
    report = explain([str(tmp_path)], tz="UTC", year=2024)
    found = [f for i in report.incidents for f in (*i.causes, *i.effects) if f.cause == "external-network"]
    assert len(found) == told
