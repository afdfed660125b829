"""A hundred thousand entries such as a busy server writes in a day, to be drawn."""

import random

import numpy as np

from logsleuth.entries.drawn import Drawn
from tests.render.reports import FILES, SECOND, T0

COUNT = 100_000
_WORDS = (
    "sshd[{n}]: Failed password for invalid user {w}{n} from 192.0.2.{b} port {n} ssh2",
    "postfix/smtpd[{n}]: connect from host{n}.example.net[198.51.100.{b}]",
    'kernel: [{n}.{n}] audit: type=1400 apparmor="ALLOWED" operation="open" name="/srv/{w}/{n}"',
    "CRON[{n}]: (root) CMD (/usr/local/bin/{w} --id {n})",
    'nginx: 203.0.113.{b} - - "GET /{w}/{n}?q={n} HTTP/1.1" 200 {n} "-" "Mozilla/5.0"',
)


def many() -> Drawn:
    """The same at each call."""
    dice = random.Random(6)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(3, 11))) for _ in range(4000)]
    texts = tuple(
        "Mar  3 10:00:00 gate "
        + dice.choice(_WORDS).format(n=dice.randint(100, 65_535), b=dice.randint(1, 254), w=dice.choice(words))
        for _ in range(COUNT)
    )
    numbers = np.random.default_rng(6)
    return Drawn(
        time=T0 + np.sort(numbers.integers(0, 28_800 * SECOND, COUNT)),
        severity=numbers.choice(8, COUNT, p=[0, 0, 0.001, 0.01, 0.05, 0.1, 0.8, 0.039]),
        line=np.arange(1, COUNT + 1),
        log=numbers.integers(0, len(FILES), COUNT),
        host=np.zeros(COUNT, np.int64),
        texts=texts,
        files=tuple(f.file for f in FILES),
        streams=tuple(f.stream for f in FILES),
        hosts=("gate",),
        total=2 * COUNT,
    )
