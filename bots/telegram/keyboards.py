"""What a button carries: a letter and short ids, checked against the person when it comes back."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand

Rows: TypeAlias = "list[list[dict[str, str]]]"

MAX_OPTIONS = 8
MAX_DATA_BYTES = 64
"""What Telegram lets a button carry."""
_UUID_BYTES = 16
_LONGEST_NUMBER = 9


class NotOurButton(Exception):
    """The data is none that a button of ours carries."""


@dataclass(frozen=True)
class Pressed:
    """A button as it came back; nothing about it is true yet."""

    letter: str
    """What is to be done: a key of ``ACTS`` in :mod:`bots.telegram.handlers.buttons`."""
    parts: tuple[str, ...] = ()

    def id(self, place: int = 0) -> uuid.UUID:
        """The id at a place.

        Raises:
            NotOurButton: There is none.
        """
        try:
            return _long_id(self.word(place))
        except ValueError as error:
            raise NotOurButton from error

    def number(self, place: int) -> int:
        """The number from 0 at a place.

        Raises:
            NotOurButton: There is none.
        """
        word = self.word(place)
        if not (word.isascii() and word.isdigit() and len(word) <= _LONGEST_NUMBER):
            raise NotOurButton
        return int(word)

    def word(self, place: int) -> str:
        """The text at a place.

        Raises:
            NotOurButton: There is none.
        """
        if place >= len(self.parts):
            raise NotOurButton
        return self.parts[place]


def question_rows(command: VoiceCommand) -> Rows:
    """The answers that a waiting command's question can have."""
    question = command.question or {}
    action = int(question.get("action", 0))
    no = button(_("No"), "n", command.pk)
    if question.get("kind") == "confirmation":
        return [[button(_("Yes"), "y", command.pk, action), no]]
    if question.get("kind") != "choice":
        return [[button(_("Cancel"), "n", command.pk)]]
    options = [
        [button(str(option["label"]), "c", command.pk, action, index)]
        for index, option in enumerate(question["options"][:MAX_OPTIONS])
    ]
    return [*options, [button(_("None of these"), "n", command.pk)]]


def read_press(data: str) -> Pressed:
    """What was pressed."""
    letter, *parts = data.split(":")
    return Pressed(letter, tuple(parts))


def button(text: str, letter: str, *parts: uuid.UUID | int | str) -> dict[str, str]:
    """A button.

    Args:
        text: What it says.
        letter: What it does.
        parts: What it does that to: ids, numbers from 0, or short words without a colon.

    Raises:
        ValueError: They are more than a button can carry.
    """
    words = [_short_id(part) if isinstance(part, uuid.UUID) else str(part) for part in parts]
    data = ":".join([letter, *words])
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError("a button carries at most 64 bytes")
    return {"text": text, "data": data}


def _short_id(value: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")


def _long_id(text: str) -> uuid.UUID:
    raw = base64.b64decode(f"{text}==".encode("ascii", "strict"), altchars=b"-_", validate=True)
    if len(raw) != _UUID_BYTES:
        raise ValueError("not the length of an id")
    return uuid.UUID(bytes=raw)
