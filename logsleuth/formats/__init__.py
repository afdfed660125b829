"""Layouts of a line. To add one: a file with a `FORMAT`, and its name in `FORMATS`."""

from logsleuth.formats import (
    access,
    apache_error,
    audit,
    bsd_syslog,
    daemons,
    guards,
    histories,
    iso_syslog,
    kernel_ring,
    macos,
    network,
    packages,
    records,
    rfc5424,
    stamped,
    syslog_variants,
)
from logsleuth.formats.model import SEVERITIES, Columns, Format
from logsleuth.formats.plain import PLAIN

FORMATS: tuple[Format, ...] = (
    # Most particular first: of two that read a sample of a file equally well, the earlier one is taken.
    *packages.FORMATS,
    *histories.FORMATS,
    *macos.FORMATS,
    *guards.FORMATS,
    *daemons.FORMATS,
    rfc5424.FORMAT,
    syslog_variants.CHROMEOS,
    iso_syslog.FORMAT,
    records.FORMAT,
    *network.FORMATS,
    bsd_syslog.FORMAT,
    *syslog_variants.FORMATS,
    apache_error.FORMAT,
    audit.FORMAT,
    access.FORMAT,
    kernel_ring.FORMAT,
    *stamped.FORMATS,
)

RECORDS = records.FORMAT
"""What the records of binary stores are laid out in."""

__all__ = ["FORMATS", "PLAIN", "RECORDS", "SEVERITIES", "Columns", "Format"]
