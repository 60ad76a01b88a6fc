"""The values that pass between the stages: what was recorded, heard, understood and done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from tasks_app.intents import Intent, Priority
from voice_app.shifts import PATTERN as SHIFT_PATTERN

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Hz; every clip inside the program has this rate and one channel."""


@dataclass(frozen=True, eq=False)
class AudioClip:
    """Decoded sound: finite mono float32 samples in [-1, 1] at :data:`SAMPLE_RATE`, shape ``(n,)``."""

    samples: npt.NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Length of the clip in seconds."""
        return len(self.samples) / SAMPLE_RATE


@dataclass(frozen=True)
class Usage:
    """What an answer took: nothing, where the engine is inside the program."""

    model: str = ""
    input_tokens: int = 0
    """All tokens that were read, cached ones among them."""
    cached_tokens: int = 0
    output_tokens: int = 0
    audio_seconds: float = 0.0
    cost_usd: float = 0.0


NOTHING_USED = Usage()


@dataclass(frozen=True)
class Transcript:
    """What a speech engine heard in a clip."""

    text: str
    language: str
    """ISO 639-1 code, as given or as detected."""
    engine: str
    """Provider and model, for example ``whisper-tiny.en``."""
    confidence: float | None = None
    """Mean probability of the words, 0 to 1, where the engine tells."""
    usage: Usage = NOTHING_USED


class SpokenCommand(BaseModel):
    """One command in a person's words, as it stands on the wire.

    Dates are computed already; names of tasks, projects and people are still phrases.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    title: str | None = None
    due: str | None = None
    """ISO date when no time was said, else an ISO datetime with the speaker's offset."""
    due_has_time: bool = False
    shift: str | None = Field(None, pattern=SHIFT_PATTERN)
    """By how much a change moves the task from when it is due, a signed ISO 8601 duration (``PT1H``, ``-P2D``)."""
    end: str | None = None
    """ISO date or datetime at which a range ends; dates are inclusive."""
    rrule: str | None = None
    """RFC 5545 recurrence rule without the ``RRULE:`` prefix."""
    priority: Priority | None = None
    project: str | None = None
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    remind: tuple[str, ...] = ()
    """ISO 8601 durations before due, or ISO datetimes."""
    task: str | None = None
    """The phrase that refers to an existing task ("the dentist thing", "the second one")."""
    filters: dict[str, Any] | None = None
    """For lists and bulk actions: what to select, see ``docs/architecture.md``."""
    said: dict[str, str] = Field(default_factory=dict)
    """The words that each field came from."""


class Alternative(BaseModel):
    """Another way in which something could be meant, to offer beside the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    """What it is about: ``intent``, ``due``, ``project``, ``assignee``."""
    value: str
    why: str


FROM_MENU = "menu"
"""The engine of what was chosen and not said: it is never the answer to a question."""


class Understanding(BaseModel):
    """What an utterance means; the contract of ``manage.py interpret`` and ``POST /api/v1/parse/``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    language: str
    engine: str
    confidence: float = Field(ge=0.0, le=1.0)
    """Calibrated: of all answers given with 0.9, nine in ten are right."""
    needs: str | None = None
    """What is missing or unsure: ``confirmation``, ``choice``, ``title``, ..."""
    commands: tuple[SpokenCommand, ...]
    """Never empty: what is not about tasks is a single command with intent ``none``."""
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What was said before in the same session, and what came of it."""

    text: str
    said_at: dt.datetime
    """Aware, in the speaker's zone."""
    commands: tuple[SpokenCommand, ...]
    touched: tuple[str, ...] = ()
    """Titles of the tasks that it made or changed, in order."""
    due: tuple[str | None, ...] = ()
    """When each of these was due afterwards, as on the wire."""
    shown: tuple[str, ...] = ()
    """Titles of the tasks that it listed or offered, in order."""


@dataclass(frozen=True)
class Utterance:
    """A text to understand, with what its meaning depends on."""

    text: str
    language: str | None
    """ISO 639-1 code where it is known, else it is found from the text."""
    said_at: dt.datetime
    """Aware, in the speaker's zone."""
    locale: str | None = "en-GB"
    """Decides how numeric dates are read (``en-US``: month first); None for the language's usual way."""
    week_starts_on: int = 0
    """0 is Monday."""
    vocabulary: Vocabulary = field(default_factory=lambda: EMPTY_VOCABULARY)
    conversation: tuple[Turn, ...] = ()
    """The last turns of this person's session, oldest first."""


@dataclass(frozen=True)
class Vocabulary:
    """The speaker's own names, for hints to a recogniser and for matching."""

    projects: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


EMPTY_VOCABULARY: Vocabulary = Vocabulary()
