"""A log gives the same events in every container: times, hosts, texts and line numbers; only its name differs."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth import pipeline

WRITTEN = 1_232_000_000  # 2009-01-15
DAYS = st.sampled_from(["Dec 30", "Dec 31", "Jan  1", "Jan  2"])
LINES = st.lists(
    st.one_of(
        st.builds(
            lambda second, text: f"{{day}} 10:{second // 60:02}:{second % 60:02} gate {text}\n".encode(),
            st.integers(0, 3599),
            st.sampled_from(
                ["kernel: da0: link down", "cron[71]: (root) CMD (x)", "su: BAD SU amy to root", "a: \xfc"]
            ),
        ),
        st.sampled_from([b"\tgoes on\n", b"\n", b"\0\0\0\0", b"2009-01-02T03:04:05+09:00 gate x: y\n", b"no stamp\n"]),
    ),
    min_size=1,
    max_size=40,
)


def plain(path, text):
    path.write_bytes(text)


def gzipped(path, text):
    with gzip.GzipFile(path, "wb", mtime=WRITTEN) as file:
        file.write(text)


def tarred(mode):
    def write(path, text):
        with tarfile.open(path, mode) as archive:
            info = tarfile.TarInfo("var/log/messages")
            info.size, info.mtime = len(text), WRITTEN
            archive.addfile(info, io.BytesIO(text))

    return write


def zipped(method):
    def write(path, text):
        info = zipfile.ZipInfo("var/log/messages", (2009, 1, 15, 6, 13, 20))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(info, text, method)

    return write


WRITERS = {
    "gzip": gzipped,
    "tar": tarred("w"),
    "tar.gz": tarred("w:gz"),
    "tar.xz": tarred("w:xz"),
    "zip": zipped(zipfile.ZIP_DEFLATED),
    "stored zip": zipped(zipfile.ZIP_STORED),
}


def events(path, write, text):
    write(path, text)
    os.utime(path, (WRITTEN, WRITTEN))
    frame = pipeline.timeline([str(path)], tz="Asia/Tokyo")
    assert frame["file"].nunique() == 1
    return frame.drop(columns="file").to_dict("records")


@pytest.mark.parametrize("how", WRITERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, days=st.lists(DAYS, min_size=1))
def test_the_same_events(tmp_path, how, lines, days):
    days.sort(key=["Dec 30", "Dec 31", "Jan  1", "Jan  2"].index)
    dated = [line.replace(b"{day}", days[i * len(days) // len(lines)].encode()) for i, line in enumerate(lines)]
    text = b"Dec 30 09:00:00 gate syslogd: restart\n" + b"".join(dated)
    folder = Path(tmp_path, "x")
    folder.mkdir(exist_ok=True)
    expected = events(folder / "messages", plain, text)
    assert repr(events(folder / "b", WRITERS[how], text)) == repr(expected)
