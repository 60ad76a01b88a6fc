"""What a computed probability is worth: how often answers with it were right (isotonic regression)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_BIN = 40
"""At least so many answers stand behind every point of the curve."""


def isotonic(chances: Floats, right: Sequence[bool]) -> tuple[Floats, Floats]:
    """A rising curve through how often answers were right; pool adjacent violators, after binning.

    Args:
        chances: Probabilities as computed, shape ``(n,)``.
        right: Whether the answer with each was right.

    Returns:
        Points of the curve: probabilities as computed, and what they are worth; between them it is straight.
    """
    order = np.argsort(chances, kind="stable")
    said, hits = chances[order], np.asarray(right, dtype=np.float64)[order]
    blocks = [
        [float(said[i : i + _BIN].mean()), float(hits[i : i + _BIN].mean()), float(len(said[i : i + _BIN]))]
        for i in range(0, len(said), _BIN)
    ]
    pooled = list[list[float]]()
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
            last, before = pooled.pop(), pooled.pop()
            size = last[2] + before[2]
            pooled.append(
                [(x * last[2] + y * before[2]) / size for x, y in zip(last[:2], before[:2], strict=True)] + [size]
            )
    points = [(0.0, min(0.1, pooled[0][1])), *((block[0], block[1]) for block in pooled)]
    return np.array([x for x, _ in points], np.float32), np.array([min(y, 0.99) for _, y in points], np.float32)


def calibration_error(chances: Floats, right: Sequence[bool], *, bins: int = 10) -> float:
    """The mean distance between what was said and what was right, in percent (expected calibration error)."""
    hits = np.asarray(right, dtype=np.float64)
    places = np.minimum((chances * bins).astype(int), bins - 1)
    parts = [(chances[places == i], hits[places == i]) for i in range(bins)]
    return 100.0 * sum(len(own) * abs(float(own.mean() - hit.mean())) for own, hit in parts if len(own)) / len(hits)
