"""Small rules on small logs, run as the program does it."""

from logsleuth.incidents import incidents
from logsleuth.rules import load
from logsleuth.rules.infer import infer
from logsleuth.rules.model import Sample
from logsleuth.rules.trial import Trial

WORDS = """\
events:
  boot: {match: '^kernel boot file is', role: boot}
  stop: {match: '^exiting on signal 15', role: stop}
  a: {program: app, match: '^alpha(?: (?P<user>\\w+))?(?: (?P<size>\\d+))?$'}
  b: {program: app, match: '^beta(?: (?P<user>\\w+))?$'}
  c: {program: app, match: '^gamma(?: (?P<user>\\w+))?$'}
  tick: {program: app, match: '^tick$'}
spans:
  work: {open: a, close: b, key: [user]}
  job: {open: a, close: b, key: [user], scope: host}
  short: {open: a, close: b, key: [user], max: 5m}
  again: {open: a, close: b, key: [user], reopen: restart}
  risk: {open: a, key: [user], for: 30s, fade: 60s}
rules:
"""


def rule(bind, more="", name="r", cause="slug"):
    return f"- {{id: {name}, cause: {cause}, title: t, narrative: n, bind: {bind}{more}}}\n"


def log(*lines, host="gate", day=3):
    """`10:00:00 alpha rika` as a line of syslog; `app[7]` before the text names another program or process."""
    out = []
    for line in lines:
        clock, _, text = line.partition(" ")
        tag, _, rest = text.partition(": ") if ": " in text else ("app", "", text)
        out.append(f"Mar {day:2d} {clock} {host} {tag}: {rest}\n")
    return "".join(out)


def run(rules, *texts):
    """The inference of some rules on some logs, each in the folder of the host that its first line names."""
    known = load.load([("mine.yaml", WORDS + rules)])
    logs = tuple((f"{t.split()[3]}/var/log/m{i}", t) for i, t in enumerate(texts))
    sample = Sample(("r",), "", logs, 2024, "none", "", (), "", "mine.yaml", 1)
    return infer(known, Trial(known).signs(sample))


def found(rules, *texts, name="r"):
    return [m for m in run(rules, *texts).matches if m.rule.id == name]


def only(rules, *texts, name="r"):
    (match,) = found(rules, *texts, name=name)
    return match


def lines_of(match, name):
    return match.env[name].line


BOOT = "syslogd: kernel boot file is /boot/kernel"
TICKS = tuple(f"10:{m:02}:30 tick" for m in range(20))
STOP = "syslogd: exiting on signal 15"


def told(rules, *texts):
    ran = run(rules, *texts)
    return incidents(ran.matches, ran.engine.rules.links)
