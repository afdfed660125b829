"""Small reports made by hand, for tests of sentences and renderers."""

from dataclasses import replace

from logsleuth.report import (
    UNKNOWN,
    Assumption,
    Availability,
    Boot,
    Bounds,
    Evidence,
    FileRead,
    Finding,
    Group,
    Incident,
    Link,
    Report,
    Skipped,
    Statement,
)

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
T0 = 1_709_460_000 * SECOND
"""2024-03-03 10:00:00 UTC, 19:00:00 in Tokyo."""
ROOT = "/srv/logs/gate/var/log"


def at(offset, length=SECOND - 1):
    return Bounds(T0 + offset * SECOND, T0 + offset * SECOND + length)


def line(name, number, text, offset=None):
    return Evidence(f"{ROOT}/{name}", number, text, None if offset is None else T0 + offset * SECOND)


STATS = line("maillog", 7, "Mar  3 10:00:01 gate qpopper[836]: Stats: rika 6 38709 51 212786", 1)
LAST = line("messages", 12, "Mar  3 10:00:07 gate cron[841]: (root) CMD (true)", 7)
BANNER = line("messages", 13, "Mar  3 10:02:08 gate kernel: FreeBSD 7.0-RELEASE #0", 128)
COMPLAINT = line("maillog", 9, "Mar  3 18:00:00 gate qpopper[902]: Unable to process From lines", 28_800)
OTHERS = [line("maillog", n, "Mar  3 17:00:00 gate qpopper[9]: Stats: tom 0 0 1 2", 25_200 + n) for n in range(20, 26)]

CUT = Finding(
    id="host-unclean-restart-00000001",
    rule="host-unclean-restart",
    cause="unclean-reboot",
    kind="fault",
    confidence="probable",
    host="gate",
    title=Statement("{down.host} stopped without shutting down", {"down.host": "gate"}, (LAST, BANNER)),
    narrative=(
        Statement(
            "{down.host} stopped at {down.start}: no shutdown is logged before its boot at {down.end}.",
            {
                "down.host": "gate",
                "down.start": Bounds(T0 + 7 * SECOND, T0 + 128 * SECOND),
                "down.end": at(128),
            },
            (LAST, BANNER),
        ),
        Statement(
            "It was down for at least {down.seconds_min} s and at most {down.seconds_max} s.",
            {"down.seconds_min": "0", "down.seconds_max": "121"},
            (LAST, BANNER),
        ),
    ),
    reasons=(Statement("no UPS reported a failure of the mains", {}, (), "against"),),
    remedy=None,
    settle=Statement("Ask whether somebody pulled the plug of {down.host}.", {"down.host": "gate"}, ()),
    evidence=(LAST, BANNER),
    start=Bounds(T0 + 7 * SECOND, T0 + 128 * SECOND),
    end=at(128),
)
MAILBOX = Finding(
    id="mbox-unflushed-00000002",
    rule="mbox-unflushed",
    cause="mailbox-corrupt",
    kind="fault",
    confidence="confirmed",
    host="gate",
    title=Statement("Mailbox {risk.mailbox} was damaged", {"risk.mailbox": "/var/mail/rika"}, (STATS,)),
    narrative=(
        Statement(
            "{risk.mailbox} was being rewritten at {risk.start} ({risk.deleted} deleted, {risk.left} left).",
            {"risk.mailbox": "/var/mail/rika", "risk.start": at(1), "risk.deleted": "6", "risk.left": "51"},
            (STATS,),
        ),
        Statement(
            'The first complaint came at {err.t}: "{err.text}".',
            {"err.t": at(28_800), "err.text": "Unable to process From lines"},
            (COMPLAINT,),
        ),
    ),
    reasons=(Statement("other mailboxes were fine", {}, tuple(OTHERS), "for"),),
    remedy=Statement("Stop POP for {risk.user}; restore the file.", {"risk.user": "rika"}, ()),
    settle=None,
    evidence=(STATS, COMPLAINT, *OTHERS),
    start=at(1),
    end=at(28_800),
)
INCIDENT = Incident(
    id="incident-1",
    hosts=("gate",),
    causes=(CUT,),
    effects=(MAILBOX,),
    links=(Link(CUT.id, MAILBOX.id, "it had not yet been written to the disk"),),
    start=CUT.start,
    end=MAILBOX.end,
)
REBOOT = replace(
    CUT,
    id="clean-reboot-00000003",
    rule="clean-reboot",
    cause="clean-reboot",
    kind="fault",
    confidence="confirmed",
    title=Statement("{b.host} was rebooted in order", {"b.host": "gate"}, (BANNER,)),
    evidence=(BANNER,),
    start=at(128),
)
BOOTS = (
    Boot(
        "gate", -1, Bounds(None, T0 - 86_400 * SECOND), line("messages", 1, "first", -86_400), False,
        Bounds(T0 + 7 * SECOND, T0 + 128 * SECOND), LAST, "unclean",
        Statement("no line of a shutdown stands before the next boot", {}, (LAST,)), (0, 121 * SECOND),
    ),
    Boot(
        "gate", 0, at(128), BANNER, True, Bounds(T0 + 28_800 * SECOND, None), COMPLAINT, "still up",
        Statement("the log ends while the host is up", {}, (COMPLAINT,)), None,
    ),
)  # fmt: skip
AVAILABILITY = (
    Availability("gate", Bounds(T0 - 110 * 86_400 * SECOND, T0), least=0.9962, most=0.99643, boots=1, unclean=1),
)
FILES = (
    FileRead(f"{ROOT}/maillog", f"{ROOT}/maillog", "gate", "bsd-syslog", 1200, 1200, T0, T0 + 28_800 * SECOND, 0),
    FileRead(f"{ROOT}/messages", f"{ROOT}/messages", "gate", "bsd-syslog", 34, 34, T0, None, 2),
)
QUIET = Report(
    incidents=(),
    set_aside=(),
    unexplained=(),
    boots=(),
    availability=(),
    files=FILES,
    assumptions=(),
    skipped=(),
    window=Bounds(T0, T0 + 28_800 * SECOND),
    told=UNKNOWN,
    zone="Asia/Tokyo",
    version="0.1.0",
)
REPORT = replace(
    QUIET,
    incidents=(INCIDENT,),
    set_aside=(REBOOT, replace(MAILBOX, id="mbox-00000004", confidence="ruled out")),
    unexplained=(
        Group("acpi*: reservation of * failed", 3, LAST, BANNER, "error", "kernel"),
        Group("timeout", 1, LAST, LAST, "error", ""),
    ),
    boots=BOOTS,
    availability=AVAILABILITY,
    assumptions=(
        Assumption("zone", "stamps without a zone are read as Asia/Tokyo (--tz)"),
        *(Assumption(f.file, "year 2024 for its last line, as given with --year") for f in FILES),
    ),
    skipped=(Skipped(f"{ROOT}/maillog.0.gz", "gzip ends early after 12,345 bytes", partial=True),),
    told=Bounds(T0, None),
    command="logsleuth explain /srv/logs",
    hidden=1,
    notes=("only the first pop.login lines were looked at",),
)

HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b31m | <script>alert(1)</script> `` ` *b* _i_ [x](javascript:1) ![i](http://h) "
    "\u202eevil\u202c \u2066x\u2069 a\\|b \x00 \t \r \u2028 \x7f &lt; <!-- c --> ~~~ $m$ \ud800"
)
UNSAFE = "\x1b\x9b\u202e\u202c\u2066\u2069\x00\t\r\u2028\x7f\ud800"
"""Characters of HOSTILE that must reach no terminal; colours are switched off where this is tested."""


def hostile():
    """A report in which everything that can come from a log or a file's name is hostile."""
    name = f"/srv/{HOSTILE.replace('/', '')}"
    bad = Evidence(f"{name}/a", 1, HOSTILE, T0)
    other = Evidence(f"{name}/b`|", 2, "```` " + HOSTILE * 20, None)
    said = Statement(
        '{e.host} said "{e.text}" at {e.t}.',
        {"e.host": HOSTILE, "e.text": HOSTILE, "e.t": at(0)},
        (bad, other),
    )
    fault = replace(
        CUT,
        host=HOSTILE,
        title=said,
        narrative=(said, said),
        reasons=(replace(said, side="for"), Statement(HOSTILE, {}, ())),
        remedy=said,
        settle=said,
        evidence=(bad, other),
    )
    effect = replace(fault, id="other")
    links = (Link(CUT.id, "other", HOSTILE),)
    because = replace(BOOTS[0], host=HOSTILE, first=bad, last=other, because=said)
    return replace(
        REPORT,
        incidents=(
            Incident(HOSTILE, (HOSTILE,), (fault,), (effect,), links, at(0), at(9)),
        ),
        set_aside=(effect,),
        unexplained=(Group(HOSTILE, 2, bad, other, "error", HOSTILE),),
        boots=(because,),
        availability=(replace(AVAILABILITY[0], host=HOSTILE),),
        files=(FileRead(bad.file, bad.file, HOSTILE, "plain", 1, 1, T0, None, 0),
               FileRead(other.file, other.file, HOSTILE, "plain", 1, 1, None, None, 0)),
        assumptions=(Assumption(bad.file, HOSTILE), Assumption(HOSTILE, HOSTILE)),
        skipped=(Skipped(HOSTILE, HOSTILE),),
        command=HOSTILE,
        notes=(HOSTILE,),
    )  # fmt: skip
