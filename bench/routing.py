"""What stays with the local engine at each threshold, how right it is there, and what a model adds to the rest.

    python -m bench.routing --data FILE... [--answers FILE --engine NAME [--model NAME]] [--plot FILE.svg]

Each file has one JSON object a line: ``text, lang, intent, source, accept?``. The confidence and the intent are those
of models that were trained here without the sentence (a fifth of all at a time) and without its whole source, since the
model that ships may have seen both; the curve of confidence is the shipped one. What is missing (a title, a task) is
what the shipped engine says. ``--answers`` takes what ``manage.py evaluate --limit 0 --jsonl`` kept: only then is there
anything to say about a model, and only about the utterances in it. Takes a minute or two.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.plots import Curve, draw

if TYPE_CHECKING:
    from voice_app.understanding.training.evaluation import HeldOut
    from voice_app.understanding.training.features import Row

LEVELS = tuple(step / 20 for step in range(21))
DEFAULT = 0.85


@dataclass(frozen=True)
class Point:
    """One utterance as the local engine answers it, and as a model did."""

    confidence: float
    is_right: bool
    may_stay: bool
    """Whether nothing is missing that a model might find in the words."""
    model_is_right: bool | None = None
    model_cost: float = 0.0

    def stays(self, sure_from: float) -> bool:
        """Whether no model is asked."""
        return self.may_stay and self.confidence >= sure_from


@dataclass(frozen=True)
class Level:
    """The figures at one threshold, in percent."""

    sure_from: float
    stays: float
    kept_right: float | None
    """Of those that stay."""
    all_right: float | None
    """With the model's answers for the rest; None where some have none."""
    cost_per_thousand: float | None


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="labelled utterances")
    parser.add_argument("--answers", type=Path, help="results of manage.py evaluate")
    parser.add_argument("--engine", default="openai", help="whose answers to take from there")
    parser.add_argument("--model", help="and which model's; any when left out")
    parser.add_argument("--plot", type=Path, help="where to draw")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")
    import django

    django.setup()
    answers = read_answers(options.answers, options.engine, options.model) if options.answers else {}
    found = points_of(options.data, answers)
    for name, points in found.items():
        show(name, points)
    if options.plot:
        options.plot.write_text(picture(found), encoding="utf-8")
        print(f"\n{options.plot}")


def read_answers(path: Path, engine: str, model: str | None) -> dict[str, tuple[bool, float]]:
    """Whether a model's answer was accepted, and its cost, by the key of the utterance."""
    from voice_app.evaluation.results import read_results

    return {
        result.key: (result.accepted, result.cost_usd)
        for result in read_results(path)
        if result.engine == engine and model in {None, result.model}
    }


def points_of(paths: Sequence[Path], answers: Mapping[str, tuple[bool, float]]) -> dict[str, list[Point]]:
    """Every utterance, answered without its sentence and without its source."""
    from voice_app.management.commands.train_understanding import FAMILIES, SMALL_SOURCES
    from voice_app.understanding.training.building import WEIGHT_OF_GENERATED
    from voice_app.understanding.training.evaluation import hold_out_folds, hold_out_sources
    from voice_app.understanding.training.examples import generate, read_labelled
    from voice_app.understanding.training.features import rows_of

    labelled = read_labelled(paths, FAMILIES | dict.fromkeys(SMALL_SOURCES, "small sources"))
    rows = rows_of([*labelled, *generate(weight=WEIGHT_OF_GENERATED)])

    def points(parts: Iterable[HeldOut], rows: Sequence[Row] = rows) -> list[Point]:
        return [point for part in parts for point in _points(rows, part, answers)]

    return {"sentences held out": points([hold_out_folds(rows)]), "sources held out": points(hold_out_sources(rows))}


def _points(rows: Sequence[Row], held: HeldOut, answers: Mapping[str, tuple[bool, float]]) -> Iterable[Point]:
    import numpy as np

    from voice_app.asking.routing import NEEDS_NO_MODEL
    from voice_app.evaluation.cases import Case, Labelled
    from voice_app.understanding import interpret
    from voice_app.understanding.decide import LEAST, WHOLE_CONFIDENCE
    from voice_app.understanding.model import load_model
    from voice_app.understanding.training.evaluation import answers as answers_of

    model = load_model()
    if model is None:
        raise SystemExit("There is no trained model; see manage.py train_understanding.")
    names, chances = answers_of(rows, held, model.trust)
    worth = np.interp(chances, model.said, model.proved)
    for place, name, curve in zip(held.rows, names, worth, strict=True):
        row = rows[place]
        sure = WHOLE_CONFIDENCE if row.settled is not None else float(curve)
        answer = name if sure >= LEAST else "none"
        case = Case(Labelled(text=row.example.text, lang=row.example.language, intent=row.example.intent))
        judged, cost = answers.get(case.key, (None, 0.0))
        may_stay = interpret(case.utterance).needs in NEEDS_NO_MODEL
        yield Point(sure, row.example.is_right(answer), may_stay, judged, cost)


def level_of(points: Sequence[Point], sure_from: float) -> Level:
    """The figures at one threshold."""
    kept = [point for point in points if point.stays(sure_from)]
    rest = [point for point in points if not point.stays(sure_from)]
    is_answered = any(point.model_is_right is not None for point in points)
    is_whole = is_answered and all(point.model_is_right is not None for point in rest)
    right = sum(point.is_right for point in kept)
    return Level(
        sure_from,
        100 * len(kept) / len(points),
        100 * right / len(kept) if kept else None,
        100 * (right + sum(bool(point.model_is_right) for point in rest)) / len(points) if is_whole else None,
        1000 * sum(point.model_cost for point in rest) / len(points) if is_whole else None,
    )


def show(name: str, points: Sequence[Point]) -> None:
    """Print a table; with a model's answers only the utterances that it was asked about count."""
    asked = [point for point in points if point.model_is_right is not None]
    points = asked or points
    print(f"\n{name}, {len(points)} utterances")
    print("sure from   local %   right of these %   right of all %   USD per 1,000")
    for level in (level_of(points, sure_from) for sure_from in LEVELS):
        kept = "-" if level.kept_right is None else f"{level.kept_right:.1f}"
        every = "-" if level.all_right is None else f"{level.all_right:.1f}"
        cost = "-" if level.cost_per_thousand is None else f"{level.cost_per_thousand:.3f}"
        print(f"{level.sure_from:9.2f}   {level.stays:7.1f}   {kept:>16}   {every:>14}   {cost:>13}")


def picture(found: Mapping[str, Sequence[Point]]) -> str:
    """The shares and the accuracy over the threshold."""
    curves = []
    for place, (name, points) in enumerate(found.items()):
        levels = [level_of(points, step / 100) for step in range(101)]
        stays = [(level.sure_from, level.stays) for level in levels]
        right = [(level.sure_from, level.kept_right) for level in levels if level.kept_right is not None]
        curves += [
            Curve(f"answered locally, {name}", stays, "#1f77b4", is_dashed=place > 0),
            Curve(f"right of these, {name}", right, "#d62728", is_dashed=place > 0),
        ]
    count = len(next(iter(found.values())))
    return draw(
        curves,
        title=f"The local engine alone: {count:,} labelled utterances, none seen in training",
        across="VOICE_LLM_SURE_FROM",
        up="percent",
        mark=(DEFAULT, f"default {DEFAULT}"),
    )


if __name__ == "__main__":
    main()
