"""The level in the head of a server's error log is no word of failure; the same word in a message is."""

import pytest

from logsleuth.pipeline import explain


def troubles(tmp_path, text):
    (tmp_path / "error.log").write_text(text)
    return [group.first.text for group in explain([str(tmp_path)], tz="UTC").unexplained]


@pytest.mark.parametrize(
    "head",
    [
        "[Tue Mar 03 10:00:{:02} 2015] [error] [client 192.0.2.7] ",
        "[Tue Mar 03 10:00:{:02}.000001 2015] [core:error] [pid 7] [client 192.0.2.7:80] ",
        "2015/03/03 10:00:{:02} [error] 7#0: *1 ",
    ],
)
def test_only_the_message_counts(tmp_path, head):
    quiet = [f"{head.format(k)}the colour of page {k} is green" for k in range(20)]
    loud = [
        f"{head.format(20)}internal error] while painting",
        f"{head.format(21)}[error] the painter says",
        f"{head.format(22)}error",
    ]
    assert sorted(troubles(tmp_path, "\n".join([*quiet, *loud]) + "\n")) == sorted(loud)
