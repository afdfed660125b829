"""Statements, incidents, boots and availability put into sentences, in one zone and one language."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from logsleuth.narrative.catalogue import catalogue
from logsleuth.narrative.chain import Step, cause_unknown, chain
from logsleuth.narrative.moments import Clock
from logsleuth.narrative.sentence import Piece, Pieces, fill, join, log, number, text_of
from logsleuth.report import Availability, Boot, Confidence, Finding, Incident, Statement
from logsleuth.safe import safe

_PART = re.compile(r"\{(\w+)\}")
_TITLES = 2
"""Root causes that a headline names; more are counted."""


class Teller:
    """Tells what a report holds; every text that it returns is safe for a terminal."""

    def __init__(self, zone: dt.tzinfo, language: str = "en") -> None:
        self.words = catalogue(language)
        self.clock = Clock(zone, self.words)
        self._alike: set[str] = set()
        self.originals: dict[str, str] = {}
        """The English of what `plain` has told in another language."""

    def tell(self, statement: Statement) -> str:
        """One sentence (or title, or reason) in words."""
        return text_of(self.pieces(statement))

    def pieces(self, statement: Statement) -> Pieces:
        """As `tell`, with what comes from a log set apart."""
        told = [
            fill(self.words.rules.sentence(part, statement.rule), statement.values, self.clock, self.words)
            for part in statement.template.split("\n")
        ]
        return join(told, self.words.phrases["format.sentences"])

    def plain(self, text: str) -> str:
        """A sentence that code has spelled (an assumption, why something was skipped) in this language."""
        said = self.words.rules.spelled(text)
        if said != text:
            self.originals[said] = text
        return said

    def say(self, key: str, **parts: str | int | Pieces) -> str:
        """A phrase of the catalogue with its parts put in."""
        return text_of(self.compose(key, **parts))

    def compose(self, key: str, **parts: str | int | Pieces) -> Pieces:
        """As `say`, in pieces."""
        out: Pieces = []
        place = 0
        phrase = self.words.phrases[key]
        for match in _PART.finditer(phrase):
            part = parts[match[1]]
            out.append(Piece(phrase[place : match.start()]))
            if isinstance(part, list):
                out += part
            else:
                out.append(Piece(self.number(part) if isinstance(part, int) else part))
            place = match.end()
        out.append(Piece(phrase[place:]))
        return [p for p in out if p.text]

    def count(self, key: str, n: int) -> str:
        """`1 file`, `12 files`."""
        return self.words.counted(f"count.{key}", n).format(n=self.number(n))

    def number(self, n: int) -> str:
        """With the language's separator of thousands."""
        return number(n, self.words)

    def confidence(self, word: Confidence) -> str:
        """One of the four words."""
        return self.words.phrases[f"confidence.{word.replace(' ', '_')}"]

    def headline(self, incident: Incident) -> str:
        """What happened, where and when, in one line."""
        return text_of(self.headline_pieces(incident))

    def headline_pieces(self, incident: Incident) -> Pieces:
        """As `headline`, in pieces."""
        roots = incident.causes or incident.effects
        titles = list({text_of(p): p for p in (self.pieces(f.title) for f in roots)}.values())
        what = join(titles[:_TITLES], self.words.phrases["format.titles"])
        if len(titles) > _TITLES:
            what += self.compose("headline.more", n=len(titles) - _TITLES)
        if roots and cause_unknown(roots[0]):
            what = self.compose("headline.unknown", what=what)
        unnamed = [h for h in incident.hosts if h and safe(h) not in text_of(what)]
        if unnamed:
            key = "headline.on" if len(unnamed) == len(incident.hosts) else "headline.felt"
            what = self.compose(key, what=what, hosts=self.listed(unnamed))
        return self._dated(what, incident, roots)

    def closed(self, said: Pieces | str) -> Pieces:
        """A statement with the mark that ends a sentence."""
        return self.compose("page.said", text=said)

    def meet(self, incidents: Sequence[Incident]) -> None:
        """Note which findings of an incident share a title: `named` tells them apart."""
        for incident in incidents:
            findings = {f.id: f for f in (*incident.causes, *incident.effects)}.values()
            titles = Counter(map(self.title, findings))
            self._alike |= {f.id for f in findings if titles[self.title(f)] > 1}

    def named(self, finding: Finding) -> str:
        """What a finding is called; of those that share a title, when it began too."""
        return text_of(self.named_pieces(finding))

    def named_pieces(self, finding: Finding) -> Pieces:
        """As `named`, in pieces."""
        what = self.pieces(finding.title)
        if finding.id not in self._alike:
            return what
        return self.compose("headline.when", what=what, when=[Piece(self.clock.moment(finding.start, "at"), "time")])

    def titled(self, findings: Sequence[Finding]) -> str:
        """What findings are called, one after the other."""
        return self.words.phrases["format.titles"].join(self.named(f) for f in findings)

    def listed(self, names: Sequence[str]) -> Pieces:
        """Names from logs, one after the other."""
        return join([[log(name)] for name in names], self.words.phrases["format.list"])

    def when(self, incident: Incident) -> str:
        """From when to when an incident went, and how long that is."""
        start, end = self.clock.moment(incident.start, "at"), self.clock.moment(incident.end, "at")
        least, most = self.clock.lasted(incident.start, incident.end)
        if start == end or most == 0:
            return self.say("when.moment", start=start)
        if least is None and most is None:
            return self.say("when.open", start=start, end=end)
        return self.say("when.lasted", start=start, end=end, length=self.clock.between(least, most))

    def chain(self, incident: Incident) -> tuple[Step, ...]:
        """Causes and effects in the order in which they are told."""
        return chain(incident)

    def title(self, finding: Finding) -> str:
        """What a finding is called."""
        return self.tell(finding.title)

    def boot(self, boot: Boot) -> str:
        """One life of a host, in one sentence."""
        return text_of(self.boot_pieces(boot))

    def boot_pieces(self, boot: Boot) -> Pieces:
        """As `boot`, in pieces."""
        key = "boot.seen" if boot.seen else "boot.unseen"
        start = self.compose(
            key, host=[log(boot.host)], number=str(boot.number), start=self.clock.moment(boot.start, "at")
        )
        return self.compose("boot.whole", start=start, ended=self.ended_down(boot))

    def ended_down(self, boot: Boot) -> Pieces:
        """As `ended`, and how long the host was down after it."""
        ended = self.ended(boot)
        if boot.down is None:
            return ended
        return self.compose("boot.down", ended=ended, length=self.clock.between(*boot.down))

    def ended(self, boot: Boot) -> Pieces:
        """How a life of a host ended, and how one knows."""
        return self.compose(
            f"boot.{boot.how.replace(' ', '_')}",
            end=self.clock.moment(boot.end, "at"),
            because=self.pieces(boot.because),
        )

    def availability(self, share: Availability) -> str:
        """How much of the time a host was up, within bounds."""
        return text_of(self.availability_pieces(share))

    def availability_pieces(self, share: Availability) -> Pieces:
        """As `availability`, in pieces."""
        first, last = share.window.earliest, share.window.latest
        window = last - first if first is not None and last is not None else None
        length = self.clock.between(window, window)
        boots = self.count("boot", share.boots)
        if share.unclean:
            boots = self.say("availability.unclean", boots=boots, n=share.unclean)
        return self.compose(
            "availability.up",
            host=[log(share.host)],
            share=self.clock.share(share.least, share.most),
            length=length,
            boots=boots,
        )

    def _dated(self, what: Pieces, incident: Incident, roots: Sequence[Finding]) -> Pieces:
        """One root cause has its own time; several share only the stretch that the incident takes."""
        first, last = incident.start.earliest, incident.end.latest
        if len(roots) > 1 and first is not None and last is not None:
            start, end = (Piece(self.clock.instant(t), "time") for t in (first, last))
            return self.compose("headline.from_to", what=what, start=[start], end=[end])
        start_of = roots[0].start if len(roots) == 1 else incident.start
        when = [Piece(self.clock.moment(start_of, "at"), "time")]
        return self.compose("headline.when", what=what, when=when)
