"""Multinomial logistic regression over hashed features, with sparse steps that adapt to each weight (Adagrad)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_app.understanding.evidence import BUCKETS, Evidence

_BATCH = 256
_RATE = 0.3
_DECAY = 1e-3
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Batch:
    """Some rows as one list of features, sorted by place, so that each weight is changed once."""

    places: Places
    """The distinct places, shape ``(p,)``."""
    starts: Places
    """Where each place begins in the sorted list."""
    rows: Places
    """The row of each feature, in the sorted order."""
    local: Places
    """Which of the distinct places each feature is, in the sorted order."""
    values: Floats
    by_row: Places
    row_starts: Places
    labels: Places
    weights: Floats


def fit(rows: Sequence[Evidence], labels: Places, weights: Floats, classes: int, *, epochs: int) -> Floats:
    """Weights of shape ``(BUCKETS + 1, classes)``; the last line is the bias.

    Args:
        rows: The features of each utterance.
        labels: The class of each, shape ``(n,)``.
        weights: How much each counts, shape ``(n,)``.
        classes: How many classes there are.
        epochs: How often every row is seen.
    """
    order = np.random.default_rng(7).permutation(len(rows))
    batches = [_batch(rows, labels, weights, order[i : i + _BATCH]) for i in range(0, len(rows), _BATCH)]
    learned = np.zeros((BUCKETS + 1, classes), dtype=np.float32)
    seen = np.full((BUCKETS + 1, classes), 1e-3, dtype=np.float32)
    for _ in range(epochs):
        for batch in batches:
            _step(batch, learned, seen)
    return learned


def _batch(rows: Sequence[Evidence], labels: Places, weights: Floats, chosen: Places) -> _Batch:
    flats = [flat(rows[row]) for row in chosen]
    place, value = np.concatenate([places for places, _ in flats]), np.concatenate([values for _, values in flats])
    number = np.repeat(np.arange(len(chosen)), [len(places) for places, _ in flats])
    order = np.argsort(place, kind="stable")
    distinct, starts, local = np.unique(place[order], return_index=True, return_inverse=True)
    by_row = np.argsort(number[order], kind="stable")
    row_starts = np.searchsorted(number[order][by_row], np.arange(len(chosen)))
    return _Batch(
        distinct, starts, number[order], local, value[order], by_row, row_starts, labels[chosen], weights[chosen]
    )


def flat(row: Evidence) -> tuple[Places, Floats]:
    """The groups of an utterance as one list of places with a value each, and the bias."""
    places = np.array([*row[0], *row[1], *row[2], BUCKETS], dtype=np.int64)
    values = np.concatenate([np.full(len(group), group_scale(group), dtype=np.float32) for group in (*row, [0])])
    return places, values


def group_scale(group: Sequence[int]) -> float:
    """What one feature of a group counts: the more there are, the less each."""
    return 1.0 / float(np.sqrt(len(group))) if group else 0.0


def _step(batch: _Batch, learned: Floats, seen: Floats) -> None:
    own = learned[batch.places]
    each = own[batch.local] * batch.values[:, None]
    scores = np.add.reduceat(each[batch.by_row], batch.row_starts, axis=0)
    wrong = softmax(scores)
    wrong[np.arange(len(batch.labels)), batch.labels] -= 1.0
    wrong *= batch.weights[:, None]
    slope = np.add.reduceat(wrong[batch.rows] * batch.values[:, None], batch.starts, axis=0) + _DECAY * own
    seen[batch.places] += slope * slope
    learned[batch.places] = own - _RATE * slope / np.sqrt(seen[batch.places])


def softmax(scores: Floats) -> Floats:
    """Probabilities from scores, along the last axis."""
    raised: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return total


def logits(weights: Floats, rows: Sequence[Evidence]) -> Floats:
    """Scores by class for each row, shape ``(n, classes)``."""
    found = np.zeros((len(rows), weights.shape[1]), dtype=np.float32)
    for number, row in enumerate(rows):
        places, values = flat(row)
        found[number] = values @ weights[places]
    return found
