"""Whose logs they are, on disk and in archives."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.clock.zones import zone_named

ACCESS = b'10.0.0.9 - - [17/Dec/2008:10:49:08 +0000] "GET / HTTP/1.1" 200 5\n'
RING = b"[    0.000000] Linux version 2.6.26 (gcc) #1 SMP Sat Nov 8 2008\n[    1.500000] sda: attached\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def line(host):
    return f"Dec 17 10:49:08 {host} kernel: da0: link down\n".encode()


def on_disk(members):
    for name, content in members.items():
        Path("b", name).parent.mkdir(parents=True, exist_ok=True)
        Path("b", name).write_bytes(content)


def as_tar(members, mode="w"):
    with tarfile.open("b", mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo("./" + name)
            info.size, info.mtime = len(content), 1_229_600_000
            archive.addfile(info, io.BytesIO(content))


def as_zip(members):
    with zipfile.ZipFile("b", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.fixture(
    params=[on_disk, as_tar, lambda members: as_tar(members, "w:gz"), as_zip], ids=["disk", "tar", "tgz", "zip"]
)
def put(request):
    return request.param


def opened(paths=("b",), **hosts):
    told = Settings(zone_named("UTC"), "UTC", 1_700_000_000 * 10**9, hosts={path: name for name, path in hosts.items()})
    return pipeline.open_paths(list(paths), told)


def hosts(paths=("b",), **told):
    return {log.name.removeprefix("b/"): log.host for log in opened(paths, **told).opened.logs}


def test_several_hosts(put):
    put({"gate/var/log/messages": line("gate"), "home/var/log/messages": line("home"), "remote/access.log": ACCESS})
    assert hosts() == {"gate/var/log/messages": "gate", "home/var/log/messages": "home", "remote/access.log": "remote"}


def test_folders_that_bear_the_names_of_their_hosts(put):
    put({"gate/messages": line("gate"), "gate/access.log": ACCESS, "home/access.log": ACCESS})
    assert hosts() == {"gate/messages": "gate", "gate/access.log": "gate", "home/access.log": "home"}


def test_all_folders_of_a_machine_are_its_own(put):
    put(
        {
            "gate/var/log/messages": line("gate"),
            "gate/usr/local/apache/logs/access_log": ACCESS,
            "gate/usr/local/var/log/app.log": ACCESS,
            "gate/opt/app/var/log/app.log": ACCESS,
            "gate/app/app.log": ACCESS,
            "gate/usr/jails/web/var/log/messages": line("web"),
        }
    )
    assert {name: host for name, host in hosts().items() if host != "gate"} == {
        "gate/usr/jails/web/var/log/messages": "web"
    }  # fmt: skip
    assert {log.machine for log in opened().opened.logs} == {"b/gate", "b/gate/usr/jails/web"}


def test_the_machine_may_be_the_argument_itself(put):
    put(
        {
            "var/log/messages": line("gate"),
            "usr/local/logs/access_log": ACCESS,
            "home/access.log": ACCESS,
            "x.log": ACCESS,
        }
    )
    assert {log.machine for log in opened().opened.logs} == {"b"}


SOSREPORT = "sosreport-gate-2026-01-07-abcdefg"


def test_a_sosreport_is_one_machine(put):
    journal = b"-- Logs begin at Mon 2008-12-15 --\n" + line("gate")
    timers = b"Mon 2030-01-07 00:00:00 UTC  5h left  x.timer\n" * 9
    put({
        f"{SOSREPORT}/var/log/messages": line("gate"),
        f"{SOSREPORT}/sos_commands/logs/journalctl_--no-pager_--boot": journal,
        f"{SOSREPORT}/sos_commands/kernel/dmesg": RING,
        f"{SOSREPORT}/sos_commands/date/date": b"Wed Dec 17 10:50:00 CET 2008\n",
        f"{SOSREPORT}/sos_commands/systemd/systemctl_list-timers": timers,
        f"{SOSREPORT}/sos_commands/host/hostname": b"gate.example.org\n",
        f"{SOSREPORT}/installed-rpms": b"bash-4.2-1.x86_64\n" * 9,
    })  # fmt: skip
    skipped = {one.name.partition(f"{SOSREPORT}/")[2]: one.reason for one in opened().skipped}
    assert skipped == {
        "sos_commands": "3 outputs of commands in it are no logs",
        "installed-rpms": skipped["installed-rpms"],
    }
    logs = opened().opened.logs
    assert {(log.machine, log.host) for log in logs} == {(f"b/{SOSREPORT}", "gate")}
    assert sorted(log.name.rpartition("/")[2] for log in logs) == ["dmesg", "journalctl_--no-pager_--boot", "messages"]


@pytest.mark.parametrize(
    ("beside", "host"),
    [
        ({"etc/hostname": b"# ours\ngate\n"}, "gate"),
        ({"etc/rc.conf": b'sshd_enable="YES"\nhostname="gate.example.org"\n'}, "gate.example.org"),
        ({"etc/sysconfig/network": b"NETWORKING=yes\nHOSTNAME=gate\n"}, "gate"),
        ({"etc/hostname": b"localhost\n"}, ""),
        ({"hostname": b"somebody\n"}, ""),
    ],
)
def test_where_no_line_names_the_host_its_own_files_do(put, beside, host):
    put({"var/log/nginx/access.log": ACCESS, **beside})
    assert set(hosts().values()) == {host}


def test_of_several_names_in_the_lines_the_machines_own_is_its_name(put):
    put(
        {
            "var/log/messages": line("router") * 9 + line("gate"),
            "var/log/dmesg": RING,
            "etc/hostname": b"gate.example.org\n",
        }
    )
    assert set(hosts().values()) == {"gate"}


def test_names_of_archives_and_reports_where_nothing_else_tells():
    Path("d").mkdir()
    for name in ("gate.tar.gz", "sosreport-home.12345-20120101.tar"):
        as_tar({"var/log/nginx/access.log": ACCESS}, "w")
        Path("b").rename(Path("d", name))
    assert {log.host for log in opened(["d"]).opened.logs} == {"gate", "home"}


def test_the_user_names_hosts(put):
    put({"a/access.log": ACCESS, "c/access.log": ACCESS, "c/d/access.log": ACCESS})
    assert hosts(gate="b") == {"a/access.log": "gate", "c/access.log": "gate", "c/d/access.log": "gate"}
    assert hosts(gate="b/a", home="./b/c", web="b/c/d") == {
        "a/access.log": "gate",
        "c/access.log": "home",
        "c/d/access.log": "web",
    }
    assert hosts(gate=str(Path("b/a").absolute()), home="b/c/access.log")["c/access.log"] == "home"


def test_a_name_for_nothing_is_told(put):
    put({"a/access.log": ACCESS})
    (skipped,) = opened(gate="b/x").skipped
    assert (skipped.name, skipped.reason) == ("b/x", "named with --host, but no log was read there")


def test_the_standard_input_can_be_named():
    told = Settings(zone_named("UTC"), "UTC", 0, hosts={"-": "gate"})
    (log,) = pipeline.open_paths(["-"], told, io.BytesIO(ACCESS)).opened.logs
    assert log.host == "gate"
