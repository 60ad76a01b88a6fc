"""Where the words of a proposed field were said; what was not said is a problem, what could not be read a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tasks_app.intents import Intent
from voice_app.providers.llm.prompts import quoted
from voice_app.providers.llm.said import Found, Heard, words_of
from voice_app.providers.llm.warrant import Warrant
from voice_app.types import Turn
from voice_app.understanding import slots, titles
from voice_app.understanding.drafts import Draft
from voice_app.understanding.lexicon import whole_match
from voice_app.understanding.names import best_name, likeness

MOVES = frozenset({Intent.UPDATE_TASK, Intent.SNOOZE})
IN_ORDER = 0.6
"""Share of a title's words that stand in the order in which they were said."""
_SURE_OF_NAME = 0.82
_LONGEST_NAME = 4
_MOST_QUOTED = 80


@dataclass
class Grounded:
    """A command of ours, and what was wrong with the proposed one."""

    draft: Draft
    problems: list[str] = field(default_factory=list)
    """What was not said: the answer cannot be used."""
    doubts: list[str] = field(default_factory=list)
    """What could not be read, and was left out."""
    is_carried_on: bool = False
    """Something was taken from an earlier turn."""
    places: set[int] = field(default_factory=set)
    """The words of the utterance that the command uses."""
    turn: Turn | None = None

    def carries_on(self, intent: Intent) -> bool:
        """Whether it does once more what the earlier turn did, or changes what that made or changed."""
        if self.turn is None or not self.places:
            return False
        before = {command.intent for command in self.turn.commands}
        return intent in before or (intent in MOVES and bool(self.turn.touched))


@dataclass(frozen=True)
class Finder:
    """Looks for the words of one proposed command in the utterance, and in the turn that it carries on."""

    name: str
    """How problems call the command: ``commands[0]``."""
    heard: Heard
    warrant: Warrant
    result: Grounded

    @cached_property
    def _heard_before(self) -> Heard | None:
        """What was said now and in the turn that this carries on, with what that came to."""
        if self.result.turn is None:
            return None
        names = [
            value
            for command in self.result.turn.commands
            for value in (command.title, command.task, command.project, command.assignee, *command.labels)
            if value
        ]
        parts = [self.heard.text, self.result.turn.text, *self.result.turn.touched, *self.result.turn.shown, *names]
        return Heard("\n".join(parts))

    def problem(self, where: str, words: str, what: str) -> None:
        """Note that the answer cannot be used."""
        self.result.problems.append(f"{self.name}.{where}: {quoted(words[:_MOST_QUOTED])} {what}")

    def doubt(self, where: str, words: str, what: str) -> None:
        """Note that something is left out."""
        self.result.doubts.append(f"{self.name}.{where}: {quoted(words[:_MOST_QUOTED])} {what}")

    def find(self, where: str, phrase: str, *, all_words: bool) -> tuple[str, Found] | None:
        """A phrase as it was said, or in the model's own form of the words; None and a problem when it was not."""
        for heard in filter(None, (self.heard, self._heard_before)):
            found = heard.find(phrase)
            if self._is_said(found, phrase, all_words=all_words):
                if heard is self.heard:
                    self.result.places.update(found.places)
                else:
                    self.result.is_carried_on = True
                return found.as_said or heard.cleaned(phrase), found
        self.problem(where, phrase, "was not said")
        return None

    def _is_said(self, found: Found, phrase: str, *, all_words: bool) -> bool:
        if not found.missing:
            return bool(words_of(phrase)) and (all_words or found.in_order >= IN_ORDER)
        joining = self.warrant.lexicon.title_lead
        added = all(whole_match(joining, [word]) for word in found.missing)
        return added and not all_words and bool(found.places) and found.in_order >= IN_ORDER

    def slot(self, where: str, phrase: str, own: Sequence[str]) -> slots.Slot | None:
        """A name as one of the speaker's own, when it or something that sounds like it was said."""
        lexicon = self.warrant.lexicon
        plain = " ".join(word.norm for word in words_of(phrase))
        if where == "project" and (plain in lexicon.generic_names or plain in lexicon.list_nouns):
            return None
        said = self.heard.find(phrase)
        if said.missing and (name := best_name(phrase, own)) is not None and (heard := self._sounding_like(name.name)):
            return slots.Slot(name.name, heard, ())
        found = self.find(where, phrase, all_words=True)
        if found is None:
            return None
        for candidate in self._without_frame(found[0]):
            slot = slots.matched(candidate, own, ())
            if slot.known and own:
                return slot
        return slots.matched(self._without_frame(found[0])[-1], own, ())

    def _without_frame(self, phrase: str) -> list[str]:
        """A phrase with less and less around it: "my work list", "work list", "work"."""
        lexicon = self.warrant.lexicon
        trimmed = titles.trimmed(phrase, lexicon) or phrase
        bare = [word for word in trimmed.split() if word.lower() not in lexicon.list_nouns]
        return [phrase, trimmed, " ".join(bare) or trimmed]

    def _sounding_like(self, name: str) -> str | None:
        words = self.heard.words
        for size in range(1, _LONGEST_NAME + 1):
            for begin in range(len(words) - size + 1):
                heard = self.heard.between((begin, begin + size - 1))
                if likeness(heard, name) >= _SURE_OF_NAME:
                    self.result.places.update(range(begin, begin + size))
                    return heard
        return None
