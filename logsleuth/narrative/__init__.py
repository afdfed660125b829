"""An incident in ordinary sentences: templates filled, times and durations said, in one language."""

from logsleuth.narrative.chain import Step, cause_unknown, chain
from logsleuth.narrative.sentence import Piece, Pieces, join, log, shortened, text_of
from logsleuth.narrative.teller import Teller
from logsleuth.safe import safe, steering, whole

__all__ = [
    "Piece",
    "Pieces",
    "Step",
    "Teller",
    "cause_unknown",
    "chain",
    "join",
    "log",
    "safe",
    "shortened",
    "steering",
    "text_of",
    "whole",
]
