"""Which language a text is in, from its small words and its letters; needs no model."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from voice_app.understanding.kept import kept
from voice_app.understanding.languages import language_codes, language_file
from voice_app.understanding.lexicon import BUILT_BY, Node, by_first_letter, load_lexicon
from voice_app.understanding.text import tokenise

DEFAULT = "en"
_MOST_WORDS, _MOST_CHARACTERS = 40, 400
"""What stands behind so many does not change the language."""


def base_code(language: str | None) -> str | None:
    """The code of a language that is known here: ``pt`` for ``pt-BR``; None for one that is not."""
    if not language:
        return None
    code = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return code if code in language_codes() else None


@dataclass(frozen=True)
class _Clues:
    """What tells a language: far less than its lexicon."""

    split_apostrophes: bool
    small_words: frozenset[str]
    openings: dict[str, bool]
    """The words with which phrases begin, and whether the word alone is a command."""
    stems: tuple[tuple[str, bool], ...]
    """The same for beginnings of words."""

    @functools.cached_property
    def letters(self) -> frozenset[str]:
        """The letters that the words of the language use."""
        return frozenset("".join(self.small_words))

    def opens(self, word: str) -> list[bool]:
        """For each phrase that begins with the word, whether it is a command by itself."""
        known = [self.openings[word]] if word in self.openings else []
        return known + [leads for stem, leads in self._stems.get(word[:1], ()) if word.startswith(stem)]

    @functools.cached_property
    def _stems(self) -> dict[str, list[tuple[str, bool]]]:
        return by_first_letter(self.stems)


def _read_clues(code: str) -> tuple[bool, frozenset[str], dict[str, bool], tuple[tuple[str, bool], ...]]:
    """The fields of :class:`_Clues`, from the whole lexicon."""
    lexicon = load_lexicon(code)
    root = lexicon.phrases

    def leads(*nodes: Node) -> bool:
        return any(not lexicon.lead.isdisjoint(node.tags) for node in nodes)

    openings = dict.fromkeys(lexicon.whole.children, False)
    openings |= {word: leads(*nodes) for word, nodes in root.children.items()}
    stems = tuple((stem, leads(node)) for stem, node in root.prefixes)
    return lexicon.split_apostrophes, lexicon.detect, openings, stems


@functools.cache
def _clues(code: str) -> _Clues:
    return _Clues(*kept("clues", language_file(code), (__file__, *BUILT_BY), lambda: _read_clues(code)))


def _words(text: str, *, split_apostrophes: bool) -> list[str]:
    tokens = tokenise(text, split_apostrophes=split_apostrophes)
    return [token.norm for token in tokens if not token.is_mark][:_MOST_WORDS]


def _score(clues: _Clues, words: Sequence[str]) -> float:
    if not words:
        return 0.0
    small = sum(word in clues.small_words for word in words)
    verbs = sum(bool(clues.opens(word)) for word in words)
    foreign = sum(not clues.letters.issuperset(word) for word in words if word.isalpha())
    return small + 0.4 * verbs + 0.5 * any(clues.opens(words[0])) - 0.6 * foreign


@functools.lru_cache(maxsize=512)
def detect_language(text: str, default: str = DEFAULT) -> str:
    """The language that fits best; the default when nothing tells."""
    words = {split: _words(text[:_MOST_CHARACTERS], split_apostrophes=split) for split in (False, True)}
    scores = {code: 0.3 * (code == default) for code in language_codes()}
    for code in scores:
        clues = _clues(code)
        scores[code] += _score(clues, words[clues.split_apostrophes])
    best = max(scores, key=lambda code: (scores[code], code == default))
    return best if scores[best] > 0 else default
