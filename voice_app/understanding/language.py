"""Which language a text is in, from its small words and its letters; needs no model."""

from __future__ import annotations

import functools

from voice_app.understanding.languages import language_codes
from voice_app.understanding.lexicon import Lexicon, load_lexicon
from voice_app.understanding.text import tokenise

DEFAULT = "en"


def base_code(language: str | None) -> str | None:
    """The code of a language that is known here: ``pt`` for ``pt-BR``; None for one that is not."""
    if not language:
        return None
    code = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return code if code in language_codes() else None


@functools.cache
def _scripts() -> dict[str, frozenset[str]]:
    """The letters that the words of each language use."""
    return {code: frozenset("".join(load_lexicon(code).detect)) for code in language_codes()}


def _score(lexicon: Lexicon, words: list[str], letters: frozenset[str]) -> float:
    small = sum(word in lexicon.detect for word in words)
    verbs = sum(bool(lexicon.phrases.step(word)) for word in words)
    opening = (
        any(node.tags and set(node.tags) & lexicon.lead for node in lexicon.phrases.step(words[0])) if words else False
    )
    foreign = sum(not letters.issuperset(word) for word in words if word.isalpha())
    return small + 0.4 * verbs + 0.5 * opening - 0.6 * foreign


@functools.lru_cache(maxsize=512)
def detect_language(text: str, default: str = DEFAULT) -> str:
    """The language that fits best; the default when nothing tells."""
    scores: dict[str, float] = {}
    for code in language_codes():
        lexicon = load_lexicon(code)
        tokens = tokenise(text, split_apostrophes=lexicon.split_apostrophes)
        words = [token.norm for token in tokens if not token.is_mark]
        scores[code] = _score(lexicon, words, _scripts()[code]) + (0.3 if code == default else 0.0)
    best = max(scores, key=lambda code: (scores[code], code == default))
    return best if scores[best] > 0 else default
