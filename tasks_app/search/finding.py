"""The tasks that a search means, best first.

Where a word stands counts most, title before project and label, notes and comments; in each place the word itself
counts more than another form of it. What only looks or sounds like it comes last, and only where little else was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast

from tasks_app.models import SearchEntry, Task
from tasks_app.querysets import TaskQuerySet
from tasks_app.search.wording import Word, Wording, all_of, either, read_wording

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from tasks_app.models import User

Status: TypeAlias = Literal["open", "completed", "all"]

FOUND_LIMIT = 300
"""Of a search that fits more, those with all words in the title come first, then the newest."""
FEW = 5
"""When a search fits fewer, what looks or sounds like it is added."""
MIN_SIMILARITY = 0.45
"""How many of a word's groups of three letters a title has to have, 0 to 1."""

_SEARCH_ALIKE = """
    SELECT set_config('pg_trgm.word_similarity_threshold', %s, true),
        set_config('max_parallel_workers_per_gather', '0', true)
"""
"""To start workers takes longer than what they would take over."""
_STATES = {"open": SearchEntry.State.OPEN, "completed": SearchEntry.State.DONE}
_TITLE = {"": 100, "~": 90, "*": 80}
_NAME = 70
_NOTES = {"": 60, "~": 50, "*": 45}
_COMMENTS = {"": 40, "~": 35, "*": 30}
_SOUND, _LETTERS = 20, 18
_WHOLE_TITLE = 30
"""What a task gets for each word of a search: the best of all places. Times ten, so that parts of them count."""
_SCALE = 10


@dataclass(frozen=True)
class Found:
    """What a search found."""

    wording: Wording
    tasks: TaskQuerySet
    """Each with a ``score``, to be ordered by it; all that JSON needs is fetched."""


class _Matches(models.Func):
    """``vector @@ query``."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


class _LooksLike(models.Func):
    """``text %> word``: some words of the text have enough of its letters; an index can tell."""

    template = "(%(expressions)s)"
    arg_joiner = " OPERATOR(%%>) "
    output_field = models.BooleanField()


class _IsOneOf(models.Func):
    """``id = ANY(ids)``, of the type of the column: by a smaller number a GIN index finds nothing."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class _Similarity(models.Func):
    """0 to 1."""

    function = "word_similarity"
    output_field = models.FloatField()


def search(user: User, text: str, *, status: Status = "open") -> Found:
    """The tasks that fit a search; three queries, or four where little fits.

    Args:
        user: Who searches: only what they may see is found.
        text: Whatever was typed or heard.
        status: Which tasks are looked at.
    """
    wording, ids = _find(user, text, status)
    tasks: TaskQuerySet = Task.objects.visible_to(user).filter(id__in=ids)
    return Found(wording, tasks.annotate(score=_score(wording) if ids else Value(0)).for_json())


def entry_condition(user: User, text: str) -> Q:
    """What the search entries of tasks that have all these words fulfil, in whatever form, but not what is only alike.

    For filters, which must not take one thing for another. One query.
    """
    wording = read_wording(user, text)
    if not wording.words:
        return Q(pk=None)
    return _matching(all_of(wording.owners, *(word.anywhere() for word in wording.words)), "words")


def _find(user: User, text: str, status: Status) -> tuple[Wording, list[UUID]]:
    wording = read_wording(user, text)
    if not wording.words:
        return wording, []
    everywhere = all_of(wording.owners, *(word.anywhere() for word in wording.words))
    ids = _ids(status, _matching(everywhere, "words"), wording)
    if len(ids) >= FEW:
        return wording, ids
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SEARCH_ALIKE, [str(MIN_SIMILARITY)])
        similar = _ids(status, reduce(and_, (_alike(word, wording) for word in wording.words)), wording)
    return wording, list(dict.fromkeys([*ids, *similar]))


def _ids(status: Status, condition: Q, wording: Wording) -> list[UUID]:
    """Of entries that the person may see, those with all words in the title first, then the newest."""
    entries = SearchEntry.objects.filter(condition).exclude(state=SearchEntry.State.DELETED)
    if status != "all":
        entries = entries.filter(state=_STATES[status])
    in_title = all_of(*(word.weighted(word.plain, "A") for word in wording.words))
    ordered = entries.order_by(Case(When(_matching(in_title, "words"), then=0), default=1), "-created_at")
    return list(ordered.values_list("task_id", flat=True)[:FOUND_LIMIT])


def _matching(query: str, column: str = "search_entry__words") -> Q:
    return Q(_Matches(F(column), Value(query)))


def _alike(word: Word, wording: Wording) -> Q:
    """That one word, or one that sounds or looks like it; each half keeps to what the person may see by an index."""
    known = either(word.anywhere(), _sounding(word))
    by_index = _matching(all_of(wording.owners, known), "words")
    alike = Q(_LooksLike(F("letters"), Value(word.letters))) & Q(_IsOneOf(F("owner"), Value(list(wording.owner_ids))))
    if len(wording.owner_ids) > 1:
        alike &= _matching(wording.owners, "words")
    return by_index | alike


def _sounding(word: Word) -> str:
    return f"'s:{word.sound}'" if word.sound else ""


def _score(wording: Wording) -> Combinable:
    """The sum of what each word gets, by their number."""
    points = [_points(word) for word in wording.words]
    whole = Case(
        When(search_entry__letters=wording.text, then=Value(_WHOLE_TITLE * _SCALE)),
        default=Value(0),
        output_field=IntegerField(),
    )
    total: Any = reduce(add, points)
    return Cast(total / len(points) + whole, IntegerField())


def _points(word: Word) -> Any:  # noqa: ANN401  # an expression, which has no common type
    whens: list[tuple[int, str]] = [(_NAME, word.weighted(word.named, "B"))]
    for weight, points in (("A", _TITLE), ("C", _NOTES), ("D", _COMMENTS)):
        whens.append((points[""], word.weighted(word.plain, weight)))
        whens.append((points["~"], word.weighted(word.stems, weight)))
        if word.may_go_on:
            whens.append((points["*"], word.weighted(word.plain, weight, begun=True)))
    whens.append((_SOUND, _sounding(word)))
    similar = Cast(_Similarity(Value(word.letters), F("search_entry__letters")) * (_LETTERS * _SCALE), IntegerField())
    return Case(
        *(
            When(_matching(query), then=Value(points * _SCALE))
            for points, query in sorted(whens, reverse=True)
            if query
        ),
        default=similar,
        output_field=IntegerField(),
    )
