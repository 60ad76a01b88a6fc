"""What a phrase is resolved against: the person's rows, what was last shown, and the answers given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from tasks_app import selectors
from tasks_app.clock import wire_form
from tasks_app.context import Actor
from tasks_app.matching import Candidate

if TYPE_CHECKING:
    from tasks_app.models import Project, Task
    from voice_app.types import Understanding

MOST_CANDIDATES = 500
"""How many tasks, those touched last, a phrase is compared with."""


@dataclass(frozen=True)
class Scene:
    """One utterance and all that its references can mean."""

    actor: Actor
    understanding: Understanding
    answers: dict[str, dict[str, Any]]
    recent_results: list[dict[str, Any]]
    """What the session's latest commands did or listed, newest first."""
    about_id: UUID | None = None
    """The task that all of it is about, where the person chose one before they spoke."""

    within_id: UUID | None = None
    """The only project that any of it can touch or show."""

    def answer_to(self, index: int) -> dict[str, Any]:
        """What was answered about the n-th command, empty when nothing."""
        return self.answers.get(str(index), {})

    @property
    def today(self) -> dt.date:
        """The speaker's day when it was said."""
        return self.actor.said_at.astimezone(self.actor.tz).date()

    @cached_property
    def open_tasks(self) -> list[Task]:
        """The person's open tasks, those touched last first."""
        return self._tasks("open")

    @cached_property
    def completed_tasks(self) -> list[Task]:
        """The person's completed tasks, those touched last first."""
        return self._tasks("completed")

    @cached_property
    def projects(self) -> list[Project]:
        """The person's projects that the words can mean."""
        projects = selectors.list_projects(self.actor.user)
        return list(projects.filter(pk=self.within_id) if self.within_id else projects)

    @cached_property
    def label_names(self) -> tuple[str, ...]:
        """The person's labels."""
        return selectors.vocabulary_of(self.actor.user).labels

    def last_shown_ids(self) -> list[UUID]:
        """The tasks of the list that was shown last, in its order; else those that were touched last."""
        for result in self.recent_results:
            if result.get("tasks"):
                return [UUID(task_id) for task_id in result.get("ids") or [task["id"] for task in result["tasks"]]]
        return self.last_touched_ids()

    def last_change_id(self) -> UUID | None:
        """The set of changes of the session's latest command that changed anything."""
        causes = (result["cause_id"] for result in self.recent_results if result.get("changed"))
        return next((UUID(cause) for cause in causes), None)

    def last_touched_ids(self, *, all_of_them: bool = False) -> list[UUID]:
        """The task that the latest command with any changed or showed: what "it" and "that" mean.

        Args:
            all_of_them: Not the first of its tasks only, but all.
        """
        for result in self.recent_results:
            if result.get("task_id"):
                same = [one for one in self.recent_results if one["cause_id"] == result["cause_id"]]
                ids = [UUID(one["task_id"]) for one in same if one.get("task_id")]
                return ids if all_of_them else ids[:1]
            if result.get("tasks"):
                return [UUID(task["id"]) for task in result["tasks"]]
        return []

    def _tasks(self, status: Literal["open", "completed"]) -> list[Task]:
        filters = selectors.TaskFilters(status=status, project_id=self.within_id)
        tasks = selectors.list_tasks(self.actor.user, filters=filters, now=self.actor.said_at, tz=self.actor.tz)
        return list(tasks.order_by("-updated_at")[:MOST_CANDIDATES])


def candidates(tasks: list[Task]) -> list[Candidate]:
    """Tasks as the matcher sees them, in the order given."""
    return [
        Candidate(id=task.pk, title=task.title, due=wire_form(task.due_on, task.due_at, task.zone), order=order)
        for order, task in enumerate(tasks)
    ]
