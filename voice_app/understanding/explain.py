"""What each word of an utterance did, in lines a person can read."""

from __future__ import annotations

from collections.abc import Iterator

from voice_app.types import Understanding, Utterance
from voice_app.understanding.engine import ClauseTrace, Trace, traced

_MEANINGS = {
    "x": "own words", "time": "time", "num": "number", "wrap": "polite, left out", "filler": "filler, left out",
    "and": "joins", "repair": "takes back", "det": "article", "my": "whose", "into": "where to", "from": "where from",
    "for": "joins on", "mark": "mark", "part": "end of the verb", "list": "a list", "task": "a task",
    "event": "an event",
    "world": "not about tasks", "act": "something to do", "wish": "wish", "ask": "question", "show": "question",
}  # fmt: skip


def explain(utterance: Utterance) -> str:
    """The way from words to commands, clause by clause."""
    result, trace = traced(utterance)
    return "\n".join(_lines(utterance, result, trace))


def _lines(utterance: Utterance, result: Understanding, trace: Trace) -> Iterator[str]:
    given = "given" if utterance.language else "found"
    yield f"language: {trace.language} ({given})"
    if trace.text != utterance.text:
        yield f"read as:  {' '.join(trace.text.split())}"
    for number, part in enumerate(trace.parts, start=1):
        yield f"clause {number}: {_said(trace, part)}"
        yield from _words(trace, part)
        yield f"  intent {part.decision.intent.value} ({part.decision.why}, confidence {part.decision.confidence:.2f})"
        if part.timing is not None and part.timing.explanation:
            yield f"  time: {part.timing.explanation}"
        for draft in part.drafts:
            for name, value in draft.values.items():
                said = draft.said.get(name)
                yield f"  {name} = {value}" + (f'   from "{said}"' if said else "")
            if draft.filters:
                yield f"  filters = {draft.filters}"
    yield f"confidence {result.confidence}" + (f", needs {result.needs}" if result.needs else "")


def _said(trace: Trace, part: ClauseTrace) -> str:
    return " ".join(trace.text[part.clause.start : part.clause.end].split())


def _words(trace: Trace, part: ClauseTrace) -> Iterator[str]:
    for unit in part.clause.units:
        first, last = part.clause.tokens[unit.first], part.clause.tokens[unit.last - 1]
        words = " ".join(trace.text[first.start : last.end].split())
        meaning = _MEANINGS.get(unit.tag, f"command: {unit.tag}" if unit.leads else unit.tag)
        yield f"  {words:<28} {meaning}"
