"""Whether an utterance asks for what a model says it asks for: our own words of command decide what needs no question.

A model may read more out of a sentence than our rules do. What it reads beyond them is shown to the person first when
it changes something that exists, and is not done at all where no question can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks_app.intents import Intent
from voice_app.providers.llm.said import Heard
from voice_app.types import SpokenCommand, Understanding
from voice_app.understanding.drafts import Draft
from voice_app.understanding.lexicon import END, Lexicon, Node, longest_match
from voice_app.understanding.text import fold

ONLY_AS_SET_PHRASE = frozenset({Intent.CONFIRM, Intent.UNDO})
"""They do something at once, so a model is believed only where our own engine hears the same."""

_ASKED_BY: dict[Intent, frozenset[str]] = {
    Intent.COMPLETE_TASK: frozenset({"complete", "doneas", "did"}),
    Intent.REOPEN_TASK: frozenset({"reopen", "notdone"}),
    Intent.UPDATE_TASK: frozenset({"change", "move", "moved", "rename", "tags", "field", "snooze", "schedule"}),
    Intent.DELETE_TASK: frozenset({"delete", "empty", "tidy", "gone"}),
    Intent.DELETE_PROJECT: frozenset({"delete"}),
    Intent.UPDATE_PROJECT: frozenset({"change", "rename"}),
    Intent.ASSIGN_TASK: frozenset({"assign"}),
    Intent.SNOOZE: frozenset({"snooze", "move", "moved", "change"}),
}
"""Tags of the words that ask for a change of what exists."""
CHANGES = frozenset(_ASKED_BY)
_MANY = frozenset({"all", "tasks", "events", "lists", "list", "cal", "empty"})
_ONE = frozenset({"pron", "clitic"})
_TO_A_PERSON = frozenset({"assign", "for", "into", "ask"})
_FARTHEST = 9
"""Words of the longest phrase."""
_DIGITS = 3


@dataclass(frozen=True)
class Warrant:
    """What the words of an utterance ask for, as far as our own lexicon and engine can tell."""

    heard: Heard
    lexicon: Lexicon
    local: Understanding

    def asks_for(self, intent: Intent) -> bool:
        """Whether the words hold a command of this kind."""
        if any(command.intent is intent for command in self.local.commands):
            return True
        if intent in ONLY_AS_SET_PHRASE:
            return False
        return intent not in _ASKED_BY or not self._tags.isdisjoint(_ASKED_BY[intent])

    def selects(self, draft: Draft) -> bool:
        """Whether they ask for all tasks, or point at one, where the command does."""
        if draft.filters.get("all") and self._tags.isdisjoint(_MANY) and "all" not in self._filter_words:
            return False
        return not draft.filters.get("that") or not self._tags.isdisjoint(_ONE) or draft.intent is Intent.SNOOZE

    def names_place(self, number: int) -> bool:
        """Whether a number, as a digit, an ordinal or a count, was said."""
        return number in self._numbers or (number == 1 and not {"last", "first"}.isdisjoint(self._filter_words))

    def gives_to(self, places: Sequence[int]) -> bool:
        """Whether the words at these places are said to be the one who shall do it."""
        if "assign" in self._tags or any(command.assignee for command in self.local.commands):
            return True
        return bool(places) and any(
            place and not _TO_A_PERSON.isdisjoint(self._tags_from(place - 1)) for place in (places[0], places[0] - 1)
        )

    def agrees(self, command: SpokenCommand) -> bool:
        """Whether our own engine understood this very command."""
        return any(_key(command) == _key(own) for own in self.local.commands)

    @cached_property
    def _norms(self) -> list[str]:
        return [word.norm for word in self.heard.words]

    @cached_property
    def _tags(self) -> frozenset[str]:
        return frozenset().union(*(self._tags_from(place) for place in range(len(self._norms))))

    def _tags_from(self, place: int) -> frozenset[str]:
        """The tags of all phrases that begin at a word, those with a gap among them."""
        nodes: list[Node] = [self.lexicon.phrases]
        found = set[str]()
        for position in range(place, min(place + _FARTHEST, len(self._norms))):
            nodes = [after for node in nodes for after in node.step(self._norms[position])]
            if not nodes:
                break
            found.update(tag for node in nodes for tag in node.tags)
            rest = self._norms[position + 1 :]
            found.update(tag for node in nodes for tail, tag in node.tails if _holds(rest, tail))
        found.update(
            tag for ending, tag in self.lexicon.suffixes if place < len(self._norms) and self._ends(place, ending)
        )
        return frozenset(found)

    def _ends(self, place: int, ending: str) -> bool:
        return self._norms[place].endswith(ending) and len(self._norms[place]) > len(ending)

    @cached_property
    def _filter_words(self) -> frozenset[str]:
        return frozenset(self._in_table("filters"))

    @cached_property
    def _numbers(self) -> frozenset[int]:
        told = {*self._in_table("ordinals"), *self._in_table("counts"), *self._norms}
        return frozenset(int(word) for word in told if word.isdecimal() and len(word) <= _DIGITS)

    def _in_table(self, name: str) -> list[str]:
        return [
            tag
            for place in range(len(self._norms))
            for tag in longest_match(self.lexicon.tables[name], self._norms, place)[1]
        ]


def _holds(words: Sequence[str], tail: Sequence[str]) -> bool:
    wanted = [word for word in tail if word != END]
    return any(list(words[at : at + len(wanted)]) == wanted for at in range(len(words)))


def _key(command: SpokenCommand) -> tuple[object, ...]:
    """What two readings of the same command have in common."""
    chosen = command.filters or {}
    return (
        command.intent,
        _plain(command.title),
        _plain(command.task),
        command.due,
        command.rrule,
        _plain(command.project),
        _plain(command.assignee),
        tuple(sorted((key, str(value)) for key, value in chosen.items())),
    )


def _plain(text: str | None) -> str:
    return " ".join(fold(word) for word in (text or "").split())
