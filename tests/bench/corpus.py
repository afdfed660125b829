"""Logs to measure with: seeded, varied, in six files of four formats, written once and kept."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

import zstandard

VERSION = 3
"""Raised when other lines are written for the same seed."""
SEED = 7
END = dt.datetime(2023, 11, 20, 12, 0, tzinfo=dt.UTC)
SPAN = dt.timedelta(days=20)
_TELLING_EVERY = 1000
"""Of so many lines about one says something that a shipped rule knows."""


class Corpus(NamedTuple):
    """A folder of logs, and what is in it once unpacked."""

    folder: str
    size: int
    lines: int
    files: dict[str, int]
    """Lines of each file, by its name below the folder."""

    @property
    def paths(self) -> list[str]:
        return [str(Path(self.folder, name)) for name in self.files]


_USERS = ["rika", "taro", "yasuharu", "backup", "www", "hanako", "ops", "git", "nagios", "root"]
_PROGRAMS: list[tuple[str, str]] = [
    ("sshd", "Accepted publickey for {user} from {ip} port {port} ssh2: RSA SHA256:{hex}{hex}"),
    ("sshd", "Received disconnect from {ip} port {port}:11: disconnected by user"),
    ("sshd", "pam_unix(sshd:session): session opened for user {user} by (uid=0)"),
    ("/usr/sbin/cron", "({user}) CMD (/usr/libexec/atrun)"),
    ("/usr/sbin/cron", "({user}) CMD (cd / && run-parts --report /etc/cron.hourly)"),
    ("postfix/smtpd", "connect from mail{n}.example.org[{ip}]"),
    ("postfix/smtpd", "disconnect from mail{n}.example.org[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"),
    ("postfix/cleanup", "{hex}: message-id=<{hex}.{n}@mail{n}.example.org>"),
    ("postfix/qmgr", "{hex}: from=<{user}@example.org>, size={port}, nrcpt=1 (queue active)"),
    (
        "postfix/smtp",
        "{hex}: to=<{user}@example.com>, relay=mx{n}.example.com[{ip}]:25, delay=1.{n}, dsn=2.0.0, status=sent",
    ),
    ("postfix/qmgr", "{hex}: removed"),
    ("qpopper", '(v4.0.9) Servicing request from "pc{n}.example.org" at {ip}'),
    ("dhcpd", "DHCPREQUEST for {ip} from 00:16:3e:{n:02x}:1f:{n:02x} via em0"),
    ("dhcpd", "DHCPACK on {ip} to 00:16:3e:{n:02x}:1f:{n:02x} via em0"),
    ("named", "client {ip}#{port} (www{n}.example.org): query: www{n}.example.org IN A +E(0)K ({ip})"),
    ("ntpd", "adjusting local clock by 0.{port}s"),
    (
        "kernel",
        "[UFW AUDIT] IN=em0 OUT= MAC={hex} SRC={ip} DST=192.0.2.1 LEN=60 ID={port} PROTO=TCP SPT={port} DPT=443",
    ),
    ("systemd", "Started Session {port} of user {user}."),
    ("systemd", "session-{port}.scope: Succeeded."),
    ("smartd", "Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from {n} to 3{n}"),
    (
        "dovecot",
        "imap-login: Login: user=<{user}>, method=PLAIN, rip={ip}, lip=192.0.2.1, mpid={port}, TLS, session=<{hex}>",
    ),
    ("dovecot", "imap({user}): Logged out in={port} out={port}"),
    ("snmpd", "Connection from UDP: [{ip}]:{port}->[192.0.2.1]:161"),
    ("puppet-agent", "Applied catalog in {n}.{port} seconds"),
]
_TELLING: list[tuple[str, str]] = [
    ("kernel", "em{d}: link state changed to DOWN"),
    ("kernel", "em{d}: link state changed to UP"),
    ("kernel", "pid {port} (httpd), uid 80: exited on signal 11"),
    ("kernel", "pid {port} (smtpd), uid 0 inumber {port} on /var: filesystem full"),
    ("qpopper", '{user} at pc{n}.example.org ({ip}): -ERR [AUTH] Password supplied for "{user}" is incorrect.'),
    ("qpopper", "Stats: {user} 0 0 12 40961 pc{n}.example.org {ip}"),
    ("kernel", "nfs: server store{d} not responding, still trying"),
    ("kernel", "nfs: server store{d} OK"),
    ("sshd", "error: maximum authentication attempts exceeded for {user} from {ip} port {port} ssh2 [preauth]"),
]  # fmt: skip
_ERRORS = [
    ("error", "core", "[client {ip}] File does not exist: /usr/local/www/data/favicon{n}.ico"),
    ("error", "autoindex", "[client {ip}] Directory index forbidden by Options directive: /usr/local/www/data/{hex}/"),
    ("info", "ssl", "[client {ip}] Connection to child {n} established (server www{n}.example.org:443)"),
    (
        "warn",
        "php7",
        "[client {ip}] PHP Notice:  Undefined index: id{n} in /usr/local/www/data/index.php on line {port}",
    ),
    ("debug", "proxy", "proxy_util.c(2096): [client {ip}] *: has acquired connection for (backend{n}.example.org)"),
]
_ERRORS_TELLING = [
    (
        "error",
        "proxy",
        "(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed",
    ),
    ("notice", "mpm_prefork", "caught SIGTERM, shutting down"),
]
_AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0 Safari/537.36",
    "curl/7.88.1",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
]

Line = Callable[[random.Random, dt.datetime, str], str]


def _filled(rng: random.Random, text: str) -> str:
    bits = rng.getrandbits(64)
    return text.format(
        user=_USERS[bits % 10], ip=f"198.51.{bits >> 4 & 127}.{bits >> 12 & 255}", port=1024 + (bits >> 20 & 32767),
        n=bits >> 36 & 31, d=bits >> 41 & 3, hex=f"{bits >> 43 & 0x1FFFFF:06X}",
    )  # fmt: skip


def _syslog(rng: random.Random, stamp: str) -> str:
    telling = rng.random() * _TELLING_EVERY < 1
    program, text = rng.choice(_TELLING if telling else _PROGRAMS)
    tag = program if program == "kernel" else f"{program}[{1 + rng.getrandbits(15)}]"
    return f"{stamp} gate {tag}: {_filled(rng, text)}\n"


def _bsd(rng: random.Random, second: dt.datetime, _: str) -> str:
    return _syslog(rng, f"{second:%b} {second.day:2} {second:%H:%M:%S}")


def _iso(rng: random.Random, second: dt.datetime, micro: str) -> str:
    return _syslog(rng, f"{second:%Y-%m-%dT%H:%M:%S}.{micro}+00:00")


def _error_22(rng: random.Random, second: dt.datetime, _: str) -> str:
    level, _, text = rng.choice(_ERRORS_TELLING if rng.random() * _TELLING_EVERY < 1 else _ERRORS)
    return f"[{second:%a %b %d %H:%M:%S %Y}] [{level}] {_filled(rng, text)}\n"


def _error_24(rng: random.Random, second: dt.datetime, micro: str) -> str:
    level, module, text = rng.choice(_ERRORS_TELLING if rng.random() * _TELLING_EVERY < 1 else _ERRORS)
    pid = 1 + rng.getrandbits(15)
    line = f"[{second:%a %b %d %H:%M:%S}.{micro} {second:%Y}] [{module}:{level}] [pid {pid}:tid {pid + 7}] "
    # What a script prints goes to the same file without a stamp.
    return line + _filled(rng, text) + ("\n" if rng.random() > 0.01 else "\n\tat index.php line 7\n")


def _access(rng: random.Random, second: dt.datetime, _: str) -> str:
    late = second - dt.timedelta(seconds=int(rng.expovariate(2)))
    status = rng.choice((200, 200, 200, 200, 304, 404))
    path = _filled(rng, "/a/{hex}/page{n}.html?id={port}")
    head = _filled(rng, "198.51.{n}.{d}{n} - -")
    return (
        f'{head} [{late:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} {rng.getrandbits(15)} '
        f'"https://www.example.org/" "{rng.choice(_AGENTS)}"\n'
    )


def _export(rng: random.Random, second: dt.datetime, micro: str) -> str:
    telling = rng.random() * _TELLING_EVERY < 1
    program, text = rng.choice(_TELLING if telling else _PROGRAMS)
    stamp = int(second.timestamp()) * 1_000_000 + int(micro)
    cursor = f"s=6f1;i={rng.getrandbits(24):x};b=91a;m={stamp:x};t={stamp:x};x={rng.getrandbits(32):x}"
    fields = {
        "__CURSOR": cursor,
        "__REALTIME_TIMESTAMP": stamp,
        "__MONOTONIC_TIMESTAMP": stamp % 10**12,
        "_BOOT_ID": "91a0f7c4a1f84a0f8f0e1d2c3b4a5968",
        "_TRANSPORT": "kernel" if program == "kernel" else "syslog",
        "PRIORITY": rng.choice("3456666"),
        "SYSLOG_IDENTIFIER": program,
        "_HOSTNAME": "gate",
        "_PID": 1 + rng.getrandbits(15),
        "MESSAGE": _filled(rng, text),
    }
    return "".join(f"{name}={value}\n" for name, value in fields.items()) + "\n"


_FILES: list[tuple[str, float, Line]] = [
    # name, share of all bytes, lines
    ("var/log/messages", 0.33, _bsd),
    ("var/log/messages.0.gz", 0.07, _bsd),
    ("var/log/auth.log", 0.12, _iso),
    ("var/log/daemon.log", 0.12, _iso),
    ("var/log/httpd-error.log", 0.08, _error_22),
    ("var/log/apache2/error.log", 0.08, _error_24),
    ("var/log/apache2/access.log", 0.20, _access),
]


KINDS: dict[str, list[tuple[str, float, Line]]] = {
    "mixed": _FILES,
    "bsd": [("var/log/messages", 1.0, _bsd)],
    "iso": [("var/log/messages", 1.0, _iso)],
    "error": [("var/log/httpd-error.log", 1.0, _error_24)],
    "access": [("var/log/access.log", 1.0, _access)],
    "export": [("var/log/journal.export", 1.0, _export)],
    "gzip": [(f"{name.removesuffix('.gz')}.1.gz", share, line) for name, share, line in _FILES if ".0." not in name],
    "zstd": [(f"{name.removesuffix('.gz')}.1.zst", share, line) for name, share, line in _FILES if ".0." not in name],
}
"""What the logs are: a server's, or one layout alone, or a server's with every file packed."""


def corpus(megabytes: int, seed: int = SEED, keep: str | None = None, kind: str = "mixed") -> Corpus:
    """Where the logs lie: found, or written now."""
    base = Path(keep) if keep else Path(tempfile.gettempdir()) / "logsleuth-bench"
    folder = base / f"corpus-{VERSION}-{kind}-{seed}-{megabytes}"
    if not (folder / "corpus.json").exists():
        part = folder.with_name(f"{folder.name}.{os.getpid()}")
        _write(part, megabytes * 1_000_000, seed, KINDS[kind])
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    about = json.loads((folder / "corpus.json").read_text())
    return Corpus(str(folder / "logs"), about["size"], about["lines"], about["files"])


def _write(folder: Path, size: int, seed: int, files: list[tuple[str, float, Line]]) -> None:
    counts, written = {}, 0
    for name, share, line in files:
        path = folder / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # A rotated file ends where the live one begins.
        end = END - SPAN if ".0." in name else END
        with _opened(path) as file:
            lines = 0
            for block in _blocks(line, int(size * share), end, random.Random(f"{seed}/{name}")):
                file.write(block)
                written += len(block)
                lines += block.count(b"\n")
        os.utime(path, (end.timestamp(), end.timestamp()))
        counts[name] = lines
    about = {"size": written, "lines": sum(counts.values()), "files": counts}
    (folder / "corpus.json").write_text(json.dumps(about))


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        # No time in the header: the same seed gives the same bytes.
        return cast("IO[bytes]", gzip.GzipFile(path, "wb", 6, mtime=0))
    if path.suffix == ".zst":
        return cast("IO[bytes]", zstandard.open(path, "wb"))
    return path.open("wb")


def _blocks(line: Line, size: int, end: dt.datetime, rng: random.Random) -> Iterator[bytes]:
    """Lines in the order in which they were written, over the whole span."""
    written = 0
    # 100 lines have at least 6,000 bytes: the next hundred begin later than these end.
    step = SPAN * min(6_000 / size, 1)
    while written < size:
        begin = end - SPAN + (SPAN - step) * (written / size)
        ahead = sorted(rng.random() for _ in range(100))
        whens = [begin + step * part for part in ahead]
        block = "".join(line(rng, w.replace(microsecond=0), f"{w.microsecond:06}") for w in whens).encode()
        yield block
        written += len(block)


if __name__ == "__main__":
    # In a process of its own: the peak of a child counts from its parent's size on.
    print(json.dumps(corpus(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None, sys.argv[4])))
