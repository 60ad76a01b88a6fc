"""The messages of the live voice socket, version 1; ``docs/protocol.md`` describes them for clients.

Every text frame is one JSON object with a ``type``. Binary frames are sound.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from tasks_app.clock import is_zone
from tasks_app.commands import TITLE_MAX_LENGTH
from voice_app.live.errors import HelloInvalid, MessageInvalid

PROTOCOL_VERSION = 1
SAMPLE_BYTES = 2
MIN_SAMPLE_RATE = 8_000
MAX_SAMPLE_RATE = 48_000
MAX_TEXT_FRAME_BYTES = 16 * 1024
MAX_SOUND_FRAME_BYTES = 64 * 1024
MAX_CHOICES = 100


def _known_zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("not the name of a time zone")
    return name


class ClientMessage(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Hello(ClientMessage):
    """First message: what the sound will be, and where and in which language the person speaks."""

    type: Literal["hello"]
    protocol: Literal[1]
    encoding: Literal["pcm16"]
    sample_rate: int = Field(ge=MIN_SAMPLE_RATE, le=MAX_SAMPLE_RATE)
    timezone: Annotated[str, AfterValidator(_known_zone)] | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")


class UtteranceEnd(ClientMessage):
    """The sound since the last end is one utterance.

    With an id, the same utterance sent again after a broken connection is the same command.
    """

    type: Literal["utterance.end"]
    id: UUID | None = None


class Cancel(ClientMessage):
    """Forget the sound since the last end."""

    type: Literal["cancel"]


class Answer(ClientMessage):
    """The answer to a question: exactly one of the four."""

    type: Literal["answer"]
    command: UUID
    choose: list[str] | None = Field(default=None, min_length=1, max_length=MAX_CHOICES)
    title: str | None = Field(default=None, min_length=1, max_length=TITLE_MAX_LENGTH)
    confirm: Literal[True] | None = None
    cancel: Literal[True] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Answer:
        given = self.model_fields_set - {"type", "command"}
        if len(given) != 1 or getattr(self, next(iter(given))) is None:
            raise ValueError("give exactly one of choose, title, confirm and cancel")
        return self


class Undo(ClientMessage):
    """Revert everything that one utterance did."""

    type: Literal["undo"]
    change_set: UUID


Message = Hello | UtteranceEnd | Cancel | Answer | Undo

_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def parse_message(text: str) -> Message:
    """One message of a client.

    Raises:
        HelloInvalid: It is a ``hello`` that cannot be served.
        MessageInvalid: It is none of the messages.
    """
    try:
        return _MESSAGE.validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = [str(part) for part in problem["loc"]]
        description = f"{'.'.join(place[1:])}: {problem['msg']}" if place[1:] else problem["msg"]
        raise (HelloInvalid if place[:1] == ["hello"] else MessageInvalid)(problem=description[:200]) from error


def messages_about(outcome: dict[str, Any], *, is_heard_told: bool) -> list[dict[str, Any]]:
    """What a client is told when a command of its own has moved on.

    Args:
        outcome: As :func:`voice_app.events.command_to_json` gives it.
        is_heard_told: Whether ``transcript.final`` was sent for it before.
    """
    messages: list[dict[str, Any]] = []
    command = outcome["id"]
    if outcome["transcription"] and not is_heard_told:
        messages.append(
            {
                "type": "transcript.final",
                "command": command,
                "text": outcome["transcription"],
                "language": outcome["language"],
            }
        )
    if outcome["state"] in _ENDINGS:
        messages.append({**_ENDINGS[outcome["state"]](outcome), "command": command})
    return messages


def applied_message(reply: str, tasks: list[Any], change_set: str | None) -> dict[str, Any]:
    """It was carried out; ``change_set`` is what an ``undo`` names, None when nothing changed."""
    return {"type": "applied", "reply": reply, "tasks": tasks, "change_set": change_set, "command": None}


def _applied(outcome: dict[str, Any]) -> dict[str, Any]:
    return applied_message(outcome["response"], tasks_in(outcome["results"]), outcome["change_set"])


def _question(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"type": "question", "reply": outcome["response"], "question": outcome["question"]}


def _failed(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"type": "error", **outcome["error"]}


def _cancelled(outcome: dict[str, Any]) -> dict[str, Any]:
    return {"type": "cancelled", "reply": outcome["response"]}


_ENDINGS = {"done": _applied, "waiting": _question, "failed": _failed, "cancelled": _cancelled}


def tasks_in(results: list[dict[str, Any]]) -> list[Any]:
    """The tasks that the results of a command speak of, in their order: those it changed and those it listed."""
    tasks: list[Any] = []
    for result in results:
        if result.get("task_id"):
            tasks.append(result)
        tasks.extend(result.get("tasks") or [])
    return tasks
