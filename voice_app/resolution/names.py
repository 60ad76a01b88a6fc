"""Spoken names of projects, labels and people against those that the person has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from tasks_app import selectors
from tasks_app.matching import Candidate, rank

if TYPE_CHECKING:
    from tasks_app.models import Project
    from voice_app.resolution.scene import Scene

SURE = 0.85
"""Score from which a spoken name is taken for one of the person's own."""

Row = TypeVar("Row")


def find_project(scene: Scene, phrase: str | None) -> Project | None:
    """The person's project of that name, by spelling or by sound."""
    return _best(phrase, {project.name: project for project in scene.projects}) if phrase else None


def find_labels(scene: Scene, phrases: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The person's own labels among the spoken ones, and those that they do not have."""
    known, unknown = [], []
    for phrase in phrases:
        found = _best(phrase, {name: name for name in scene.label_names})
        if found:
            known.append(found)
        else:
            unknown.append(phrase)
    return tuple(known), tuple(unknown)


def find_person(scene: Scene, phrase: str | None) -> int | None:
    """The id of the person of that name to whom the speaker may give a task; "me" is the speaker."""
    if not phrase:
        return None
    people = {user.get_full_name() or user.username: user.pk for user in selectors.list_people(scene.actor.user)}
    return _best(phrase, people)


def _best(phrase: str, rows: dict[str, Row]) -> Row | None:
    if not rows:
        return None
    names = list(rows)
    matches = rank(phrase, [Candidate(id=uuid4(), title=name, order=order) for order, name in enumerate(names)])
    if matches[0].score < SURE:
        return None
    is_tied = len(matches) > 1 and matches[1].score >= matches[0].score
    return None if is_tied else rows[names[matches[0].candidate.order]]
