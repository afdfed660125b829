"""Sigma files: what becomes of detections and correlations, and what is refused."""

import re
import sys

import pytest

from logsleuth.errors import RuleError
from logsleuth.incidents import incidents
from logsleuth.rules import load
from logsleuth.rules.model import Sample
from logsleuth.rules.trial import Trial, told

WEB = "logsource: {category: webserver}"
SSHD = "logsource: {product: linux, service: sshd}"


def rules(*documents):
    return load.load([("own.yml", "---\n".join(documents))])


def detection(body, source=SSHD, more=""):
    return f"title: A detection\nname: seen\n{source}\n{more}detection:\n{body}"


def found(known, text, file="var/log/auth.log"):
    sample = Sample(("x",), "", ((file, text),), 2024, "none", "", (), "", "own.yml", 1)
    return Trial(known).matches(sample)


def sshd(*texts):
    return "".join(f"Mar  3 10:{i:02}:00 gate sshd[{800 + i}]: {t}\n" for i, t in enumerate(texts))


def hits(body, *texts):
    """Which of some messages of sshd a detection finds."""
    known = rules(detection(body))
    return [t for t in texts if found(known, sshd(t))]


def request(line, status=200, ip="203.0.113.9", agent="Mozilla/5.0", clock="10:00:00", referer="-"):
    return f'{ip} - - [03/Mar/2024:{clock} +0000] "{line}" {status} 512 "{referer}" "{agent}"\n'


def requests(body, *lines):
    known = rules(detection(body, WEB))
    return [x for x in lines if found(known, x, "var/log/apache2/access.log")]


A, B, C = "alpha beta from 203.0.113.9", "beta gamma", "Alpha one"


class TestConditions:
    @pytest.mark.parametrize(
        ("body", "texts"),
        [
            ("  k: [alpha]\n  condition: k\n", [A, C]),
            ("  k: ['al*ta']\n  condition: k\n", [A]),
            ("  k: ['alph? b']\n  condition: k\n", [A]),
            ("  k: [alpha, gamma]\n  condition: k\n", [A, B, C]),
            ("  k: {'|all': [alpha, beta]}\n  condition: k\n", [A]),
            ("  k: {'|re': '^b.*a$'}\n  condition: k\n", [B]),
            ("  k: {'|re': 'Alpha'}\n  condition: k\n", [C]),
            ("  k: {'|re|i': 'ALPHA b'}\n  condition: k\n", [A]),
            ("  k: {'|cased': alpha}\n  condition: k\n", [A]),
            ("  k: {message|startswith: alpha}\n  condition: k\n", [A, C]),
            ("  k: {message|endswith: GAMMA}\n  condition: k\n", [B]),
            ("  k: {message|contains|all: [a b, from]}\n  condition: k\n", [A]),
            ("  k: {message: beta gamma}\n  condition: k\n", [B]),
            ("  k: {message: beta}\n  condition: k\n", []),
            ("  k: [alpha]\n  f: [beta]\n  condition: k and not f\n", [C]),
            ("  k: [beta]\n  f: [gamma]\n  condition: k and f\n", [B]),
            ("  k: [gamma]\n  f: [one]\n  condition: k or f\n", [B, C]),
            ("  k1: [gamma]\n  k2: [one]\n  f: [beta]\n  condition: 1 of k* and not f\n", [C]),
            ("  k1: [alpha]\n  k2: [beta]\n  condition: all of k*\n", [A]),
            ("  k1: [alpha]\n  k2: [beta]\n  condition: all of them\n", [A]),
            ("  k: [a]\n  f: [gamma, from]\n  condition: k and not f\n", [C]),
            ("  k: [a]\n  f1: [beta]\n  f2: [gamma]\n  condition: k and not (f1 and f2)\n", [A, C]),
            ("  k: {message|contains: [a]}\n  condition: k and not 1 of f*\n  f1: {message|contains: one}\n", [A, B]),
        ],
    )
    def test_on_messages(self, body, texts):
        assert hits(body, A, B, C) == texts

    def test_special_characters_are_meant_as_they_are(self):
        assert hits("  k: ['a.b(c) [d] {e} $']\n  condition: k\n", "x a.b(c) [d] {e} $", "x axb(c) [d] {e} $")

    def test_only_the_service_is_looked_at(self):
        known = rules(detection("  k: [alpha]\n  condition: k\n"))
        assert not found(known, "Mar  3 10:00:00 gate cron[8]: alpha\n")
        every = rules(detection("  k: [alpha]\n  condition: k\n", "logsource: {product: linux}"))
        assert found(every, "Mar  3 10:00:00 gate cron[8]: alpha\n")

    def test_fields_of_the_audit_log(self):
        source = "logsource: {product: linux, service: auditd}"
        known = rules(detection("  k: {type: EXECVE, a0|endswith: /nc}\n  condition: k\n", source))
        line = 'type={} msg=audit(1709460000.118:71): argc=2 a0="{}" a1="-l"\n'
        assert found(known, line.format("EXECVE", "/bin/nc"), "var/log/audit/audit.log")
        assert not found(known, line.format("EXECVE", "/bin/ncx"), "var/log/audit/audit.log")
        assert not found(known, line.format("SYSCALL", "/bin/nc"), "var/log/audit/audit.log")


GET, POST = request("GET /a/b?x=../etc HTTP/1.1"), request("POST /login HTTP/1.1", 403, "192.0.2.7", "curl/8.5")
ODD = "www.example.org:443 " + request("HEAD /etc HTTP/1.0", 500, "2001:db8::7", "Scan/../1", referer="http://x/etc")


class TestWeb:
    @pytest.mark.parametrize(
        ("body", "lines"),
        [
            ("{c-uri|contains: etc}", [GET, ODD]),
            ("{c-uri|contains: '../'}", [GET]),
            ("{c-uri: /login}", [POST]),
            ("{c-uri|startswith: /a}", [GET]),
            ("{c-uri|endswith: etc}", [GET, ODD]),
            ("{cs-uri-stem: /a/b}", [GET]),
            ("{cs-uri-query|contains: x=}", [GET]),
            ("{cs-uri-query|contains: b}", []),
            ("{c-uri|re: '^/[a-z]+$'}", [POST, ODD]),
            ("{c-uri|re: '/a.*1'}", []),
            ("{cs-method: [POST, HEAD]}", [POST, ODD]),
            ("{sc-status: 403}", [POST]),
            ("{sc-status: 40}", []),
            ("{sc-status|gte: 403}", [POST, ODD]),
            ("{sc-status|lt: 403}", [GET]),
            ("{cs-user-agent|startswith: curl}", [POST]),
            ("{cs-user-agent|contains: '../'}", [ODD]),
            ("{cs-referer|contains: etc}", [ODD]),
            ("{c-ip: 192.0.2.7}", [POST]),
            ("{c-ip|cidr: 192.0.2.0/23}", [POST]),
            ("{c-ip|startswith: '2001:'}", [ODD]),
            ("{c-uri|contains: etc, sc-status: 200}", [GET]),
            ("{c-uri|re: '/a.*etc'}", [GET]),
            ("{c-uri|re|i: '^/A[^?]+'}", [GET]),
        ],
    )
    def test_fields(self, body, lines):
        assert requests(f"  s: {body}\n  condition: s\n", GET, POST, ODD) == lines

    def test_without(self):
        body = "  s: {c-uri|contains: [etc, login]}\n  f: {cs-method: HEAD}\n  g: {c-ip|cidr: 192.0.2.0/24}\n"
        assert requests(body + "  condition: s and not 1 of f* and not g\n", GET, POST, ODD) == [GET]

    def test_the_client_is_a_field_of_the_finding(self):
        known = rules(detection("  s: {c-uri: /login}\n  condition: s\n", WEB))
        (match,) = found(known, POST, "var/log/apache2/access.log")
        assert match.fact.get("c_ip") == "192.0.2.7"


class TestFinding:
    MORE = "level: critical\ndescription: Somebody {tries} passwords.\nfalsepositives: [A new phone, Tests]\n"

    def test_it_is_possible_and_says_why_not_more(self):
        known = rules(detection("  k: [alpha]\n  condition: k\n", more=self.MORE))
        (match,) = found(known, sshd(A, C))
        assert (match.rule.id, match.rule.cause, match.rule.kind) == ("sigma-a-detection", "detection", "fault")
        assert match.confidence == "possible"
        said = " ".join(told(match))
        for text in ("A detection", A, "rates it critical", "Somebody (tries) passwords.", "A new phone; Tests"):
            assert text in said
        assert match.env["hit"].n == 2

    def test_it_explains_nothing(self):
        known = rules(detection("  k: [alpha]\n  condition: k\n"))
        told_, aside = incidents(found(known, sshd(A)), known.links)
        assert len(told_) == 1
        assert not told_[0].effects
        assert not aside


FAILED = (
    detection("  k: ['Failed password']\n  condition: k\n").replace("A detection", "Refused").replace("seen", "bad")
)
ENTERED = detection("  k: {message|startswith: 'Accepted '}\n  condition: k\n").replace("A detection", "Entered")
BAD = "Failed password for {} from 203.0.113.9 port 4 ssh2"
GOOD = "Accepted password for rika from 203.0.113.9 port 4 ssh2"


def correlation(body, title="Together"):
    return f"title: {title}\nname: {title.lower()}\ncorrelation:\n{body}"


class TestCorrelations:
    COUNT = "  type: event_count\n  rules: [bad]\n  group-by: [src_ip]\n  timespan: 5m\n  condition: {gte: 3}\n"

    def ids(self, known, text):
        return {m.rule.id for m in found(known, text) if m.rule.kind == "fault"}

    def test_event_count(self):
        known = rules(FAILED, correlation(self.COUNT))
        assert self.ids(known, sshd(*[BAD.format("tom")] * 3)) == {"sigma-together"}
        assert not self.ids(known, sshd(*[BAD.format("tom")] * 2))
        other = BAD.format("tom").replace("203.0.113.9", "203.0.113.8")
        assert not self.ids(known, sshd(BAD.format("tom"), other, BAD.format("tom")))

    def test_gt_is_one_more(self):
        known = rules(FAILED, correlation(self.COUNT.replace("gte", "gt")))
        assert not self.ids(known, sshd(*[BAD.format("tom")] * 3))
        assert self.ids(known, sshd(*[BAD.format("tom")] * 4))

    def test_a_rule_that_is_counted_is_told_only_on_request(self):
        known = rules(FAILED, correlation(self.COUNT + "  generate: true\n"))
        assert self.ids(known, sshd(*[BAD.format("tom")] * 3)) == {"sigma-refused", "sigma-together"}

    def test_several_rules_are_counted_together(self):
        known = rules(FAILED, ENTERED, correlation(self.COUNT.replace("[bad]", "[bad, seen]")))
        assert self.ids(known, sshd(BAD.format("tom"), GOOD, BAD.format("tom"))) == {"sigma-together"}

    def test_value_count(self):
        body = self.COUNT.replace("event_count", "value_count").replace("gte: 3", "gte: 3, field: user")
        known = rules(FAILED, correlation(body))
        assert not self.ids(known, sshd(*[BAD.format("tom")] * 4))
        assert self.ids(known, sshd(*map(BAD.format, ("tom", "rika", "invalid user bob")))) == {"sigma-together"}

    def test_temporal_ordered(self):
        body = "  type: temporal_ordered\n  rules: [bad, seen]\n  group-by: [src_ip]\n  timespan: 2m\n"
        known = rules(FAILED, ENTERED, correlation(body))
        assert self.ids(known, sshd(BAD.format("rika"), GOOD)) == {"sigma-together"}
        assert not self.ids(known, sshd(GOOD, BAD.format("rika")))
        assert not self.ids(known, sshd(BAD.format("rika"), "x", "x", "x", GOOD))
        assert not self.ids(known, sshd(BAD.format("rika"), GOOD.replace("203.0.113.9", "203.0.113.8")))
        # The first of many failures may lie further back, if the last one does not.
        assert self.ids(known, sshd(*[BAD.format("rika")] * 4, GOOD)) == {"sigma-together"}

    def test_temporal_in_either_order(self):
        body = "  type: temporal\n  rules: [bad, seen]\n  timespan: 2m\n"
        known = rules(FAILED, ENTERED, correlation(body))
        assert self.ids(known, sshd(BAD.format("rika"), GOOD))
        assert self.ids(known, sshd(GOOD, BAD.format("rika")))

    def test_a_correlation_of_a_correlation(self):
        body = "  type: temporal_ordered\n  rules: [together, seen]\n  group-by: [src_ip]\n  timespan: 10m\n"
        known = rules(FAILED, ENTERED, correlation(self.COUNT), correlation(body, "Guessed"))
        assert self.ids(known, sshd(*[BAD.format("rika")] * 3, GOOD)) == {"sigma-guessed"}
        assert not self.ids(known, sshd(*[BAD.format("rika")] * 2, GOOD))

    def test_aliases(self):
        web = (
            detection("  s: {c-uri: /login}\n  condition: s\n", WEB)
            .replace("A detection", "Login")
            .replace("seen", "web")
        )
        body = (
            "  type: temporal_ordered\n  rules: [web, seen]\n  group-by: [who]\n  timespan: 5m\n"
            "  aliases: {who: {web: c-ip, seen: src_ip}}\n"
        )
        known = rules(web, ENTERED, correlation(body))
        logs = (("var/log/auth.log", sshd("x", GOOD)), ("var/log/apache2/access.log", request("GET /login HTTP/1.1")))
        sample = Sample(("x",), "", logs, 2024, "none", "", (), "", "own.yml", 1)
        assert [m.rule.id for m in Trial(known).matches(sample)] == ["sigma-together"]


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            (detection("  k: {message|foo: x}\n  condition: k\n"), 1, "Unknown modifier"),
            (
                detection("  k:\n    Image|endswith: /nc\n  condition: k\n"),
                6,
                "field 'Image' does not stand in these lines",
            ),
            (detection("  k: {cs-host: x}\n  condition: k\n", WEB), 5, "field 'cs-host' does not stand"),
            (detection("  k: {message|exists: true}\n  condition: k\n"), 5, "exists on message is not understood"),
            (detection("  k: {message|fieldref: x}\n  condition: k\n"), 5, "fieldref on message is not understood"),
            (detection("  k: [x]\n  condition: not k\n"), None, "only says what a line lacks"),
            (detection("  k: [x]\n  condition: k | count() > 5\n"), 1, "pipe syntax"),
            (detection("  k: [x]\n  condition: m\n"), 1, "not defined"),
            (detection("  k: {'|re': '(a+)+'}\n  condition: k\n"), 1, "can take for ever"),
            (detection("  k: [x]\n  condition: k\n", "logsource: {product: windows}"), 3, "product 'windows'"),
            (
                detection("  k: [x]\n  condition: k\n", "logsource: {product: linux, category: process_creation}"),
                3,
                "no text log",
            ),
            (detection("  k: [x]\n  condition: k\n", "logsource: {product: linux, service: zoo}"), 3, "service 'zoo'"),
            (
                correlation("  type: event_count\n  rules: [x]\n  timespan: 5m\n  condition: {gte: 3}\n"),
                5,
                "no rule 'x' in this file",
            ),
            ("name: x\ndetection: {}\n", 1, "a mapping with a title"),
            ("title: [\ndetection:\n", 3, "yaml: "),
        ],
    )
    def test_what_it_says(self, text, line, said):
        with pytest.raises(RuleError) as caught:
            rules(text)
        found_ = str(caught.value)
        assert "\n" not in found_
        assert said in found_
        assert line is None or found_.startswith(f"own.yml:{line}: ")
        if not text.startswith(("name", "title: [")):
            assert re.match(r"own\.yml:\d+: sigma (?:A detection|Together): ", found_)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (("gte: 3", "lte: 3"), "condition lte cannot be counted"),
            (("event_count", "value_sum"), ""),
            (("[src_ip]", "[LogonId]"), "group-by 'LogonId' cannot be read"),
            (("5m", "soon"), "imespan"),
        ],
    )
    def test_correlations(self, change, said):
        with pytest.raises(RuleError) as caught:
            rules(FAILED, correlation(TestCorrelations.COUNT.replace(*change)))
        assert said in str(caught.value)
        assert "sigma Together: " in str(caught.value)

    def test_the_line_of_a_later_document(self):
        with pytest.raises(RuleError) as caught:
            rules(FAILED, detection("  k: {Image: x}\n  condition: k\n"))
        assert caught.value.line == 7 + 5

    def test_without_pysigma_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "sigma.rule", None)
        with pytest.raises(RuleError, match=re.escape("pip install 'logsleuth[sigma]'")):
            rules(FAILED)

    def test_a_broken_sigma_file_does_not_stop_work_on_another(self):
        known, errors = load.forgiving(
            [("bad.yml", detection("  k: {Image: x}\n  condition: k\n")), ("own.yml", FAILED)]
        )
        assert "sigma-refused" in known.rules
        assert [e.file for e in errors] == ["bad.yml"]


def test_pysigma_is_imported_only_for_a_sigma_file():
    import subprocess

    code = "import sys; from logsleuth.home import rule_set; rule_set(); sys.exit('sigma' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_rules_of_one_title_are_two():
    known = rules(FAILED, FAILED.replace("name: bad", "name: worse"))
    assert list(known.rules) == ["sigma-refused", "sigma-refused-2"]


def test_shipped_rules_are_no_sigma():
    from logsleuth.rules import sigma

    assert not [name for name, text in load.shipped() if sigma.recognized(text)]
