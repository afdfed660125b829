"""What the language means within one life of a host: small rules on small logs."""

import pytest

from logsleuth.rules import engine
from logsleuth.signs.message import host_named
from tests.rules.small import BOOT, TICKS, found, lines_of, log, only, rule, run


class TestPick:
    LOG = log("10:00:00 alpha", "10:01:00 beta u1", "10:04:00 beta u2", "10:09:00 beta u3")

    @pytest.mark.parametrize(
        ("pick", "lines"),
        [("each", [2, 3, 4]), ("first", [2]), ("last", [4]), ("all", [2])],
    )
    def test_which_of_many(self, pick, lines):
        got = found(rule(f"{{x: {{event: a}}, y: {{event: b, after: $x.t, pick: {pick}}}}}"), self.LOG)
        assert [lines_of(m, "y") for m in got] == lines

    def test_all_is_a_group(self):
        y = only(rule("{x: {event: a}, y: {event: b, pick: all}}"), self.LOG).env["y"]
        assert (y.n, y.get("user"), len(y.members)) == (3, "u1", 3)

    def test_nearest_to_the_moment_after(self):
        text = log("10:00:00 alpha", "10:04:00 beta", "10:06:00 beta", "10:20:00 beta")
        got = only(rule("{x: {event: a}, y: {event: b, after: $x.t + 5m, pick: nearest}}"), text)
        assert lines_of(got, "y") == 3

    def test_nearest_before(self):
        text = log("10:00:00 beta", "10:03:00 beta", "10:04:00 alpha", "10:20:00 beta")
        got = only(rule("{x: {event: a}, y: {event: b, before: $x.t, pick: nearest}}"), text)
        assert lines_of(got, "y") == 2

    def test_last_of_one_second_is_the_last_line(self):
        text = log("10:00:00 alpha", "10:01:00 beta", "10:01:00 beta", "10:01:00 beta")
        assert lines_of(only(rule("{x: {event: a}, y: {event: b, pick: last}}"), text), "y") == 4
        assert lines_of(only(rule("{x: {event: a}, y: {event: b, pick: first}}"), text), "y") == 2


class TestGroups:
    def test_by_and_gap(self):
        text = log("10:00:00 alpha u", "10:30:00 alpha u", "10:31:00 alpha v", "11:40:00 alpha u")
        got = found(rule("{x: {event: a, by: [user], gap: 1h}}"), text)
        assert sorted((m.fact.get("user"), m.env["x"].n) for m in got) == [("u", 1), ("u", 2), ("v", 1)]

    def test_by_nothing_takes_all_together(self):
        (match,) = found(rule("{x: {event: a, by: []}}"), log("10:00:00 alpha u", "10:01:00 alpha v"))
        assert match.env["x"].n == 2

    @pytest.mark.parametrize(("within", "holds"), [("1m", False), ("2m", True), ("10m", True)])
    def test_count_within(self, within, holds):
        text = log("10:00:00 alpha", "10:01:00 alpha", "10:02:00 alpha")
        assert bool(found(rule(f"{{x: {{event: a, by: [], count: 3, within: {within}}}}}"), text)) is holds

    def test_count_is_at_least(self):
        text = log("10:00:00 alpha", "10:01:00 alpha")
        assert not found(rule("{x: {event: a, by: [], count: 3}}"), text)

    def test_hosts_are_apart(self):
        got = found(rule("{x: {event: a, by: []}}"), log("10:00:00 alpha"), log("10:00:01 alpha", host="mill"))
        assert sorted(m.fact.host for m in got) == ["gate", "mill"]

    def test_last_is_the_last_of_the_group(self):
        text = log("10:00:00 alpha", "10:10:00 alpha", "10:10:30 beta")
        bind = "{x: {event: a, by: []}, y: {event: b, after: $x.last, before: $x.last + 1m}}"
        assert found(rule(bind), text)
        assert not found(rule("{x: {event: a, by: []}, y: {event: b, after: $x.t, before: $x.t + 1m}}"), text)

    def test_groups_of_the_other_host_are_not_taken_over(self):
        """What a second binding groups is kept from one first binding to the next; those may be of two hosts."""
        texts = [log("10:00:00 alpha", "10:01:00 beta", host=h) for h in ("gate", "mill")]
        got = found(rule("{x: {event: a}, y: {event: b, by: []}}"), *texts)
        assert [(m.env["x"].host, m.env["y"].host) for m in got] == [("gate", "gate"), ("mill", "mill")]

    def test_the_end_of_a_group_is_its_last_line_in_the_same_file_too(self):
        text = log("10:00:00 alpha", "10:00:04 beta", "10:00:05 alpha")
        assert not found(rule("{x: {event: a, by: []}, y: {event: b, after: $x.end}}"), text)
        assert found(rule("{x: {event: a, by: []}, y: {event: b, before: $x.end}}"), text)

    def test_a_group_is_as_sure_as_its_own_members(self):
        down = log("10:05:00 tick", f"11:00:00 {BOOT}", "11:00:10 tick")
        bind = rule("{x: {span: host.down}, y: {event: c, host: any, after: $x.start, by: [user]}}")
        got = found(bind, down, log("10:30:00 gamma u", "12:00:00 gamma v", host="mill"))
        assert {m.env["y"].get("user"): m.confidence for m in got} == {"u": "possible", "v": "probable"}


class TestHosts:
    """Groups over several hosts, and hosts that a line names."""

    TWO = (log("10:00:00 alpha rika"), log("10:00:05 alpha tom", host="mill"))
    BIND = "{x: {event: [a, b], host: any, by: [], gap: 1m, count: 2, distinct: host, within: 10s}}"

    def test_one_group_of_both(self):
        match = only(rule(self.BIND), *self.TWO)
        assert match.env["x"].get("hosts") == "gate, mill"
        assert match.fact.get("hosts") == "gate, mill"

    def test_of_two_kinds_of_lines(self):
        assert found(rule(self.BIND), self.TWO[0], log("10:00:05 beta tom", host="mill"))

    def test_many_lines_of_one_host_are_one_host(self):
        assert not found(rule(self.BIND), log(*(f"10:00:0{n} alpha rika" for n in range(9))))

    def test_within(self):
        assert not found(rule(self.BIND), self.TWO[0], log("10:00:30 alpha tom", host="mill"))

    def test_the_last_line_of_each_counts(self):
        assert found(rule(self.BIND), log("10:00:00 alpha", "10:00:25 alpha"), log("10:00:30 alpha tom", host="mill"))

    def test_values_of_a_field(self):
        bind = rule("{x: {event: a, by: [host], count: 3, distinct: user}}")
        assert found(bind, log("10:00:00 alpha rika", "10:00:01 alpha tom", "10:00:02 alpha anna"))
        assert not found(bind, log("10:00:00 alpha rika", "10:00:01 alpha tom", "10:00:02 alpha tom"))

    @pytest.mark.parametrize(
        ("where", "hosts"), [("{host: $x.user}", ["mill"]), ("{host: '!$x.user'}", ["gate", "yard"])]
    )
    def test_a_host_that_a_line_names(self, where, hosts):
        texts = [log("10:00:00 alpha mill"), *(log("10:00:01 gamma", host=h) for h in ("gate", "mill", "yard"))]
        got = found(rule(f"{{x: {{event: a}}, y: {{event: c, host: any, where: {where}}}}}"), *texts)
        assert [m.env["y"].host for m in got] == hosts

    def test_one_of_the_hosts_of_a_group(self):
        bind = "y: {event: c, host: any, where: {host: $x.hosts}}}"
        texts = [*self.TWO, *(log("10:00:09 gamma", host=h) for h in ("gate", "mill", "yard"))]
        got = found(rule(self.BIND[:-1] + ", " + bind), *texts)
        assert sorted(m.env["y"].host for m in got) == ["gate", "mill"]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("DB1.example.org:5432", "db1"),
        ("fs1:/home", "fs1"),
        ("192.0.2.9:514", "192.0.2.9"),
        ("192.0.2.9", "192.0.2.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("gate", "gate"),
        ("", ""),
    ],
)
def test_names_of_hosts(text, host):
    assert host_named(text) == host


class TestWhere:
    TEXT = log("10:00:00 alpha rika 50", "10:01:00 alpha tom 5", "10:02:00 beta rika")

    @pytest.mark.parametrize(
        ("where", "users"),
        [
            ("{user: rika}", ["rika"]),
            ("{user: '!rika'}", ["tom"]),
            ("{user: '~^t'}", ["tom"]),
            ("{user: [rika, tom]}", ["rika", "tom"]),
            ("{size: '>5'}", ["rika"]),
            ("{size: '<50'}", ["tom"]),
            ("{user: nobody}", []),
        ],
    )
    def test_conditions(self, where, users):
        assert [m.fact.get("user") for m in found(rule(f"{{x: {{event: a, where: {where}}}}}"), self.TEXT)] == users

    @pytest.mark.parametrize(("where", "user"), [("{user: $x.user}", "rika"), ("{user: '!$x.user'}", "tom")])
    def test_references(self, where, user):
        got = found(rule(f"{{x: {{event: b}}, y: {{event: a, where: {where}}}}}"), self.TEXT)
        assert [m.env["y"].get("user") for m in got] == [user]

    def test_a_field_that_is_not_there_equals_nothing(self):
        assert not found(rule("{x: {event: a, where: {user: '!rika'}}}"), log("10:00:00 alpha"))


class TestTimes:
    def test_lines_of_one_second_in_one_file_keep_their_order(self):
        bind = rule("{x: {event: a}, y: {event: b, after: $x.t}}")
        assert found(bind, log("10:00:00 alpha", "10:00:00 beta"))
        assert not found(bind, log("10:00:00 beta", "10:00:00 alpha"))

    def test_lines_of_one_second_in_two_files_have_none(self):
        bind = rule("{x: {event: a}, y: {event: b, after: $x.t}}")
        assert found(bind, log("10:00:00 beta"), log("10:00:00 alpha"))

    def test_a_window(self):
        bind = rule("{x: {event: a}, y: {event: b, after: $x.t + 1m, before: $x.t + 2m}}")
        assert found(bind, log("10:00:00 alpha", "10:01:30 beta"))
        assert not found(bind, log("10:00:00 alpha", "10:00:30 beta"))
        assert not found(bind, log("10:00:00 alpha", "10:02:30 beta"))

    def test_a_finding_with_wide_bounds_is_maybe_after_a_moment_between_them(self):
        down = log("10:05:00 tick", f"11:00:00 {BOOT}", "11:00:10 tick")
        other = log("10:30:00 gamma", host="mill")
        span = found(rule("{x: {event: c}, y: {span: host.down, host: any, after: $x.t}}"), down, other)
        assert [m.confidence for m in span] == ["possible"]
        first = rule("{d: {span: host.down}}", name="first")
        fact = found(first + rule("{x: {event: c}, y: {fact: first, host: any, after: $x.t}}"), down, other)
        assert [m.confidence for m in fact] == ["possible"]

    def test_a_finding_keeps_the_order_of_its_file(self):
        text = rule("{x: {fact: first}, y: {event: c, after: $x.t}}") + rule("{x: {event: a}}", name="first")
        assert not found(text, log("10:00:00 gamma", "10:00:00 alpha"))


class TestConfidence:
    def found(self, *lines, more=""):
        return only(rule("{x: {event: a}}", more), log("10:00:00 alpha", *lines)).confidence

    FOR = "{side: for, if: {event: b}, say: s}"
    AGAINST = "{side: against, if: {event: c}, say: s}"

    @pytest.mark.parametrize(
        ("lines", "base", "cap", "word"),
        [
            ((), "possible", "confirmed", "possible"),
            (("10:01:00 beta",), "possible", "confirmed", "probable"),
            (("10:01:00 beta",), "probable", "confirmed", "confirmed"),
            (("10:01:00 beta",), "probable", "probable", "probable"),
            (("10:01:00 gamma",), "probable", "confirmed", "possible"),
            (("10:01:00 gamma",), "possible", "confirmed", "ruled out"),
            (("10:01:00 beta", "10:01:00 gamma"), "probable", "confirmed", "probable"),
            (("10:01:00 beta", "10:01:00 gamma"), "confirmed", "confirmed", "confirmed"),
        ],
    )
    def test_base_steps_and_cap(self, lines, base, cap, word):
        more = f", base: {base}, cap: {cap}, evidence: [{self.FOR}, {self.AGAINST}]"
        assert self.found(*lines, more=more) == word

    def test_several_steps(self):
        more = ", base: confirmed, evidence: [{side: against, steps: 2, if: {event: c}, say: s}]"
        assert self.found("10:01:00 gamma", more=more) == "possible"

    def test_nothing_is_confirmed_without_a_join(self):
        text = log("10:00:00 alpha u", "10:01:00 beta u")
        assert only(rule("{x: {event: a}, y: {event: b}}", ", base: confirmed"), text).confidence == "probable"
        joined = rule("{x: {event: a}, y: {event: b, where: {user: $x.user}}}", ", base: confirmed")
        assert only(joined, text).confidence == "confirmed"

    def test_evidence_that_is_absent_needs_a_log_that_was_written(self):
        item = "{side: for, absent: true, if: {event: b, after: $x.t, before: $x.t + 10m}, say: s}"
        more = f", base: possible, evidence: [{item}]"
        assert self.found(*TICKS, more=more) == "probable"
        assert self.found("12:00:00 tick", more=more) == "possible"


class TestOptional:
    BIND = rule("{x: {event: a}, y: {event: b, optional: true}, z: {event: c}}")

    def test_it_holds_without(self):
        assert only(self.BIND, log("10:00:00 alpha", "10:02:00 gamma")).env["y"] is None

    def test_it_is_bound_where_it_is_there(self):
        assert only(self.BIND, log("10:00:00 alpha", "10:01:00 beta", "10:02:00 gamma")).env["y"] is not None

    def test_what_refers_to_one_that_is_missing_fits_nothing(self):
        bind = rule("{x: {event: a}, y: {event: b, optional: true}, z: {event: c, after: $y.t, optional: true}}")
        match = only(bind, log("10:00:00 alpha", "10:02:00 gamma"))
        assert match.env["z"] is None


class TestBounds:
    def test_more_than_the_most_is_cut_off_and_said(self, monkeypatch):
        monkeypatch.setattr(engine, "MOST", 3)
        text = log(*[f"10:0{i}:00 alpha" for i in range(6)])
        ran = run(rule("{x: {event: a}}"), text)
        assert len(ran.matches) == 3
        assert ran.engine.notes

    def test_rules_that_hold_are_the_same_in_any_order_of_files(self):
        one, two = log("10:00:00 alpha"), log("10:01:00 beta", "10:02:00 beta")
        bind = rule("{x: {event: a}, y: {event: b, pick: first}}")
        assert [m.env["y"].lo for m in found(bind, one, two)] == [m.env["y"].lo for m in found(bind, two, one)]
