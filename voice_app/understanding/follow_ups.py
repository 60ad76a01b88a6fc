"""What a continuation means: "and another one for Friday", "no, the second one", "same time next week".

An utterance is one when it refers to what was said before by a turn of phrase (the table ``follow_up`` of its
language) and has nothing of its own besides: "buy milk tomorrow" stays what it is, whatever was said before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasks_app.intents import Intent
from voice_app.types import SpokenCommand, Turn, Understanding, Utterance
from voice_app.understanding.continuing import Moment, moved, moved_by, read_moment
from voice_app.understanding.follow_up_words import SHIFTS, Words, read_words
from voice_app.understanding.lexicon import Lexicon
from voice_app.understanding.names import best_name
from voice_app.understanding.recalled import CHANGES, LISTS, PICKS, Memory, Thing, recall
from voice_app.understanding.text import tidy

SURE, LIKELY, UNSURE = 0.9, 0.78, 0.55
"""As plain as a command; there is another way to mean it; to be asked back before anything is done."""
_COPIES = frozenset({"again", "same"})
_ASKS_ON = frozenset({"about", "and", "same", "no", "time"})


@dataclass(frozen=True)
class FollowUp:
    """What a continuation comes to."""

    commands: tuple[SpokenCommand, ...]
    confidence: float
    needs: str | None = None


@dataclass(frozen=True)
class _Scene:
    utterance: Utterance
    words: Words
    memory: Memory
    lexicon: Lexicon
    alone: Callable[[str], Understanding]

    @property
    def tags(self) -> frozenset[str]:
        return self.words.tags

    @property
    def last(self) -> Turn:
        return self.memory.last

    def moment(self, base: str | None) -> Moment | None:
        """When it is now, for something that was due then; None where the calendar ends or no day is meant."""
        before, said_at = read_moment(base), self.utterance.said_at
        length = next((reading for reading in self.words.times if reading.kind == "duration"), None)
        try:
            if not self.tags.isdisjoint(SHIFTS):
                return moved_by(before, length, said_at, back="earlier" in self.tags) if before and length else None
            anchored = not self.tags.isdisjoint({"time", *_COPIES})
            return moved(before, self.words.times, said_at, anchored=anchored)
        except OverflowError:
            return None


def find_follow_up(utterance: Utterance, lexicon: Lexicon, alone: Callable[[str], Understanding]) -> FollowUp | None:
    """What an utterance means as a continuation of the conversation; None when it is none.

    Args:
        utterance: With the turns before it.
        lexicon: Of its language.
        alone: What a text means by itself.
    """
    memory = recall(utterance.conversation)
    if memory is None:
        return None
    words = read_words(utterance, lexicon, has_list=memory.can_pick)
    if words is None:
        return None
    scene = _Scene(utterance, words, memory, lexicon, alone)
    rules = (_renamed, _put_into, _at_same_time) if words.own else (_picked, _copied, _corrected, _shifted, _asked)
    return next((found for rule in rules if (found := rule(scene)) is not None), None)


def _renamed(scene: _Scene) -> FollowUp | None:
    """As in "and call it summer party"."""
    if "call" not in scene.tags or not scene.memory.changed_one or _names_its_own(scene):
        return None
    title = scene.words.behind("call")
    return FollowUp((_that(scene, title=title, said={"title": title}),), SURE) if title else None


def _names_its_own(scene: _Scene) -> bool:
    """Whether it says what is renamed: in some languages "it" is also an article ("renomme la liste courses")."""
    alone = scene.alone(scene.utterance.text).commands[0]
    return alone.intent is Intent.UPDATE_PROJECT or bool(alone.title and alone.task)


def _put_into(scene: _Scene) -> FollowUp | None:
    """As in "put it on the work list": only into a list that there is."""
    if "into" not in scene.tags or not scene.memory.changed_one:
        return None
    said = scene.words.behind("into")
    project = best_name(_list_name(said, scene.lexicon), scene.utterance.vocabulary.projects)
    return FollowUp((_that(scene, project=project.name, said={"project": said}),), SURE) if project else None


def _list_name(said: str, lexicon: Lexicon) -> str:
    """A spoken list without the noun that says that it is one: "work list", "Arbeitsliste"."""
    kept = [word for word in said.split() if word.lower() not in lexicon.list_nouns]
    name = " ".join(kept) or said
    ending = next((end for end, tag in lexicon.suffixes if tag == "list" and name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)] if 0 < len(ending) < len(name) else name


def _at_same_time(scene: _Scene) -> FollowUp | None:
    """As in "gym same time on Thursday": a command of its own, but for the time of day."""
    if "time" not in scene.tags or not scene.words.time_is_bound:
        return None
    found = scene.alone(scene.words.without("time"))
    base = scene.memory.last_time
    moment = scene.moment(base)
    if moment is None or not any(command.due for command in found.commands):
        return None
    commands = tuple(
        command.model_copy(update=moment.fields() | {"rrule": command.rrule})
        if command.intent is Intent.CREATE_TASK and command.due and not command.due_has_time
        else command
        for command in found.commands
    )
    return FollowUp(commands, min(found.confidence, SURE if base else UNSURE), found.needs)


def _picked(scene: _Scene) -> FollowUp | None:
    """As in "no, the second one": the same for another thing of the list, and what was done to the first undone."""
    places = scene.memory.other_place() if "other" in scene.tags else scene.words.places
    takes_back = "no" in scene.tags
    goes_on = not scene.tags.isdisjoint(_COPIES) or scene.words.begins_with("and")
    if not places or not (takes_back or goes_on) or not scene.memory.has_places(places):
        return None
    if scene.memory.waits_for_choice:
        return FollowUp((SpokenCommand(intent=Intent.NONE, filters=places),), SURE) if takes_back else None
    before = [command for command in scene.last.commands if command.intent in PICKS]
    said = tidy(scene.words.without("no")) or scene.utterance.text
    again = before[-1].model_copy(update={"task": said, "filters": places, "said": {"task": said}})
    undo = SpokenCommand(intent=Intent.UNDO, filters={"that": True})
    commands = (undo, again) if takes_back and scene.last.touched else (again,)
    needs = "confirmation" if again.intent is Intent.DELETE_TASK else None
    return FollowUp(commands, SURE if len(before) == 1 else UNSURE, needs)


def _copied(scene: _Scene) -> FollowUp | None:
    """As in "and another one for Friday", "the same for Monday": what was made last, on another day."""
    if scene.tags.isdisjoint(_COPIES) or not scene.words.times or "no" in scene.tags:
        return None
    if "again" not in scene.tags and scene.memory.last_intents & LISTS:
        return None
    made = scene.memory.made()
    if made is None:
        return None
    things = made.things if "same" in scene.tags else made.things[-1:]
    moments = [scene.moment(thing.due) for thing in things]
    commands = tuple(_copy(thing, moment) for thing, moment in zip(things, moments, strict=True) if moment)
    return FollowUp(commands, SURE if made.is_last else LIKELY) if len(commands) == len(things) else None


def _copy(thing: Thing, moment: Moment) -> SpokenCommand:
    """The same once more; reminders at a moment of their own stay with the first."""
    remind = tuple(text for text in thing.command.remind if text.startswith("P"))
    fields = moment.fields() | {"title": thing.title, "remind": remind, "said": {"due": moment.words}}
    return thing.command.model_copy(update=fields)


def _corrected(scene: _Scene) -> FollowUp | None:
    """As in "make it 5 instead", "no, tomorrow", "an hour later": another date for what was made or changed last."""
    if scene.tags.isdisjoint({"no", "not", "set", "into", *SHIFTS}) or not scene.words.times:
        return None
    return _redated(scene, SURE)


def _shifted(scene: _Scene) -> FollowUp | None:
    """As in "same time next week"."""
    if "time" not in scene.tags or not scene.words.times:
        return None
    return _redated(scene, LIKELY)


def _redated(scene: _Scene, confidence: float) -> FollowUp | None:
    memory, due = scene.memory, scene.last.due
    can_move = bool(memory.last_intents) and memory.last_intents <= CHANGES and bool(scene.last.touched)
    if not can_move or not scene.tags.isdisjoint(_COPIES):
        return None
    is_alike = len(set(due)) == 1
    moment = scene.moment(due[0] if is_alike else None)
    if moment is None:
        return None
    filters = {"that": True} | ({"all": True} if len(scene.last.touched) > 1 else {})
    command = _that(scene, **moment.fields(), filters=filters, said={"due": moment.words})
    return FollowUp((command,), confidence if is_alike else UNSURE)


def _asked(scene: _Scene) -> FollowUp | None:
    """As in "what about tomorrow?": the same list for another day."""
    if not scene.memory.last_intents & LISTS or not scene.tags & _ASKS_ON or not scene.words.times:
        return None
    before = next(command for command in scene.last.commands if command.intent in LISTS)
    moment = scene.moment(None)
    if moment is None:
        return None
    fields = moment.fields()
    days = {"from": str(fields["due"])[:10], "to": str(fields["end"] or fields["due"])[:10]}
    kept = {name: value for name, value in (before.filters or {}).items() if name != "overdue"}
    command = before.model_copy(update={**fields, "rrule": None, "filters": kept | days, "said": {"due": moment.words}})
    return FollowUp((command,), SURE)


def _that(scene: _Scene, **fields: object) -> SpokenCommand:
    """A change to the task that was made or changed last."""
    phrase = scene.last.touched[0] if scene.last.touched else scene.utterance.text
    return SpokenCommand.model_validate(
        {"intent": Intent.UPDATE_TASK, "task": phrase, "filters": {"that": True}, **fields}
    )
