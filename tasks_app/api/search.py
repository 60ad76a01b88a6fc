"""``search/``."""

from __future__ import annotations

from typing import Any

from django.urls import path
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.models import Task
from tasks_app.search import MAX_LENGTH, Marks, Status, mark, search
from tasks_app.serialization import task_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_query
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page

ORDERS = Orders({"-score": ("-score", "-created_at", "-id")})


class SearchQuery(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        min_length=1,
        max_length=MAX_LENGTH,
        pattern=r"^[^\x00]*$",
        description="Words in title, notes, comments, project or labels. The last may be unfinished.",
    )
    status: Status = Field(default="open", description="`open` without it.")


class Highlights(BaseModel):
    """Where the words stand: `[start, end]` of each, in characters, the end not included."""

    title: Marks
    notes: Marks = Field(description="In their first 2,000 characters.")


class FoundTask(BaseModel):
    """A task that fits a search."""

    task: shapes.Task
    score: int = Field(description="The more the better; to compare within one search.")
    highlights: Highlights


_EXAMPLE: dict[str, Any] = {
    "task": shapes.TASK_EXAMPLE,
    "score": 1000,
    "highlights": {"title": [[5, 8]], "notes": []},
}


class SearchView(ApiView):
    """``search/``."""

    @operation(
        "search_tasks",
        "tasks",
        Operation("Search your tasks", FoundTask, _EXAMPLE, query=SearchQuery, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Best first. What is misspelt or misheard is found where little else is."""
        query, user = read_query(SearchQuery, request), caller_of(request)
        found = search(user, query.q, status=query.status)
        response = answer_page(request, found.tasks, _to_json, orders=ORDERS)
        rows: list[dict[str, Any]] = response.data["results"]
        texts = [{name: row["task"][name] for name in ("title", "notes")} for row in rows]
        for row, marks in zip(rows, mark(found.wording, user.language, texts), strict=True):
            row["highlights"] |= marks
        return response


def _to_json(task: Task) -> dict[str, Any]:
    return {
        "task": task_to_json(task),
        "score": getattr(task, "score", 0),
        "highlights": {"title": [], "notes": []},
    }


urlpatterns = [path("search/", SearchView.as_view(), name="search")]
