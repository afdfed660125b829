"""The timeline as a DataFrame."""

import pandas as pd

from logsleuth import pipeline
from logsleuth.entries.frame import frame
from logsleuth.entries.select import Select

FILES = {
    "messages": (
        b"Dec 17 10:30:00 fry a[1]: caf\xe9\r\n"
        b"  more\r\n"
        b"Dec 17 10:30:02 fry kernel: x\n"
    ),
    "access.log": b'192.0.2.7 - - [17/Dec/2023:10:30:01 +0000] "GET / HTTP/1.1" 404 51\n',
    "console.log": b"Mounting root\n",
}  # fmt: skip


def rows(made: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(None if pd.isna(v) else v for v in row) for row in made.drop(columns="file").itertuples(index=False)]


def test_columns_are_those_of_the_json_lines(opened):
    logs = opened(FILES)
    made = frame(pipeline.entries(logs), logs.opened.logs)
    assert list(made) == ["time", "host", "program", "pid", "severity", "message", "file", "line"]
    assert made["time"].dtype == "datetime64[ns, UTC]"
    at = pd.Timestamp("2023-12-17T10:30:00Z")
    second = pd.Timedelta(seconds=1)
    assert rows(made) == [
        (None, "fry", None, None, None, "Mounting root", 1),
        (at, "fry", "a", 1, None, "caf\\xe9\n  more", 1),
        (at + second, "fry", "httpd", None, "warning", '192.0.2.7 - - "GET / HTTP/1.1" 404 51', 1),
        (at + 2 * second, "fry", "kernel", None, None, "x", 3),
    ]
    assert made["file"][1].endswith("/messages")


def test_it_can_be_limited(opened):
    logs = opened(FILES)
    assert len(frame(pipeline.entries(logs), logs.opened.logs, Select(programs=("kernel",)))) == 1


def test_nothing_makes_a_frame_without_rows(opened):
    logs = opened(FILES)
    made = frame(pipeline.entries(logs), logs.opened.logs, Select(programs=("nobody",)))
    assert len(made) == 0
    assert made["time"].dtype == "datetime64[ns, UTC]"
