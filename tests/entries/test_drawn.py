import datetime as dt

import numpy as np
import pytest

from logsleuth import pipeline
from logsleuth.entries.drawn import drawn
from logsleuth.entries.select import worded

START = 1_700_000_000
SPAN = [(START * 10**9, (START + 10_000) * 10**9)]


def sampled(tmp_path, lines, most, spans=SPAN):
    (tmp_path / "app.log").write_text("".join(lines))
    logs = pipeline.open_paths([str(tmp_path)], pipeline.default_settings("UTC"))
    return drawn(pipeline.entries(logs), logs.opened.logs, spans, most)


def line(second, text):
    return f"{dt.datetime.fromtimestamp(START + second, dt.UTC):%Y-%m-%dT%H:%M:%S}Z host app[7]: {text}\n"


def test_all_that_there_is(tmp_path):
    found = sampled(tmp_path, [line(1, "one"), line(2, "an error"), "\tmore of it\n", line(3, "three")], 10)
    assert found.total == 3
    assert (found.time // 10**9 - START).tolist() == [1, 2, 3]
    assert found.severity.tolist()[1] == 3
    assert found.line.tolist() == [1, 2, 4]
    assert found.texts[1].endswith("an error ↵ \tmore of it")
    assert [found.hosts[h] for h in found.host] == ["host"] * 3


def test_the_gravest_and_an_even_sample_of_the_rest(tmp_path):
    lines = [line(n, "failed" if n % 1000 == 500 else "well") for n in range(9000)]
    found = sampled(tmp_path, lines, 909)
    assert found.total == 9000
    assert len(found.time) == 909
    grave = found.severity == 3
    assert int(grave.sum()) == 9
    gaps = np.diff(found.time[~grave]) // 10**9
    assert gaps.max() <= 26  # one of ten: of the golden ratio's multiples 5, 8 or 13 apart, but for the grave ones
    assert (np.diff(found.time) >= 0).all()


def test_only_what_lies_in_the_spans(tmp_path):
    lines = [line(n, "x") for n in range(100)]
    spans = [((START + a) * 10**9, (START + b) * 10**9) for a, b in ((10, 12), (50, 50))]
    found = sampled(tmp_path, lines, 100, spans)
    assert (found.time // 10**9 - START).tolist() == [10, 11, 12, 50]


@pytest.mark.parametrize(
    ("text", "severity"), [("kernel PANIC", 0), ("it failed", 3), ("WARNING: low", 4), ("errorless", 6), ("fine", 6)]
)
def test_severity_by_words(text, severity):
    assert worded(text) == severity
