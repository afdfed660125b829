from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from logsleuth.errors import UsageError
from logsleuth.narrative import Teller
from logsleuth.narrative.catalogue import catalogue, languages
from logsleuth.report import UNKNOWN, Bounds, Statement
from logsleuth.templates import bare
from tests.render.reports import AVAILABILITY, BOOTS, CUT, INCIDENT, MAILBOX, SECOND, T0, at


@pytest.fixture(scope="module")
def teller():
    return Teller(ZoneInfo("Asia/Tokyo"))


def said(template, **values):
    return Statement(template, {key.replace("_", ".", 1): value for key, value in values.items()}, ())


BETWEEN = Bounds(T0, T0 + 127 * SECOND)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (said("It came at {e.t}.", e_t=at(0)), "It came at 2024-03-03 19:00:00."),
        (said("It came at {e.t}.", e_t=BETWEEN), "It came between 2024-03-03 19:00:00 and 19:02:07."),
        (said("At {e.t} it came.", e_t=BETWEEN), "Between 2024-03-03 19:00:00 and 19:02:07 it came."),
        (said("It lies within {e.t}.", e_t=BETWEEN), "It lies between 2024-03-03 19:00:00 and 19:02:07."),
        (said("Seat {e.t}.", e_t=UNKNOWN), "Seat an unknown time."),
        (said("It came at {e.t}.", e_t=UNKNOWN), "It came at an unknown time."),
        (
            said("The last of {e.t}.", e_t=BETWEEN),
            "The last of a moment between 2024-03-03 19:00:00 and 19:02:07.",
        ),
        (said("{e.t} it was.", e_t=BETWEEN), "A moment between 2024-03-03 19:00:00 and 19:02:07 it was."),
        (said("{e.n} lines", e_n=1442), "1,442 lines"),
        (said("{e.n} deleted", e_n="6"), "6 deleted"),
        (said("It is told {e.n} times until now.", e_n=1), "It is told 1 time until now."),
        (said("There are {e.n} such lines.", e_n="1"), "There is 1 such line."),
        (said("There are {e.n} such lines.", e_n="21"), "There are 21 such lines."),
        (said("for {e.s} s.", e_s="26400"), "for 7 h 20 min."),
        (said("for {e.s} seconds", e_s=127), "for 2 min 7 s"),
        (said("{e.s} sessions", e_s="127"), "127 sessions"),
        (said('"{e.text}"', e_text="\x1b[1m\u202e"), '"\\x1b[1m\\u202e"'),
        (said('"{e.text}"', e_text="{f.g} {0}"), '"{f.g} {0}"'),
        (said("{e.text}", e_text="a" * 999), "a" * 299 + "…"),
        (said("raw \x1b[1m"), "raw \\x1b[1m"),
        (said("{e.x:d} of {e.none}", e_x=3, e_none=None), "3 of (unknown)"),
    ],
)
def test_tell(teller, statement, expected):
    assert teller.tell(statement) == expected


def test_headline(teller):
    assert teller.headline(INCIDENT) == ("gate stopped without shutting down, between 2024-03-03 19:00:07 and 19:02:08")


def test_headline_names_hosts_that_the_title_does_not_and_counts_further_causes(teller):
    many = tuple(replace(CUT, title=Statement(f"Disk {n} failed", {}, ())) for n in range(5))
    told = teller.headline(replace(INCIDENT, causes=many, start=UNKNOWN))
    assert told == "Disk 0 failed; Disk 1 failed (and 3 more) on gate, at an unknown time"


def test_several_causes_share_the_time_of_the_incident(teller):
    told = teller.headline(replace(INCIDENT, causes=(MAILBOX, CUT)))
    assert told.endswith("shutting down, from 2024-03-03 19:00:07 to 2024-03-04 03:00:00")


def test_one_cause_has_its_own_time(teller):
    told = teller.headline(replace(INCIDENT, start=at(-999)))
    assert told.endswith(", between 2024-03-03 19:00:07 and 19:02:08")


def test_a_symptom_without_a_cause_says_so(teller):
    told = teller.headline(replace(INCIDENT, causes=(replace(MAILBOX, kind="symptom"),), effects=()))
    assert "was damaged (cause not in these logs) on gate" in told


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(0), at(0), "It happened at 2024-03-03 19:00:00."),
        (
            at(0),
            at(40),
            "It began at 2024-03-03 19:00:00; the last sign of it came at 2024-03-03 19:00:40: 40 s in all.",
        ),
        (UNKNOWN, at(0), "It began at an unknown time; the last sign of it came at 2024-03-03 19:00:00."),
    ],
)
def test_when(teller, start, end, expected):
    assert teller.when(replace(INCIDENT, start=start, end=end)) == expected


def test_boots(teller):
    first, last = (teller.boot(b) for b in BOOTS)
    assert first == (
        "Boot -1 of gate was already under way when the log begins; it ended without a shutdown between "
        "2024-03-03 19:00:07 and 19:02:08: no line of a shutdown stands before the next boot; "
        "down-time at most 2 min 1 s."
    )
    assert last == "Boot 0 of gate began at 2024-03-03 19:02:08; the log ends while the host is up."


def test_availability(teller):
    assert teller.availability(AVAILABILITY[0]) == (
        "gate was up between 99.62 % and 99.65 % of 110 days (1 boot, 1 ended without a shutdown)"
    )


def test_unknown_language_is_refused():
    with pytest.raises(UsageError, match="there are: en"):
        Teller(ZoneInfo("UTC"), "xx")


def test_path_is_no_language():
    with pytest.raises(UsageError):
        Teller(ZoneInfo("UTC"), "../en")


@pytest.mark.parametrize("language", languages())
def test_catalogues_say_nothing_that_english_does_not(language):
    own, english = catalogue(language).phrases, catalogue("en").phrases
    assert set(own) <= set(english)
    assert all(key.endswith((".zero", ".one")) for key in set(english) - set(own))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("The kernel of {panic.host} panicked: {panic.reason}", "The kernel panicked"),
        ("Renewing on {f.host} was broken since {f.t}, and noticed", "Renewing was broken, and noticed"),
        ("A backup failed ({err.job})", "A backup failed"),
        ("{lost.host} lost its lease", "Lost its lease"),
    ],
)
def test_a_title_without_its_values_is_still_a_sentence(template, said):
    assert bare(template) == said


def test_a_title_keeps_the_values_that_it_has():
    template = "Apache met a {f.what} of an earlier run: {f.path}"
    assert bare(template, ["{f.path}"]) == "Apache met a {f.what} of an earlier run"


def test_findings_of_one_title_are_told_apart_by_when_they_began():
    twin = replace(CUT, id="later", start=at(86_400))
    teller = Teller(ZoneInfo("UTC"))
    assert teller.named(CUT) == teller.title(CUT)
    teller.meet([replace(INCIDENT, causes=(CUT, twin))])
    assert teller.named(CUT) == "gate stopped without shutting down, between 2024-03-03 10:00:07 and 10:02:08"
    assert teller.named(twin) == "gate stopped without shutting down, at 2024-03-04 10:00:00"
    assert teller.named(MAILBOX) == teller.title(MAILBOX)
