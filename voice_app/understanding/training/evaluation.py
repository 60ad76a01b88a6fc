"""How good the model is on what it has not seen: sentences held back, and whole sources held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks_app.intents import Intent
from voice_app.understanding.decide import WHOLE_CONFIDENCE
from voice_app.understanding.model import blend
from voice_app.understanding.training.examples import GENERATED, Example
from voice_app.understanding.training.features import Row
from voice_app.understanding.training.regression import Floats, Places, fit, logits

INTENTS = tuple(Intent)
FOLDS = 5
EPOCHS = 12
_FEW = 20
"""A language with fewer examples is left out of a table."""


@dataclass(frozen=True)
class HeldOut:
    """Rows that were answered by models that had not seen them; ``name`` says what was held back."""

    name: str
    rows: Places
    logits: Floats
    """Shape ``(rows, intents)``."""


@dataclass(frozen=True)
class Figures:
    """Percentages for some rows."""

    strict: float
    lenient: float
    false_accepts: float
    """How many of those that are not about tasks were taken for commands."""
    count: int


def train(rows: Sequence[Row], chosen: Iterable[int]) -> Floats:
    """Weights learned from some of the rows."""
    picked = [rows[place] for place in chosen]
    labels = np.array([INTENTS.index(Intent(row.example.intent)) for row in picked], dtype=np.int64)
    weights = np.array([row.example.weight for row in picked], dtype=np.float32)
    return fit([row.evidence for row in picked], labels, weights, len(INTENTS), epochs=EPOCHS)


def hold_out_folds(rows: Sequence[Row]) -> HeldOut:
    """Every labelled row, answered by a model that was trained on other folds."""
    real = np.array([place for place, row in enumerate(rows) if row.example.source != GENERATED])
    made = [place for place, row in enumerate(rows) if row.example.source == GENERATED]
    fold = np.random.default_rng(11).integers(0, FOLDS, len(real))
    scores = np.zeros((len(real), len(INTENTS)), dtype=np.float32)
    for number in range(FOLDS):
        weights = train(rows, [*real[fold != number], *made])
        scores[fold == number] = logits(weights, [rows[place].evidence for place in real[fold == number]])
    return HeldOut("folds", real, scores)


def hold_out_sources(rows: Sequence[Row]) -> list[HeldOut]:
    """Each source, answered by a model that was trained without it."""
    found = []
    for source in sorted({row.example.source for row in rows} - {GENERATED}):
        inside = np.array([place for place, row in enumerate(rows) if row.example.source == source])
        outside = [place for place, row in enumerate(rows) if row.example.source != source]
        weights = train(rows, outside)
        found.append(HeldOut(source, inside, logits(weights, [rows[place].evidence for place in inside])))
    return found


def answers(rows: Sequence[Row], held: HeldOut, trust: float) -> tuple[list[str], npt.NDArray[np.float32]]:
    """What words and frames together answer, and the probability of each answer."""
    names, chances = [], []
    for place, scores in zip(held.rows, held.logits, strict=True):
        frame, settled = rows[place].frame, rows[place].settled
        if settled is not None:
            names.append(settled)
            chances.append(WHOLE_CONFIDENCE)
            continue
        blended = blend(scores.tolist(), INTENTS.index(frame.intent), frame.sure, trust)
        best = blended.index(max(blended))
        names.append(INTENTS[best].value)
        chances.append(blended[best])
    return names, np.array(chances, dtype=np.float32)


def figures(examples: Sequence[Example], given: Sequence[str]) -> Figures:
    """Percentages of right answers."""
    pairs = list(zip(examples, given, strict=True))
    idle = [(example, intent) for example, intent in pairs if example.intent == Intent.NONE]
    return Figures(
        strict=_percent(pairs, lambda example, intent: example.intent == intent),
        lenient=_percent(pairs, Example.is_right),
        false_accepts=_percent(idle, lambda example, intent: not example.is_right(intent)),
        count=len(pairs),
    )


def by_language(examples: Sequence[Example], given: Sequence[str]) -> dict[str, Figures]:
    """The same for each language with enough examples."""
    found = {}
    for code in sorted({example.language for example in examples}):
        own = [place for place, example in enumerate(examples) if example.language == code]
        if len(own) >= _FEW:
            found[code] = figures([examples[place] for place in own], [given[place] for place in own])
    return found


def _percent(pairs: Sequence[tuple[Example, str]], is_right: Callable[[Example, str], bool]) -> float:
    if not pairs:
        return 0.0
    return 100.0 * sum(is_right(example, intent) for example, intent in pairs) / len(pairs)
