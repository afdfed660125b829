"""What watches the network and the disks for attackers writes of them."""

from logsleuth.formats import body
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp

FORMATS = (
    # alert_fast prints `%02d/%02d[/%02d]-%02d:%02d:%02d.%06u`: month, day, with -y the year's last two digits.
    Format(
        name="snort",
        about="Snort's fast alerts",
        stamp=Stamp("MM/DD-HH:MM:SS.F"),
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
        stamp=Stamp("MM/DD/YY-HH:MM:SS.F"),
        body=body.plain,
        program="snort",
        samples=(b'03/04/21-05:06:07.123456 [**] [1:408:8] "ICMP Echo Reply" [**] {ICMP} 192.0.2.1 -> 192.0.2.7',),
    ),
    Format(
        name="suricata",
        about="Suricata's fast.log",
        stamp=Stamp("MM/DD/YYYY-HH:MM:SS.F"),
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
