"""What is left of a clause when all that is not the title is taken away, written as a person would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voice_app.understanding.clauses import Clause
from voice_app.understanding.lexicon import Lexicon, longest_match
from voice_app.understanding.text import Token, fold, tidy, tokenise
from voice_app.understanding.units import MARK, WRAPPING, Unit

_LONGEST_VERB = 3
"""So many words are "te laten maken"."""
_SHORTEST_VERB = 3


def rest_of(
    clause: Clause, text: str, taken: Iterable[Unit], spans: Iterable[tuple[int, int]], lexicon: Lexicon
) -> str:
    """The words of a clause outside the taken units and spans, without words that only joined them on."""
    rest = text[clause.start : clause.end]
    gaps = [(clause.tokens[u.first].start, clause.tokens[u.last - 1].end) for u in taken] + list(spans)
    for begin, stop in gaps:
        start, end = max(begin, clause.start) - clause.start, min(stop, clause.end) - clause.start
        if start < end:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return trimmed(rest, lexicon)


def trimmed(text: str, lexicon: Lexicon) -> str:
    """A title without the words that lead into it or trail behind it; at least one word stays."""
    tokens = [
        token
        for token in tokenise(text, split_apostrophes=lexicon.split_apostrophes)
        if not token.is_mark or token.norm in "#@"
    ]
    if not tokens:
        return ""
    first = _without_lead(tokens, lexicon)
    last = _without_tail(tokens, first, lexicon)
    if last <= first:
        return ""
    kept = text[tokens[first].start : tokens[last - 1].end]
    return tidy(kept)


def _without_lead(tokens: Sequence[Token], lexicon: Lexicon) -> int:
    words = [token.norm for token in tokens]
    place = 0
    while place < len(words):
        end, _ = longest_match(lexicon.title_lead, words, place)
        if end == place:
            break
        place = end
    return place


def _without_tail(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> int:
    words = [token.norm for token in tokens]
    last, changed = len(words), True
    while changed and last > first:
        changed = False
        for size in (4, 3, 2, 1):
            if last - size >= first and tuple(words[last - size : last]) in lexicon.title_tail:
                last -= size
                changed = True
                break
    return last


def with_plain_verb(title: str, lexicon: Lexicon) -> str:
    """A title whose verb stands alone: "Oma anzurufen" is "Oma anrufen", "mee te nemen" is "meenemen"."""
    words = title.split()
    if not lexicon.infinitive or not words or not words[-1].endswith("n"):
        return title
    place = next((i for i in range(len(words) - 2, -1, -1) if fold(words[i]) in lexicon.infinitive), None)
    if place is not None and len(words) - place <= _LONGEST_VERB:
        joined = place and fold(words[place - 1]) in lexicon.separable
        before = [*words[: place - 1], words[place - 1] + words[place + 1]] if joined else words[:place]
        return " ".join([*before, *words[place + 2 if joined else place + 1 :]])
    return " ".join([*words[:-1], _without_infix(words[-1], lexicon)])


def _without_infix(verb: str, lexicon: Lexicon) -> str:
    for mark in lexicon.infinitive:
        before, found, after = verb.partition(mark)
        while found and after:
            if fold(before) in lexicon.separable and len(after) >= _SHORTEST_VERB:
                return before + after
            more, found, after = after.partition(mark)
            before = before + mark + more
    return verb


def edge_units(units: Sequence[Unit]) -> list[Unit]:
    """Polite and joining words before and behind what was said."""
    found = []
    for ordered in (units, tuple(reversed(units))):
        for unit in ordered:
            if unit.tag not in WRAPPING:
                break
            if unit.tag != MARK and unit not in found:
                found.append(unit)
    return found


def items_of(title: str, lexicon: Lexicon, *, listed: bool) -> list[str]:
    """The things of an enumeration ("milk, eggs and bread"), or the title alone when it is one thing.

    Args:
        title: Without frame words.
        lexicon: Of the language.
        listed: The things go onto a list, where an enumeration is the usual case.
    """
    tokens = tokenise(title, split_apostrophes=lexicon.split_apostrophes)
    words = [token.norm for token in tokens]
    cuts = [(t.start, t.end, "," if t.is_mark else "and") for t in tokens if t.norm == "," or t.norm in lexicon.joints]
    if not cuts or not (listed or len(cuts) > 1) or _holds_pair(words, lexicon):
        return [title]
    pieces, start = [], 0
    for begin, end, _ in [*cuts, (len(title), len(title), "")]:
        pieces.append(tidy(title[start:begin]))
        start = end
    pieces = [trimmed(piece, lexicon) for piece in pieces if piece]
    longest = max((len(piece.split()) for piece in pieces), default=0)
    return [piece for piece in pieces if piece] if longest <= (4 if listed else 2) else [title]


def _holds_pair(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether the words hold a pair that is one thing ("mac and cheese")."""
    begin = {pair[0] for pair in lexicon.pairs}
    places = [place for place, word in enumerate(words) if word in begin]
    return any(tuple(words[place : place + len(pair)]) == pair for place in places for pair in lexicon.pairs)
