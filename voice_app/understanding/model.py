"""The small statistical model for doubt: a linear one over hashed features, eight bits a weight."""

from __future__ import annotations

import bisect
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tasks_app.intents import Intent
from voice_app.understanding.evidence import BUCKETS, Evidence
from voice_app.understanding.frames import FrameReading

MODEL_FILE = Path(__file__).with_name("intents.npz")
_RAISED = 128
"""More than any weight is below zero."""
_EVEN = 0.5
"""A frame that is no surer than this has no say."""
_MOST_SURE = 0.995


@dataclass(frozen=True)
class Guess:
    """What words and frame together speak for."""

    intent: Intent
    confidence: float
    """Calibrated: of all guesses with 0.9, nine in ten are right."""
    second: Intent
    second_confidence: float


class _Lines(dict[int, int]):
    """Lines of a table of weights that were asked for, each as one long number: adding these adds all intents at once.

    A weight has 32 bits and is raised above zero, so that no sum of a few thousand runs into the next. A hundred lines
    are added in a quarter of the time that arrays take. All lines together take 9 MB.
    """

    def __init__(self, weights: npt.NDArray[np.int8]) -> None:
        super().__init__()
        self._weights = weights
        self.size = weights.shape[1] * 4
        """Bytes of a line."""

    def __missing__(self, place: int) -> int:
        raised = self._weights[place].astype("<u4") + np.uint32(_RAISED)
        line = self[place] = int.from_bytes(raised.astype("<u4").tobytes(), "little")
        return line


@dataclass(frozen=True, eq=False)
class IntentModel:
    """Weights for each feature and intent, and what their sums have proved to be worth."""

    intents: tuple[Intent, ...]
    weights: npt.NDArray[np.int8]
    """Shape ``(BUCKETS + 1, intents)``; the last line is the bias."""
    scale: npt.NDArray[np.float32]
    """What one step of a weight is worth, by intent."""
    trust: float
    """How much the frame's word counts beside the model's."""
    said: npt.NDArray[np.float32]
    """Probabilities as computed, rising."""
    proved: npt.NDArray[np.float32]
    """How often an answer with each was right, on sources that the model had not seen."""

    def scores(self, evidence: Evidence) -> npt.NDArray[np.float32]:
        """Logits by intent, each group of features with the same say."""
        groups = [group for group in evidence if group]
        line = self._lines.__getitem__
        raised = b"".join([sum(map(line, group)).to_bytes(self._lines.size, "little") for group in groups])
        sums = np.frombuffer(raised, "<u4").reshape(len(groups), -1).astype(np.float32)
        sums -= np.array([[_RAISED * len(group)] for group in groups], np.float32)
        share = np.array([1.0 / math.sqrt(len(group)) for group in groups], np.float32)
        total: npt.NDArray[np.float32] = (share @ sums + self.weights[BUCKETS]) * self.scale
        return total

    @functools.cached_property
    def _lines(self) -> _Lines:
        return _Lines(self.weights)

    def guess(self, evidence: Evidence, frame: FrameReading) -> Guess:
        """The intent that the words and the frame speak for."""
        chances = blend(self.scores(evidence).tolist(), self._place(frame.intent), frame.sure, self.trust)
        first = chances.index(max(chances))
        second = chances.index(max(chances[:first] + chances[first + 1 :]))
        return Guess(
            self.intents[first], self._worth(chances[first]), self.intents[second], self._worth(chances[second])
        )

    def _place(self, intent: Intent) -> int:
        return self.intents.index(intent)

    def _worth(self, chance: float) -> float:
        said, proved = self._curve
        after = bisect.bisect_right(said, chance)
        if after in (0, len(said)):
            return proved[max(0, after - 1)]
        before = after - 1
        part = (chance - said[before]) / (said[after] - said[before])
        return proved[before] + part * (proved[after] - proved[before])

    @functools.cached_property
    def _curve(self) -> tuple[list[float], list[float]]:
        """The two ends of the calibration as plain numbers: one look is 20 times as fast as with arrays."""
        return self.said.tolist(), self.proved.tolist()

    def save(self, path: Path) -> None:
        """Write the model to a file."""
        names = np.array([intent.value for intent in self.intents])
        np.savez_compressed(
            path, intents=names, weights=self.weights, scale=self.scale, trust=np.float32(self.trust),
            said=self.said, proved=self.proved,
        )  # fmt: skip


def blend(scores: Sequence[float], place: int, sure: float, trust: float) -> list[float]:
    """Probabilities from the model's logits, with the odds of the frame added to its intent."""
    moved = list(scores)
    if sure > _EVEN:
        sure = min(sure, _MOST_SURE)
        moved[place] += trust * math.log(sure / (1.0 - sure))
    most = max(moved)
    raised = [math.exp(score - most) for score in moved]
    total = sum(raised)
    return [chance / total for chance in raised]


def quantise(weights: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Weights as eight bits each, with what one step is worth for each intent."""
    scale = (np.abs(weights).max(axis=0) / 127.0).astype(np.float32)
    scale[scale == 0] = 1.0
    return np.round(weights / scale).astype(np.int8), scale


@functools.cache
def load_model(path: Path = MODEL_FILE) -> IntentModel | None:
    """The model that ships with the program; None before one was trained."""
    if not path.exists():
        return None
    with np.load(path) as file:
        return IntentModel(
            intents=tuple(Intent(str(name)) for name in file["intents"]),
            weights=file["weights"],
            scale=file["scale"],
            trust=float(file["trust"]),
            said=file["said"],
            proved=file["proved"],
        )
