"""What other tools take: each form opened by that tool's own reader, or checked against what its reader checks."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, LogsData
from timesketch_import_client.importer import ImportStreamer

from logsleuth import pipeline
from logsleuth.clock.logs import Settings
from logsleuth.entries.frame import SCHEMA
from logsleuth.render.entries import WRITERS, Look, Timed, otel, parquet
from logsleuth.render.entries.identity import file_ids

FILES = {
    "var/log/messages": (
        b"Dec 17 10:30:00 fry syslogd: kernel boot file is /boot/kernel/kernel\n"
        b"Dec 17 10:30:05 fry sshd[712]: Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22\n"
        b'Dec 17 10:30:09 fry kernel: panic: ffs, a | b; "c"\n'
        b"  cpuid = 0\n"
    ),
    "var/log/httpd-access.log": b'192.0.2.8 - - [17/Dec/2023:10:30:01 +0000] "GET / HTTP/1.1" 500 9\n',
    "var/log/app.log": b'{"time":"2023-12-17T10:31:00.25Z","level":"error","msg":"bad \\"x\\"","err":"EOF"}\n',
}
UNTIMED = {"console.log": b"mounting /\nlogin: x\n", **FILES}
WILD = {
    "messages": (
        b'Dec 17 10:30:00 fry a"b,c|d[7]: \x1b[31m red \xff \x00\x00 \xe2\x80\xae, "quoted" | = \\\r\n'
        b"\tmore\r\n"
        b'Dec 17 10:30:01 leela =cmd: =HYPERLINK("http://x")\n'
        b"Dec 17 10:30:02 fry a[1]: -- MARK --\n"
    )
}
CONNECTION = "Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22"
TIMED = ("timesketch-csv", "timesketch-jsonl", "l2tcsv", "tln", "l2ttln", "ecs")


def objects(out: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def cells(out: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out.decode(), newline=""), strict=True))


# Timesketch


def test_timesketch_takes_the_lines_of_json(written):
    rows = objects(written(FILES, "timesketch-jsonl"))
    assert rows[2] == {
        "message": "[sshd] [712]: Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22",
        "datetime": "2023-12-17T10:30:05.000000+00:00",
        "timestamp": 1702809005000000,
        "timestamp_desc": "Event Logged",
        "data_type": "syslog:line",
        "hostname": "fry",
        "reporter": "sshd",
        "pid": 712,
        "source_file": "DIR/var/log/messages",
        "line": 2,
    }
    assert [row["data_type"] for row in rows] == [
        "syslog:line",
        "apache:access_log:entry",
        "syslog:line",
        "syslog:line",
        "logsleuth:json-lines",
    ]
    assert rows[3]["message"] == '[kernel] panic: ffs, a | b; "c"\n  cpuid = 0'
    assert rows[4] | {"timestamp": 1702809060250000, "severity": "err"} == rows[4]
    # What its importer checks of a record, and fills in where it is missing: here nothing is.
    streamer = ImportStreamer()
    for row in rows:
        taken = dict(row)
        streamer._fix_dict(taken)
        assert datetime.fromisoformat(taken["datetime"]) == datetime.fromisoformat(row["datetime"])
        assert {**taken, "datetime": ""} == {**row, "datetime": ""}


def test_timesketch_takes_the_csv_whatever_stamps_stand_first(written):
    files = {"messages": b"2023-12-17T10:30:00Z fry a: x\n2023-12-17T10:30:01.000000001Z fry b[2]: y\n"}
    out = written(files, "timesketch-csv", zone=ZoneInfo("Europe/Berlin"))
    # Timesketch's server reads the column like this, and drops the rows whose stamps it cannot read.
    frame = pd.read_csv(io.BytesIO(out))
    stamps = pd.to_datetime(frame["datetime"], errors="coerce")
    assert not stamps.isna().any()
    assert frame["datetime"].tolist() == ["2023-12-17T10:30:00.000000+00:00", "2023-12-17T10:30:01.000000+00:00"]
    fixed = ImportStreamer()._fix_data_frame(frame.copy())
    assert pd.to_datetime(fixed["datetime"]).tolist() == stamps.tolist()
    assert frame["timestamp"].tolist() == [1702809000000000, 1702809001000000]


@pytest.mark.parametrize("files", [FILES, WILD])
def test_timesketchs_csv_says_what_its_json_says(written, files):
    lines, rows = objects(written(files, "timesketch-jsonl")), cells(written(files, "timesketch-csv"))
    # Hostile characters are JSON's escapes there, and spelt out here.
    odd = {"message", "reporter"} if files is WILD else set()
    assert [{k: v for k, v in row.items() if v and k not in odd} for row in rows] == [
        {k: str(v) for k, v in line.items() if k not in odd} for line in lines
    ]
    assert all(row["message"] for row in rows)


def test_timesketch_is_given_values_as_they_stand(written):
    rows = cells(written(WILD, "timesketch-csv"))
    assert rows[1]["reporter"] == "=cmd"
    assert rows[2]["message"] == "[a] [1]: -- MARK --"


# Spreadsheets


def test_a_spreadsheet_is_given_no_formula(written):
    rows = cells(written(WILD, "csv"))
    assert rows[1] | {"program": "'=cmd", "message": '\'=HYPERLINK("http://x")'} == rows[1]
    assert rows[2] | {"program": "a", "message": "'-- MARK --"} == rows[2]


# Plaso's forms

L2T = "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra"


def test_l2tcsv_has_plasos_columns(written):
    out = written(FILES, "l2tcsv")
    assert out.decode().splitlines()[0] == L2T
    rows = cells(out)
    assert rows[2] == {
        "date": "12/17/2023",
        "time": "10:30:05",
        "timezone": "UTC",
        "MACB": "M...",
        "source": "LOG",
        "sourcetype": "bsd-syslog",
        "type": "Event Logged",
        "user": "-",
        "host": "fry",
        "short": "Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22",
        "desc": "[sshd  pid: 712] Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22",
        "version": "2",
        "filename": "OS:DIR/var/log/messages",
        "inode": "-",
        "notes": "-",
        "format": "logsleuth/bsd-syslog",
        "extra": "line: 2",
    }
    assert rows[3]["desc"] == '[kernel] panic: ffs  a | b; "c"   cpuid = 0'
    assert rows[4]["extra"] == "line: 1; severity: err; time: 2023-12-17T10:31:00.250+00:00"


@pytest.mark.parametrize("files", [FILES, WILD])
def test_l2tcsv_is_a_line_a_record_for_those_who_know_no_quotes(written, files):
    lines = written(files, "l2tcsv").decode().splitlines()
    assert {line.count(",") for line in lines} == {16}
    assert len(lines) - 1 == len(objects(written(files, "jsonl")))


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 77 + "..."),
        ("x" * 76 + "\u20ac" * 5, "x" * 76 + "..."),
        ("x" * 74 + "\u20ac" * 5, "x" * 74 + "\u20ac..."),
        ("a, b" * 30, ("a  b" * 30)[:77] + "..."),
        ("x" * 90 + "\x07", "x" * 77 + "..."),
    ],
)
def test_l2tcsv_cuts_the_short_text_between_characters(written, text, short):
    files = {"messages": b"Dec 17 10:30:00 fry a[1]: " + text.encode() + b"\n"}
    assert cells(written(files, "l2tcsv"))[0]["short"] == short


@pytest.mark.parametrize(("form", "count"), [("tln", 5), ("l2ttln", 7)])
@pytest.mark.parametrize("files", [FILES, WILD])
def test_tln_has_its_fields(written, form, count, files):
    lines = written(files, form).decode().splitlines()
    rows = [line.split("|") for line in lines]
    assert {len(row) for row in rows} == {count}
    assert rows[0][:5] == ["Time", "Source", "Host", "User", "Description"]
    assert len(rows) - 1 == len(objects(written(files, "jsonl")))
    if files is FILES:
        assert rows[3][:5] == [
            "1702809005",
            "LOG",
            "fry",
            "-",
            f"2023-12-17T10:30:05+00:00; Event Logged; [sshd, pid: 712] {CONNECTION}",
        ]
        assert rows[3][5:] in ([], ["UTC", "File: DIR/var/log/messages line: 2"])


def test_times_before_1970_keep_their_sign(written):
    files = {"messages": b"1969-12-31T23:59:58.5Z fry a: x\n1970-01-01T00:00:00Z fry b: y\n"}
    assert [row["timestamp"] for row in objects(written(files, "timesketch-jsonl"))] == [-1500000, 0]
    assert [line.partition(b"|")[0] for line in written(files, "tln").splitlines()[1:]] == [b"-2", b"0"]
    assert [record.time_unix_nano for record in records(written(files, "otel"))] == [0, 0]


# ECS

ECS = {
    "@timestamp": datetime,
    "ecs.version": str,
    "message": str,
    "event.id": str,
    "event.kind": str,
    "event.original": str,
    "event.timezone": str,
    "host.hostname": str,
    "process.name": str,
    "process.pid": int,
    "log.level": str,
    "log.file.path": str,
    "log.syslog.severity.code": int,
    "log.syslog.severity.name": str,
    "labels.line": str,
}
"""Fields of the schema (github.com/elastic/ecs, schemas/*.yml) and what their values are; labels are keywords."""


def flat(value: dict[str, Any], before: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, inner in value.items():
        out |= flat(inner, f"{before}{key}.") if isinstance(inner, dict) else {before + key: inner}
    return out


@pytest.mark.parametrize("files", [FILES, WILD])
def test_ecs_has_fields_of_the_schema_alone(written, files):
    for line in objects(written(files, "ecs")):
        for name, value in flat(line).items():
            kind = ECS[name]
            assert datetime.fromisoformat(value).utcoffset() == timedelta() if kind is datetime else type(value) is kind


def test_ecs_says_what_the_line_says(written):
    rows = [flat(line) for line in objects(written(FILES, "ecs", zone=ZoneInfo("Asia/Tokyo")))]
    syslog = next(row for row in rows if row.get("process.name") == "sshd")
    text = "Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22"
    assert syslog["@timestamp"] == "2023-12-17T01:30:05+00:00"
    assert (syslog["message"], syslog["event.original"]) == (text, f"Dec 17 10:30:05 fry sshd[712]: {text}")
    assert (syslog["host.hostname"], syslog["process.pid"], syslog["labels.line"]) == ("fry", 712, "2")
    assert syslog["event.timezone"] == "Asia/Tokyo"
    assert "log.level" not in syslog
    access = next(row for row in rows if row.get("process.name") == "httpd")
    assert "event.timezone" not in access  # its stamp names its own
    assert access["event.original"] == FILES["var/log/httpd-access.log"].decode().strip()
    assert (access["log.level"], access["log.syslog.severity.code"]) == ("err", 3)
    app = next(row for row in rows if row["log.file.path"].endswith("app.log"))
    assert app["message"] == 'bad "x" {"err":"EOF"}'
    assert app["event.original"] == FILES["var/log/app.log"].decode().strip()


@pytest.mark.parametrize(("zone", "said"), [(UTC, "+00:00"), (timezone(timedelta(hours=-3, minutes=-30)), "-03:30")])
def test_a_zone_without_a_name_is_an_offset(written, zone, said):
    assert (
        flat(objects(written({"messages": b"Dec 17 10:30:00 fry a: b\n"}, "ecs", zone=zone))[0])["event.timezone"]
        == said
    )


def test_a_heading_is_part_of_the_original(written):
    text = "[2023/12/17 10:30:00.123456,  0] ../../source3/smbd/server.c:1234(main)\n  smbd version 4.9 started."
    (row,) = [flat(line) for line in objects(written({"log.smbd": text.encode() + b"\n"}, "ecs"))]
    assert (row["message"].strip(), row["event.original"]) == ("smbd version 4.9 started.", text)


def test_events_keep_their_names_when_a_log_grows_and_rotates(opened):
    def names(files: dict[str, bytes], folder: str) -> list[str]:
        logs = opened({f"{folder}/{name}": text for name, text in files.items()}).opened.logs
        return file_ids([log for log in logs if folder in log.name])

    first = {"messages": b"Dec 17 10:30:00 fry a: b\n"}
    later = {"messages.1": b"Dec 17 10:30:00 fry a: b\nDec 17 10:31:00 fry c: d\n"}
    other = {"auth.log": b"Dec 17 10:30:00 fry a: b\n"}
    assert names(first, "one") == names(later, "two")
    assert names(first, "one") != names(other, "three")
    heading = b"/usr/sbin/mysqld, Version: 8.0\nTime  Id  Command\n"
    days = [names({"slow.log": heading + b"# Time: 2023-12-%dT10:30:00Z\n" % day}, f"day{day}") for day in (17, 18)]
    assert days[0] != days[1]
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names(first, "one"))


# OpenTelemetry


def batches(out: bytes) -> list[LogsData]:
    return [json_format.Parse(line, LogsData()) for line in out.splitlines()]


def records(out: bytes) -> list[LogRecord]:
    found = [
        record for data in batches(out) for r in data.resource_logs for s in r.scope_logs for record in s.log_records
    ]
    return sorted(found, key=lambda record: record.time_unix_nano)


def attributes(of: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in of.attributes}


def test_otlp_json_is_what_the_collector_reads(written):
    out = written(FILES, "otel")
    resources = [attributes(data.resource_logs[0].resource) for data in batches(out)]
    assert {one["log.file.name"]: one for one in resources} == {
        name: {"host.name": "fry", "log.file.path": f"DIR/var/log/{name}", "log.file.name": name}
        for name in ("app.log", "httpd-access.log", "messages")
    }
    assert {data.resource_logs[0].scope_logs[0].scope.name for data in batches(out)} == {"logsleuth"}
    rows = records(out)
    assert [row.time_unix_nano for row in rows] == [
        1702809000 * 10**9,
        1702809001 * 10**9,
        1702809005 * 10**9,
        1702809009 * 10**9,
        1702809060 * 10**9 + 250_000_000,
    ]
    assert rows[3].body.string_value == 'panic: ffs, a | b; "c"\n  cpuid = 0'
    assert [(row.severity_number, row.severity_text) for row in rows] == [
        *((0, ""), (17, "err"), (0, ""), (0, ""), (17, "err")),
    ]
    said = attributes(rows[2])
    assert re.fullmatch(r"[0-9a-f]{16}-2", said.pop("log.record.uid"))
    assert said == {
        "logsleuth.line": 2,
        "process.executable.name": "sshd",
        "process.pid": 712,
        "log.record.original": (
            "Dec 17 10:30:05 fry sshd[712]: Connection from 192.0.2.7 port 4242 on 192.0.2.1 port 22"
        ),
    }


def test_otlp_keeps_entries_at_unknown_times(written):
    rows = [row.body.string_value for row in records(written(UNTIMED, "otel")) if not row.time_unix_nano]
    assert rows == [row["message"] for row in objects(written(UNTIMED, "jsonl")) if row["time"] is None]
    assert rows[0] == "mounting /"


def test_otlp_lines_are_cut_before_they_are_too_long(written, monkeypatch):
    monkeypatch.setattr(otel, "_LINE", 2000)
    files = {"messages": b"".join(b"Dec 17 10:%02d:00 h%d a: %d\n" % (k, k % 2, k) for k in range(60))}
    out = written(files, "otel")
    assert 8 < len(out.splitlines()) < 30
    assert max(map(len, out.splitlines())) < 3000
    assert [row.body.string_value for row in records(out)] == [str(k) for k in range(60)]
    for data in batches(out):
        times = [record.time_unix_nano for record in data.resource_logs[0].scope_logs[0].log_records]
        assert times == sorted(times)
        host = attributes(data.resource_logs[0].resource)["host.name"]
        assert {int(r.body.string_value) % 2 for r in data.resource_logs[0].scope_logs[0].log_records} == {int(host[1])}


# Parquet


def test_parquet_has_typed_columns(written, tmp_path):
    table = pq.read_table(io.BytesIO(written(UNTIMED, "parquet")))
    assert table.schema.field("time").type == pa.timestamp("ns", "UTC")
    assert table.schema.equals(SCHEMA)
    rows = table.to_pylist()
    lines = objects(written(UNTIMED, "jsonl"))
    assert [row["message"] for row in rows] == [line["message"] for line in lines]
    assert [row["line"] for row in rows] == [line["line"] for line in lines]
    assert [row["pid"] for row in rows] == [line["pid"] for line in lines]
    assert [row["time"] is None for row in rows] == [line["time"] is None for line in lines]


def test_parquet_writes_row_groups_as_it_goes(opened, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS", 10)
    logs = opened(
        {f"l{k}.log": b"".join(b"Dec 17 1%d:%02d:00 fry a: x\n" % (k, m) for m in range(12)) for k in range(4)}
    )
    writer = WRITERS["parquet"](logs.opened.logs, Look())
    given = [writer.lines(stretch) for stretch in pipeline.entries(logs)]
    assert any(given)  # something is written before the end
    whole = io.BytesIO(b"".join(map(bytes, given)) + writer.end())
    found = pq.ParquetFile(whole)
    assert found.metadata.num_rows == 48
    assert found.num_row_groups >= 2


def test_nothing_makes_a_whole_file_too(written):
    assert pq.read_table(io.BytesIO(written({"messages": b"Dec 17 10:30:00 fry a: b\n"}, "parquet"))).num_rows == 1
    writer = WRITERS["parquet"]((), Look())
    assert pq.read_table(io.BytesIO(writer.end())).num_rows == 0


# All of them


@pytest.mark.parametrize("form", WRITERS)
def test_entries_at_unknown_times_are_counted_where_there_is_no_place_for_them(opened, form):
    logs = opened(UNTIMED)
    timed = Timed(logs.opened.logs)
    kept = sum(map(len, timed(pipeline.entries(logs))))
    assert (kept, timed.left_out) == (5, 2)
    assert WRITERS[form](logs.opened.logs, Look()).timed == (form in TIMED)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=40).map(lambda b: b"Dec 17 10:30:00 fry x" + b + b"\n"), max_size=12))
def test_whatever_a_log_holds_its_readers_can_read(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("any")
    (folder / "messages").write_bytes(b"Dec 17 10:30:00 fry a[1]: b\n" + b"".join(lines))
    logs = pipeline.open_paths([str(folder)], Settings(UTC, "UTC", 1_703_000_000 * 10**9, year=2023))
    stretches = list(pipeline.entries(logs))
    count = sum(map(len, stretches))

    def made(form: str) -> bytes:
        writer = WRITERS[form](logs.opened.logs, Look())
        return writer.header + b"".join([bytes(writer.lines(stretch)) for stretch in stretches]) + writer.end()

    assert len(objects(made("timesketch-jsonl"))) == len(objects(made("ecs"))) == len(records(made("otel"))) == count
    assert len(cells(made("timesketch-csv"))) == len(cells(made("l2tcsv"))) == len(cells(made("csv"))) == count
    assert {line.count(b",") for line in made("l2tcsv").splitlines()} == {16}
    assert {line.count(b"|") for line in made("l2ttln").splitlines()} == {6}
    assert pq.read_table(io.BytesIO(made("parquet"))).num_rows == count
