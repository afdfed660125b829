"""What happened, in order: columns over the original bytes, read stream by stream and merged by batches."""

from logsleuth.entries.batch import Batch
from logsleuth.entries.merge import Merged, Piece, Stream, merge
from logsleuth.entries.read import read, streams
from logsleuth.entries.tally import Tally

__all__ = ["Batch", "Merged", "Piece", "Stream", "Tally", "merge", "read", "streams"]
