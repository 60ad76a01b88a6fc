"""What the voice API takes and answers, for the schema; :mod:`voice_app.events` makes the objects themselves."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from tasks_app.context import Source
from voice_app.models import VoiceCommand, VoiceSession
from voice_app.types import Understanding

COMMAND_ID = "5d1e0c77-9b1d-4a39-8c44-3b6b7d2f1e12"
SESSION_ID = "e7d6c5b4-a392-4180-9f8e-7d6c5b4a3921"


class Spoken(BaseModel):
    """A text; a recording goes as a form with the file `audio` and the same other fields."""

    text: str = Field(min_length=1)
    timezone: str | None = Field(default=None, description="Name of the zone in which times are meant.")
    language: str | None = Field(default=None, pattern="^[a-z]{2}$", description="ISO 639-1 code.")
    said_at: str | None = Field(default=None, description="ISO moment at which it was said, not in the future.")
    mode: Literal["execute"] | None = None


class Option(BaseModel):
    """One way to answer a question."""

    id: str
    label: str


class Question(BaseModel):
    """What is asked back."""

    kind: str = Field(description="`choice`, `confirmation` or `title`.")
    text: str
    options: list[Option] = []
    expires_at: AwareDatetime


class OutcomeError(BaseModel):
    """Why it failed, as errors are told everywhere."""

    code: str
    message: str
    fields: dict[str, Any]
    ref: str


class Outcome(BaseModel):
    """A voice command as it stands."""

    id: UUID
    url: str
    session: UUID
    source: Source
    state: VoiceCommand.State
    success: bool | None
    transcription: str
    language: str
    intent: str | None
    confidence: float | None
    commands: list[dict[str, Any]] = Field(description="What was understood.")
    results: list[dict[str, Any]] = Field(description="What each command did.")
    response: str = Field(description="The answer for the person.")
    question: Question | None
    change_set: UUID | None = Field(
        description="What `changes/{change_set_id}/undo/` takes; null when nothing changed."
    )
    error: OutcomeError | None
    said_at: AwareDatetime
    received_at: AwareDatetime
    processing_time: float | None = Field(description="Seconds from its receipt to its end.")


class Undone(BaseModel):
    """What an undo took back."""

    success: bool
    response: str
    tasks: list[dict[str, Any]]
    command: UUID


class Session(BaseModel):
    """A stretch of speaking through one door."""

    id: UUID
    source: Source
    status: VoiceSession.Status
    start_time: AwareDatetime
    end_time: AwareDatetime | None
    last_active_at: AwareDatetime
    commands_processed: int
    total_duration: float = Field(description="Seconds of sound heard.")
    language: str
    confidence_avg: float | None
    error_count: int


Meaning = Understanding

OUTCOME_EXAMPLE: dict[str, Any] = {
    "id": COMMAND_ID,
    "url": f"/api/v1/voice/commands/{COMMAND_ID}/",
    "session": SESSION_ID,
    "source": "api",
    "state": "done",
    "success": True,
    "transcription": "call mum tomorrow at 5 pm",
    "language": "en",
    "intent": "create_task",
    "confidence": 0.97,
    "commands": [{"intent": "create_task", "title": "call mum", "due": "2026-11-23T17:00:00+01:00"}],
    "results": [{"action": "create_task", "changed": True, "title": "call mum"}],
    "response": "Added “call mum” for tomorrow, Mon 23 Nov, 17:00.",
    "question": None,
    "change_set": COMMAND_ID,
    "error": None,
    "said_at": "2026-11-22T10:00:00+01:00",
    "received_at": "2026-11-22T09:00:00+00:00",
    "processing_time": 0.8,
}
SESSION_EXAMPLE: dict[str, Any] = {
    "id": SESSION_ID,
    "source": "api",
    "status": "active",
    "start_time": "2026-11-22T09:00:00+00:00",
    "end_time": None,
    "last_active_at": "2026-11-22T09:05:00+00:00",
    "commands_processed": 4,
    "total_duration": 11.2,
    "language": "en",
    "confidence_avg": 0.95,
    "error_count": 0,
}
MEANING_EXAMPLE: dict[str, Any] = {
    "text": "call mum tomorrow at 5",
    "language": "en",
    "engine": "local",
    "confidence": 0.93,
    "needs": None,
    "commands": [
        {
            "intent": "create_task",
            "title": "call mum",
            "due": "2026-11-23T17:00:00+01:00",
            "due_has_time": True,
            "end": None,
            "rrule": None,
            "priority": None,
            "project": None,
            "labels": [],
            "assignee": None,
            "remind": [],
            "task": None,
            "filters": None,
            "said": {"title": "call mum", "due": "tomorrow at 5"},
        }
    ],
    "alternatives": [],
}
