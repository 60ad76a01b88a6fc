"""What the words of a search are in the index: as they were given, their stems, their sounds, and names like them.

The index is described at :class:`tasks_app.models.SearchEntry`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from voicebot.one_line import one_line

if TYPE_CHECKING:
    from tasks_app.models import User

MAX_LENGTH = 200
"""Characters of a search that are read."""
MAX_WORDS = 10
MIN_PREFIX = 2
"""From so many letters on the last word may be the beginning of one that is still being typed."""
LANGUAGES = ("de", "en", "es", "fr", "hi", "it", "nl", "pt", "ru")
"""Those whose stems are in the index."""

_WORDS = """
    WITH shared AS MATERIALIZED (
        SELECT project.id, project.owner_id FROM tasks_app_projectmember AS member
        JOIN tasks_app_project AS project ON project.id = member.project_id
        WHERE member.user_id = %(user)s AND member.deleted_at IS NULL AND member.joined_at IS NOT NULL
            AND project.owner_id <> %(user)s
    ), owners AS MATERIALIZED (
        SELECT ARRAY(SELECT owner_id FROM shared UNION SELECT %(user)s::bigint) AS ids
    ), words AS MATERIALIZED (
        SELECT place, word, tsvector_to_array(to_tsvector('tasks_plain', word)) AS plain,
            ARRAY(
                SELECT DISTINCT '~' || lexeme FROM unnest(%(languages)s::text[]) AS code,
                unnest(tsvector_to_array(to_tsvector(('tasks_' || code)::regconfig, word))) AS lexeme
            ) AS stems,
            tasks_app_sound(word) AS sound, tasks_app_letters(word) AS letters
        FROM unnest(string_to_array(btrim(tasks_app_spaced(%(text)s)), ' ')) WITH ORDINALITY AS given (word, place)
        WHERE word <> '' LIMIT %(words)s
    )
    SELECT word, plain, stems, sound, letters,
        ARRAY(
            SELECT project.id FROM tasks_app_project AS project, owners
            WHERE deleted_at IS NULL AND owner_id = ANY(owners.ids)
                AND tasks_app_lexemes(tasks_app_spaced(name)) && (plain || stems)
                AND (owner_id = %(user)s OR project.id IN (SELECT id FROM shared))
        ),
        ARRAY(
            SELECT label.id FROM tasks_app_label AS label, owners
            WHERE deleted_at IS NULL AND owner_id = ANY(owners.ids)
                AND tasks_app_lexemes(tasks_app_spaced(name)) && (plain || stems)
        ),
        ARRAY(SELECT id FROM shared), (SELECT ids FROM owners)
    FROM words ORDER BY place
"""


@dataclass(frozen=True)
class Word:
    """One word of a search."""

    plain: tuple[str, ...]
    """As it was given, in small letters and without accents; empty when it is too long to be a word."""
    stems: tuple[str, ...]
    """Each behind ``~``; empty for a word that every text is full of."""
    sound: str
    """As in the index, without ``s:``; empty when it is too short to tell by its sound."""
    letters: str
    named: tuple[str, ...]
    """The projects and labels of that name, as they stand in the index."""
    may_go_on: bool = False
    """Whether it may be the beginning of a word."""

    def titles_or_texts(self) -> tuple[str, ...]:
        """The lexemes that may stand in a text, each as a term of a ``tsquery``."""
        begun = tuple(f"{_quoted(each)}:*" for each in self.plain) if self.may_go_on else ()
        return (*map(_quoted, self.plain), *map(_quoted, self.stems), *begun)

    def anywhere(self) -> str:
        """A ``tsquery`` for a task that has it, in whatever place."""
        return _any_of(*self.titles_or_texts(), *map(_quoted, self.named))

    def weighted(self, lexemes: tuple[str, ...], weight: str, *, begun: bool = False) -> str:
        """A ``tsquery`` for some of its lexemes in one part of a task, by the letter of its weight."""
        star = "*" if begun else ""
        return _any_of(*(f"{_quoted(each)}:{star}{weight}" for each in lexemes))


@dataclass(frozen=True)
class Wording:
    """A whole search."""

    words: tuple[Word, ...]
    """Those that count; empty when nothing can be looked for."""
    owners: str
    """A ``tsquery`` for all that the person may see, so that the index passes the rest over."""
    owner_ids: tuple[int, ...]
    """To whom all of that belongs."""
    text: str
    """All words, as a title would stand in the index."""


def read_wording(user: User, text: str) -> Wording:
    """What a search means in the index; one query.

    Args:
        user: Who searches; the stems are those of their language, of all while it is unknown.
        text: Whatever was typed or heard; what is too much of it is left out.
    """
    languages = [user.language] if user.language in LANGUAGES else list(LANGUAGES)
    given = one_line(text[:MAX_LENGTH])
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"user": user.pk, "languages": languages, "text": given, "words": MAX_WORDS})
        rows = cursor.fetchall()
    words = [
        Word(tuple(plain), tuple(stems), sound, letters, _names(projects, labels))
        for _, plain, stems, sound, letters, projects, labels, *_ in rows
        if plain
    ]
    telling = [word for word in words if word.stems] or words
    if telling and telling[-1] is words[-1] and len(words[-1].letters) >= MIN_PREFIX:
        telling[-1] = replace(telling[-1], may_go_on=True)
    shared, owner_ids = rows[0][-2:] if rows else ([], [])
    owners = _any_of(_quoted(f"o:{user.pk}"), *(_quoted(f"p:{each}") for each in shared))
    return Wording(tuple(telling), owners, tuple(owner_ids), " ".join(word.letters for word in words))


def all_of(*queries: str) -> str:
    """A ``tsquery`` for what all of these find."""
    return " & ".join(f"({query})" for query in queries)


def either(*queries: str) -> str:
    """A ``tsquery`` for what one of these finds."""
    return " | ".join(f"({query})" for query in queries if query)


def _any_of(*terms: str) -> str:
    return " | ".join(terms)


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _names(projects: list[UUID], labels: list[UUID]) -> tuple[str, ...]:
    return (*(f"p:{each}" for each in projects), *(f"l:{each}" for each in labels))
