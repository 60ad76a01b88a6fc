"""From what a model proposes to an understanding that can be trusted as far as the words that were said.

Fields that were not said are problems; times are computed here; commands that change what exists and that our own
words of command do not ask for are asked back. See ``docs/decisions/0012-models-point-code-computes.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tasks_app.intents import Intent
from voice_app.providers.llm.fields import FieldReader
from voice_app.providers.llm.finding import Grounded
from voice_app.providers.llm.pointed_times import Clock
from voice_app.providers.llm.prompts import numbered_turns, quoted
from voice_app.providers.llm.proposal import Proposal
from voice_app.providers.llm.said import Heard
from voice_app.providers.llm.warrant import CHANGES, ONLY_AS_SET_PHRASE, Warrant
from voice_app.types import Alternative, SpokenCommand, Turn, Understanding, Utterance
from voice_app.understanding.doubts import DESTRUCTIVE, missing
from voice_app.understanding.engine import traced
from voice_app.understanding.language import base_code
from voice_app.understanding.text import MAX_CHARACTERS

AGREED, GROUNDED, CARRIED_ON, DOUBTFUL, UNASKED = 0.95, 0.9, 0.82, 0.65, 0.58
"""Confidence in a command: our own engine found the same; every field was said; something comes from an earlier turn;
something could not be read; our words of command do not ask for it. The least of all commands is the answer's."""
UNSURE_TO_DESTROY = 0.75
"""In what destroys, where our own engine did not understand the very same: below the bound from which it is asked."""


@dataclass(frozen=True)
class Grounding:
    """What became of a proposal."""

    understanding: Understanding | None
    """None when something in it was not said."""
    problems: tuple[str, ...] = ()
    """Short sentences for the model, each naming a field."""
    doubts: tuple[str, ...] = ()
    """The same for what was left out because it could not be read; the understanding stands without it."""


@dataclass(frozen=True)
class Grounds:
    """An utterance with all that answers about it are held against."""

    utterance: Utterance
    local: Understanding
    """What our own engine understood."""
    clock: Clock
    warrant: Warrant
    turns: Mapping[int, Turn]
    continues: bool
    """Whether our own engine found that it carries on an earlier turn."""

    @classmethod
    def of(cls, utterance: Utterance) -> Grounds:
        """Read the utterance once, for all rounds."""
        local, trace = traced(utterance)
        heard = Heard(utterance.text[:MAX_CHARACTERS])
        warrant = Warrant(heard, trace.lexicon, local)
        return cls(
            utterance, local, Clock(utterance, heard, trace), warrant, dict(numbered_turns(utterance)), trace.continues
        )

    @property
    def knows_language(self) -> bool:
        """Whether we know the words of command of the language that was spoken."""
        return base_code(self.utterance.language or self.local.language) is not None


def ground(proposal: Proposal, grounds: Grounds, *, engine: str) -> Grounding:
    """Check each field of a proposal against the utterance, the speaker's own names and the conversation.

    Args:
        proposal: A model's answer, of the right shape.
        grounds: Of what was said.
        engine: Name of the provider, for the understanding.
    """
    if grounds.continues and _is_same_continuation(proposal, grounds.local):
        return Grounding(_agreed(grounds.local, engine))
    clock, warrant, turns = grounds.clock, grounds.warrant, grounds.turns
    found: list[Grounded] = []
    problems: list[str] = []
    for place, proposed in enumerate(proposal.commands):
        name = f"commands[{place}]"
        if proposed.turn is not None and proposed.turn not in turns:
            problems.append(f"{name}.turn: there is no turn {proposed.turn}")
            continue
        if proposed.intent in ONLY_AS_SET_PHRASE and not warrant.asks_for(proposed.intent):
            problems.append(f"{name}.intent: the words do not say {proposed.intent.value}")
            continue
        turn = turns[proposed.turn] if proposed.turn is not None else None
        found.append(FieldReader(proposed, name, clock, warrant, turn).read())
    problems += [problem for one in found for problem in one.problems]
    problems += _unwarranted(found, warrant, knows_language=grounds.knows_language)
    doubts = [doubt for one in found for doubt in one.doubts] + _unused_times(found, clock)
    if problems:
        return Grounding(None, tuple(problems), tuple(doubts))
    return Grounding(_understanding(found, grounds, engine, doubts), (), tuple(doubts))


def _is_same_continuation(proposal: Proposal, local: Understanding) -> bool:
    """Whether it carries on an earlier turn as our own engine does, which knows what that turn came to.

    What is undone on the way ("no, the second one") a model need not say. Where our engine only guesses, the model's
    own reading counts.
    """
    if local.confidence <= UNASKED:
        return False
    ours = [(command.intent, _places(command)) for command in local.commands if command.intent is not Intent.UNDO]
    theirs = [
        (command.intent, tuple(command.filters.nth) if command.filters else ())
        for command in proposal.commands
        if command.intent is not Intent.UNDO
    ]
    return ours == theirs


def _agreed(local: Understanding, engine: str) -> Understanding:
    """Our own reading, surer for being shared; but nothing is destroyed because a model agrees."""
    destroys = any(command.intent in DESTRUCTIVE for command in local.commands)
    return local.model_copy(update={"engine": engine, "confidence": local.confidence if destroys else AGREED})


def _places(command: SpokenCommand) -> tuple[int, ...]:
    return tuple((command.filters or {}).get("nth", ()))


def _unwarranted(found: list[Grounded], warrant: Warrant, *, knows_language: bool) -> list[str]:
    """What has no word for it and cannot be asked about, or destroys; in a language of which we know the words."""
    never = {Intent.UPDATE_PROJECT} | (DESTRUCTIVE if knows_language else frozenset())
    return [
        f"commands[{place}].intent: the words do not ask for {one.draft.intent.value}"
        for place, one in enumerate(found)
        if one.draft.intent in never and not warrant.asks_for(one.draft.intent)
    ]


def _unused_times(found: list[Grounded], clock: Clock) -> list[str]:
    """A time that was said and that no command uses is a date that would be lost."""
    if all(one.draft.intent in {Intent.NONE, Intent.CONFIRM, Intent.DENY, Intent.CANCEL} for one in found):
        return []
    used = set[int]().union(*(one.places for one in found))
    return [f"commands: the time {quoted(reading.words)} is in no command" for reading in clock.unused(used)]


def _understanding(found: list[Grounded], grounds: Grounds, engine: str, doubts: list[str]) -> Understanding:
    kept: dict[str, tuple[Grounded, SpokenCommand]] = {}
    for one in found:
        command = one.draft.command()
        kept.setdefault(command.model_dump_json(exclude={"said"}), (one, command))
    sure = [_confidence(one, command, grounds.warrant) for one, command in kept.values()]
    drafts = [one.draft for one, _ in kept.values()]
    must_ask = any(
        draft.intent in CHANGES and confidence <= UNASKED for draft, confidence in zip(drafts, sure, strict=True)
    )
    alternatives: list[Alternative] = [other for draft in drafts for other in draft.alternatives]
    return Understanding(
        text=grounds.utterance.text,
        language=grounds.local.language,
        engine=engine,
        confidence=min(*sure, DOUBTFUL) if doubts else min(sure),
        needs="confirmation" if must_ask else missing(list(zip(drafts, sure, strict=True))),
        commands=tuple(command for _, command in kept.values()),
        alternatives=tuple(alternatives),
    )


def _confidence(one: Grounded, command: SpokenCommand, warrant: Warrant) -> float:
    if warrant.agrees(command):
        return AGREED
    intent = one.draft.intent
    asked = warrant.asks_for(intent) and warrant.selects(one.draft)
    if intent in CHANGES and not (asked or (one.carries_on(intent) and intent not in DESTRUCTIVE)):
        return UNASKED
    if one.doubts:
        return DOUBTFUL
    if intent in DESTRUCTIVE:
        return UNSURE_TO_DESTROY
    return CARRIED_ON if one.is_carried_on else GROUNDED
