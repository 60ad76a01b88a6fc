"""The local engine: from an utterance to what it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tasks_app.intents import Intent
from voice_app.types import Alternative, SpokenCommand, Understanding, Utterance
from voice_app.understanding import clauses, navigation, titles
from voice_app.understanding.clauses import Clause
from voice_app.understanding.dates import TimeReading, Timing, find_times
from voice_app.understanding.dates.timing import combine_readings
from voice_app.understanding.decide import CONTINUED_CONFIDENCE, Decision, decide, decide_whole
from voice_app.understanding.doubts import missing
from voice_app.understanding.drafts import PROJECTS, Draft, Scene, iso
from voice_app.understanding.fields import build
from voice_app.understanding.follow_ups import find_follow_up
from voice_app.understanding.language import base_code, detect_language
from voice_app.understanding.lexicon import Lexicon, load_lexicon
from voice_app.understanding.offers import offered
from voice_app.understanding.places import without_places
from voice_app.understanding.recalled import LISTS
from voice_app.understanding.text import MAX_CHARACTERS, Token, tokenise
from voice_app.understanding.units import TIME, WRAPPING, Seen, Unit, symbols, tag_units

ENGINE = "local"
_MAKES = frozenset({"new", "schedule", "add", "act"})
LOST_CONFIDENCE = 0.6
"""At most so sure is an answer that leaves out a clause with words of the speaker's own."""
_TIMES: tuple[str, ...] = ("due", "due_has_time", "end", "rrule")


@dataclass(frozen=True)
class ClauseTrace:
    """How one clause was understood, for the explanation."""

    clause: Clause
    decision: Decision
    timing: Timing | None
    drafts: tuple[Draft, ...]


@dataclass
class Trace:
    """How an utterance was understood."""

    language: str
    lexicon: Lexicon
    text: str
    """The text with fillers and what was taken back made blank."""
    tokens: Sequence[Token] = ()
    times: Sequence[TimeReading] = ()
    parts: list[ClauseTrace] = field(default_factory=list)
    loses: bool = False
    """Whether a clause was left out that may have meant something."""
    continues: bool = False
    """Whether it carries on what was said before, so that the parts tell what it would be by itself."""


def interpret(utterance: Utterance) -> Understanding:
    """What an utterance means; never raises, whatever the text.

    Args:
        utterance: A text, with the moment and zone in which it was said and the speaker's own names.
    """
    return traced(utterance)[0]


def traced(utterance: Utterance) -> tuple[Understanding, Trace]:
    """The same as :func:`interpret`, with the way there."""
    text = utterance.text[:MAX_CHARACTERS]
    language = base_code(utterance.language) or detect_language(text)
    lexicon = load_lexicon(language)
    tokens = tokenise(text, split_apostrophes=lexicon.split_apostrophes)
    trace = Trace(language, lexicon, text, tokens)
    whole = decide_whole(tokens, lexicon)
    if utterance.conversation and (whole is None or whole.intent in LISTS):
        continued = find_follow_up(utterance, lexicon, _alone(utterance, language))
        if continued is not None:
            trace.continues = True
            _interpret_clauses(trace, utterance)
            found = continued.commands, continued.confidence, continued.needs
            return _understanding(utterance, language, *found), trace
    if whole is not None and whole.intent is not Intent.LIST_TASKS:
        command = _plain(whole.intent, text, utterance, language)
        trace.parts.append(ClauseTrace(Clause(0, len(text), tuple(tokens), ()), whole, None, ()))
        return _understanding(utterance, language, [command], whole.confidence, None), trace
    _interpret_clauses(trace, utterance)
    commands = [draft.command() for part in trace.parts for draft in part.drafts]
    confidence = min((part.decision.confidence for part in trace.parts), default=0.9)
    confidence = min(confidence, LOST_CONFIDENCE) if trace.loses else confidence
    result = _understanding(
        utterance,
        language,
        commands,
        confidence,
        missing([(draft, part.decision.confidence) for part in trace.parts for draft in part.drafts]),
        _alternatives(trace),
    )
    return result, trace


def _alone(utterance: Utterance, language: str) -> Callable[[str], Understanding]:
    """Understands texts as the utterance is, without what was said before."""
    return lambda text: interpret(replace(utterance, text=text, language=language, conversation=()))


def _plain(intent: Intent, text: str, utterance: Utterance, language: str) -> SpokenCommand:
    """A command that is a whole utterance; only a snooze or an agenda may still hold a time."""
    if intent not in {Intent.SNOOZE, Intent.AGENDA}:
        return SpokenCommand(intent=intent)
    timing = _timing(_times(text, utterance, _language_of_times(utterance, language)), 0, len(text))
    if timing is None or timing.due is None:
        return SpokenCommand(intent=intent)
    due = iso(timing.due)
    chosen = {"from": due, "to": due} if intent is Intent.AGENDA else None
    return SpokenCommand(
        intent=intent, due=due, due_has_time=timing.due_has_time, filters=chosen, said={"due": timing.words}
    )


def _language_of_times(utterance: Utterance, language: str) -> str:
    """The language that was named, even when only its times are known here; else the one that was found."""
    return (utterance.language or language).replace("_", "-").split("-", maxsplit=1)[0].lower()


def _times(text: str, utterance: Utterance, language: str) -> list[TimeReading]:
    return find_times(
        text, language, utterance.said_at, locale=utterance.locale, week_starts_on=utterance.week_starts_on
    )


def _timing(found: Sequence[TimeReading], start: int, end: int) -> Timing | None:
    """What was read in a stretch of the text, put together."""
    inside = [reading for reading in found if reading.end_char > start and reading.start_char < end]
    return combine_readings(inside) if inside else None


def read_clauses(utterance: Utterance) -> tuple[Decision | None, list[Clause]]:
    """What the statistical model learns from: the clauses of an utterance, and its intent if it is a set phrase."""
    text = utterance.text[:MAX_CHARACTERS]
    language = base_code(utterance.language) or detect_language(text)
    lexicon = load_lexicon(language)
    tokens = tokenise(text, split_apostrophes=lexicon.split_apostrophes)
    return decide_whole(tokens, lexicon), _mend(Trace(language, lexicon, text, tokens), utterance)


def _mend(trace: Trace, utterance: Utterance) -> list[Clause]:
    """Take out fillers, make repairs, read the times and cut."""
    lexicon, split = trace.lexicon, trace.lexicon.split_apostrophes
    tokens, seen = trace.tokens, Seen()
    units = tag_units(tokens, lexicon, (), seen=seen)
    text = clauses.without_fillers(trace.text, tokens, units, lexicon)
    if text != trace.text:
        tokens, seen = tokenise(text, split_apostrophes=split), Seen()
        units = tag_units(tokens, lexicon, (), seen=seen)
    times = _times(without_places(text, tokens, units), utterance, _language_of_times(utterance, trace.language))
    if any(unit.tag == "repair" for unit in units):
        text = clauses.repaired(text, tokens, lexicon, _spans(times))
        tokens, seen = tokenise(text, split_apostrophes=split), Seen()
        units = tag_units(tokens, lexicon, (), seen=seen)
        times = _times(without_places(text, tokens, units), utterance, _language_of_times(utterance, trace.language))
    trace.text, trace.tokens, trace.times = text, tokens, times
    named = navigation.own_list_first(tokens, utterance.vocabulary.projects)
    if named:
        under_it = tag_units(tokens, lexicon, _spans(times), named=named, seen=seen)
        if len(under_it) > 1 and under_it[1].leads and under_it[1].tag in clauses.COMMANDS:
            return clauses.cut(tokens, under_it)
    return clauses.cut(tokens, tag_units(tokens, lexicon, _spans(times), seen=seen) if times else units)


def _spans(times: Sequence[TimeReading]) -> tuple[tuple[int, int], ...]:
    return tuple((reading.start_char, reading.end_char) for reading in times)


def _interpret_clauses(trace: Trace, utterance: Utterance) -> None:
    found = _mend(trace, utterance)
    for clause in found:
        timing = _timing(trace.times, clause.start, clause.end)
        decision = (_set_phrase(clause, trace.lexicon) if len(found) > 1 else None) or decide(
            clause, symbols(clause.units)
        )
        part = clause
        if _names_only(clause, decision.intent):
            timing, part = None, clauses.without_times(clause, trace.lexicon)
        scene = Scene(trace.text, trace.lexicon, utterance.vocabulary, timing, utterance.said_at)
        decision, drafts = (offered(part, decision, scene) if len(found) == 1 else None) or (
            decision,
            build(part, decision.intent, scene),
        )
        trace.parts.append(ClauseTrace(part, decision, timing, tuple(drafts)))
    _take_up_titles(trace)
    _share_times(trace.parts)
    _share_days(trace.parts)
    _drop_empty(trace)


def _set_phrase(clause: Clause, lexicon: Lexicon) -> Decision | None:
    """What a clause means that is a known phrase from end to end: "finished the report, what's next"."""
    whole = decide_whole(clause.tokens, lexicon)
    return whole if whole is not None and whole.intent in {*LISTS, Intent.UNDO} else None


def _take_up_titles(trace: Trace) -> None:
    """As in "cancel the meeting on Friday and create a new one for Monday": what is made is like what was named."""
    for place in range(1, len(trace.parts)):
        before, part = trace.parts[place - 1 : place + 1]
        named = before.drafts[-1].values.get("task") if before.drafts else None
        if not named or before.drafts[-1].filters.get("that") or part.clause.inherits:
            continue
        lead = next((unit for unit in part.clause.units if unit.tag not in WRAPPING), None)
        if lead is None or lead.tag not in _MAKES or not _says_another(part, lead, trace):
            continue
        draft = part.drafts[0] if part.drafts else Draft(Intent.CREATE_TASK)
        draft.intent = Intent.CREATE_TASK
        draft.put("title", named, named)
        decision = Decision(Intent.CREATE_TASK, "another of what was named", CONTINUED_CONFIDENCE)
        trace.parts[place] = replace(part, decision=decision, drafts=(draft,))


def _says_another(part: ClauseTrace, lead: Unit, trace: Trace) -> bool:
    """Whether all that is said behind a verb, but for the time, only points back ("a new one")."""
    if part.drafts and part.timing is None and "title" not in part.drafts[0].values:
        return False
    behind = [unit for unit in part.clause.units if unit.first >= lead.last and unit.tag != TIME]
    words = " ".join(part.clause.tokens[place].norm for unit in behind for place in range(unit.first, unit.last))
    return bool(words) and not titles.trimmed(words, trace.lexicon)


def _names_only(clause: Clause, intent: Intent) -> bool:
    """Whether what sounds like a time is a name: "rename the report to annual report", "new list Christmas"."""
    lead = next((unit for unit in clause.units if unit.leads and unit.tag not in WRAPPING), None)
    renames = lead is not None and lead.tag == "rename"
    return intent in PROJECTS or intent is Intent.CREATE_PROJECT or renames


def _share_times(parts: list[ClauseTrace]) -> None:
    """As in "call mum and buy milk tomorrow", "tomorrow call mum and buy milk": one time for both."""
    for index, part in enumerate(parts):
        if part.timing is not None or part.decision.intent is not Intent.CREATE_TASK:
            continue
        source = _time_source(parts, index)
        if source is None:
            continue
        given = source.drafts[0]
        shared = {name: given.values[name] for name in _TIMES if name in given.values}
        for draft in part.drafts:
            draft.values.update(shared)
            draft.said |= {name: given.said[name] for name in ("due", "rrule") if name in given.said}


def _share_days(parts: list[ClauseTrace]) -> None:
    """As in "tomorrow at nine dentist, at eleven yoga": a time of day without a day follows the day before it."""
    day: dt.date | None = None
    for part in parts:
        timing = part.timing
        if timing is None or timing.due is None or part.decision.intent is not Intent.CREATE_TASK:
            continue
        if not isinstance(timing.due, dt.datetime) or any(reading.has_date for reading in timing.readings):
            day = timing.due.date() if isinstance(timing.due, dt.datetime) else timing.due
        elif day is not None and part.clause.inherits:
            moved = timing.due.replace(year=day.year, month=day.month, day=day.day)
            for draft in part.drafts:
                draft.values["due"] = iso(moved)


def _time_source(parts: list[ClauseTrace], index: int) -> ClauseTrace | None:
    creates = Intent.CREATE_TASK
    if index + 1 < len(parts) and parts[index + 1].clause.inherits:
        later = parts[index + 1 :]
        last = next((p for p in later if p.timing is not None), None)
        if last is not None and last.decision.intent is creates and last.clause.tokens and _ends_with_time(last):
            return last
    if parts[index].clause.inherits and index:
        before = parts[0]
        if before.timing is not None and before.decision.intent is creates and _begins_with_time(before):
            return before
    return None


def _ends_with_time(part: ClauseTrace) -> bool:
    return bool(part.clause.units) and part.clause.units[-1].tag == "time"


def _begins_with_time(part: ClauseTrace) -> bool:
    lead = [unit.tag for unit in part.clause.units if unit.tag not in {"wrap", "filler", "and", "mark"}]
    return lead[:1] == ["time"] or lead[:2] == ["remind", "time"]


def _drop_empty(trace: Trace) -> None:
    """A clause that is nothing ("thanks") beside one that is something does not count."""
    if len(trace.parts) > 1:
        meant = [part for part in trace.parts if part.decision.intent is not Intent.NONE]
        meant = [part for part, before in zip(meant, [None, *meant], strict=False) if not _repeats(part, before)]
        left_out = [part for part in trace.parts if all(part is not other for other in meant)]
        trace.loses = bool(meant) and any(_says_something(part) for part in left_out)
        trace.parts = meant or trace.parts[:1]


def _says_something(part: ClauseTrace) -> bool:
    """Whether a clause that means nothing here holds words of the speaker's own, or a verb of command."""
    own = part.decision.intent is Intent.NONE and part.decision.why != "set phrase"
    return own and sum(unit.last - unit.first for unit in part.clause.units if unit.tag not in WRAPPING) > 1


def _repeats(part: ClauseTrace, before: ClauseTrace | None) -> bool:
    """As in "find my next event and delete it", when the first half is read as deleting already."""
    return (
        before is not None
        and part.decision.intent is before.decision.intent
        and part.decision.intent is not Intent.CREATE_TASK
        and all(draft.filters == {"that": True} for draft in part.drafts)
    )


def _alternatives(trace: Trace) -> list[Alternative]:
    found = [other for part in trace.parts for draft in part.drafts[:1] for other in draft.alternatives]
    decisions = [part.decision for part in trace.parts]
    return found + [
        Alternative(field="intent", value=decision.second.value, why=decision.second_why)
        for decision in decisions
        if decision.second is not None
    ]


def _understanding(
    utterance: Utterance,
    language: str,
    commands: Sequence[SpokenCommand],
    confidence: float,
    needs: str | None,
    alternatives: Sequence[Alternative] = (),
) -> Understanding:
    return Understanding(
        text=utterance.text,
        language=language,
        engine=ENGINE,
        confidence=round(min(1.0, max(0.0, confidence)), 3),
        needs=needs,
        commands=tuple(commands) or (SpokenCommand(intent=Intent.NONE),),
        alternatives=tuple(alternatives),
    )
