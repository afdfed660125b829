"""What watches the network and the disks for attackers writes of them."""

from logsleuth.formats import body
from logsleuth.formats.below import Paragraph
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Either
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

_ALERT = (b"[**] ", b"[Drop] ", b"[wDrop] ", b"[Block] ", b"[drop] ", b"[would_drop] ", b"[block] ", b"[would_block] ")

FORMATS = (
    # alert_full: the stamp stands on the third line, or on the second where a rule has no class.
    Format(
        name="snort-full",
        about="Snort's full alerts: a paragraph is one entry",
        stamp=Paragraph(Stamp("MM/DD-HH:MM:SS.F"), b"[**] [", 5),
        body=body.plain,
        hint=lazy_pattern(rb"\n\[\*\*\] \[\d+:\d+:\d+\][^\n]*\n(?:[^\d\n][^\n]*\n){0,3}\d\d/\d\d-\d\d:"),
        program="snort",
        samples=(
            (
                b"[**] [1:366:11] ICMP PING [**]\n[Classification: Misc activity] [Priority: 3] \n"
                b"03/04-05:06:07.123456 192.0.2.7 -> 192.0.2.1\nICMP TTL:64 TOS:0x0 ID:0 IpLen:20 DgmLen:84 DF"
            ),
        ),
    ),
    Format(
        name="snort-full-year",
        about="Snort's full alerts with a year (snort -y)",
        stamp=Paragraph(Either((Stamp("MM/DD/YY-HH:MM:SS.F"), Stamp("MM/DD/YYYY-HH:MM:SS.F"))), b"[**] [", 5),
        body=body.plain,
        hint=lazy_pattern(rb"\n\[\*\*\] \[\d+:\d+:\d+\][^\n]*\n(?:[^\d\n][^\n]*\n){0,3}\d\d/\d\d/\d\d"),
        program="snort",
        samples=(
            (
                b"[**] [1:408:8] ICMP Echo Reply [**]\n[Priority: 3] \n03/04/21-05:06:07.123456 192.0.2.1 -> 192.0.2.7"
                b"\nICMP TTL:64"
            ),
        ),
    ),
    # alert_fast prints `%02d/%02d[/%02d]-%02d:%02d:%02d.%06u`: month, day, with -y the year's last two digits.
    Format(
        name="snort",
        about="Snort's fast alerts",
        stamp=Marked(Stamp("MM/DD-HH:MM:SS.F"), _ALERT),
        body=body.plain,
        program="snort",
        samples=(
            b"03/04-05:06:07.123456 [**] [1:366:11] ICMP PING [**] [Priority: 3] {ICMP} 192.0.2.7 -> 192.0.2.1",
            b"03/04-05:06:07.123456  [**] [116:58:1] (snort_decoder): Experimental Tcp Options [**] [Priority: 3]",
        ),
    ),
    Format(
        name="snort-year",
        about="Snort's fast alerts with a year (snort -y)",
        stamp=Marked(Stamp("MM/DD/YY-HH:MM:SS.F"), _ALERT),
        body=body.plain,
        program="snort",
        samples=(b'03/04/21-05:06:07.123456 [**] [1:408:8] "ICMP Echo Reply" [**] {ICMP} 192.0.2.1 -> 192.0.2.7',),
    ),
    Format(
        name="suricata",
        about="Suricata's fast.log",
        stamp=Marked(Stamp("MM/DD/YYYY-HH:MM:SS.F"), _ALERT),
        body=body.plain,
        program="suricata",
        samples=(
            b"03/04/2021-05:06:07.123456  [**] [1:2200074:1] SURICATA TCPv4 invalid checksum [**] [Priority: 3] {TCP}",
        ),
    ),
    Format(
        name="fail2ban",
        about="fail2ban's log",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS.F"), (b"fail2ban.",)),
        body=layout(" {}[{pid}]: {severity} {message}", " {}: {severity} {message}"),
        program="fail2ban",
        samples=(
            b"2021-03-04 05:06:07,123 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.7",
            b"2012-03-04 05:06:07,123 fail2ban.actions: WARNING [ssh] Ban 192.0.2.7",
        ),
    ),
)
