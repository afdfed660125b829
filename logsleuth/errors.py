"""The errors that a user can cause; the command line prints each in one line."""


def quoted(text: str) -> str:
    """What a user wrote, fit for a message of one line."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


class LogsleuthError(Exception):
    """Root of all; anything else that escapes is a bug and keeps its traceback."""


class UsageError(LogsleuthError):
    """An argument cannot be understood; the message says what can."""


class RuleError(LogsleuthError):
    """A file of rules, or of a format, is wrong at a known place."""

    def __init__(self, file: str, line: int, rule: str, message: str) -> None:
        super().__init__(file, line, rule, message)
        self.file = file
        self.line = line
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


class NothingReadable(LogsleuthError):
    """None of the paths given holds a log that can be read."""
