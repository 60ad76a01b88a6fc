"""Which of the person's tasks a spoken reference means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

from tasks_app import selectors
from tasks_app.intents import Intent
from tasks_app.matching import ResolutionKind, find_all, resolve
from voice_app.resolution.names import find_project
from voice_app.resolution.scene import candidates

if TYPE_CHECKING:
    from tasks_app.models import Task
    from voice_app.resolution.scene import Scene
    from voice_app.types import SpokenCommand

Status: TypeAlias = Literal["open", "completed", "all"]

SURE_ENOUGH_TO_DELETE = 0.85
"""Score of a match below which something that removes is read back first."""
MOST_ASKED = 8
"""So many tasks are offered where nothing was said that narrows them."""


@dataclass(frozen=True)
class Referents:
    """The tasks that a reference means, or those it may mean."""

    tasks: tuple[Task, ...] = ()
    possible: tuple[Task, ...] = ()
    """When it is not clear: what to ask about, most likely first."""
    is_sure: bool = True
    """False when the words fit only loosely, so that a destructive act is read back first."""
    are_near_misses: bool = False
    """Whether the possible ones only come near."""


def find_referents(scene: Scene, spoken: SpokenCommand, index: int) -> Referents:
    """By the answer given, by position or pronoun, by filter, else by the words of the phrase."""
    pool = scene.completed_tasks if spoken.intent is Intent.REOPEN_TASK else scene.open_tasks
    chosen = scene.answer_to(index).get("ids")
    if chosen:
        return _by_ids(pool, [UUID(task_id) for task_id in chosen])
    if scene.about_id is not None:
        return _by_ids([*scene.open_tasks, *scene.completed_tasks], [scene.about_id])
    filters = spoken.filters or {}
    if found := _by_position(scene, pool, filters):
        return found
    if filters.get("all"):
        return _all_of_them(scene, spoken, filters)
    narrowed = _narrowed(scene, pool, filters)
    if not (spoken.task or spoken.title):
        return _unnamed(scene, spoken, narrowed)
    return _by_words(narrowed, spoken.task or spoken.title or "")


def select_tasks(scene: Scene, filters: dict[str, Any], *, default_status: Status = "open") -> list[Task]:
    """The tasks that a spoken filter selects, in the order of a list."""
    chosen = read_filters(scene, filters, default_status=default_status)
    return list(selectors.list_tasks(scene.actor.user, filters=chosen, now=scene.actor.said_at, tz=scene.actor.tz))


def read_filters(scene: Scene, filters: dict[str, Any], *, default_status: Status = "open") -> selectors.TaskFilters:
    """A spoken filter, with the person's own rows for its names."""
    project = find_project(scene, filters.get("project"))
    return selectors.TaskFilters(
        status=filters.get("status", default_status),
        overdue=bool(filters.get("overdue")),
        due_from=_day(filters.get("from")),
        due_to=_day(filters.get("to")),
        project_id=scene.within_id or (project.pk if project else None),
        label=filters.get("label"),
        priority=filters.get("priority"),
        text=filters.get("text"),
    )


_NARROWING = ("overdue", "from", "to", "project", "label", "priority", "text")


def _all_of_them(scene: Scene, spoken: SpokenCommand, filters: dict[str, Any]) -> Referents:
    """All that the filter selects and the words name; words that name nothing only count beside a filter."""
    tasks = select_tasks(scene, filters, default_status=_status_for(spoken.intent))
    if not spoken.task:
        return _without(filters.get("except") or (), tasks)
    named = _named(scene, spoken.task, tasks)
    if not named and any(filters.get(name) for name in _NARROWING):
        return replace(_without(filters.get("except") or (), tasks), is_sure=False)
    return _without(filters.get("except") or (), named)


def _named(scene: Scene, phrase: str, tasks: list[Task]) -> list[Task]:
    """Those whose titles fit the phrase, else those of the project that it names."""
    meant = {candidate.id for candidate in find_all(phrase, candidates(tasks))}
    if meant:
        return [task for task in tasks if task.pk in meant]
    project = find_project(scene, phrase)
    return [task for task in tasks if project is not None and task.project_id == project.pk]


def _status_for(intent: Intent) -> Status:
    return "completed" if intent is Intent.REOPEN_TASK else "open"


def _by_ids(pool: list[Task], ids: list[UUID]) -> Referents:
    by_id = {task.pk: task for task in pool}
    return Referents(tuple(by_id[task_id] for task_id in ids if task_id in by_id))


def _by_position(scene: Scene, pool: list[Task], filters: dict[str, Any]) -> Referents | None:
    """Places in what was last shown or touched: "that", "the second one", "the last two"."""
    if filters.get("that"):
        return _by_ids(pool, scene.last_touched_ids(all_of_them=bool(filters.get("all"))))
    shown = scene.last_shown_ids()
    if places := filters.get("nth"):
        return _by_ids(pool, [shown[place - 1] for place in places if 0 < place <= len(shown)])
    if count := filters.get("first"):
        return _by_ids(pool, shown[:count])
    if count := filters.get("last"):
        newest = sorted(pool, key=lambda task: task.created_at, reverse=True)
        return _by_ids(pool, shown[-count:]) if len(shown) > 1 else Referents(tuple(newest[:count]))
    return None


def _unnamed(scene: Scene, spoken: SpokenCommand, pool: list[Task]) -> Referents:
    """What "done!" alone means: what was spoken of just now; without that, and for what removes, it is asked which."""
    last = _by_ids(pool, scene.last_touched_ids())
    if len(last.tasks) == 1 and spoken.intent is not Intent.DELETE_TASK:
        return last
    return Referents(possible=last.tasks or tuple(pool[:MOST_ASKED]))


def _without(phrases: Sequence[str], tasks: list[Task]) -> Referents:
    """All but those that a phrase may mean: "everything except the dentist"; less sure when a phrase fits none."""
    is_sure = True
    for phrase in phrases:
        meant = {match.candidate.id for match in resolve(phrase, candidates(tasks)).matches}
        is_sure = is_sure and bool(meant)
        tasks = [task for task in tasks if task.pk not in meant]
    return Referents(tuple(tasks), is_sure=is_sure)


def _narrowed(scene: Scene, pool: list[Task], filters: dict[str, Any]) -> list[Task]:
    """Only those that fit what was said of the old date or project, when any do."""
    first, last = _day(filters.get("from")), _day(filters.get("to"))
    project = find_project(scene, filters.get("project"))
    fitting = [
        task
        for task in pool
        if (first is None or (task.due_on is not None and task.due_on >= first))
        and (last is None or (task.due_on is not None and task.due_on <= last))
        and (project is None or task.project_id == project.pk)
    ]
    return fitting or pool


def _by_words(pool: list[Task], phrase: str) -> Referents:
    resolution = resolve(phrase, candidates(pool))
    meant = tuple(pool[match.candidate.order] for match in resolution.matches)
    if resolution.kind is ResolutionKind.ONE:
        return Referents(meant, is_sure=resolution.matches[0].score >= SURE_ENOUGH_TO_DELETE)
    return Referents(possible=meant, are_near_misses=resolution.kind is ResolutionKind.NONE)


def _day(text: str | None) -> dt.date | None:
    return None if not text else dt.date.fromisoformat(text[:10])
