"""Filters in words, such as ``overdue and (urgent or #phone) and not in Home``; docs/api.md has all of them.

A recursive descent over the words: ``or`` binds least, then ``and``, which may be left out, then ``not``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from tasks_app import conditions
from tasks_app.clock import day_in
from tasks_app.errors import FilterInvalid
from tasks_app.intents import Priority
from tasks_app.models import SearchEntry, User
from tasks_app.search import entry_condition

MAX_LENGTH = 500
MAX_TERMS = 40
MAX_DEPTH = 20
MAX_TEXTS = 5
MAX_DAYS = 3660
_TOKEN = re.compile(r'\s*(?:"([^"]*)"|(\(|\))|([^\s()"]+))')
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_COLUMNS = {"created": "created_at", "updated": "updated_at", "done": "completed_at", "completed": "completed_at"}
_NOTHING = {
    "date": lambda: Q(due_on=None),
    "due": lambda: Q(due_on=None),
    "priority": lambda: ~conditions.has_priority(),
    "label": lambda: ~conditions.has_label(),
    "labels": lambda: ~conditions.has_label(),
    "project": lambda: Q(project=None),
}


@dataclass(frozen=True)
class Filter:
    """A filter that was read."""

    condition: Q
    speaks_of_done: bool
    """Whether it says itself which tasks, open or done, it is about."""


@dataclass(frozen=True)
class _Token:
    text: str
    at: int
    """Its place, from 0."""
    is_quoted: bool

    @property
    def word(self) -> str:
        """In small letters; nothing for what stands in quotation marks, which is a name and no word of ours."""
        return "" if self.is_quoted else self.text.casefold()


def read_filter(text: str, *, user: User, now: dt.datetime, tz: ZoneInfo) -> Filter:
    """Read a filter in words.

    Args:
        text: At most :data:`MAX_LENGTH` characters.
        user: Who asks: “me”, and whose weeks.
        now: Aware.
        tz: Decides which day it is.

    Raises:
        FilterInvalid: With the place, from 1, and what is wrong there.
    """
    reader = _Reader(text, user, now, tz)
    condition = reader.read_or(0)
    if (left := reader.peek()) is not None:
        raise _problem(left.at, _("“%(word)s” is not expected here.") % {"word": left.text})
    return Filter(condition, reader.speaks_of_done)


class _Reader:
    """Goes through the words once; each ``read`` takes what it understands."""

    def __init__(self, text: str, user: User, now: dt.datetime, tz: ZoneInfo) -> None:
        self._tokens = _split(text)
        self._next, self._end, self._texts = 0, len(text), 0
        self._user, self._now, self._tz, self._today = user, now, tz, day_in(tz, now)
        self.speaks_of_done = False

    def peek(self) -> _Token | None:
        """The word that is next."""
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def read_or(self, depth: int) -> Q:
        """One or more parts with ``or`` between them."""
        condition = self._read_and(depth)
        while self._took("or"):
            condition |= self._read_and(depth)
        return condition

    def _read_and(self, depth: int) -> Q:
        condition = self._read_not(depth)
        while (token := self.peek()) is not None and token.word not in {"or", ")"}:
            self._took("and")
            condition &= self._read_not(depth)
        return condition

    def _read_not(self, depth: int) -> Q:
        token = self._take(_("a filter"))
        if depth > MAX_DEPTH:
            raise _problem(token.at, _("This is nested too deep."))
        if token.word == "not":
            return ~self._read_not(depth + 1)
        if token.word != "(":
            return self._read_term(token)
        condition = self.read_or(depth + 1)
        if not self._took(")"):
            raise _problem(self._place(), _("A “)” is missing."))
        return condition

    def _read_term(self, token: _Token) -> Q:
        word = token.word
        if token.is_quoted:
            return self._with_text(token)
        if len(word) > 1 and word.startswith("#"):
            return conditions.has_label(token.text[1:])
        if word in set(Priority):
            self._took("priority")
            return conditions.has_priority(Priority(word))
        read: Callable[[_Token], Q] | None = getattr(self, f"_read_{word}", None) if word in _TERMS else None
        if read is None:
            raise _problem(
                token.at, _("“%(word)s” is no filter. Put words to look for in quotation marks.") % {"word": token.text}
            )
        return read(token)

    def _read_overdue(self, _token: _Token) -> Q:
        return conditions.is_overdue(self._now, self._today)

    def _read_today(self, token: _Token) -> Q:
        day = self._today + dt.timedelta(days=_DAYS[token.word])
        return conditions.is_due(day, day)

    _read_tomorrow = _read_yesterday = _read_today

    def _read_in(self, _token: _Token) -> Q:
        return conditions.is_in_project(self._take(_("the name of a project")).text)

    def _read_label(self, _token: _Token) -> Q:
        return conditions.has_label(self._take(_("the name of a label")).text)

    def _read_contains(self, _token: _Token) -> Q:
        return self._with_text(self._take(_("words to look for")))

    def _read_no(self, _token: _Token) -> Q:
        token = self._take(_("date, priority, label or project"))
        if token.word not in _NOTHING:
            raise _problem(token.at, _("Use “no date”, “no priority”, “no label” or “no project”."))
        return _NOTHING[token.word]()

    def _read_assigned(self, _token: _Token) -> Q:
        self._took("to")
        token = self._take(_("me, nobody or a user name"))
        if token.word == "me":
            return conditions.is_given_to(self._user.pk)
        if token.word in {"nobody", "none"}:
            return conditions.is_given_to(None)
        return Q(assignee__username__iexact=token.text)

    def _read_mine(self, _token: _Token) -> Q:
        return conditions.is_given_to(self._user.pk)

    def _read_unassigned(self, _token: _Token) -> Q:
        return conditions.is_given_to(None)

    def _read_recurring(self, _token: _Token) -> Q:
        return ~Q(rrule="")

    def _read_open(self, _token: _Token) -> Q:
        self.speaks_of_done = True
        return conditions.is_open()

    def _read_done(self, token: _Token) -> Q:
        self.speaks_of_done = True
        following = self.peek()
        if following is not None and following.word in {"on", "since", "before", "after", "within", *_DAYS}:
            return self._read_created(token)
        return ~conditions.is_open()

    _read_completed = _read_done

    def _read_created(self, token: _Token) -> Q:
        first, last = self._read_days(is_past=True)
        return conditions.happened(_COLUMNS[token.word], first, last, self._tz)

    _read_updated = _read_created

    def _read_due(self, _token: _Token) -> Q:
        return conditions.is_due(*self._read_days(is_past=False))

    def _read_days(self, *, is_past: bool) -> tuple[dt.date | None, dt.date | None]:
        """First and last day of what follows."""
        one = dt.timedelta(days=1)
        token = self._take(_("a day"))
        if token.word == "since":
            return self._read_day(self._take(_("a day"))), None
        if token.word == "after":
            return self._read_day(self._take(_("a day"))) + one, None
        if token.word == "before":
            return None, self._read_day(self._take(_("a day"))) - one
        if token.word == "within":
            far = dt.timedelta(days=self._read_count())
            return (self._today - far, self._today) if is_past else (self._today, self._today + far)
        if token.word in {"this", "next", "last"}:
            return self._read_week(token)
        if token.word == "on":
            token = self._take(_("a day"))
        day = self._read_day(token)
        return day, day

    def _read_week(self, which: _Token) -> tuple[dt.date, dt.date]:
        token = self._take("“week”")
        if token.word != "week":
            raise _problem(token.at, _("Use “this week”, “next week” or “last week”."))
        since = (self._today.weekday() - self._user.week_starts_on) % 7
        weeks = {"last": -1, "this": 0, "next": 1}[which.word]
        first = self._today + dt.timedelta(days=7 * weeks - since)
        return first, first + dt.timedelta(days=6)

    def _read_day(self, token: _Token) -> dt.date:
        if token.word in _DAYS:
            return self._today + dt.timedelta(days=_DAYS[token.word])
        try:
            day = dt.date.fromisoformat(token.text)
        except ValueError:
            day = dt.date.min
        if not 1900 <= day.year <= 2200:  # noqa: PLR2004  # years in which anything can be due
            raise _problem(
                token.at,
                _("“%(word)s” is no day. Use today, tomorrow, yesterday or 2026-12-31.") % {"word": token.text},
            )
        return day

    def _read_count(self) -> int:
        token = self._take(_("a number of days"))
        if not (token.text.isascii() and token.text.isdigit() and len(token.text) < 5 and int(token.text) <= MAX_DAYS):  # noqa: PLR2004  # digits
            raise _problem(token.at, _("“%(word)s” is no number of days.") % {"word": token.text})
        if not (self._took("days") or self._took("day")):
            raise _problem(self._place(), _("Use “within 7 days”."))
        return int(token.text)

    def _with_text(self, token: _Token) -> Q:
        self._texts += 1
        if self._texts > MAX_TEXTS:
            raise _problem(token.at, _("Look for at most %(limit)s texts.") % {"limit": MAX_TEXTS})
        entries = SearchEntry.objects.filter(entry_condition(self._user, token.text))
        return Q(Exists(entries.filter(task_id=OuterRef("pk"))))

    def _took(self, word: str) -> bool:
        token = self.peek()
        is_next = token is not None and token.word == word
        self._next += is_next
        return is_next

    def _take(self, wanted: str) -> _Token:
        token = self.peek()
        if token is None:
            raise _problem(self._end, _("Here %(wanted)s is missing.") % {"wanted": wanted})
        self._next += 1
        return token

    def _place(self) -> int:
        token = self.peek()
        return self._end if token is None else token.at


_TERMS = frozenset(name.removeprefix("_read_") for name in vars(_Reader) if name.startswith("_read_")) - {
    "and",
    "or",
    "not",
    "term",
    "days",
    "day",
    "week",
    "count",
}


def _split(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _problem(text.index('"', place), _("A quotation mark is not closed."))
        quoted, mark, word = found.groups()
        group = 1 if quoted is not None else 2 if mark else 3
        at = found.start(group) - (group == 1)
        tokens.append(_Token(quoted if quoted is not None else mark or word, at, quoted is not None))
        place = found.end()
        if len(tokens) > 3 * MAX_TERMS:
            raise _problem(at, _("The filter is too long."))
    return tokens


def _problem(at: int, sentence: str) -> FilterInvalid:
    return FilterInvalid(position=at + 1, problem=sentence)
