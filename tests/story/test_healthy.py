"""Two machines on which nothing is wrong for a week: nothing is told of them that is more than possible."""

import bz2
import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from logsleuth.pipeline import explain

FIXTURES = Path(__file__).parents[1] / "fixtures"
WEEK = FIXTURES / "healthy-week"
ZONE = "Europe/Berlin"
REBOOTS = {"mill": 2, "gate": 1}


@pytest.fixture(scope="module", params=sorted(REBOOTS))
def told(request):
    return request.param, explain([str(WEEK / request.param)], tz=ZONE, year=2024)


def alarms(report):
    return [
        f"{f.rule} ({f.confidence}): {f.evidence[0].where} {f.evidence[0].text}"
        for incident in report.incidents
        for f in (*incident.causes, *incident.effects)
        if f.confidence in {"probable", "confirmed"}
    ]


def test_no_incident_is_probable(told):
    assert not alarms(told[1])


def test_every_reboot_was_orderly(told):
    name, report = told
    assert len([f for f in report.set_aside if f.rule == "host-orderly-reboot"]) == REBOOTS[name]


def test_all_of_it_was_read(told):
    assert not told[1].skipped


def test_a_fault_among_it_is_found(tmp_path):
    """The week is no place in which nothing can be seen."""
    copy = tmp_path / "mill"
    shutil.copytree(WEEK / "mill", copy)
    with (copy / "var/log/kern.log").open("a") as file:
        file.write(
            "2024-03-10T23:30:00.000000+01:00 mill kernel: [99999.1] Out of memory: Killed process 860 (mariadbd) "
            "total-vm:2048000kB, anon-rss:1024000kB, file-rss:0kB, shmem-rss:0kB, UID:110 pgtables:2100kB "
            "oom_score_adj:0\n"
        )
    assert alarms(explain([str(copy)], tz=ZONE, year=2024))


def test_the_generator_writes_the_same_bytes_again(tmp_path):
    for script in FIXTURES.glob("healthy*.py"):
        shutil.copy(script, tmp_path)
    subprocess.run([sys.executable, str(tmp_path / "healthy.py")], check=True)
    made = {p.relative_to(tmp_path / "healthy-week"): p for p in (tmp_path / "healthy-week").rglob("*") if p.is_file()}
    kept = {p.relative_to(WEEK): p for p in WEEK.rglob("*") if p.is_file()}
    assert made.keys() == kept.keys()
    for name, path in made.items():
        assert content(path) == content(kept[name]), name


def content(path):
    """Packed files depend on the zlib and bzip2 in use, what is in them does not."""
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)
    return unpack(path.read_bytes())
