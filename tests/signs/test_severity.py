"""An event that asks for a severity is met by lines whose own level says it, in any layout, and by no others."""

import pytest

from logsleuth.pipeline import explain

RULE = r"""
events:
  feed.grave: {severity: crit, match: 'the template \d+ was not found'}
rules:
- id: feed-grave
  cause: missing-file
  bind: {w: {event: feed.grave, by: [file], gap: 1h}}
  base: probable
  title: 'The feed ended'
  narrative: |
    At {w.t} it was said: "{w.text}".
"""
LINES = {
    "httpd 2.2": "[Sun Mar 03 10:00:01 2024] [{emerg,notice}] the template was not found",
    "httpd 2.4": "[Sun Mar 03 10:00:01.123456 2024] [feed:{crit,notice}] [pid 8] AH09999: the template was not found",
    "nginx": "2024/03/03 10:00:01 [{alert,warn}] 12#12: the template was not found",
    "json": '{"time":"2024-03-03T10:00:01Z","level":"{fatal,error}","msg":"the template was not found"}',
    "logfmt": 'time="2024-03-03T10:00:01Z" level={fatal,warning} msg="the template was not found"',
    "glog": "{F,E}0303 10:00:01.123456    8 server.go:155] the template was not found",
    "PostgreSQL": "2024-03-03 10:00:01.123 UTC [8] {FATAL,LOG}:  the template was not found",
    "php-fpm": "[03-Mar-2024 10:00:01] {ALERT,NOTICE}: the template was not found",
    "squid": "2024/03/03 10:00:01 kid1| {FATAL,WARNING}: the template was not found",
}


@pytest.mark.parametrize("grave", [True, False])
def test_only_lines_of_that_level_or_graver(tmp_path, grave):
    for number, (name, line) in enumerate(LINES.items()):
        # Otherwise lines of one second and one text would be copies of one message.
        head, _, rest = line.replace("the template", f"the template {number}").rpartition("{")
        words, _, tail = rest.partition("}")
        log = tmp_path / "logs" / name.replace(" ", "-") / "feed.log"
        log.parent.mkdir(parents=True)
        log.write_text(head + words.split(",")[0 if grave else 1] + tail + "\n")
    (tmp_path / "rules.yaml").write_text(RULE)
    report = explain([str(tmp_path / "logs")], rules=[str(tmp_path / "rules.yaml")])
    told = [f for incident in report.incidents for f in (*incident.causes, *incident.effects) if f.rule == "feed-grave"]
    assert len({e.file for f in told for e in f.evidence}) == (len(LINES) if grave else 0)
