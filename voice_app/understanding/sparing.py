"""What "all" leaves out: "everything except the dentist"."""

from __future__ import annotations

from collections.abc import Sequence

from voice_app.understanding import titles
from voice_app.understanding.dates import lexicon as dates
from voice_app.understanding.lexicon import Lexicon
from voice_app.understanding.text import tokenise


def spare(phrase: str, lexicon: Lexicon) -> tuple[str, list[str]]:
    """A phrase for tasks, without what is left out of them.

    Args:
        phrase: As it was said, such as "except the dentist and the rent".
        lexicon: Of the language.

    Returns:
        What stands before the exception, and the phrases for what is left out; none where there is no exception.
    """
    tokens = tokenise(phrase, split_apostrophes=lexicon.split_apostrophes)
    words = [dates.fold(phrase[token.start : token.end]) for token in tokens]
    root = dates.load_lexicon(dates.known_language(lexicon.code)).root
    for place, token in enumerate(tokens):
        end = _end_of_exception(words, place, root)
        if place < end < len(tokens):
            spared = titles.trimmed(phrase[tokens[end].start :], lexicon)
            before = titles.trimmed(phrase[: token.start], lexicon)
            return before, titles.items_of(spared, lexicon, listed=True) if spared else []
    return phrase, []


def _end_of_exception(words: Sequence[str], place: int, node: dates.Node) -> int:
    """Behind the longest word or phrase at a place that says "except"; 0 when none does."""
    end = 0
    for index in range(place, len(words)):
        following = node.next.get(words[index])
        if following is None:
            break
        node = following
        end = index + 1 if "except" in node.senses else end
    return end
