"""Layouts of a line. To add one: a file with a `FORMAT`, and its name in `FORMATS`."""

from logsleuth.formats import (
    access,
    apache_error,
    audit,
    aws_elb,
    bsd_syslog,
    chats,
    compose,
    daemons,
    docker_json,
    guards,
    histories,
    iso_syslog,
    journal_json,
    journal_text,
    json_document,
    json_lines,
    kernel_ring,
    kubernetes,
    logfmt,
    macos,
    network,
    packages,
    records,
    rfc5424,
    stamped,
    statistics,
    syslog_variants,
)
from logsleuth.formats.model import SEVERITIES, Columns, Format
from logsleuth.formats.plain import PLAIN

FORMATS: tuple[Format, ...] = (
    # Most particular first: of two that read a sample of a file equally well, the earlier one is taken.
    docker_json.FORMAT,
    journal_json.FORMAT,
    json_document.FORMAT,
    json_lines.FORMAT,
    *kubernetes.FORMATS,
    aws_elb.FORMAT,
    compose.FORMAT,
    *packages.FORMATS,
    *histories.FORMATS,
    *macos.FORMATS,
    *guards.FORMATS,
    *daemons.FORMATS,
    *chats.FORMATS,
    *statistics.FORMATS,
    rfc5424.FORMAT,
    syslog_variants.CHROMEOS,
    iso_syslog.FORMAT,
    records.FORMAT,
    *network.FORMATS,
    bsd_syslog.FORMAT,
    *journal_text.FORMATS,
    *syslog_variants.FORMATS,
    apache_error.FORMAT,
    audit.FORMAT,
    access.FORMAT,
    kernel_ring.FORMAT,
    logfmt.FORMAT,
    *stamped.FORMATS,
)

RECORDS = records.FORMAT
"""What the records of binary stores are laid out in."""

__all__ = ["FORMATS", "PLAIN", "RECORDS", "SEVERITIES", "Columns", "Format"]
