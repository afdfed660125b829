"""One pass for many patterns: every line that a rule would match is found, with hyperscan and without."""

import importlib.util
import re

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from logsleuth.scan import Pattern, Scanner
from logsleuth.signs.match import scan_pattern

NATIVE = importlib.util.find_spec("hyperscan") is not None
WAYS = [pytest.param(True, marks=pytest.mark.skipif(not NATIVE, reason="no hyperscan")), False]

# As rules write them, each with a line that it matches.
RULES = {
    r"^link state changed to (?P<state>DOWN|UP)$": "link state changed to DOWN",
    r"^(?P<iface>[a-z]+\d+): link state changed to DOWN": "em0: link state changed to DOWN",
    r'^\(v[^)]*\) Servicing request from "(?P<client>[^"]*)" at (?P<ip>\S+)':
        '(v4.0.5) Servicing request from "pc7" at 192.0.2.7',
    r"^Stats: (?P<user>\S+) (?P<n>\d+) (?P<b>\d+)": "Stats: rika 0 0 12 40961",
    r"\[AUTH\] Failed attempted login to (?P<user>\S+)\s+from host":
        "[AUTH] Failed attempted login to rika\tfrom host x",
    r"(?i)out of memory: kill(?:ed)? process (?P<pid>\d+)": "Out of memory: Killed process 4121 (mysqld)",
    r"(?P<path>/[^\s:]+): write failed, file ?system is full": "/var: write failed, filesystem is full",
    r"exited on signal (?P<signal>\d{1,3})(?: \(core dumped\))?$":
        "pid 812 (httpd), uid 80: exited on signal 11 (core dumped)",
    r"error on (?P<disk>[a-z]+\d{1,4}), sector \d{2,}": "error on da0, sector 123456",
    r"\b(?:can.?t|cannot|unable to) (?:open|read) (?P<path>/\S+)": "cannot open /etc/passwd: Permission denied",
    r"connection (?:to|from) (?P<peer>[\w.-]+) timed out": "connection from pc7.example.org timed out",
    r"(?P<a>\w+) is not (?P=a)": "up is not up",
    r"failed(?!: success)": "login failed: wrong password",
    r"(?<=rc=)[1-9]\d*": "script ended rc=127",
    r"[Rr]esetting controller (?P<n>\d)": "resetting controller 1",
    r"^a{2,5}b?c": "aaac",
    r"\d+% (?:full|packet loss)": "100% packet loss",
    r"(?:exit|return) (?:status|code)[ :=]*(?P<status>[1-9]\d*)": "job x: exit status: 2",
    r"no\s+(?:space|room) left": "No, there is no  space left on device",
}  # fmt: skip
TYPICAL = [Pattern(scan_pattern(rule)) for rule in RULES]
CHECKS = [regex.compile(rule) for rule in RULES]
STAMP = "Mar  4 09:15:02 gate prog[12]: "


def found(scanner, lines):
    """(line, pattern) of every hit."""
    data = "\n".join(lines).encode() + b"\n"
    starts = np.array([0, *(m.end() for m in re.finditer(b"\n", data))])
    ids, places = scanner.scan(data)
    assert (np.diff(places) >= 0).all()
    rows = np.searchsorted(starts, places, side="right") - 1
    return set(zip(rows.tolist(), ids.tolist(), strict=True))


def matched(lines):
    """What the rules themselves match, of messages without their stamps."""
    return {
        (row, number)
        for row, line in enumerate(lines)
        for number, check in enumerate(CHECKS)
        if check.search(line.removeprefix(STAMP))
    }


@pytest.fixture(scope="module", params=[*WAYS, WAYS[0]], ids=["hyperscan", "re", "kinds"])
def scanner(request):
    """The third looks at one line of each kind, as with many patterns."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param_index == 2:
            patch.setattr("logsleuth.scan.native._MANY", 0)
        made = Scanner(TYPICAL, native=request.param)
    assert made.native is request.param
    return made


@pytest.mark.parametrize("number", range(len(RULES)), ids=[f"{i}" for i in range(len(RULES))])
@pytest.mark.parametrize("around", [("", ""), (STAMP, ""), (STAMP, "\r"), ("\t", " and more")])
def test_a_line_that_a_rule_matches_is_hit(scanner, number, around):
    line = around[0] + list(RULES.values())[number] + around[1]
    assert (1, number) in found(scanner, ["before", line, "after"])
    assert scanner.possible(number, line.encode(), line.lower().encode())


def test_a_line_is_found_that_differs_from_an_earlier_one_in_its_digits(scanner):
    number = list(RULES).index(r"(?:exit|return) (?:status|code)[ :=]*(?P<status>[1-9]\d*)")
    lines = [STAMP + "job x: exit status: 0", STAMP + "job x: exit status: 2"]
    assert (1, number) in found(scanner, lines)
    assert (0, number) in found(scanner, lines[1:])


WORDS = sorted({word for text in RULES.values() for word in re.findall(r"\S+|\s+", text)})
LINES = st.lists(
    st.one_of(
        st.sampled_from(list(RULES.values())).map(lambda text: STAMP + text),
        st.lists(st.sampled_from(WORDS), max_size=8).map(lambda words: STAMP + " ".join(words)),
        st.tuples(st.sampled_from(list(RULES.values())), st.integers(0, 60), st.text(max_size=3)).map(
            lambda t: STAMP + t[0][: t[1]] + t[2].replace("\n", "") + t[0][t[1] :]
        ),
        st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30),
    ),
    max_size=12,
)


@tuned(deadline=None)
@given(LINES)
def test_every_line_that_a_rule_matches_is_hit(scanner, lines):
    assert matched(lines) <= found(scanner, lines)


@pytest.mark.skipif(not NATIVE, reason="no hyperscan")
@tuned(deadline=None)
@given(LINES)
def test_both_ways_hit_the_same_lines(lines):
    from logsleuth.scan.native import _FANCY

    exact = [i for i, pattern in enumerate(TYPICAL) if not _FANCY.search(pattern.regex)]
    native, plain = (found(_BOTH[way], lines) for way in (True, False))
    assert {hit for hit in native if hit[1] in exact} == {hit for hit in plain if hit[1] in exact}
    # What hyperscan takes in a weaker form only is hit more often, never less.
    assert plain <= native


_BOTH = {way: Scanner(TYPICAL, native=way) for way in ((True, False) if NATIVE else (False,))}


@pytest.mark.parametrize("native", WAYS)
def test_a_match_stays_inside_its_line(native):
    rules = [r"from (?P<a>[^:]+): gone", r"lost\s+carrier", r"^start.*end$", r"seven\S*\s*times"]
    scanner = Scanner([Pattern(scan_pattern(rule)) for rule in rules], native=native)
    data = b"from a\nb: gone\nlost\ncarrier\nstart\nend\nseven\ntimes\n"
    # Texts that a pattern needs may be hit; the pattern itself is on no line.
    assert not any(
        regex.search(scan_pattern(rules[number]), data[data.rfind(b"\n", 0, place) + 1 :].split(b"\n")[0].decode())
        for number, place in zip(*(a.tolist() for a in scanner.scan(data)), strict=True)
    )


@pytest.mark.parametrize("native", WAYS)
def test_a_hit_lies_inside_the_line_even_at_its_very_end(native):
    scanner = Scanner([Pattern("carrier"), Pattern("x+")], native=native)
    data = b"no carrier\nxx\n"
    ids, places = scanner.scan(data)
    assert {(i, data.count(b"\n", 0, p)) for i, p in zip(ids.tolist(), places.tolist(), strict=True)} == {
        (0, 0),
        (1, 1),
    }
    assert b"\n" not in {data[p : p + 1] for p in places.tolist()}


@pytest.mark.parametrize("native", WAYS)
@pytest.mark.parametrize(
    ("rule", "line", "hit"),
    [
        (r"(?i)watchdog bites", "WATCHDOG Bites", True),
        (r"(?i:watchdog) bites", "WATCHDOG bites", True),
        (r"watchdog bites", "WATCHDOG bites", False),
        (r"set (?P<x>\w+) ok", "set größe ok", True),
        (r"set (?P<x>[^ ]+) ok", "set größe ok", True),
        (r"größe (?P<n>\d+)", "größe 7", True),
        (r"100%", "at 100%", True),
        (r"a\.b\*c\?", "a.b*c?", True),
        (r"cost \$5", "cost $5", True),
        (r"^\^caret$", "^caret", True),
    ],
)
def test_letters_and_signs_are_taken_as_rules_mean_them(native, rule, line, hit):
    assert bool(regex.search(rule, line)) is hit
    assert bool(found(Scanner([Pattern(scan_pattern(rule))], native=native), [line])) is hit


@pytest.mark.parametrize("native", WAYS)
@pytest.mark.parametrize("more", [[], [Pattern("zzzz")]], ids=["alone", "with another"])
@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (r"a++b", "aab"),
        (r"(?>fo+|b)ar", "fooar"),
        (r"(?<=x+)foo", "xxfoo"),
        (r"(?<!not )ok\d", "is ok1"),
        (r"(\w)\1\d", "aa1"),
        (r"\p{Lu}+\d{3}", "ABC123"),
        (r"(?|a(\d)|b(\d))c", "b7c"),
        (r"(?i)(\w)\1\d", "Aa1"),
    ],
)
def test_whatever_a_rule_may_be_written_in_is_scanned_for(native, rule, line, more):
    assert regex.search(rule, line)
    scanner = Scanner([Pattern(scan_pattern(rule)), *more], native=native)
    assert (1, 0) in found(scanner, ["", line])


@pytest.mark.parametrize("native", WAYS)
def test_no_patterns_give_no_hits(native):
    ids, places = Scanner([], native=native).scan(b"anything\n")
    assert (len(ids), len(places)) == (0, 0)


@pytest.mark.parametrize("native", WAYS)
def test_a_view_of_a_buffer_is_scanned_as_bytes_are(native):
    scanner = Scanner([Pattern("carrier lost")], native=native)
    data = b"x\ncarrier lost\n"
    for view in (memoryview(data), np.frombuffer(data, np.uint8).data):
        assert [a.tolist() for a in scanner.scan(view)] == [[0], [13]]


def test_without_hyperscan_the_scanner_falls_back(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "hyperscan", None)
    scanner = Scanner(TYPICAL)
    assert not scanner.native
    assert (0, 0) in found(scanner, ["link state changed to DOWN"])


@given(st.lists(st.sampled_from([b"", b"a", b"some text", b"\xff\0"])), st.data())
def test_lines_of_places_are_the_same_one_by_one(lines, data):
    native_scan = pytest.importorskip("logsleuth.scan.native", reason="no hyperscan")
    text = b"\n".join(lines)
    places = np.array(data.draw(st.lists(st.integers(0, max(0, len(text) - 1)))), np.int64)
    if not text:
        return
    few = native_scan._lines_one_by_one(text, np.unique(places).tolist())
    many = native_scan._lines(text, np.repeat(places, native_scan._RARE))
    assert [a.tolist() for a in few] == [a.tolist() for a in many]
