"""Logs of databases and queues: MySQL and MariaDB, Redis, MongoDB, Elasticsearch, RabbitMQ, CouchDB 1."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Placed, after_words, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_REDIS = {ord("#"): 4, ord("*"): 5, ord("-"): 6, ord("."): 7}
_THREADS = (
    b"conn", b"init", b"mongos", b"rs", b"signal", b"websvr", b"journal", b"TTL", b"client", b"DataFile", b"FileAllo",
    b"Balancer", b"LockPing", b"Periodic", b"repl", b"Replica",
)  # fmt: skip
"""How the names of MongoDB's threads begin, where no level tells its lines from others'."""
_MONGO = {ord("F"): 2, ord("E"): 3, ord("W"): 4, ord("I"): 6, ord("D"): 7}


def _thread(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` 0 [Note] [MY-010931] [Server] text`, ` 140 [ERROR] text`, ` [Note] text`: the number is a thread's."""
    here = body.skip_spaces(buffer, at, stop)
    end = here
    for _ in range(3):
        _, end = body.numbers(view, end)
    word = body.skip_spaces(buffer, np.minimum(end, stop), stop, 2)
    opened = (word < stop) & (buffer[np.minimum(word, stop)] == ord("["))
    close = vector.find_byte(view, word, np.minimum(stop, word + 16), ord("]"))
    severity = np.where(opened & (close < stop), level_words(view, word + 1, close), -1)
    text = body.skip_spaces(buffer, np.where(severity >= 0, close + 1, here), stop, 2)
    code = vector.starts(view, text, b"[MY-")
    close = vector.find_byte(view, text, np.minimum(stop, text + 16), ord("]"))
    text = body.skip_spaces(buffer, np.where(code & (close < stop), close + 1, text), stop, 2)
    return body.plain(buffer, view, here, stop)._replace(severity=severity, text_at=np.minimum(text, stop))


def _mysqld(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines with a level, or of mysqld_safe or InnoDB, which write none."""
    own = vector.starts(view, columns.text_at, b"mysqld") | vector.starts(view, columns.text_at, b"InnoDB: ")
    good: Mask = own | (columns.severity >= 0)
    return good


def _numbered(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines with a level, and a thread's number before it."""
    digit = buffer[columns.host_at]
    good: Mask = (columns.severity >= 0) & (digit >= ord("0")) & (digit <= ord("9"))
    return good


def _mark(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """Redis' ` # text`: the mark is the level; the process stands before the stamp."""
    here = body.skip_spaces(buffer, at, stop, 2)
    byte = buffer[np.minimum(here, stop)]
    severity = np.full(len(at), -1, np.int64)
    for mark, value in _REDIS.items():
        severity[byte == mark] = value
    severity = np.where(buffer[np.minimum(here + 1, stop)] == ord(" "), severity, -1)
    start = line_start(buffer, at, 48)
    pid, end = body.numbers(view, start + (buffer[start] == ord("[")))
    marked = (buffer[end] == ord(":")) | (buffer[end] == ord("]"))
    text = body.skip_spaces(buffer, np.where(severity >= 0, here + 1, here), stop, 2)
    return Columns(at, at, at, at, np.where(marked, pid, -1), severity, np.minimum(text, stop))


def _component(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """MongoDB's ` I NETWORK  [listener] text`, before 3.0 ` [initandlisten] text`: the component is the program."""
    here = body.skip_spaces(buffer, at, stop)
    byte = buffer[np.minimum(here, stop)]
    severity = np.full(len(at), -1, np.int64)
    for mark, value in _MONGO.items():
        severity[byte == mark] = value
    space = np.minimum(here + 1, stop)
    space = space + ((buffer[space] >= ord("1")) & (buffer[space] <= ord("5")) & (byte == ord("D")))
    severity = np.where(buffer[np.minimum(space, stop)] == ord(" "), severity, -1)
    name = body.skip_spaces(buffer, np.where(severity >= 0, space, here), stop)
    name_end = np.where(severity >= 0, vector.find_byte(view, name, np.minimum(stop, name + 16), ord(" ")), name)
    text = body.skip_spaces(buffer, name_end, stop)
    opened = (text < stop) & (buffer[np.minimum(text, stop)] == ord("["))
    close = vector.find_byte(view, np.where(opened, text, stop), np.minimum(stop, text + 64), ord("]"))
    thread = opened & (close < stop)
    text = body.skip_spaces(buffer, np.where(thread, np.minimum(close + 1, stop), text), stop, 2)
    none = np.full(len(at), -1, np.int64)
    return Columns(at, at, name, np.where(thread, name_end, name), none, np.where(thread, severity, -1), text)


def _threads(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines on which a thread in brackets stands before the text."""
    before = buffer[np.maximum(columns.text_at, 2) - 2] == ord("]")
    own = np.logical_or.reduce([vector.starts(view, columns.program_at + 1, name) for name in _THREADS])
    good: Mask = before & (columns.text_at > columns.program_at) & (own | (columns.severity >= 0))
    return good


def _below(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The text is the next line's, without its `# `."""
    feed = vector.find_byte(view, at, np.minimum(stop, at + 8), ord("\n"))
    text = np.minimum(feed + 1, stop)
    return body.plain(buffer, view, np.minimum(text + 2 * vector.starts(view, text, b"# "), stop), stop)


def _report(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """RabbitMQ's ` ===` and on the next line the text; the level stands in `=ERROR REPORT==== ` before the stamp."""
    start = np.minimum(line_start(buffer, at, 64) + 1, stop)
    word_end = vector.find_byte(view, start, np.minimum(stop, start + 16), ord(" "))
    severity = level_words(view, start, word_end)
    severity = np.where(vector.starts(view, start, b"CRASH "), 2, severity)
    return _below(buffer, view, at, stop)._replace(severity=severity)


MYSQL_OLD = Format(
    name="mysql-old",
    about="MySQL before 5.7 and MariaDB before 10.1: YYMMDD",
    stamp=LooseStamp("YYMMDD H:MM:SS"),
    body=_thread,
    check=_mysqld,
    program="mysqld",
    samples=(
        b"060502 17:12:54 [ERROR] Can't start server: Bind on TCP/IP port: Address already in use",
        b"060502  7:08:09 [Note] /usr/sbin/mysqld: ready for connections.",
        b"060502 17:12:54  mysqld started",
        b"060502 17:12:55  InnoDB: Database was not shut down normally!",
    ),
)
MYSQL = Format(
    name="mysql",
    about="MySQL since 5.7",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.fz"),
    body=_thread,
    check=_numbered,
    program="mysqld",
    samples=(
        b"2019-05-06T07:08:09.123456Z 0 [Note] InnoDB: Starting crash recovery.",
        b"2019-05-06T07:08:09.123456Z 0 [ERROR] [MY-010262] [Server] Can't start server: Bind on TCP/IP port: in use",
        b"2019-05-06T07:08:10.123456+02:00 8 [Warning] Aborted connection 8 to db: 'shop' user: 'shop' host: 'pc7'",
    ),
)
MARIADB = Format(
    name="mariadb",
    about="MariaDB since 10.1, MySQL 5.6",
    stamp=LooseStamp("YYYY-MM-DD H:MM:SS"),
    body=_thread,
    check=_numbered,
    program="mysqld",
    samples=(
        b"2019-05-06  7:08:09 0 [Note] InnoDB: Starting crash recovery from checkpoint LSN=1234567",
        b"2019-05-06 17:08:09 140371234567890 [ERROR] mysqld: Table './shop/orders' is marked as crashed",
        b"2013-05-06 07:08:09 812 [Note] Plugin 'FEDERATED' is disabled.",
    ),
)
SLOW = tuple(
    Format(
        name=name,
        about=about,
        stamp=stamp,
        body=_below,
        program="mysqld",
        heading=True,
        samples=samples,
    )
    for name, about, stamp, samples in (
        (
            "mysql-slow-old",
            "slow query log of MySQL before 5.7 and MariaDB",
            LooseStamp("# Time: YYMMDD H:MM:SS"),
            (
                b"# Time: 190506  7:08:09\n# User@Host: shop[shop] @ localhost []",
                b"# Time: 190506 17:08:09\n# User@Host: root[root] @ pc7 [192.0.2.7]",
                b"# Time: 190507  7:08:10\n# Query_time: 12.3  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 812",
            ),
        ),
        (
            "mysql-slow",
            "slow query log of MySQL since 5.7",
            Stamp("# Time: YYYY-MM-DDTHH:MM:SS.fz"),
            (
                b"# Time: 2019-05-06T07:08:09.123456Z\n# User@Host: shop[shop] @ localhost []  Id:     8",
                b"# Time: 2019-05-06T17:08:09.123456Z\n# User@Host: root[root] @ pc7 [192.0.2.7]  Id:    12",
                b"# Time: 2019-05-07T07:08:10.123456+02:00\n# Query_time: 12.345678  Lock_time: 0.000123 Rows_sent: 1",
            ),
        ),
    )
)
REDIS = Format(
    name="redis",
    about="Redis since 3.0.4",
    stamp=Placed(Stamp("DD Mmm YYYY HH:MM:SS.f"), after_words(1), b"123456789"),
    body=_mark,
    check=severe,
    program="redis-server",
    samples=(
        b"812:M 06 May 2019 07:08:09.123 # Server initialized",
        b"812:C 06 May 2019 07:08:09.124 * Background saving started by pid 813",
        b"813:S 16 May 2019 07:08:10.000 . DB 0: 12 keys (0 volatile) in 16 slots HT.",
    ),
)
REDIS_ROLES = Format(
    name="redis-yearless",
    about="Redis 3.0 to 4",
    stamp=Placed(Stamp("DD Mmm HH:MM:SS.f"), after_words(1), b"123456789["),
    body=_mark,
    check=severe,
    program="redis-server",
    samples=(
        b"[812] 06 May 07:08:09.123 # Server started, Redis version 2.8.17",
        b"812:M 06 May 07:08:09.124 * DB loaded from disk: 0.001 seconds",
        b"[812] 16 May 07:08:10.000 - Accepted 192.0.2.7:50211",
    ),
)
MONGODB = Format(
    name="mongodb",
    about="MongoDB 2.6 to 4.2",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.Fz"),
    body=_component,
    check=_threads,
    program="mongod",
    samples=(
        b"2019-05-06T07:08:09.123+0000 I NETWORK  [listener] connection accepted from 192.0.2.7:50211 #1 (1 now open)",
        b"2019-05-06T07:08:09.124+0200 E STORAGE  [initandlisten] WiredTiger error (28) No space left on device",
        b"2014-05-06T07:08:10.000+0200 [initandlisten] MongoDB starting : pid=812 port=27017 dbpath=/var/lib/mongodb",
    ),
)
MONGODB_OLD = Format(
    name="mongodb-old",
    about="MongoDB before 2.6",
    stamp=Stamp("Www Mmm dd HH:MM:SS.f"),
    body=_component,
    check=_threads,
    program="mongod",
    samples=(
        b"Mon May  6 07:08:09.123 [initandlisten] MongoDB starting : pid=812 port=27017 dbpath=/var/lib/mongodb",
        b"Mon May  6 07:08:09 [conn1] end connection 192.0.2.7:50211",
        b"Thu May 16 07:08:10.000 [signalProcessingThread] got signal 15 (Terminated), will terminate",
    ),
)
ELASTIC = Format(
    name="elasticsearch",
    about="Elasticsearch and OpenSearch",
    stamp=Stamp("[YYYY-MM-DD_HH:MM:SS.f]"),
    body=layout("[{severity} ][{program}] [{}] {message}", "[{severity}][{program}] [{}] {message}"),
    check=severe,
    samples=(
        b"[2019-05-06T07:08:09,123][INFO ][o.e.n.Node] [node-1] started",
        b"[2019-05-06T07:08:09,124][WARN ][o.e.m.j.JvmGcMonitorService] [node-1] [gc][812] overhead, spent [1.2s]",
        b"[2019-05-06T07:08:10,000][ERROR][o.e.b.Bootstrap] [node-1] Exception",
    ),
)
RABBIT = Format(
    name="rabbitmq-report",
    about="RabbitMQ before 3.7 and Erlang's error logger",
    stamp=Placed(LooseStamp("D-Mmm-YYYY::H:MM:SS"), after_words(2), b"="),
    body=_report,
    heading=True,
    program="rabbitmq",
    samples=(
        b"=INFO REPORT==== 6-May-2019::07:08:09 ===\naccepting AMQP connection <0.812.0> (192.0.2.7:50211)",
        b"=ERROR REPORT==== 16-May-2019::07:08:09 ===\nclosing AMQP connection <0.812.0>: {handshake_timeout}",
        b"=CRASH REPORT==== 6-May-2019::7:08:10 ===\n  crasher:",
    ),
)
COUCHDB = Format(
    name="couchdb",
    about="CouchDB 1",
    stamp=Stamp("[Www, DD Mmm YYYY HH:MM:SSz]"),
    body=layout(" [{severity}] [{}] {message}"),
    check=severe,
    program="couchdb",
    samples=(
        b"[Mon, 06 May 2019 07:08:09 GMT] [info] [<0.31.0>] Apache CouchDB has started on http://127.0.0.1:5984/",
        b"[Mon, 06 May 2019 07:08:09 GMT] [error] [<0.812.0>] {error_report,<0.30.0>,",
        b"[Thu, 16 May 2019 07:08:10 GMT] [debug] [<0.113.0>] 'GET' / {1,1} from \"127.0.0.1\"",
    ),
)
EARLY = (MYSQL, MONGODB)
"""Before syslog with the same stamps."""
FORMATS = (MYSQL_OLD, MARIADB, *SLOW, REDIS, REDIS_ROLES, MONGODB_OLD, ELASTIC, RABBIT, COUCHDB)
