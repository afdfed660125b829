"""What clients write into an access log is no sign of anything but their requests."""

import pytest

from logsleuth.pipeline import explain

RULE = r"""
events:
  gate.jammed: {EXTRA match: 'the gate is jammed'}
rules:
- id: gate-jammed
  cause: hardware-failure
  bind: {w: {event: gate.jammed, by: [file], gap: 1h}}
  base: probable
  title: 'The gate is jammed'
  narrative: |
    At {w.t} it was said: "{w.text}".
"""
REQUEST = (
    '192.0.2.9 - - [03/Mar/2024:10:00:0{} +0000] "GET /?q=the gate is jammed HTTP/1.1" 200 12 "-" "the gate is jammed"'
    "\n"
)


@pytest.mark.parametrize(
    ("extra", "told"),
    [("", False), ("program: gated,", False), ("program: httpd,", True), ("kind: access,", True)],
)
def test_only_events_of_access_logs_or_their_server_look_into_them(tmp_path, extra, told):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "access.log").write_text("".join(map(REQUEST.format, range(9))))
    (tmp_path / "rules.yaml").write_text(RULE.replace("EXTRA", extra))
    report = explain([str(tmp_path / "logs")], rules=[str(tmp_path / "rules.yaml")], tz="UTC")
    assert [c.rule for i in report.incidents for c in i.causes] == (["gate-jammed"] if told else [])
