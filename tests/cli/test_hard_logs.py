"""Logs that other tools read wrong without a word, and broken ones: what can be read is read, the rest is named."""

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner

from logsleuth.cli import main
from logsleuth.formats import FORMATS
from tests.bench.corpus import corpus
from tests.sources.journals import NOON, ONLINE, Writer, said

FIXTURES = Path(__file__).parents[1] / "fixtures"
BSD = b"".join(b"Mar  4 05:06:%02d gate app[7]: old step %d\n" % (n, n) for n in range(5))
ISO = b"".join(b"2024-03-04T05:07:%02d.5+00:00 gate app[7]: new step %d\n" % (n, n) for n in range(5))


def tarred(name, content, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(content), 1_709_530_000
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2024, 3, 4, 6, 0, 0)), content)
    return out.getvalue()


def journal():
    writer = Writer(state=ONLINE)
    for i in range(400):
        writer.entry(NOON + i * 1_000_000, said(f"step {i}"))
    return writer.bytes()


def run(folder, *args, tz="UTC"):
    done = CliRunner().invoke(main, ["timeline", "--tz", tz, "--year", "2024", *args, str(folder)])
    assert done.exit_code == 0, done.stderr
    return done


def entries(folder, **more):
    done = run(folder, "--format", "jsonl", **more)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def saved(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


CASES = {
    # name: (files, entries, first and last time, what the messages hold)
    "a syslog that goes over to ISO stamps": ({"syslog": BSD + ISO}, 10, "05:06:00", "05:07:04"),
    "and back": ({"syslog": ISO + BSD.replace(b"05:06", b"05:08")}, 10, "05:07:00", "05:08:04"),
    "two formats take turns": (
        {"syslog": b"".join(a + b for a, b in zip(BSD.splitlines(True), ISO.splitlines(True), strict=True))},
        10, "05:06:00", "05:07:04",
    ),
    "a second gzip member": ({"syslog.gz": gzip.compress(BSD) + gzip.compress(ISO)}, 10, "05:06:00", "05:07:04"),
    "tar.gz": ({"logs.tar.gz": tarred("var/log/syslog", BSD + ISO)}, 10, "05:06:00", "05:07:04"),
    "tar.xz in a folder": ({"a/logs.tar.xz": tarred("var/log/syslog", BSD, "w:xz")}, 5, "05:06:00", "05:06:04"),
    "zip": ({"logs.zip": zipped("var/log/syslog", BSD + ISO)}, 10, "05:06:00", "05:07:04"),
    "zst": ({"syslog.zst": zstandard.ZstdCompressor().compress(BSD + ISO)}, 10, "05:06:00", "05:07:04"),
    "xz, bz2": ({"syslog.1.xz": lzma.compress(BSD), "mail.log.bz2": bz2.compress(ISO)}, 10, "05:06:00", "05:07:04"),
    "two files with the same first line": (
        {"a.log": ISO, "b.log": ISO[: ISO.index(b"\n") + 1] + ISO.replace(b"05:07", b"05:09")},
        11, "05:07:00", "05:09:04",
    ),
    "dmesg and audit beside syslog": (
        {
            "syslog": ISO + b"2024-03-04T05:08:00+00:00 gate kernel: [   12.500000] eth0: link down\n",
            "dmesg": b"[    0.000000] Linux version 6.1.0\n[   12.500000] eth0: link down\n",
            "audit/audit.log": b"type=SYSCALL msg=audit(1709528920.123:7): arch=c000003e\n",
        },
        9, "05:07:00", "05:08:40",
    ),
    "Apache's stamps of 2.2, then of 2.4": (
        {
            "error_log": b"[Mon Mar 04 05:06:07 2024] [error] [client 192.0.2.7] no\n"
            b"[Mon Mar 04 05:06:08.123456 2024] [core:error] [pid 7] no\n"
        },
        2, "05:06:07", "05:06:08",
    ),
    "a JSON line that is cut": (
        {"app.log": b'{"ts":"2024-03-04T05:06:07Z","msg":"a"}\n{"ts":"2024-03-04T05:06:08Z","msg":"b"}\n{"ts":"20'},
        2, "05:06:07", "05:06:08",
    ),
    "a line that is cut": ({"syslog": BSD + BSD[:33]}, 6, "05:06:00", "05:06:04"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "count", "first", "last"), CASES.values(), ids=CASES)
def test_each_line_at_its_time(tmp_path, files, count, first, last):
    told, _ = entries(saved(tmp_path, files))
    times = [one["time"][11:19] for one in told]
    assert len(told) == count
    assert (min(times), max(times)) == (first, last)
    assert {one["time"][:10] for one in told} == {"2024-03-04"}


def test_lines_before_the_first_stamp_are_kept(tmp_path):
    told, _ = entries(saved(tmp_path, {"app.log": b"app 1.0\nconfigured from /etc/app\n" + ISO}))
    assert (len(told), told[0]["message"], told[0]["time"]) == (6, "app 1.0\nconfigured from /etc/app", None)


def test_a_text_without_stamps_is_named_or_read(tmp_path):
    folder = saved(tmp_path, {"syslog": ISO, "notes.txt": b"nothing\nhere\n", "console.log": b"login:\npanic: x\n"})
    told, notes = entries(folder)
    assert sum(one["time"] is None for one in told) == 2
    assert "notes.txt: text without time stamps" in notes


def test_requests_out_of_order_are_put_in_order_and_never_rewritten(tmp_path):
    lines = [
        b'192.0.2.7 - - [04/Mar/2024:05:06:%02d +0000] "GET /%d HTTP/1.1" 200 5\n' % (second, second)
        for second in (1, 9, 3, 4, 2, 8)
    ]
    raw = run(saved(tmp_path, {"access.log": b"".join(lines)}), "--format", "raw").stdout_bytes
    assert raw == b"".join(sorted(lines))


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("2024-03-31T01:59:59", "2024-03-31T00:59:59"),
        ("2024-03-31T03:00:00", "2024-03-31T01:00:00"),
        ("2024-06-01T12:00:00", "2024-06-01T10:00:00"),
        ("2024-12-01T12:00:00", "2024-12-01T11:00:00"),
    ],
)
def test_summer_time(tmp_path, stamp, utc):
    told, _ = entries(saved(tmp_path, {"app.log": f"{stamp} gate app: x\n".encode()}), tz="Europe/Berlin")
    assert dt.datetime.fromisoformat(told[0]["time"]).astimezone(dt.UTC).strftime("%FT%T") == utc


def test_both_hours_of_an_autumn_night(tmp_path):
    """Both are written 02:30; where the stamps fall back the second one begins."""
    stamps = ["01:30:00", "02:30:00", "02:59:00", "02:00:00", "02:30:00", "03:30:00"]
    text = "".join(f"2024-10-27 {stamp} queue is empty\n" for stamp in stamps)
    told, _ = entries(saved(tmp_path, {"app.log": text.encode()}), tz="Europe/Berlin")
    utc = [dt.datetime.fromisoformat(one["time"]).astimezone(dt.UTC).strftime("%T") for one in told]
    assert utc == ["23:30:00", "00:30:00", "00:59:00", "01:00:00", "01:30:00", "02:30:00"]


BROKEN = {
    "half a journal": ({"system.journal": journal()[: len(journal()) // 2]}, 50, "system.journal"),
    "a tar that ends early": (
        {"logs.tar": tarred("var/log/syslog", BSD * 200, "w")[:20_000]}, 100, "logs.tar",
    ),
    "a gzip that ends early": ({"syslog.gz": gzip.compress(BSD * 4000)[:-2000]}, 100, "syslog.gz"),
    "a wtmp with a torn record": (
        {"wtmp": b"".join(
            (2).to_bytes(4, "little") + bytes(4) + b"~".ljust(32, b"\0") + b"~~\0\0" + b"reboot".ljust(32, b"\0")
            + b"6.1.0".ljust(256, b"\0") + bytes(8) + (1_709_500_000 + n).to_bytes(4, "little") + bytes(40)
            for n in range(5)
        )[:-100]},
        4, "wtmp",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "least", "named"), BROKEN.values(), ids=BROKEN)
def test_what_is_left_of_a_broken_file_is_read_and_the_loss_is_named(tmp_path, files, least, named):
    told, notes = entries(saved(tmp_path, {**files, "ok.log": ISO}))
    assert sum(one["file"].endswith("ok.log") for one in told) == 5
    assert len(told) - 5 >= least
    assert any(named in line and ("read in part" in line or "skipped" in line) for line in notes.splitlines()), notes


def every_format(folder):
    """A file of the samples of each format that lines alone tell."""
    for form in FORMATS:
        sample = b"\n".join(form.samples) + b"\n"
        if form.hinted(sample):
            (folder / f"{form.name}.log").write_bytes(sample)
    return folder


@pytest.mark.parametrize("tree", ["yasuharu-2008", "debian-unclean", "debian-clean-reboot", "every format", "bench"])
def test_raw_lines_are_those_that_were_read_and_in_order(tmp_path, tree):
    if tree == "bench":
        folder = Path(corpus(1, 3, str(tmp_path)).paths[0]).parent
    else:
        folder = every_format(tmp_path) if tree == "every format" else FIXTURES / "incidents" / tree
    done = run(folder, "--format", "raw", "--keep-duplicates")
    told = [json.loads(line) for line in run(folder, "--format", "jsonl", "--keep-duplicates").stdout.splitlines()]
    files = {one["file"] for one in told}
    read: Counter[bytes] = Counter()
    for name in files:
        content = Path(name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        content = bz2.decompress(content) if name.endswith(".bz2") else content
        read.update(line.rstrip(b"\r").strip(b"\0") for line in content.split(b"\n"))
    printed = Counter(line.rstrip(b"\r").strip(b"\0") for line in done.stdout_bytes.split(b"\n"))
    del read[b""], printed[b""]
    assert printed == read
    assert len(files) > 4
    times = [one["time"] for one in told if one["time"]]
    assert times == sorted(times) or "stamps run backwards" in done.stderr
