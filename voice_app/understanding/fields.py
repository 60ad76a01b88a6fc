"""From a clause and its intent to the commands with all their fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks_app.commands import Intent
from voice_app.types import Alternative, SpokenCommand, Vocabulary
from voice_app.understanding import slots, titles
from voice_app.understanding.clauses import Clause
from voice_app.understanding.dates import DateOrTime, TimeReading, Timing
from voice_app.understanding.lexicon import Lexicon, longest_match
from voice_app.understanding.names import best_name
from voice_app.understanding.units import FREE, PART, TIME, WRAPPING, Unit

CREATES = frozenset({Intent.CREATE_TASK, Intent.CREATE_PROJECT})
REFERS = frozenset(
    {
        Intent.COMPLETE_TASK, Intent.REOPEN_TASK, Intent.UPDATE_TASK, Intent.DELETE_TASK, Intent.ASSIGN_TASK,
        Intent.SNOOZE, Intent.LIST_TASKS, Intent.AGENDA,
    }
)  # fmt: skip
PROJECTS = frozenset({Intent.UPDATE_PROJECT, Intent.DELETE_PROJECT})
_VERBS = frozenset(
    {
        "add",
        "remind",
        "note",
        "new",
        "complete",
        "reopen",
        "delete",
        "change",
        "move",
        "rename",
        "snooze",
        "show",
        "assign",
        "ask",
        "doneas",
        "did",
        "notdone",
        PART,
        "undo",
        "wish",
        "have",
    }
)
UNSURE = 0.55
"""Below this an answer is asked back."""


@dataclass
class Draft:
    """The fields of one command while they are being found."""

    intent: Intent
    values: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    taken: list[Unit] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    filters: dict[str, Any] = field(default_factory=dict)
    alternatives: list[Alternative] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Fields whose names are none of the speaker's own."""

    def put(self, name: str, value: object, said: str) -> None:
        """Set a field and keep the words it came from."""
        self.values[name] = value
        self.said[name] = said

    def command(self) -> SpokenCommand:
        """The finished command."""
        return SpokenCommand(intent=self.intent, said=self.said, filters=self.filters or None, **self.values)


@dataclass(frozen=True)
class Scene:
    """What the fields of a clause depend on besides its words."""

    text: str
    lexicon: Lexicon
    vocabulary: Vocabulary
    timing: Timing | None
    said_at: dt.datetime


def iso(moment: DateOrTime) -> str:
    """A date or an aware datetime as it stands on the wire."""
    return moment.isoformat() if not isinstance(moment, dt.datetime) else moment.replace(microsecond=0).isoformat()


def build(clause: Clause, intent: Intent, scene: Scene) -> list[Draft]:
    """The commands of one clause: one, or as many as things are enumerated."""
    draft = Draft(intent)
    _time_fields(draft, clause, scene)
    if intent in {Intent.NONE, Intent.UNDO, Intent.CONFIRM, Intent.DENY, Intent.CANCEL, Intent.HELP, Intent.GREETING}:
        return [draft]
    _named_fields(draft, clause, scene)
    if intent in CREATES:
        return _created(draft, clause, scene)
    if intent in PROJECTS:
        return [_of_project(draft, clause, scene)]
    if intent is Intent.LIST_PROJECTS:
        return [draft]
    return _referring(draft, clause, scene)


def _time_fields(draft: Draft, clause: Clause, scene: Scene) -> None:
    timing = scene.timing
    if timing is None:
        return
    draft.spans += timing.spans
    readings = [reading for reading in timing.readings if reading.kind in {"point", "range"} and reading.start]
    if draft.intent in {Intent.UPDATE_TASK, Intent.SNOOZE} and _changed_time(draft, readings):
        return
    if timing.due is not None:
        draft.put("due", iso(timing.due), timing.words)
        draft.values["due_has_time"] = timing.due_has_time
        if timing.end is not None:
            draft.values["end"] = iso(timing.end)
    if timing.rrule:
        draft.put("rrule", timing.rrule, timing.words)
    if timing.remind:
        draft.put("remind", timing.remind, timing.words)
    for other in timing.alternatives:
        draft.alternatives.append(Alternative(field="due", value=iso(other.start), why=other.reason))


def _changed_time(draft: Draft, readings: Sequence[TimeReading]) -> bool:
    """ "Move the three o'clock meeting to four": the first time selects, the last one is new."""
    if len(readings) < 2:  # noqa: PLR2004 - an old time and a new one
        return False
    old, new = readings[0], readings[-1]
    if old.start is None or new.start is None:
        return False
    start = new.start
    if new.has_time and not new.has_date and isinstance(start, dt.datetime) and old.has_date:
        day = old.start.date() if isinstance(old.start, dt.datetime) else old.start
        start = start.replace(year=day.year, month=day.month, day=day.day)
    draft.put("due", iso(start), new.words)
    draft.values["due_has_time"] = new.has_time
    if new.end is not None:
        draft.values["end"] = iso(new.end)
    draft.filters |= {"from": iso(old.start), "to": iso(old.end or old.start)}
    draft.said["filters"] = old.words
    return True


def _named_fields(draft: Draft, clause: Clause, scene: Scene) -> None:
    priority = slots.find_priority(clause, scene.text, scene.lexicon)
    if priority is not None and draft.intent is not Intent.CREATE_PROJECT:
        value, said, span = priority
        draft.spans.append(span)
        if draft.intent in {Intent.CREATE_TASK, Intent.UPDATE_TASK}:
            draft.put("priority", value, said)
        else:
            draft.filters["priority"] = value.value
    for slot in slots.find_labels(clause, scene.text, scene.vocabulary):
        draft.put("labels", (*draft.values.get("labels", ()), slot.value), slot.said)
        draft.taken += slot.units
    if draft.intent in {Intent.CREATE_PROJECT, *PROJECTS}:
        return
    bare = (
        draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}
        or (any(unit.tag == "list" for unit in clause.units[:3])
        and draft.intent is not Intent.CREATE_TASK)
    )
    project = slots.find_project(clause, scene.text, scene.lexicon, scene.vocabulary, bare=bare)
    if project is not None:
        draft.taken += project.units
        if project.value:
            draft.put("project", project.value, project.said)
            _offer(draft, "project", project)


def _offer(draft: Draft, name: str, slot: slots.Slot) -> None:
    if slot.known:
        return
    draft.unknown.append(name)
    draft.alternatives += [Alternative(field=name, value=near, why="a name that sounds alike") for near in slot.near]


def _frame_units(clause: Clause, *, keep: frozenset[str] = frozenset()) -> list[Unit]:
    """Units that only carry the command: verbs, their particles, polite words, and what joins them on."""
    found = titles.edge_units(clause.units)
    for unit in clause.units:
        if unit.tag in {"filler", "thanks", TIME, PART} or (
            unit.tag in _VERBS - keep and (unit.leads or unit.tag in {"doneas", "notdone", "did"})
        ):
            found.append(unit)
    return found


def _created(draft: Draft, clause: Clause, scene: Scene) -> list[Draft]:
    verb = next((unit for unit in clause.units if unit.tag not in WRAPPING), None)
    keeps_verb = clause.inherits in {"remind", "wish", "act"} and verb is not None and "act" in verb.tags
    taken = [*draft.taken]
    if keeps_verb and verb is not None:
        taken += [unit for unit in _frame_units(clause) if unit is not verb]
    else:
        taken += _frame_units(clause)
        taken += _schedule_verb(clause)
    taken += _nouns_of_creation(clause, taken)
    title = titles.rest_of(clause, scene.text, taken, draft.spans, scene.lexicon)
    title = title or _event_title(clause, scene)
    if draft.intent is Intent.CREATE_PROJECT:
        return [_new_project(draft, clause, scene, title)]
    listed = "project" in draft.values or (verb is not None and verb.tag == "add")
    starts_with_verb = keeps_verb or _starts_with_act(title, scene.lexicon)
    items = [title] if starts_with_verb else titles.items_of(title, scene.lexicon, listed=listed)
    drafts = []
    for item in items:
        one = Draft(
            draft.intent,
            dict(draft.values),
            dict(draft.said),
            filters=dict(draft.filters),
            alternatives=draft.alternatives,
            unknown=draft.unknown,
        )
        if item:
            one.put("title", item, item)
        drafts.append(one)
    return drafts


def _starts_with_act(title: str, lexicon: Lexicon) -> bool:
    words = lexicon.words(title)
    nodes = lexicon.phrases.step(words[0]) if words else []
    return any("act" in node.tags for node in nodes)


def _schedule_verb(clause: Clause) -> list[Unit]:
    """ "Schedule a meeting" is titled "meeting", but "book a table" keeps its verb."""
    for index, unit in enumerate(clause.units):
        if unit.tag == "schedule" and unit.leads:
            rest = [other for other in clause.units[index + 1 :] if other.tag not in {"det", "my", *WRAPPING}]
            plain = (
                "act" not in unit.tags
                or not rest
                or any(other.tag in {"event", "task", "cal", "events"} for other in rest)
            )
            return [unit] if plain else []
    return []


def _nouns_of_creation(clause: Clause, taken: Sequence[Unit]) -> list[Unit]:
    """ "A new task called", "to my calendar": nouns that say what is made and not what it is about."""
    found: list[Unit] = []
    units = clause.units
    started = False
    for index, unit in enumerate(units):
        if unit in taken:
            started = True
            continue
        if started and unit.tag in {"det", "new", "my", "for"} and index + 1 < len(units):
            continue
        if unit.tag in {"task", "tasks"} and all(
            other in taken or other.tag in {"det", "new", "my", "left", TIME, "high"} for other in units[:index]
        ):
            found.append(unit)
            found += [other for other in units[:index] if other.tag in {"det", "new", "my"}]
        break
    for index, unit in enumerate(units):
        if unit.tag == "cal" and index and units[index - 1].tag in {"into", "for", "from", "my"}:
            begin = index - 1
            while (
                begin
                and units[begin].tag in {"my", "det", FREE}
                and units[begin - 1].tag in {"into", "for", "my", "det"}
            ):
                begin -= 1
            found += units[begin : index + 1]
    return found


def _event_title(clause: Clause, scene: Scene) -> str:
    noun = next((unit for unit in clause.units if unit.tag == "event"), None)
    return slots.words_between(clause, scene.text, [noun]) if noun is not None else ""


def _new_project(draft: Draft, clause: Clause, scene: Scene, title: str) -> Draft:
    named = slots.find_project(clause, scene.text, scene.lexicon, Vocabulary(), bare=True)
    name = named.value if named is not None else title
    if name:
        draft.put("title", name, name)
    return draft


def _of_project(draft: Draft, clause: Clause, scene: Scene) -> Draft:
    named = slots.find_project(clause, scene.text, scene.lexicon, scene.vocabulary, bare=True)
    if draft.intent is Intent.UPDATE_PROJECT:
        return _renamed(draft, clause, scene, named)
    if named is not None and named.value:
        draft.put("project", named.value, named.said)
        _offer(draft, "project", named)
    elif not any(unit.tag == "lists" for unit in clause.units):
        rest = titles.rest_of(
            clause,
            scene.text,
            [*_frame_units(clause), *(u for u in clause.units if u.tag == "list")],
            draft.spans,
            scene.lexicon,
        )
        if rest:
            draft.put("project", rest, rest)
    return draft


def _renamed(draft: Draft, clause: Clause, scene: Scene, named: slots.Slot | None) -> Draft:
    """ "Rename the work list to office": the last preposition parts the old name from the new one."""
    units = clause.units
    place = next(
        (i for i in range(len(units) - 1, 0, -1) if units[i].tag in slots.PLACES or units[i].tag == "by"), None
    )
    if place is not None and units[place + 1 :]:
        new = slots.words_between(clause, scene.text, units[place + 1 :])
        draft.put("title", titles.trimmed(new, scene.lexicon) or new, new)
        old = Clause(clause.start, clause.end, clause.tokens, units[:place], clause.inherits)
        named = slots.find_project(old, scene.text, scene.lexicon, scene.vocabulary, bare=True)
        if draft.intent is Intent.UPDATE_TASK:
            rest = titles.rest_of(
                Clause(clause.start, clause.tokens[units[place].first].start, clause.tokens, units[:place]),
                scene.text,
                _frame_units(old),
                (),
                scene.lexicon,
            )
            draft.put("task", rest, rest)
            return draft
    if named is not None and named.value:
        draft.put("project", named.value, named.said)
        _offer(draft, "project", named)
    return draft


def _referring(draft: Draft, clause: Clause, scene: Scene) -> list[Draft]:
    """Fields of commands on tasks that exist already, and of questions about them."""
    if draft.intent is Intent.UPDATE_TASK and any(unit.tag == "rename" for unit in clause.units):
        return [_renamed(draft, clause, scene, None)]
    if draft.intent is Intent.ASSIGN_TASK:
        person = slots.find_person(clause, scene.text, scene.vocabulary, frozenset({"into", "for"}))
        if person is not None:
            draft.put("assignee", person.value, person.said)
            draft.taken += person.units
            _offer(draft, "assignee", person)
    _selection(draft, clause, scene)
    phrase = _reference(draft, clause, scene)
    if draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}:
        if phrase:
            draft.filters["text"] = phrase
        return [draft]
    if not phrase:
        return [draft]
    if draft.filters.keys() & {"nth", "last", "first", "that"}:
        draft.put("task", phrase, phrase)
        return [draft]
    known = best_name(phrase, scene.vocabulary.tasks) is not None
    several = draft.intent in {Intent.COMPLETE_TASK, Intent.DELETE_TASK, Intent.REOPEN_TASK} and not known
    drafts = []
    for item in titles.items_of(phrase, scene.lexicon, listed=several) if several else [phrase]:
        one = Draft(
            draft.intent,
            dict(draft.values),
            dict(draft.said),
            filters=dict(draft.filters),
            alternatives=draft.alternatives,
            unknown=draft.unknown,
        )
        one.put("task", item, item)
        drafts.append(one)
    return drafts


def _reference(draft: Draft, clause: Clause, scene: Scene) -> str:
    """The phrase for an existing task: "the dentist thing", "the second one", "it"; empty when a filter says it all."""
    plain = (
        {"tasks", "cal", "events"} if draft.filters or draft.intent in {Intent.LIST_TASKS, Intent.AGENDA} else {"cal"}
    )
    taken = [*draft.taken, *_frame_units(clause)]
    taken += [unit for unit in clause.units if unit.tag in plain | {"left", "busy", "day", "prog"}]
    if draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}:
        taken += [
            unit
            for unit in clause.units
            if unit.tag
            in {
                "list",
                "task",
                "event",
                "have",
                "all",
                "pron",
                "doneas",
                "did",
                "lists",
                "high",
                "ask",
                "askdid",
                "show",
            }
        ]
        taken += [
            unit
            for before, unit in zip(clause.units, clause.units[1:], strict=False)
            if before.tag == "askdid" and unit.tag == "act"
        ]
    if draft.filters.get("all"):
        taken += [unit for unit in clause.units if unit.tag == "all"]
    pointed = any(unit.tag in {"ord", "pron"} for unit in clause.units)
    if pointed and draft.intent not in {Intent.LIST_TASKS, Intent.AGENDA}:
        return _pointed_phrase(clause, scene, taken, draft)
    rest = titles.rest_of(clause, scene.text, [*taken, *_task_nouns(clause)], draft.spans, scene.lexicon)
    if rest or draft.filters:
        return rest
    noun = [unit for unit in clause.units if unit.tag in {"task", "event", "pron", "cal"}]
    return slots.words_between(clause, scene.text, noun[:1])


def _task_nouns(clause: Clause) -> list[Unit]:
    """ "The task" before a name; behind one ("the dentist thing") it is part of the phrase."""
    for index, unit in enumerate(clause.units):
        if unit.tag in {"task", "tasks"} and not any(u.tag in {FREE, "event", "act"} for u in clause.units[:index]):
            return [unit]
        if unit.tag in {FREE, "event", "act"} and not unit.leads:
            return []
    return []


def _pointed_phrase(clause: Clause, scene: Scene, taken: Sequence[Unit], draft: Draft) -> str:
    kept = [
        unit
        for unit in clause.units
        if unit not in taken and not any(s <= clause.tokens[unit.first].start < e for s, e in draft.spans)
    ]
    while kept and kept[-1].tag in {*slots.PLACES, "and", "by", "mark", "det", "my"}:
        kept.pop()
    while kept and kept[0].tag in {*slots.PLACES, "and", "by", "mark"}:
        kept = kept[1:]
    return slots.words_between(clause, scene.text, kept)


def _selection(draft: Draft, clause: Clause, scene: Scene) -> None:
    """What a question or a bulk command selects."""
    tags = slots.filter_tags(clause, scene.lexicon)
    asks = draft.intent in {Intent.LIST_TASKS, Intent.AGENDA}
    if "overdue" in tags:
        draft.filters["overdue"] = True
    elif asks:
        draft.filters["status"] = "completed" if "done" in tags and "open" not in tags else "open"
    plural = any(unit.tag in {"tasks", "events", "all"} for unit in clause.units)
    if not asks:
        draft.filters |= _position(clause, scene.lexicon)
        if not draft.filters.keys() & {"nth", "last", "first"} and ("all" in tags or (plural and _is_whole(clause))):
            draft.filters["all"] = True
    if "project" in draft.values and (asks or draft.intent is not Intent.UPDATE_TASK):
        draft.filters["project"] = draft.values["project"]
    if "labels" in draft.values and asks:
        draft.filters["label"] = draft.values["labels"][0]
    if "due" in draft.values and draft.intent not in {Intent.UPDATE_TASK, Intent.SNOOZE}:
        draft.filters |= {"from": draft.values["due"], "to": draft.values.get("end") or draft.values["due"]}


def _is_whole(clause: Clause) -> bool:
    return not any(unit.tag in {FREE, "event", "act"} and not unit.leads for unit in clause.units)


def _position(clause: Clause, lexicon: Lexicon) -> dict[str, Any]:
    """A place in what was shown: "the second one", "the last two", "that"."""
    content = [unit for unit in clause.units if unit.tag in {FREE, "event", "act"} and not unit.leads]
    found: dict[str, Any] = {}
    places = list[int]()
    for index, unit in enumerate(clause.units):
        if unit.tag == "ord" and not content:
            number = _number(clause, unit, lexicon, "ordinals")
            after = clause.units[index + 1] if index + 1 < len(clause.units) else None
            count = _number(clause, after, lexicon, "counts") if after is not None else None
            if number is None:
                found["last"] = count or 1
            elif count:
                found["first"] = count
            else:
                places.append(number)
        elif (
            unit.tag == "num"
            and index
            and clause.units[index - 1].tag in {"task", "tasks", "and", "mark"}
            and not content
        ):
            places += [
                int(word)
                for word in [clause.tokens[unit.first].norm]
                if word.isdigit() and any(u.tag in {"task", "tasks"} for u in clause.units[:index])
            ]
        elif (
            unit.tag == "pron"
            and not content
            and not any(other.tag in {"ord", "task", "event"} for other in clause.units)
        ):
            found["that"] = True
    if places:
        found["nth"] = places
    elif not found and not content and _lead_tag(clause) == "snooze":
        found["that"] = True
    return found


def _lead_tag(clause: Clause) -> str:
    return next((unit.tag for unit in clause.units if unit.tag not in WRAPPING), "")


def _number(clause: Clause, unit: Unit, lexicon: Lexicon, table: str) -> int | None:
    words = [token.norm for token in clause.tokens[unit.first : unit.last]]
    if unit.tag == "num":
        return int(words[0]) if words[0].isdigit() else None
    end, tags = longest_match(lexicon.tables[table], words, 0)
    return int(tags[0]) if end == len(words) else None
