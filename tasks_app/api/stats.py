"""``stats/``."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from uuid import UUID

from django.urls import path
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.statistics import MAX_DAYS, DayCount, Statistics, get_statistics
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_query
from voicebot.api.operations import Operation, operation


class StatsQuery(BaseModel):
    """How far back."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=30, ge=1, le=MAX_DAYS, description="So many days, today included.")


class StatsDay(BaseModel):
    """One day, or the week that begins on it."""

    day: dt.date
    done: int
    created: int


class StatsProject(BaseModel):
    """One project; null is the inbox."""

    project: shapes.ProjectInShort | None
    open: int
    overdue: int
    done: int


class StatsDoors(BaseModel):
    """What was done through which door."""

    voice: int
    chat: int
    web: int
    api: int


class Stats(BaseModel):
    """What you did in these days, in your zone, and what is open now."""

    timezone: str
    done: int
    created: int
    open: int
    overdue: int
    streak: int = Field(description="Days in a row with something done, up to today or yesterday.")
    longest_streak: int
    doors: StatsDoors
    days: list[StatsDay]
    weeks: list[StatsDay]
    projects: list[StatsProject]


_EXAMPLE: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "done": 3,
    "created": 4,
    "open": 12,
    "overdue": 1,
    "streak": 2,
    "longest_streak": 9,
    "doors": {"voice": 2, "chat": 0, "web": 1, "api": 0},
    "days": [{"day": "2026-11-22", "done": 3, "created": 4}],
    "weeks": [{"day": "2026-11-16", "done": 3, "created": 4}],
    "projects": [{"project": {"id": shapes.PROJECT_ID, "name": "Home"}, "open": 5, "overdue": 1, "done": 3}],
}


class StatsView(ApiView):
    """``stats/``."""

    @operation("get_stats", "me", Operation("What you have done", Stats, _EXAMPLE, query=StatsQuery))
    def get(self, request: Request) -> Response:
        """What was undone does not count; a recurring task counts each time that it is done."""
        user, query = caller_of(request), read_query(StatsQuery, request)
        zone = selectors.zone_of(user)
        found = get_statistics(user, zone, now=timezone.now(), days=query.days)
        return Response({"timezone": zone.key, **statistics_to_json(found)})


def statistics_to_json(found: Statistics) -> dict[str, Any]:
    """Statistics as the API shows them."""
    return {
        "done": found.done,
        "created": found.created,
        "open": found.open,
        "overdue": found.overdue,
        "streak": found.streak,
        "longest_streak": found.longest_streak,
        "doors": found.doors,
        "days": [_day_to_json(day) for day in found.days],
        "weeks": [_day_to_json(week) for week in found.weeks],
        "projects": [
            {
                "project": _project_to_json(each.project_id, each.name),
                "open": each.open,
                "overdue": each.overdue,
                "done": each.done,
            }
            for each in found.projects
        ],
    }


def _project_to_json(project_id: UUID | None, name: str) -> dict[str, str] | None:
    return None if project_id is None else {"id": str(project_id), "name": name}


def _day_to_json(day: DayCount) -> dict[str, Any]:
    return {**dataclasses.asdict(day), "day": day.day.isoformat()}


urlpatterns = [path("stats/", StatsView.as_view(), name="stats")]
