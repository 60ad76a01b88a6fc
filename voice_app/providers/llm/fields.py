"""One proposed command made into one of ours: each field is found in what was said, or it is not believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks_app.commands import NAME_MAX_LENGTH, TITLE_MAX_LENGTH
from tasks_app.intents import Intent, Priority
from voice_app.providers.llm.finding import MOVES, Finder, Grounded
from voice_app.providers.llm.pointed_times import Clock, same_time, together
from voice_app.providers.llm.proposal import ProposedCommand
from voice_app.providers.llm.said import Heard
from voice_app.providers.llm.warrant import Warrant
from voice_app.types import Turn
from voice_app.understanding import titles
from voice_app.understanding.dates import TimeReading, Timing
from voice_app.understanding.drafts import PROJECTS, Draft, Scene, day_of, iso, offer_near
from voice_app.understanding.lexicon import whole_match
from voice_app.understanding.timing import add_times, put_timing

ASKS = frozenset({Intent.LIST_TASKS, Intent.AGENDA})


@dataclass
class FieldReader:
    """Grounds one proposed command."""

    proposed: ProposedCommand
    name: str
    """How problems call it: ``commands[0]``."""
    clock: Clock
    warrant: Warrant
    turn: Turn | None
    result: Grounded = field(init=False)

    def __post_init__(self) -> None:
        self.result = Grounded(Draft(self.proposed.intent), turn=self.turn)
        self._finder = Finder(self.name, self.clock.heard, self.warrant, self.result)

    def read(self) -> Grounded:
        """All fields, in the order in which they depend on each other."""
        self._texts()
        self._names()
        self._priority()
        self._times()
        self._filters()
        if self.result.is_carried_on and not (self.result.places or self._draft.filters):
            self.result.problems.append(f"{self.name}.turn: no word of <said> carries that turn on")
        return self.result

    @property
    def _draft(self) -> Draft:
        return self.result.draft

    @property
    def _heard(self) -> Heard:
        return self.clock.heard

    def _texts(self) -> None:
        if self.proposed.title and (found := self._finder.find("title", self.proposed.title, all_words=False)):
            longest = NAME_MAX_LENGTH if self._draft.intent in PROJECTS | {Intent.CREATE_PROJECT} else TITLE_MAX_LENGTH
            if len(found[0]) > longest:
                self._finder.problem("title", found[0], "is too long")
            self._draft.put("title", titles.with_plain_verb(found[0], self.warrant.lexicon), found[0])
        if self.proposed.task and (found := self._finder.find("task", self.proposed.task, all_words=False)):
            if self._draft.intent in ASKS:
                self._draft.filters["text"] = found[0]
            else:
                self._draft.put("task", found[0], found[0])

    def _names(self) -> None:
        names = self.clock.utterance.vocabulary
        if self.proposed.project:
            self._name("project", self.proposed.project, names.projects)
        for label in self.proposed.labels:
            slot = self._finder.slot("labels", label, names.labels)
            if slot is not None:
                said = " ".join(filter(None, (self._draft.said.get("labels"), slot.said)))
                self._draft.put("labels", (*self._draft.values.get("labels", ()), slot.value), said)
        if self.proposed.assignee:
            self._assignee(self.proposed.assignee, names.people)

    def _name(self, where: str, phrase: str, own: Sequence[str]) -> None:
        slot = self._finder.slot(where, phrase, own)
        if slot is not None and slot.value:
            self._draft.put(where, slot.value, slot.said)
            offer_near(self._draft, where, slot)

    def _assignee(self, phrase: str, people: Sequence[str]) -> None:
        found = self._heard.find(phrase)
        makes = self._draft.intent is not Intent.ASSIGN_TASK
        if makes and not found.missing and self.turn is None and not self.warrant.gives_to(found.places):
            self._finder.doubt("assignee", phrase, "is not said to be the one who shall do it")
            return
        self._name("assignee", phrase, people)

    def _priority(self) -> None:
        """Our own table decides what the words mean where it knows them."""
        priority, words = self.proposed.priority, self.proposed.priority_words or ""
        if priority is None or self._draft.intent is Intent.CREATE_PROJECT:
            return
        if not words:
            self._finder.problem("priority_words", "", "is needed for a priority")
            return
        found = self._finder.find("priority_words", words, all_words=True)
        if found is None:
            return
        known = whole_match(self.warrant.lexicon.tables["priority"], list(self.warrant.lexicon.words(found[0])))
        value = Priority(known[0]) if known else priority
        if self._draft.intent in {Intent.CREATE_TASK, Intent.UPDATE_TASK}:
            self._draft.put("priority", value, found[0])
        else:
            self._draft.filters["priority"] = value.value

    def _times(self) -> None:
        if self._draft.intent in PROJECTS | {Intent.CREATE_PROJECT}:
            return
        if self._shift():
            return
        readings = [reading for where in ("when", "repeat", "remind") for reading in self._pointed(where)]
        unique = {(reading.start_char, reading.words): reading for reading in readings}
        timing = together(sorted(unique.values(), key=lambda reading: reading.start_char))
        if timing is None:
            return
        points = [reading for reading in timing.readings if reading.kind in {"point", "range"}]
        if self._draft.intent in MOVES and (len(points) > 1 or (self.proposed.filters and self.proposed.filters.when)):
            put_timing(self._draft, timing)
        else:
            utterance = self.clock.utterance
            add_times(
                self._draft,
                Scene(self._heard.text, self.warrant.lexicon, utterance.vocabulary, timing, utterance.said_at),
            )
        if timing.due is not None and not timing.due_has_time:
            self._take_time_of_turn(timing)

    def _shift(self) -> bool:
        """By how much it is moved, where our own engine reads that from the words that the model points at."""
        words = self.proposed.when
        found = self._finder.find("when", words, all_words=True) if words else None
        ours = next((one for one in self.warrant.local.commands if one.shift), None)
        if found is None or ours is None or self._draft.intent not in MOVES or self.turn is not None:
            return False
        said, pointed = (set(self.warrant.lexicon.words(text)) for text in (ours.said["shift"], found[0]))
        if said.isdisjoint(pointed):
            return False
        self._draft.put("shift", ours.shift, ours.said["shift"])
        return True

    def _take_time_of_turn(self, timing: Timing) -> None:
        if not self.proposed.same_time or self.turn is None:
            return
        moment = same_time(timing, self.turn, self.clock.utterance.said_at.tzinfo)
        if moment is not None:
            self._draft.values |= {"due": iso(moment), "due_has_time": True}
            self._draft.values.pop("end", None)
            self.result.is_carried_on = True

    def _pointed(self, where: str) -> list[TimeReading]:
        phrase = getattr(self.proposed, where)
        if not phrase or (found := self._finder.find(where, phrase, all_words=True)) is None:
            return []
        readings = self.clock.read(phrase, self.turn)
        wanted = {"repeat": "rrule", "remind": "remind"}.get(where, "start")
        if any(getattr(reading, wanted) for reading in readings):
            return readings
        if where == "remind" and any(reading.start for reading in readings):
            return readings
        self._unread(where, found[0])
        return readings

    def _unread(self, where: str, words: str) -> None:
        """What our reader cannot read as a time stays in the title of what is made, so that nothing said is lost."""
        self._finder.doubt(where, words, "cannot be read as a time")
        if self._draft.intent is Intent.CREATE_TASK and "title" in self._draft.values:
            self._draft.values["title"] = f"{self._draft.values['title']} {words}"[:TITLE_MAX_LENGTH]
        elif self._draft.intent in ASKS | MOVES:
            self._finder.problem(where, words, "cannot be read as a time, and nothing else says when")

    def _filters(self) -> None:
        chosen, filters = self.proposed.filters, self._draft.filters
        asks = self._draft.intent in ASKS
        if chosen is not None:
            filters |= {name: True for name in ("overdue", "all", "that") if getattr(chosen, name)}
            self._places(chosen.nth, chosen.first, chosen.last)
            self._old_place(chosen.when, chosen.project)
            spared = [
                found[0] for phrase in chosen.spared if (found := self._finder.find("spared", phrase, all_words=False))
            ]
            if spared:
                filters["except"] = spared
        status = chosen.status if chosen is not None else None
        if asks and "overdue" not in filters:
            filters["status"] = status or "open"
        elif status == "completed" and self._draft.intent is Intent.DELETE_TASK:
            filters["status"] = status
        self._share(asks=asks)

    def _places(self, nth: Sequence[int], first: int, last: int) -> None:
        for number in (*nth, *filter(None, (first, last))):
            if not self.warrant.names_place(number):
                self._finder.problem("filters", str(number), "is a number that was not said")
                return
        chosen = {"nth": sorted(set(nth)), "first": first, "last": last}
        self._draft.filters |= {name: value for name, value in chosen.items() if value}

    def _old_place(self, when: str | None, project: str | None) -> None:
        if when and (found := self._finder.find("filters.when", when, all_words=True)):
            old = together(self.clock.read(when, self.turn))
            if old is None or old.due is None:
                self._finder.problem("filters.when", when, "cannot be read as a day")
                return
            self._draft.filters |= {"from": day_of(old.due), "to": day_of(old.end or old.due)}
            self._draft.said["filters"] = found[0]
            self._stay_on_day(old.due)
        if project and (
            slot := self._finder.slot("filters.project", project, self.clock.utterance.vocabulary.projects)
        ):
            self._draft.filters["project"] = slot.value

    def _stay_on_day(self, old: dt.date) -> None:
        """As in "move the three o'clock meeting to four": a time alone is a time on the old day."""
        values = self._draft.values
        new = self.clock.read(self.proposed.when, self.turn) if self.proposed.when else []
        if "due" not in values or not values.get("due_has_time") or any(reading.has_date for reading in new):
            return
        day = old.date() if isinstance(old, dt.datetime) else old
        moment = dt.datetime.fromisoformat(values["due"])
        values["due"] = iso(moment.replace(year=day.year, month=day.month, day=day.day))

    def _share(self, *, asks: bool) -> None:
        """What a question or a command for many tells of the tasks selects them."""
        values, filters, intent = self._draft.values, self._draft.filters, self._draft.intent
        if "project" in values and intent not in PROJECTS | {Intent.CREATE_TASK, Intent.UPDATE_TASK}:
            filters.setdefault("project", values["project"])
        if "labels" in values and asks:
            filters["label"] = values["labels"][0]
        if "due" in values and intent not in MOVES | {Intent.CREATE_TASK}:
            filters |= {"from": values["due"][:10], "to": (values.get("end") or values["due"])[:10]}
