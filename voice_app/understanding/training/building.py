"""Trains the statistical model, measures it on what it has not seen, and calibrates what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tasks_app.intents import Intent
from voice_app.understanding.decide import LEAST
from voice_app.understanding.model import IntentModel, quantise
from voice_app.understanding.training.calibration import Floats, calibration_error, isotonic
from voice_app.understanding.training.evaluation import (
    INTENTS,
    HeldOut,
    answers,
    by_language,
    hold_out_folds,
    hold_out_sources,
    train,
)
from voice_app.understanding.training.examples import Example, generate
from voice_app.understanding.training.features import Row, rows_of

WEIGHT_OF_GENERATED = 0.5
TRUSTS = (0.4, 0.7, 1.0, 1.4)
"""How much the frame's word may count; the best on held-back rows is taken."""
NOISE = 1.0
"""Percentage points between two figures that say nothing, for known and unseen sources together."""


@dataclass(frozen=True)
class Built:
    """A model, and how good it is."""

    model: IntentModel
    report: tuple[str, ...]


def build(labelled: Sequence[Example], *, with_own: bool = True) -> Built:
    """The model from labelled examples and from the project's own sentences.

    Args:
        labelled: Examples of at least two sources, so that one can be held back.
        with_own: Whether to add what the project's own sentences make.
    """
    own = generate(weight=WEIGHT_OF_GENERATED) if with_own else []
    rows = rows_of([*labelled, *own])
    held = [hold_out_folds(rows), *hold_out_sources(rows)]
    trust = _best_trust(rows, held)
    chances, right = _proof(rows, held, trust)
    said, proved = isotonic(chances, right)
    weights, scale = quantise(train(rows, range(len(rows))))
    model = IntentModel(INTENTS, weights, scale, trust, said, proved)
    return Built(model, tuple(_report(rows, held, trust, model)))


def _best_trust(rows: Sequence[Row], held: Sequence[HeldOut]) -> float:
    """The one with the best figures; of those that are as good within the noise, the one that heeds the rules most."""
    worth = {trust: _worth(rows, held, trust) for trust in TRUSTS}
    return max(trust for trust in TRUSTS if worth[trust] > max(worth.values()) - NOISE)


def _worth(rows: Sequence[Row], held: Sequence[HeldOut], trust: float) -> float:
    """Right answers less half of the false accepts, in percent; known and unseen sources count the same."""
    known, *unseen = (by_language(_examples(rows, part), answers(rows, part, trust)[0]) for part in held)
    own = [found.lenient - found.false_accepts / 2 for found in known.values()]
    new = [found.lenient - found.false_accepts / 2 for part in unseen for found in part.values()]
    return sum(own) / max(1, len(own)) + sum(new) / max(1, len(new))


def _examples(rows: Sequence[Row], held: HeldOut) -> list[Example]:
    return [rows[place].example for place in held.rows]


def _proof(rows: Sequence[Row], held: Sequence[HeldOut], trust: float) -> tuple[Floats, list[bool]]:
    """Probabilities on held-back rows and whether the answers were right; set phrases are left out."""
    chances, right = [], []
    for part in held:
        names, said = answers(rows, part, trust)
        for place, name, chance in zip(part.rows, names, said, strict=True):
            if rows[place].settled is None:
                chances.append(chance)
                right.append(rows[place].example.is_right(name))
    return np.array(chances, dtype=np.float32), right


def _report(rows: Sequence[Row], held: Sequence[HeldOut], trust: float, model: IntentModel) -> Iterator[str]:
    yield f"{len(rows)} examples, frames count {trust}"
    for part in held:
        names, chances = answers(rows, part, trust)
        worth = np.interp(chances, model.said, model.proved)
        names = [name if sure >= LEAST else Intent.NONE.value for name, sure in zip(names, worth, strict=True)]
        for code, found in by_language(_examples(rows, part), names).items():
            yield (
                f"{'without ' + part.name if part.name != 'folds' else 'folds':<34} {code}  strict {found.strict:5.1f}"
                f"  any accepted {found.lenient:5.1f}  false accepts {found.false_accepts:5.1f}  n {found.count}"
            )
    proof, right = _proof(rows, held, trust)
    said = np.interp(proof, model.said, model.proved).astype(np.float32)
    yield f"mean distance between confidence and truth: {calibration_error(said, right):.1f} points"
