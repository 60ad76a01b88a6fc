"""Where in a task the words of a search stand, so that a page can show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from django.db import connection
from rapidfuzz import fuzz

from tasks_app.phonetics import plain
from tasks_app.search.wording import LANGUAGES, Wording

Marks: TypeAlias = list[list[int]]
"""``[start, end]`` of each word, in characters, the end not included."""

NOTES_LENGTH = 2000
"""Characters of a text that are looked through."""
MIN_LIKENESS = 70
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+")
MAX_WORD_LENGTH = 100
_SOUND_ALIKE = frozenset("bcdfgjkpqstvwxz")
_LEXEMES = """
    SELECT word, tsvector_to_array(to_tsvector('tasks_plain', word)),
        ARRAY(
            SELECT '~' || lexeme FROM unnest(%(languages)s::text[]) AS code,
            unnest(tsvector_to_array(to_tsvector(('tasks_' || code)::regconfig, word))) AS lexeme
        ),
        tasks_app_sound(word), tasks_app_letters(word)
    FROM unnest(%(words)s::text[]) AS word
"""


def mark(wording: Wording, language: str, texts: Sequence[Mapping[str, str]]) -> list[dict[str, Marks]]:
    """Where the words stand in some texts; one query.

    Args:
        wording: The search.
        language: ISO 639-1 code of the person's, by whose stems the search was read; empty when it is unknown.
        texts: Of each task, such as ``{"title": ..., "notes": ...}``.

    Returns:
        For each task and name of a text the places, where there are any.
    """
    said = {word.group() for text in texts for part in text.values() for word in _words_of(part)}
    known = _lexemes_of(language, (word for word in said if _may_be(wording, word)))
    return [
        {
            name: places
            for name, part in text.items()
            if (
                places := [list(word.span()) for word in _words_of(part) if _is_meant(wording, known.get(word.group()))]
            )
        }
        for text in texts
    ]


def _words_of(text: str) -> Iterable[re.Match[str]]:
    return _WORD.finditer(text[:NOTES_LENGTH])


def _may_be(wording: Wording, word: str) -> bool:
    """Whether a word is worth a closer look; leaves most of a long text out."""
    if len(word) > MAX_WORD_LENGTH:
        return False
    begun = plain(word[:1])
    return any(begun == each.letters[:1] or {begun, each.letters[:1]} <= _SOUND_ALIKE for each in wording.words)


def _lexemes_of(language: str, words: Iterable[str]) -> dict[str, tuple[set[str], str, str]]:
    languages = [language] if language in LANGUAGES else list(LANGUAGES)
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES, {"languages": languages, "words": sorted(words)})
        return {word: ({*same, *stems}, sound, letters) for word, same, stems, sound, letters in cursor.fetchall()}


def _is_meant(wording: Wording, known: tuple[set[str], str, str] | None) -> bool:
    if known is None:
        return False
    lexemes, sound, letters = known
    return any(
        not lexemes.isdisjoint({*word.plain, *word.stems})
        or (word.may_go_on and letters.startswith(word.letters))
        or (sound != "" and sound == word.sound)
        or fuzz.ratio(letters, word.letters) >= MIN_LIKENESS
        for word in wording.words
    )
