"""JSON lines: an object a line, with a stamp under one of the keys that programs use for it (`json_keys`).

The message is shown without its escapes, and behind it, as an object, what the other columns have not taken (`err`,
`stack`, `attr` ...). Evidence and `--format raw` show the line itself.
"""

from logsleuth.formats import json_text
from logsleuth.formats.json_columns import split
from logsleuth.formats.json_stamp import JsonStamp
from logsleuth.formats.model import Format, Spelling

SPELLING = Spelling(read=json_text.read, opened=b" {", between=b",", closed=b"}", values=json_text.values)

FORMAT = Format(
    name="json-lines",
    about="an object a line: zap, pino, bunyan, logrus, structlog, MongoDB, Elasticsearch, Caddy, GELF, cloud exports",
    stamp=JsonStamp(),
    body=split,
    spelling=SPELLING,
    samples=(
        (
            b'{"level":"error","ts":1557126489.1234567,"logger":"storage","caller":"wal/repair.go:48",'
            b'"msg":"failed to repair","error":"unexpected EOF"}'
        ),
        b'{"level":30,"time":1557126489123,"pid":812,"hostname":"gate","name":"shop","msg":"order \\"7\\" taken"}',
        (
            b'{"t":{"$date":"2020-05-20T19:18:40.604+00:00"},"s":"I",  "c":"NETWORK",  "id":23016,   "ctx":"listener",'
            b'"msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}'
        ),
        (
            b'{"@timestamp":"2019-05-06T07:08:09.123Z","log.level":"WARN","message":"disk is slow",'
            b'"ecs.version":"1.2.0","service.name":"shop","process.pid":7}'
        ),
        (
            b'{"version":"1.1","host":"gate","short_message":"backend is gone","timestamp":1557126489.123,"level":3,'
            b'"_app":"shop"}'
        ),
        b'{"EventName": "StopInstances", "EventTime": "2022-02-08 09:23:37+11:00", "Username": "rika"}',
    ),
)
