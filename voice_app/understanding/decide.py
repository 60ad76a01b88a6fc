"""Which intent a clause has: whole phrases first, clear frames next, the statistical model for doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks_app.commands import Intent
from voice_app.understanding.clauses import Clause
from voice_app.understanding.frames import read_frame
from voice_app.understanding.lexicon import Lexicon, longest_match, whole_match
from voice_app.understanding.text import Token

WHOLE_CONFIDENCE = 0.98
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
    for attempt in (words, _bare(words, lexicon)):
        for intent, root in lexicon.whole.items():
            if attempt and whole_match(root, attempt):
                return Decision(Intent(intent), "set phrase", WHOLE_CONFIDENCE)
    return None


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


def decide(clause: Clause, lexicon: Lexicon, line: str) -> Decision:  # noqa: ARG001 - the model will ask
    """The intent of a clause from the line of its tags."""
    if clause.inherits in {"remind", "wish", "act", "add", "have", "schedule", "x"}:
        return Decision(Intent.CREATE_TASK, f"goes on with {clause.inherits}", 0.85)
    if clause.inherits in {"move", "change"}:
        return Decision(Intent.UPDATE_TASK, f"goes on with {clause.inherits}", 0.85)
    if clause.inherits in {"delete", "complete"}:
        return Decision(Intent.DELETE_TASK if clause.inherits == "delete" else Intent.COMPLETE_TASK, "goes on", 0.85)
    frame = read_frame(line)
    return Decision(frame.intent, f"frame: {frame.name}", frame.sure)
