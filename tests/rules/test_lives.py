"""What the language means over time: spans, outages, absence, chains of findings and links."""

import pytest

from tests.rules.small import BOOT, STOP, TICKS, found, log, only, rule, told


class TestSpans:
    @pytest.mark.parametrize(
        ("span", "lines", "outcome"),
        [
            ("work", ["10:00:00 alpha u", "10:05:00 beta u"], "closed"),
            ("work", ["10:00:00 alpha u", "10:05:00 beta v"], "open"),
            ("work", ["10:00:00 alpha u", f"11:00:00 {BOOT}", "11:05:00 beta u"], "cut"),
            ("job", ["10:00:00 alpha u", f"11:00:00 {BOOT}", "11:05:00 beta u"], "closed"),
            ("work", ["10:00:00 alpha u", f"11:00:00 {BOOT}"], "cut"),
            ("short", ["10:00:00 alpha u", "10:09:00 beta u"], "unknown"),
            ("short", ["10:00:00 alpha u", "10:04:00 beta u"], "closed"),
        ],
    )
    def test_outcomes(self, span, lines, outcome):
        assert only(rule(f"{{x: {{span: {span}}}}}"), log(*lines)).env["x"].outcome == outcome

    def test_a_second_open_is_ignored_or_begins_anew(self):
        text = log("10:00:00 alpha u", "10:02:00 alpha u", "10:05:00 beta u")
        assert [m.env["x"].outcome for m in found(rule("{x: {span: work}}"), text)] == ["closed"]
        assert [m.env["x"].outcome for m in found(rule("{x: {span: again}}"), text)] == ["unknown", "closed"]

    def test_a_close_in_the_opening_second_after_it_closes(self):
        text = log("10:00:00 alpha u", "10:00:00 beta u", "10:01:00 gamma")
        assert not found(rule("{x: {event: c}, y: {span: work, open_at: $x.t}}"), text)

    @pytest.mark.parametrize(
        ("clock", "confidence"),
        [("10:00:10", "probable"), ("10:00:45", "possible"), ("10:02:00", None)],
    )
    def test_closed_by_the_clock_it_fades(self, clock, confidence):
        bind = rule("{x: {event: c}, y: {span: risk, where: {user: $x.user}, open_at: $x.t}}")
        got = found(bind, log("10:00:00 alpha u", f"{clock} gamma u"))
        assert [m.confidence for m in got] == ([confidence] if confidence else [])

    def test_during(self):
        bind = rule("{x: {span: work}, y: {event: c, where: {user: $x.user}, during: $x}}")
        assert found(bind, log("10:00:00 alpha u", "10:01:00 gamma u", "10:05:00 beta u"))
        assert not found(bind, log("10:00:00 alpha u", "10:05:00 beta u", "10:06:00 gamma u"))


class TestOpenAt:
    """The moment of a host's unclean end is known within bounds: yes, maybe, no."""

    BIND = rule("{x: {span: host.down}, y: {span: work, open_at: $x.start}}")

    def confidence(self, *lines):
        return [m.confidence for m in found(self.BIND, log(*lines))]

    def test_yes(self):
        assert self.confidence("10:00:00 alpha u", "10:05:00 tick", f"11:00:00 {BOOT}") == ["probable"]

    def test_no(self):
        assert not self.confidence("10:00:00 alpha u", "10:04:00 beta u", "10:05:00 tick", f"11:00:00 {BOOT}")

    def test_maybe_lowers_a_step(self):
        bind = rule("{x: {span: host.down}, y: {span: risk, open_at: $x.start}}")
        got = found(bind, log("10:00:00 alpha u", "10:00:10 tick", f"11:00:00 {BOOT}"))
        assert [m.confidence for m in got] == ["possible"]
        assert got[0].doubts


class TestAbsent:
    RULE = rule("{x: {event: a}}", ", absent: [{event: b, after: $x.t, before: $x.t + 10m}]", name="r")

    def test_it_is_there(self):
        assert not found(self.RULE, log("10:00:00 alpha", *TICKS[:5], "10:05:00 beta"))

    def test_it_is_not_there_in_a_log_that_was_written(self):
        assert only(self.RULE, log("10:00:00 alpha", *TICKS)).confidence == "probable"

    def test_nobody_was_writing(self):
        match = only(self.RULE, log("10:00:00 alpha", "12:00:00 tick"))
        assert match.confidence == "possible"
        assert match.doubts

    def test_the_log_ends_before_the_window_does(self):
        match = only(self.RULE, log("10:00:00 alpha", *TICKS[:2]))
        assert match.confidence == "possible"
        assert match.doubts

    def test_a_log_that_ends_at_once_proves_nothing(self):
        ticks = [f"10:00:{s:02} tick" for s in range(5, 60, 5)]
        assert only(self.RULE, log("10:00:00 alpha", *ticks)).confidence == "possible"

    def test_perhaps_there_is_a_doubt(self):
        bind = rule("{x: {span: host.down}}", ", absent: [{span: risk, open_at: $x.start}]")
        match = only(bind, log("10:00:00 alpha u", "10:00:10 tick", f"11:00:00 {BOOT}"))
        assert match.doubts


class TestHostsAndLives:
    def test_clauses_speak_of_one_host(self):
        two = log("10:00:00 alpha"), log("10:01:00 beta", host="mill")
        assert not found(rule("{x: {event: a}, y: {event: b}}"), *two)
        assert found(rule("{x: {event: a}, y: {event: b, host: any}}"), *two)

    def test_a_join_on_pid_holds_inside_one_life_only(self):
        bind = rule("{x: {event: a}, y: {event: b, where: {pid: $x.pid}, after: $x.t}}")
        assert found(bind, log("10:00:00 app[77]: alpha", "10:01:00 app[77]: beta"))
        assert not found(bind, log("10:00:00 app[77]: alpha", f"10:00:30 {BOOT}", "10:01:00 app[77]: beta"))

    def test_a_join_on_the_pid_of_a_later_life(self):
        bind = rule("{x: {event: a}, y: {event: b, after: $x.t}, z: {event: c, where: {pid: $y.pid}, after: $y.t}}")
        text = log("10:00:00 app[5]: alpha", f"10:00:30 {BOOT}", "10:01:00 app[77]: beta", "10:02:00 app[77]: gamma")
        assert found(bind, text)

    def test_another_field_that_equals_a_pid_joins_across_lives(self):
        bind = rule("{x: {event: a}, y: {event: b, where: {pid: $x.size}, after: $x.t}}")
        assert found(bind, log("10:00:00 alpha u 77", f"10:00:30 {BOOT}", "10:01:00 app[77]: beta"))

    def test_scope_boot(self):
        bind = rule("{x: {event: a}, y: {event: b, scope: boot}}")
        assert found(bind, log("10:00:00 alpha", "10:01:00 beta"))
        assert not found(bind, log("10:00:00 alpha", f"10:00:30 {BOOT}", "10:01:00 beta"))

    def test_an_orderly_end_and_another(self):
        clean = rule("{x: {span: host.down, where: {clean: 'yes'}}}")
        assert found(clean, log("10:00:00 tick", f"10:00:10 {STOP}", f"10:01:00 {BOOT}"))
        assert not found(clean, log("10:00:00 tick", f"10:01:00 {BOOT}"))

    def test_two_outages_are_two_findings(self):
        text = log("10:00:00 tick", f"10:01:00 {BOOT}", "10:30:00 tick", f"10:31:00 {BOOT}", "10:40:00 tick")
        assert len(found(rule("{x: {span: host.down}}"), text)) == 2


class TestFacts:
    def test_they_chain_in_any_order_of_the_file(self):
        text = (
            rule("{x: {fact: second}}", name="r")
            + rule("{x: {fact: first}, y: {event: c}}", name="second")
            + rule("{x: {event: a}}", name="first")
        )
        match = only(text, log("10:00:00 alpha", "10:01:00 gamma"))
        assert [m.rule.id for m in match.causes] == ["second"]
        assert [m.rule.id for m in match.causes[0].causes] == ["first"]

    def test_by_cause(self):
        text = rule("{x: {fact: 'cause:one'}}") + rule("{x: {event: a}}", name="first", cause="one")
        assert found(text, log("10:00:00 alpha"))

    def test_link_none_and_effect(self):
        base = rule("{x: {event: a}}", name="first")
        text = log("10:00:00 alpha")
        assert not only(base + rule("{x: {fact: first, link: none}}"), text).causes
        match = only(base + rule("{x: {fact: first, link: effect}}"), text)
        assert not match.causes
        assert [m.rule.id for m in match.effects] == ["first"]

    def test_a_finding_carries_the_fields_of_its_bindings_or_those_it_names(self):
        text = log("10:00:00 alpha u 7", "10:01:00 beta v")
        default = only(rule("{x: {event: a}, y: {event: b}}"), text)
        assert (default.fact.get("user"), default.fact.get("size")) == ("u", "7")
        chosen = only(rule("{x: {event: a}, y: {event: b}}", ", fields: {who: $y.user}"), text)
        assert (chosen.fact.get("who"), chosen.fact.get("size")) == ("v", None)

    def test_a_finding_that_is_ruled_out_is_no_cause(self):
        against = ", base: possible, evidence: [{side: against, if: {event: c}, say: s}]"
        text = rule("{x: {fact: first}}") + rule("{x: {event: a}}", against, name="first")
        assert not found(text, log("10:00:00 alpha", "10:01:00 gamma"))


class TestLinks:
    TWO = rule("{x: {event: a}}", name="first", cause="one") + rule("{x: {event: b}}", ", kind: symptom")
    LINK = "links:\n- {cause: one, effect: symptom, within: 10m, because: so, WHERE}\n"

    def explained(self, where, *texts, rules=None):
        """Causes of the incidents, with their effects."""
        text = (rules or self.TWO) + self.LINK.replace(", WHERE", f", {where}" if where else "")
        return sorted((i.causes[0].rule, [e.rule for e in i.effects]) for i in told(text, *texts)[0])

    def test_a_symptom_is_explained_in_time(self):
        assert self.explained("", log("10:00:00 alpha", "10:05:00 beta")) == [("first", ["r"])]
        assert self.explained("", log("10:00:00 alpha", "10:15:00 beta")) == [("first", []), ("r", [])]
        assert self.explained("", log("10:00:00 beta", "10:05:00 alpha")) == [("first", []), ("r", [])]

    def test_where(self):
        same = "where: [{user: user}]"
        assert self.explained(same, log("10:00:00 alpha u", "10:05:00 beta u")) == [("first", ["r"])]
        assert self.explained(same, log("10:00:00 alpha u", "10:05:00 beta v")) == [("first", []), ("r", [])]

    def test_any_of_several_wheres(self):
        either = "where: [{size: size}, {user: user}]"
        assert self.explained(either, log("10:00:00 alpha u", "10:05:00 beta u")) == [("first", ["r"])]

    def test_hosts(self):
        two = log("10:00:00 alpha"), log("10:05:00 beta", host="mill")
        assert self.explained("", *two) == [("first", []), ("r", [])]
        assert self.explained("host: any", *two) == [("first", ["r"])]

    def test_a_symptom_that_nothing_explains_is_only_possible(self):
        (incident,) = told(rule("{x: {event: b}}", ", kind: symptom, base: confirmed"), log("10:00:00 beta"))[0]
        assert incident.causes[0].confidence == "possible"

    def test_what_is_harmless_or_ruled_out_is_no_incident(self):
        out = ", base: possible, evidence: [{side: against, if: {event: b}, say: s}]"
        for more in (", kind: harmless", out):
            inside, aside = told(rule("{x: {event: a}}", more), log("10:00:00 alpha", "10:01:00 beta"))
            assert not inside
            assert len(aside) == 1

    def test_two_outages_at_one_time_are_one_incident(self):
        down = log("10:00:00 tick", f"10:05:00 {BOOT}", "10:06:00 tick")
        both = rule("{x: {span: host.down}}") + rule("{x: {span: host.down}, y: {event: tick}}", name="other")
        (incident,) = told(both, down)[0]
        assert {c.rule for c in incident.causes} == {"r", "other"}

    def test_two_outages_at_two_times_are_two_incidents(self):
        text = log("10:00:00 tick", f"10:01:00 {BOOT}", "10:30:00 tick", f"10:31:00 {BOOT}", "10:40:00 tick")
        assert len(told(rule("{x: {span: host.down}}"), text)[0]) == 2
