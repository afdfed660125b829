"""Where output goes: the standard output, a pager before it, or a file that appears when it is whole."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    import subprocess


@contextmanager
def paged(*, wanted: bool = True) -> Iterator[IO[bytes]]:
    """The standard output or, where that is a terminal, the standard input of the user's pager.

    When the pager quits early, writing raises BrokenPipeError.
    """
    command = _command() if wanted and sys.stdout.isatty() else []
    if not command:
        out = sys.stdout.buffer
        yield out
        out.flush()
        return
    # git's choice: quit if it fits on one screen, pass colours on, leave the text on the screen.
    environ = {"LESS": "FRX", **os.environ}
    import subprocess

    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environ) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdin
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            _wait(process)


def _command() -> list[str]:
    """The pager and its arguments; empty for none."""
    import shutil

    for name in ("LOGSLEUTH_PAGER", "PAGER"):
        if name in os.environ:
            words = shlex.split(os.environ[name])
            return words if words and words != ["cat"] and shutil.which(words[0]) else []
    return ["less", "-FRX"] if shutil.which("less") else []


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until the user quits the pager, for which Ctrl-C is no reason: less goes on too."""
    while True:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
        return


@contextmanager
def written(name: str, inputs: frozenset[tuple[int, int]], *, private: bool = False) -> Iterator[IO[bytes]]:
    """A new file, in the place of one of that name only when all is written.

    `inputs` are the (device, inode) of the logs that are read: none of them is ever overwritten. A private
    file is for its owner alone.
    """
    path = Path(os.path.realpath(name))
    try:
        if path.exists() and not path.is_file():  # /dev/null, a named pipe
            with path.open("wb") as out:
                yield out
            return
        if path.exists() and (path.stat().st_dev, path.stat().st_ino) in inputs:
            raise LogsleuthError(f"cannot write {name}: it is one of the logs that are read")
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        with part.open("xb") as out:
            try:
                if private:
                    part.chmod(0o600)
                yield out
                out.flush()
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise LogsleuthError(f"cannot write {name}: {(error.strerror or str(error)).lower()}") from error
