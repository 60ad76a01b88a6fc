"""Carries out commands: all of one cause or none, and each cause once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import assert_never

from django.db import transaction

from tasks_app.changes import ChangeLog
from tasks_app.commands import (
    Command,
    CompleteTask,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    ReopenTask,
    UndoChanges,
    UpdateProject,
    UpdateTask,
)
from tasks_app.context import Actor
from tasks_app.errors import ChangeSetNotFound
from tasks_app.models import ChangeSet, User
from tasks_app.results import CommandResult
from tasks_app.services import projects, tasks, undo
from tasks_app.services.work import Work


@transaction.atomic
def execute(actor: Actor, commands: Sequence[Command], *, cause_id: uuid.UUID) -> tuple[CommandResult, ...]:
    """Carry out commands as one unit, which can be undone as one.

    Args:
        actor: Who acts; rows that they may not see do not exist for them.
        commands: In the order in which they were given.
        cause_id: What they come from: an utterance, a request, a press of a button. The same cause again, from
            whatever process and however often, changes nothing and gets the same answer.

    Returns:
        One result for each command.

    Raises:
        TaskNotFound, ProjectNotFound, PersonNotFound, ChangeSetNotFound: Nothing like that that they may see.
        ProjectNameTaken, RecurrenceInvalid, TaskRangeInvalid, TaskTitleMissing: The command cannot be carried out.
        NothingToUndo, ChangesAlreadyUndone, UndoConflict: The undo cannot.
    """
    _wait_for_turn(actor.user)
    stored = ChangeSet.objects.filter(id=cause_id).first()
    if stored is not None:
        return _results_of(stored, actor.user)
    change_set = ChangeSet.objects.create(id=cause_id, owner=actor.user, source=actor.source)
    work = Work(actor, change_set, ChangeLog(change_set))
    results = tuple(_carry_out(work, command) for command in commands)
    change_set.results = [result.to_json() for result in results]
    change_set.save(update_fields=["results", "undoes"])
    return results


def undo_change_set(actor: Actor, change_set_id: uuid.UUID | None, cause_id: uuid.UUID) -> tuple[CommandResult, ...]:
    """Revert one set, or the newest that is not undone; see :func:`execute`."""
    return execute(actor, [UndoChanges(change_set_id=change_set_id)], cause_id=cause_id)


def _wait_for_turn(user: User) -> None:
    """One set of a person at a time: what a set reads stays as it is until its end.

    The lock is one that rows which point to the person do not wait for.
    """
    User.objects.select_for_update(no_key=True).only("id").get(pk=user.pk)


def _results_of(stored: ChangeSet, user: User) -> tuple[CommandResult, ...]:
    if stored.owner_id != user.pk:
        raise ChangeSetNotFound
    return tuple(CommandResult.from_json(result) for result in stored.results)


def _carry_out(work: Work, command: Command) -> CommandResult:  # noqa: PLR0911  # one case a command
    match command:
        case CreateTask():
            return tasks.create_task(work, command)
        case UpdateTask():
            return tasks.update_task(work, command)
        case CompleteTask():
            return tasks.complete_task(work, command)
        case ReopenTask():
            return tasks.reopen_task(work, command)
        case DeleteTask():
            return tasks.delete_task(work, command)
        case CreateProject():
            return projects.create_project(work, command)
        case UpdateProject():
            return projects.update_project(work, command)
        case DeleteProject():
            return projects.delete_project(work, command)
        case UndoChanges():
            return undo.undo_changes(work, command)
        case _:
            assert_never(command)
