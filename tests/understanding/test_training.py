"""The statistical model: what ships, and that it can be built again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tasks_app.intents import Intent
from voice_app.understanding.languages import language_codes
from voice_app.understanding.model import MODEL_FILE, blend, load_model, quantise
from voice_app.understanding.training.calibration import calibration_error, isotonic
from voice_app.understanding.training.examples import generate

MOST_BYTES = 5_000_000
ONE = ["lamp", "bread", "report", "chair", "roof", "letter", "photo", "drill"]
TWO = ["parcel", "rent", "boat", "sofa", "fence", "shed", "card", "oven"]


def test_the_model_that_ships_is_small_and_knows_every_intent() -> None:
    model = load_model()
    assert model is not None
    assert set(model.intents) == set(Intent)
    assert MODEL_FILE.stat().st_size < MOST_BYTES
    assert list(model.proved) == sorted(model.proved)


def test_own_sentences_are_there_for_every_language_and_stay_the_same() -> None:
    made = generate(weight=1.0)
    assert {example.language for example in made} >= set(language_codes())
    assert made == generate(weight=1.0)
    assert not [example.text for example in made if set("(){}|") & set(example.text)]
    assert {Intent(example.intent) for example in made} == set(Intent)


def test_a_model_is_built_from_files_and_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": f"{verb} the {noun}", "lang": "en", "intent": intent, "source": f"{source}/x"}
        for source, nouns in (("one", ONE), ("two", TWO))
        for noun in nouns
        for verb, intent in (("delete", "delete_task"), ("finish off", "complete_task"), ("how far is", "none"))
    ]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    call_command("train_understanding", str(labelled), "--files-only", "--out", str(tmp_path / "model.npz"))
    model = load_model(tmp_path / "model.npz")
    assert model is not None
    assert "without one" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line", ["not json", '{"text": "x"}', '{"text": "x", "lang": "en", "intent": "fly", "source": "y"}']
)
def test_files_that_do_not_fit_are_refused(tmp_path: Path, line: str) -> None:
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text(line, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("train_understanding", str(labelled), "--dry-run")


def test_confidence_rises_and_says_how_often_it_is_right() -> None:
    dice = np.random.default_rng(3)
    chances = dice.random(4000).astype(np.float32)
    right = list(dice.random(4000) < chances**2)
    said, proved = isotonic(chances, right)
    assert list(proved) == sorted(proved)
    assert calibration_error(np.interp(chances, said, proved).astype(np.float32), right) < 3


def test_eight_bits_keep_what_the_weights_say() -> None:
    weights = np.random.default_rng(5).normal(size=(50, 4)).astype(np.float32)
    small, scale = quantise(weights)
    assert np.abs(small * scale - weights).max() <= scale.max() / 2 + 1e-6


def test_the_odds_of_a_frame_are_multiplied_in() -> None:
    even = np.zeros(3, dtype=np.float32)
    assert blend(even, 1, 0.8, 1.0) == pytest.approx([1 / 6, 2 / 3, 1 / 6])
    assert blend(even, 1, 0.4, 1.0) == pytest.approx([1 / 3, 1 / 3, 1 / 3])
