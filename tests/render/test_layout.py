import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.render.layout import Run, cells, clipped, code, columns, fill, paint


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\uff71", 1), ("\uff21", 2), ("", 0)]
)
def test_cells(text, expected):
    assert cells(text) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcdefghijkl", 9, "abcde…jkl"),
        ("日本語", 6, "日本語"),
        ("日本語文字", 9, "日本…字"),
        ("ab cdefgh", 6, "ab…gh"),
    ],
)
def test_clipped(text, width, expected):
    assert clipped(text, width) == expected


def test_wraps_with_a_hanging_indent():
    assert fill([Run("one two three four")], 10, first="- ", rest="    ") == [
        "- one two",
        "    three",
        "    four",
    ]


def test_words_that_do_not_fit_stay_whole():
    assert fill([Run("a " + "b" * 20 + " c")], 10) == ["a", "b" * 20, "c"]


def test_a_date_keeps_its_time():
    assert fill([Run("seen at 2024-03-03 19:00:00.")], 22) == ["seen at", "2024-03-03 19:00:00."]


def test_a_number_keeps_its_unit():
    assert fill([Run("at most 24 min 26 s.")], 18) == ["at most 24 min", "26 s."]
    assert fill([Run("99.99 % and 100 %")], 9) == ["99.99 %", "and 100 %"]
    assert fill([Run("lasted 1 second")], 9) == ["lasted 1", "second"]


def test_solid_runs_keep_their_spaces():
    assert fill([Run("see "), Run("my file:1", solid=True)], 8) == ["see", "my file:1"]


def test_runs_without_a_space_between_stay_together():
    assert fill([Run("see ["), Run("a:1", solid=True), Run("]")], 8) == ["see", "[a:1]"]


def test_wide_characters_break_anywhere():
    assert fill([Run("再起動した")], 6) == ["再起動", "した"]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("復旧した。次は", 8, ["復旧し", "た。次は"]),  # no line begins with a full stop
        ("彼は「空」と", 6, ["彼は", "「空」", "と"]),  # or ends with an opening bracket
        ("サーバーが", 6, ["サー", "バーが"]),  # or begins with the mark of a long vowel
        ("チェックした", 6, ["チェッ", "クした"]),  # or a small kana
        ("合計12個ある", 6, ["合計", "12個あ", "る"]),  # a number stays with its counter
        ("再起動sshdの", 6, ["再起動", "sshdの"]),  # a word of another script is whole
        ("停止 (確定)", 7, ["停止", "(確定)"]),
        ("「From 」で始まる", 12, ["「From 」で", "始まる"]),  # a quote is closed where its text ends
        ("時刻は2008年12月17日 06:06:31から2008年12月18日 09:08:17まで", 24,
         ["時刻は", "2008年12月17日 06:06:31か", "ら", "2008年12月18日 09:08:17ま", "で"]),
    ],
)  # fmt: skip
def test_japanese_breaks_where_its_rules_allow(text, width, expected):
    assert fill([Run(text)], width) == expected


def test_runs_that_meet_follow_the_same_rules():
    assert fill([Run("停止した"), Run("。", "dim")], 8) == ["停止し", "た。"]


def test_spaces_inside_a_line_are_kept():
    assert fill([Run("Mar  3  x")], 80) == ["Mar  3  x"]


def test_colours_are_closed_on_each_line():
    assert fill([Run("one two", "bold"), Run(" three")], 7, color=True) == ["\x1b[1mone two\x1b[0m", "three"]
    assert paint("x", "red", color=False) == "x"


@pytest.mark.parametrize("style", ["dim", "red", "green", "yellow", "cyan"])
def test_colours_can_be_read_on_black_and_on_white(style):
    shade = int(code(style).removeprefix("\x1b[38;5;").removesuffix("m"))
    own = luminance(rgb(shade))
    assert 1.05 / (own + 0.05) > 3.8
    assert (own + 0.05) / 0.05 > 3.8


def rgb(shade):
    """Of xterm's colour cube and its ramp of greys."""
    if shade >= 232:
        return (8 + 10 * (shade - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    return tuple(steps[(shade - 16) // n % 6] for n in (36, 6, 1))


def luminance(colour):
    """WCAG 2's relative luminance."""
    linear = [(c / 255 / 12.92) if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_columns():
    assert columns([["a", "n"], ["bbb", "10"]], right=(1,)) == ["a     n", "bbb  10"]


@given(st.lists(st.text("ab 日", max_size=30)), st.integers(4, 40))
def test_no_line_is_too_wide(texts, width):
    for line in fill([Run(t) for t in texts], width, rest="  "):
        assert cells(line) <= width or " " not in line.strip()
