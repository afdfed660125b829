"""Equal kinds of lines have equal numbers."""

import numpy as np
import pytest

from logsleuth.entries.shapes import shapes
from logsleuth.formats import vector


def numbers(*texts):
    data = "\n".join(texts).encode()
    buffer = np.frombuffer(data + bytes(vector.PAD), np.uint8)
    lengths = np.array([len(t.encode()) for t in texts], np.int64)
    at = np.concatenate(([0], np.cumsum(lengths + 1)[:-1])).astype(np.int64)
    return shapes(buffer, vector.words(buffer), at, at + lengths).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pid 12 (httpd), uid 80: exited", "pid 12345 (httpd), uid 0: exited"),
        ("em0: link state changed", "igb11: link state changed"),
        ("read 1 2 3 from disk", "read 4 5 6 7 8 from disk"),
        ("", "-- !!"),
        ("from 192.0.2.7 port 22", "from 198.51.100.200 port 60022"),
    ],
)
def test_values_make_no_other_kind(one, other):
    first, second = numbers(one, other)
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("link is up", "link is down"),
        ("up is the link", "link is the up"),
        ("server store not responding", "server store responding"),
        ("a 7", "a"),
        ("grün", "grau"),
    ],
)
def test_words_and_their_order_do(one, other):
    first, second = numbers(one, other)
    assert first != second


def test_a_line_does_not_feel_its_neighbours():
    alone = numbers("link is up")
    assert numbers("", "what 7", "link is up", "")[2:3] == alone
    assert numbers("link is up", "up")[:1] == alone


def test_no_lines():
    empty = np.empty(0, np.int64)
    buffer = np.zeros(vector.PAD, np.uint8)
    assert not len(shapes(buffer, vector.words(buffer), empty, empty))
