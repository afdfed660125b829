"""The program's start: what was answered before is written again, all else is a command of `logsleuth.cli`."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from logsleuth.answered import Answer


def main() -> Any:
    """`python -m logsleuth` and the command do the same."""
    # What a run makes lives until it ends: looking for garbage after every 700 objects is a tenth of its time.
    gc.set_threshold(100_000, 20, 20)
    if sys.stdout is None:  # closed: what is written elsewhere is written all the same
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
    asked = None
    if sys.argv[1:2] == ["explain"]:
        # Before click and the commands are imported: they take longer than the answer.
        from logsleuth.answered import answer, question

        asked = question(sys.argv[1:])
        known = None if asked is None else answer(asked)
        if known is not None:
            return _tell(known)
    from logsleuth.cli import main as commands

    return commands(obj=asked)


def _tell(known: Answer) -> int:
    try:
        if known.output is None and not sys.stdout.isatty():
            sys.stdout.buffer.write(known.out)
            sys.stdout.flush()
        else:
            from logsleuth.cli.report import put

            put(known.out, known.output, known.inputs, paged=known.paged)
        if known.err and sys.stderr is not None:
            sys.stderr.write(known.err)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what nobody expects is raised again
        from logsleuth.cli import ended

        return ended(error)
    return known.code


if __name__ == "__main__":
    sys.exit(main())
