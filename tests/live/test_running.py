"""The live socket of the really running system, from the sound to the task."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system import System

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

pytestmark = pytest.mark.speech


def test_text_becomes_a_task(running_system: System) -> None:
    _, token = running_system.new_user()
    status, outcome = running_system.post_json(
        "/api/v1/voice/commands/?wait=30", {"text": "call mum tomorrow at 5"}, token
    )
    assert (status, outcome["state"]) == (200, "done"), json.dumps(outcome, indent=1)
