import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.narrative import safe, steering, whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain äöü 日本語", "plain äöü 日本語"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00\t\n\r\x7f", "\\x00\\x09\\x0a\\x0d\\x7f"),
        ("\x85\x9b", "\\x85\\x9b"),
        ("\u202eabc\u2069\u200f\u061c", "\\u202eabc\\u2069\\u200f\\u061c"),
        ("\u2028\ufeff", "\\u2028\\ufeff"),
        ("\U000e0041", "\\U000e0041"),
        ("\udcff.log", "\\xff.log"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_is_shown(text, expected):
    assert safe(text) == expected


@given(st.text(st.characters(exclude_categories=())))
def test_safe_text_is_printed_as_it_is(text):
    shown = safe(text)
    assert safe(shown) == shown
    shown.encode()
    assert all(ord(c) >= 32 for c in shown)


@given(st.text(st.characters(exclude_categories=())))
def test_json_keeps_its_value(text):
    shown = steering(json.dumps(whole(text), ensure_ascii=False))
    assert json.loads(shown) == whole(text)
    assert safe(shown) == shown
