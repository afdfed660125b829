"""The level in the head of a server's error log is no word of failure; the same word in a message is."""

import pytest

from logsleuth import pipeline
from logsleuth.pipeline import explain
from logsleuth.signs.heads import without_levels


def troubles(tmp_path, text):
    (tmp_path / "error.log").write_text(text)
    return [group.first.text for group in explain([str(tmp_path)], tz="UTC").unexplained]


HEADS = [
    "[Tue Mar 03 10:00:{:02} 2015] [error] [client 192.0.2.7] ",
    "[Tue Mar 03 10:00:{:02}.000001 2015] [core:error] [pid 7] [client 192.0.2.7:80] ",
    "2015/03/03 10:00:{:02} [error] 7#0: *1 ",
]


@pytest.mark.parametrize("head", HEADS)
def test_only_the_message_counts(tmp_path, head):
    # More than an excerpt, of which each odd line would be told.
    quiet = [f"{head.format(k % 20)}the colour of page {k} is green" for k in range(400)]
    loud = [
        f"{head.format(20)}internal error] while painting",
        f"{head.format(21)}[error] the painter says",
        f"{head.format(22)}error",
    ]
    assert sorted(troubles(tmp_path, "\n".join([*quiet, *loud]) + "\n")) == sorted(loud)


@pytest.mark.parametrize("head", HEADS)
def test_the_bytes_that_are_scanned_hold_the_level_no_more(tmp_path, head):
    text = "".join(f"{head.format(k)}a [error] of page {k}\n" for k in range(20))
    (tmp_path / "error.log").write_text(text)
    logs = pipeline.open_paths([str(tmp_path)], pipeline.default_settings("UTC"))
    batches = [piece.batch for merged in pipeline.entries(logs) for piece in merged.pieces]
    for batch in batches:
        scanned = bytes(without_levels(batch))
        entries = [scanned[a:b] for a, b in zip(batch.start, batch.stop, strict=True)]
        assert [entry.count(b"error") for entry in entries] == [1] * len(batch)
        assert all(b" a [error] of page" in entry for entry in entries)
        assert len(scanned) == len(batch.buffer)
    assert sum(map(len, batches)) == 20
