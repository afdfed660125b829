"""systemd's journal: the binary files that journald writes, read by their published format."""

from logsleuth.sources.stores.journal import layout, text
from logsleuth.sources.stores.model import Store

STORE = Store(
    name="systemd journal",
    about="systemd-journald (*.journal, *.journal~)",
    detect=lambda sample, _: sample.startswith(layout.MAGIC),
    refusal=layout.refusal,
    text=text.text,
    resume=text.resume,
    tail=text.tail,
    lives=text.lives,
)
