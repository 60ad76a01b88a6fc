"""What the answers of all language models have in common as they come in, and the texts that go out."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_ANSWER_TOKENS = 2_000
"""A dozen commands take half of it."""

TokenCount = Annotated[int, Field(ge=0, le=100_000_000)]


class Lenient(BaseModel):
    """Fields that nobody told us of are no reason to throw an answer away."""

    model_config = ConfigDict(extra="ignore", strict=True)


def sendable(text: str) -> str:
    """The text without lone halves of surrogate pairs, which have no place in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
