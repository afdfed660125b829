"""Names of hosts and users, addresses and private paths of a report as stable pseudonyms."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from logsleuth.report import Evidence, Report, Statement

_HOST_FIELDS = frozenset({"host", "hostname", "peer", "server", "domain", "relay", "node", "from_host", "to_host"})
_USER_FIELDS = frozenset({"user", "ruser", "account", "acct", "login", "mailbox", "owner", "sender", "recipient", "by"})
_KEPT = frozenset(
    """
    root daemon bin sys adm nobody www www-data http httpd apache nginx mail mailnull postfix postdrop dovecot
    dovenull mysql postgres named bind sshd ntp ntpd chrony systemd-network systemd-resolve systemd-timesync
    messagebus dbus syslog man lp news uucp proxy backup list irc gnats operator toor kmem games smmsp uuidd
    _apt polkitd nfsnobody unknown user from for the by to uid in on at is was and localhost home var usr etc
    log lib local kernel none null src tmp opt run srv mnt root: invalid illegal
    """.split()  # noqa: SIM905 - two hundred quotes would hide the words
)
"""Accounts that every system has, and words that stand where a name could."""
_NAME = r"[A-Za-z_][\w.+-]*[\w$]|[A-Za-z_]"
_USERS = re.compile(
    rf"(?:(?<=/home/)|(?<=/Users/)|(?<=/var/mail/)|(?<=/spool/mail/)|(?<=/spool/cron/)|(?<=/crontabs/)"
    rf"|\b(?:ruser|user|USER|logname|acct|account|login|owner|sasl_username)(?:=|: ?)[\"'<(]?"
    rf"|\bfor (?:(?:invalid|illegal|unknown) )?(?:user )?(?=\S+ from\b)"
    rf"|\b(?:[Ii]nvalid|[Ii]llegal|[Uu]nknown) user |\b[Uu]ser[: ] ?[\"'\[<]?|\bfor user |\bStats: |\blogin to "
    rf"|\b(?:su|sudo|doas)(?:\[\d+\])?: +(?=\S+ :)|\bCRON(?:\[\d+\])?: \((?=\w)|\bcron(?:\[\d+\])?: \((?=\w)"
    rf"|\(to \S+\) |\bmailbox of |\bsession (?:opened|closed) for user |\bby (?=[\w.-]+\(uid=))(?P<name>{_NAME})"
)
_COLUMN = re.compile(
    r"^(?:<\d+>)?(?:\d )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?) "
    r"(?P<host>[A-Za-z][\w.-]*) \S+"
)
"""The host's column of a syslog line."""
_GENERIC = "com|net|org|edu|gov|mil|int|info|biz|name|example|test|invalid|local|lan|home|internal|intranet|corp|arpa"
_COUNTRY = "jp|de|uk|fr|nl|it|es|ru|cn|kr|tw|in|br|au|ca|us|ch|at|be|se|no|fi|dk|cz|hu|ro|gr|pt|tr|ua|il|mx|ar|cl|nz|eu"
_SHAPES = re.compile(
    r"(?P<mail>[\w.+%-]+@(?!-)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)"
    r"|(?P<mac>(?<![\w:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![\w:])|(?<![\w-])(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
    r"(?![\w-])|(?<![\w.])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![\w.]))"
    r"|(?P<six>(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:]*(?:(?:\.\d{1,3}){3})?(?![\w]))"
    r"|(?P<four>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]))"
    r"|(?P<path>(?<![\w.\-])(?:/usr|/export|/var)?/(?:home|Users)/(?P<owner>[^/\s:\"'<>|;,()\[\]!]+)"
    r"(?P<below>(?:/[^/\s:\"'<>|;,()\[\]!]+)*))"
    r"|(?P<fqdn>(?<![\w.@/-])(?:[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9])?\.)+"
    rf"(?:{_GENERIC}|{_COUNTRY}|[A-Za-z]{{4,12}}(?<!service)(?<!socket)(?<!timer)(?<!mount)(?<!target)(?<!conf)"
    r"(?<!slice)(?<!scope)(?<!journal)(?<!device)(?<!swap)(?<!gzip)(?<!json)(?<!yaml)(?<!html))(?![\w.-]*[\w]))"
)
_FQDN_SURE = re.compile(rf"(?:{_GENERIC}|{_COUNTRY})", re.IGNORECASE)


class Pseudonyms:
    """What stands for what, numbered in the order of the first use."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def name(self, kind: str, value: str) -> str:
        """The pseudonym of a value: the same for the same value."""
        known = self.of.get((kind, value))
        if known is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self.of[kind, value] = f"{kind}-{self._counts[kind]}"
        return known

    def table(self) -> str:
        """A line for each: pseudonym, tab, value."""
        from logsleuth.narrative import safe

        return "".join(f"{known}\t{safe(value)}\n" for (_, value), known in self.of.items())


def redact(report: Report, names: Pseudonyms | None = None) -> Report:
    """The report without a name or an address; what stands for what is kept in `names`."""
    return _Redaction(report, names if names is not None else Pseudonyms()).report()


class _Redaction:
    def __init__(self, report: Report, names: Pseudonyms) -> None:
        self._report = report
        self._names = names
        self._seen: dict[str, str] = {}
        hosts = {h.lower() for h in _hosts(report)} - _KEPT
        self._hosts = {h for h in hosts if not _address(h)}
        self._hosts |= {h.partition(".")[0] for h in self._hosts} - _KEPT
        self._users = {u for u in _users(report) if u.lower() not in _KEPT and u.lower() not in self._hosts}
        self._files = {f for row in report.files for f in (row.file, row.stream)}
        words = sorted(self._hosts | self._users, key=lambda w: (-len(w), w))
        # A tree of alternatives would be quicker; names are few beside lines.
        self._words = (
            re.compile("(?<![A-Za-z0-9])(?:" + "|".join(map(re.escape, words)) + ")(?![A-Za-z0-9])", re.IGNORECASE)
            if words
            else None
        )
        self._folded = {u.lower(): u for u in sorted(self._users, reverse=True)}

    def report(self) -> Report:
        return self._walk(self._report)  # type: ignore[no-any-return]

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, tuple):
            return tuple(self._walk(v) for v in value)
        if isinstance(value, Statement):
            # Of a template nothing comes from a log but what an author of rules wrote himself.
            values = {k: self._walk(v) for k, v in value.values.items()}
            return replace(value, values=values, evidence=self._walk(value.evidence))
        if is_dataclass(value) and not isinstance(value, type):
            kept = _OURS.get(type(value).__name__, frozenset())
            return replace(
                value, **{f.name: self._walk(getattr(value, f.name)) for f in fields(value) if f.name not in kept}
            )
        return value

    def _text(self, text: str) -> str:
        known = self._seen.get(text)
        if known is None:
            known = self._seen[text] = self._words_in(_SHAPES.sub(self._shape, text))
        return known

    def _words_in(self, text: str) -> str:
        return text if self._words is None else self._words.sub(lambda m: self._word(m[0]), text)

    def _word(self, word: str) -> str:
        low = word.lower()
        if low in self._hosts:
            return self._host(low)
        return self._names.name("user", self._folded[low])

    def _host(self, name: str) -> str:
        """A name with its domain is the host that its first label names, where that is known."""
        low = name.lower().rstrip(".")
        first = low.partition(".")[0]
        return self._names.name("host", first if first in self._hosts else low)

    def _shape(self, match: re.Match[str]) -> str:
        text = match[0]
        kind = match.lastgroup if match.lastgroup not in {"owner", "below"} else "path"
        if kind == "path":
            return self._path(match)
        if kind == "mail":
            # `user@host` of a unit or a shell is a user and a host; a message's own name is as telling as an address.
            return text if text.split("@")[0].endswith("-") else self._names.name("mail", text.lower())
        if kind == "mac":
            return self._names.name("mac", text.lower())
        if kind in {"four", "six"}:
            return self._address(text)
        return self._fqdn(text)

    def _fqdn(self, text: str) -> str:
        low = text.lower()
        last = low.rpartition(".")[2]
        if _FQDN_SURE.fullmatch(last) or low.partition(".")[0] in self._hosts or low in self._hosts:
            return self._host(low)
        return text

    def _address(self, text: str) -> str:
        body = text.rstrip(":") if text.endswith(":") and not text.endswith("::") else text
        address = _address(body)
        if address is None or address.is_loopback or address.is_unspecified:
            return text
        return self._names.name("ip", str(address)) + text[len(body) :]

    def _path(self, match: re.Match[str]) -> str:
        owner, below = match["owner"], match["below"]
        head = match[0][: match.start("owner") - match.start()]
        if owner.lower() in _KEPT and not below:
            return match[0]
        who = self._word(owner) if owner.lower() in self._hosts | self._folded.keys() else self._named_owner(owner)
        if not below:
            return f"{head}{who}"
        folder, _, base = below[1:].rpartition("/")
        if any(f.startswith(match[0]) for f in self._files):
            # A log's own name tells its kind.
            return f"{head}{who}{'/' + self._names.name('path', folder) if folder else ''}/{self._words_in(base)}"
        return f"{head}{who}/{self._names.name('path', below[1:])}"

    def _named_owner(self, owner: str) -> str:
        return owner if owner.lower() in _KEPT else self._names.name("user", owner)


_OURS = {
    "Report": frozenset({"zone", "version"}),
    "Finding": frozenset({"id", "rule", "cause", "kind", "confidence"}),
    "Incident": frozenset({"id"}),
    "Link": frozenset({"cause", "effect"}),
    "FileRead": frozenset({"format", "sha256"}),
    "Boot": frozenset({"how"}),
    "Group": frozenset({"severity", "program"}),
    "Comparison": frozenset({"by", "why_not", "notes"}),
    "Difference": frozenset({"sort", "severity", "program"}),
}
"""Fields that hold words of the program's own."""


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _parts(value: Any) -> Iterator[Any]:
    """Every leaf below a value, the dataclasses on the way too."""
    yield value
    if isinstance(value, tuple):
        for inner in value:
            yield from _parts(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))


def _hosts(report: Report) -> Iterable[str]:
    out: dict[str, None] = {}
    for part in _parts(report):
        if isinstance(part, Evidence):
            match = _COLUMN.match(part.text)
            found = [match["host"]] if match else []
        elif isinstance(part, Statement):
            found = [v for k, v in part.values.items() if k.rpartition(".")[2] in _HOST_FIELDS and isinstance(v, str)]
        else:
            found = [h for h in (getattr(part, "host", ""),) if isinstance(h, str)]
            found += getattr(part, "hosts", ())
        out.update(dict.fromkeys(h for h in found if re.fullmatch(r"[A-Za-z0-9][\w.-]*", h) and not h.isdigit()))
    return out


def _users(report: Report) -> Iterable[str]:
    out: dict[str, None] = {}
    for part in _parts(report):
        if isinstance(part, Statement):
            found = [
                v.rpartition("/")[2]
                for k, v in part.values.items()
                if k.rpartition(".")[2] in _USER_FIELDS and isinstance(v, str) and len(v) < 200
            ]
            found += [m["name"] for v in part.values.values() if isinstance(v, str) for m in _USERS.finditer(v)]
        elif isinstance(part, str):
            found = [m["name"] for m in _USERS.finditer(part)]
        else:
            continue
        out.update(dict.fromkeys(name for name in found if re.fullmatch(r"[\w.+$-]*[A-Za-z][\w.+$-]*", name)))
    return out
