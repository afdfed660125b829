"""A rule file to begin with: one event, one rule and two samples, with a word on each key."""

from __future__ import annotations

import re

from logsleuth.errors import UsageError, quoted


def starter(name: str) -> str:
    """The text of a file whose rule has an id; it passes its own samples as it is."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(f"{quoted(name)} is not a rule's id; use lower-case words with hyphens, as in queue-stuck")
    return _TEXT.replace("NAME", name).replace("EVENT", name.replace("-", "_"))


_TEXT = """\
# yaml-language-server: $schema=rules.schema.json
# The schema for your editor: logsleuth rules schema > rules.schema.json
# The language: docs/writing-rules.md. Run the samples: logsleuth rules test THIS_FILE
# Use it: logsleuth explain --rules THIS_FILE, or put it into the folder rules.d of your configuration.

about: 'What exampled says when it cannot open a file'

events:
  EVENT.cannot_open:                  # subject.what
    program: 'exampled'               # the whole name of the program; leave it out if any program can say this
    match:                            # one or several; named groups become fields
    - '^cannot open (?P<path>/\\S+): (?P<error>.+)$'
    source: 'exampled src/open.c'     # where the wording comes from
  EVENT.gave_up:
    program: 'exampled'
    match: '^giving up(?: on (?P<path>/\\S+))?$'

rules:
- id: NAME
  cause: example-failure              # what kind of fault this is; see `logsleuth rules list` for the ones in use
  bind:                               # what has to be found, in order; later clauses may refer to earlier ones
    failed: {event: EVENT.cannot_open, by: [path], gap: 1h}     # one finding for each file
  evidence:                           # what makes it more or less likely
  - {side: for, if: {event: EVENT.gave_up, after: $failed.t, before: $failed.end + 1m}, say: 'it gave up at {it.t}'}
  base: possible                      # possible, probable or confirmed, before the evidence
  cap: probable                       # never more than this
  title: 'exampled cannot open {failed.path}'
  narrative: |
    exampled could not open {failed.path} at {failed.t}: {failed.error}.
  remedy: |
    Look at the owner and the mode of {failed.path}.
  settle: |
    Start exampled again and see whether it opens {failed.path}.

samples:                              # one in which the rule holds, one in which it does not
- rule: NAME
  name: it cannot open its file and gives up
  year: 2024                          # of stamps that name none
  logs:
    var/log/messages: |
      Mar  3 10:00:01 gate exampled[836]: cannot open /var/db/example.db: Permission denied
      Mar  3 10:00:31 gate exampled[836]: giving up
  expect: probable                    # none, possible, probable, confirmed
  text: 'could not open /var/db/example.db'
  fields: {path: /var/db/example.db}
- rule: NAME
  name: it opens its file
  logs:
    var/log/messages: |
      Mar  3 10:00:01 gate exampled[836]: opened /var/db/example.db
  expect: none
"""
