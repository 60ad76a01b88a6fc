"""Which intent a clause has: whole phrases first, clear frames next, the statistical model for doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks_app.intents import Intent
from voice_app.understanding.clauses import Clause
from voice_app.understanding.evidence import evidence_of
from voice_app.understanding.frames import FrameReading, read_frame
from voice_app.understanding.lexicon import Lexicon, longest_match, whole_match
from voice_app.understanding.model import Guess, load_model
from voice_app.understanding.text import Token

WHOLE_CONFIDENCE = 0.98
CONTINUED_CONFIDENCE = 0.9
LEAST = 0.55
"""Below this nothing is done: the utterance counts as not about tasks."""
NOTEWORTHY = 0.25
"""From here on the second best intent is offered beside the answer."""
_LONGEST_WHOLE = 9


@dataclass(frozen=True, slots=True)
class Decision:
    """An intent, why, and how sure: of all decisions with 0.9, nine in ten are right."""

    intent: Intent
    why: str
    confidence: float
    second: Intent | None = None
    """The next best, when it is not far behind."""
    second_why: str = ""


def decide_whole(tokens: Sequence[Token], lexicon: Lexicon) -> Decision | None:
    """The intent of an utterance that is, from first to last word, a set phrase; None when it is not."""
    words = [token.norm for token in tokens if not token.is_mark]
    if not words or len(words) > _LONGEST_WHOLE:
        return None
    intents = whole_match(lexicon.whole, words)
    if not intents:
        bare = _bare(words, lexicon)
        intents = whole_match(lexicon.whole, bare) if len(bare) < len(words) else intents
    if not intents:
        return None
    return Decision(Intent(min(intents, key=lexicon.whole_order.index)), "set phrase", WHOLE_CONFIDENCE)


def _bare(words: list[str], lexicon: Lexicon) -> list[str]:
    """The words without polite ones and sounds of hesitation at either end."""
    place = 0
    while place < len(words):
        end, tags = longest_match(lexicon.phrases, words, place)
        if end == place or not {"wrap", "filler", "thanks"} & set(tags):
            break
        place = end
    last = len(words)
    while last > place and {"wrap", "filler"} & set(longest_match(lexicon.phrases, words[:last], last - 1)[1]):
        last -= 1
    return words[place:last]


_GOES_ON = {
    **dict.fromkeys(("remind", "wish", "act", "add", "have", "schedule", "event", "x"), Intent.CREATE_TASK),
    **dict.fromkeys(("move", "change"), Intent.UPDATE_TASK),
    "delete": Intent.DELETE_TASK,
    "complete": Intent.COMPLETE_TASK,
    "assign": Intent.ASSIGN_TASK,
}


def decide(clause: Clause, line: str) -> Decision:
    """The intent of a clause, from the line of its tags and, where there is a model, from its words."""
    intent = _GOES_ON.get(clause.inherits or "")
    if intent is not None:
        return Decision(intent, f"goes on with {clause.inherits}", CONTINUED_CONFIDENCE)
    frame = read_frame(line)
    model = load_model()
    if model is None:
        return Decision(frame.intent, f"frame: {frame.name}", frame.sure)
    guess = model.guess(evidence_of(clause, line, frame.name), frame)
    return _weighed(guess, frame)


def _weighed(guess: Guess, frame: FrameReading) -> Decision:
    """The guess, unless it is too weak for a command; what comes second is told where it may be right."""
    why = f"frame: {frame.name}" if guess.intent is frame.intent else f"words, against frame: {frame.name}"
    if guess.intent is not Intent.NONE and guess.confidence < LEAST:
        return Decision(Intent.NONE, f"too unsure, {why}", guess.confidence, guess.intent, why)
    second = guess.second if guess.second_confidence >= NOTEWORTHY else None
    return Decision(guess.intent, why, guess.confidence, second, "nearly as likely" if second else "")
