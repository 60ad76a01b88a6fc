"""What a language model may answer: our commands, with each field as the words that were said.

A model points and never computes: there is no place for a date, a rule, an id or another person's name in it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tasks_app.intents import Intent, Priority

MAX_COMMANDS = 12
MAX_WORDS = 500
"""Characters of one field."""
MAX_NAMES = 8
MAX_PLACES = 20
FARTHEST_PLACE = 100
ANSWER_NAME = "answer"
"""What the answer is called where a provider wants a name for its shape or its tool."""

Words = Annotated[str, Field(max_length=MAX_WORDS)]
Place = Annotated[int, Field(ge=1, le=FARTHEST_PLACE)]
Count = Annotated[int, Field(ge=0, le=FARTHEST_PLACE)]


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposedFilters(_Answered):
    """Which tasks a command or a question is about, where one phrase does not say it."""

    status: Annotated[
        Literal["open", "completed", "all"] | None, Field(description="for questions: done ones, open ones or all")
    ] = None
    overdue: bool = False
    all: Annotated[bool, Field(description="every task that fits is meant")] = False
    that: Annotated[bool, Field(description="the task done or shown last is meant (it, that one)")] = False
    nth: Annotated[
        list[Place], Field(max_length=MAX_PLACES, description="places in the list shown last: the second one is [2]")
    ] = []
    first: Annotated[Count, Field(description="so many from the beginning of that list, else 0")] = 0
    last: Annotated[Count, Field(description="so many from its end, else 0")] = 0
    when: Annotated[Words | None, Field(description="words for the day that the tasks are on now, before a change")] = (
        None
    )
    project: Annotated[Words | None, Field(description="words for the list that they are in now")] = None
    spared: Annotated[
        list[Words], Field(max_length=MAX_NAMES, description="phrases for tasks that are left out (all except ...)")
    ] = []


class ProposedCommand(_Answered):
    """One command in the words that were said."""

    intent: Intent
    title: Annotated[Words | None, Field(description="of what is made, or the new title of what is renamed")] = None
    task: Annotated[Words | None, Field(description="words that refer to an existing task, or to look for")] = None
    project: Annotated[Words | None, Field(description="words for the list")] = None
    labels: Annotated[list[Words], Field(max_length=MAX_NAMES)] = []
    assignee: Annotated[Words | None, Field(description="words for the person who shall do it")] = None
    priority: Priority | None = None
    priority_words: Annotated[Words | None, Field(description="the words that tell the priority")] = None
    when: Annotated[Words | None, Field(description="words for the date and time it is due, or asked about")] = None
    repeat: Annotated[Words | None, Field(description="words for how it repeats")] = None
    remind: Annotated[Words | None, Field(description="words for how long before a reminder comes")] = None
    filters: ProposedFilters | None = None
    turn: Annotated[
        Annotated[int, Field(ge=1, le=FARTHEST_PLACE)] | None,
        Field(description="number of the earlier turn that this carries on; its words may be used then"),
    ] = None
    same_time: Annotated[bool, Field(description="at the same time of day as in that turn")] = False


class Proposal(_Answered):
    """A model's whole answer."""

    commands: Annotated[list[ProposedCommand], Field(min_length=1, max_length=MAX_COMMANDS)]

    @property
    def carries_on(self) -> bool:
        """Whether it means something else after other turns."""
        return any(command.turn is not None or command.same_time or _points(command) for command in self.commands)


def _points(command: ProposedCommand) -> bool:
    filters = command.filters
    return filters is not None and bool(filters.that or filters.nth or filters.first or filters.last)


_KEPT = frozenset({"type", "enum", "anyOf", "items", "properties", "description"})
"""The keywords that the strict modes of all providers know; sizes are checked when the answer is there."""


def answer_schema() -> dict[str, Any]:
    """JSON Schema of :class:`Proposal` for any provider's strict mode.

    Valid for OpenAI's structured outputs and for the input of a Claude tool: objects are closed, every property is
    required, what may be missing is null, nothing is referred to, and no more than 16 values may be of two types.

    Returns:
        A copy of one's own each time.
    """
    return copy.deepcopy(_schema())


@cache
def _schema() -> dict[str, Any]:
    raw = Proposal.model_json_schema()
    del raw["description"]
    return _plain(raw, raw.get("$defs", {}))


def _plain(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A part of pydantic's schema with its references filled in and only the keywords that all know."""
    if "$ref" in node:
        meant = definitions[node["$ref"].rsplit("/", 1)[-1]]
        return _plain({key: value for key, value in meant.items() if key != "description"}, definitions)
    kept = {key: value for key, value in node.items() if key in _KEPT}
    if node.get("type") == "object":
        kept["properties"] = {name: _plain(value, definitions) for name, value in node["properties"].items()}
        kept["required"] = list(node["properties"])
        kept["additionalProperties"] = False
    if "items" in node:
        kept["items"] = _plain(node["items"], definitions)
    if "anyOf" in node:
        kept["anyOf"] = [_plain(option, definitions) for option in node["anyOf"]]
    return kept
