"""Whether two counts differ by more than chance; lines come in bursts, so their own ups and downs are the measure."""

from __future__ import annotations

import math

import numpy as np

from logsleuth.incidents.compare.counts import Counts

_SURE = 4.0
"""Standard deviations: of some thousand kinds none differs so much by chance."""
_FOLD = 2.0
_FEWEST = 20
_RARE = 0.001
_BINS = 8
"""So many bins tell how much a kind's lines vary."""


def changed(counts: tuple[int, int], lengths: tuple[int, int], before: Counts) -> float:
    """How many standard deviations a rate rose (or fell, below zero); 0 where that may be chance or is little.

    Given both counts, the later one is binomial (Przyborowski and Wilenski 1940), its variance widened by how much the
    lines of the earlier window, told by equal bins of it, vary more than those of a Poisson process.
    """
    a, b = counts
    if a + b < _FEWEST or min(lengths) <= 0:
        return 0.0
    share = lengths[1] / (lengths[0] + lengths[1])
    fold = ((b + 0.5) / lengths[1]) / ((a + 0.5) / lengths[0])
    if max(fold, 1 / fold) < _FOLD:
        return 0.0
    spread = (a + b) * share * (1 - share) * _dispersion(before)
    sure = (b - (a + b) * share) / math.sqrt(spread)
    return sure if abs(sure) >= _SURE else 0.0


def stopped(before: Counts, after: int) -> bool:
    """Whether what stood in some of the earlier bins would stand in one of so many later bins too."""
    if after <= 0 or not len(before):
        return False
    held = np.count_nonzero(before) / len(before)
    # Of a single bin nothing is known of how steady a kind is.
    return len(before) > 1 and bool(np.count_nonzero(before) > 2) and bool((1 - held) ** after < _RARE)


def _dispersion(counts: Counts) -> float:
    """Variance by mean, at least 1."""
    if len(counts) < _BINS or not counts.sum():
        return 1.0
    return max(1.0, float(counts.var(ddof=1) / counts.mean()))
