"""Carries out commands: all of one cause or none, and each cause once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tasks_app import commands as known
from tasks_app.changes import ChangeLog
from tasks_app.commands import Command, UndoChanges
from tasks_app.context import Actor
from tasks_app.errors import ChangeSetNotFound
from tasks_app.models import ChangeSet, Task, User
from tasks_app.results import CommandResult
from tasks_app.services import comments, completion, labels, members, projects, reminders, tasks, trash, undo
from tasks_app.services.work import Work

SERVICES: dict[type[known.CommandBase], Callable[[Work, Any], CommandResult]] = {
    known.CreateTask: tasks.create_task,
    known.UpdateTask: tasks.update_task,
    known.MoveTask: tasks.move_task,
    known.DeleteTask: tasks.delete_task,
    known.RestoreTask: trash.restore_task,
    known.CompleteTask: completion.complete_task,
    known.ReopenTask: completion.reopen_task,
    known.SkipOccurrence: completion.skip_occurrence,
    known.SnoozeTask: completion.snooze_task,
    known.SnoozeReminder: completion.snooze_reminder,
    known.AddReminders: reminders.add_reminders,
    known.DeleteReminder: reminders.delete_reminder,
    known.PutOffReminder: reminders.put_off_reminder,
    known.DismissReminder: reminders.dismiss_reminder,
    known.AddComment: comments.add_comment,
    known.EditComment: comments.edit_comment,
    known.DeleteComment: comments.delete_comment,
    known.CreateProject: projects.create_project,
    known.UpdateProject: projects.update_project,
    known.MoveProject: projects.move_project,
    known.DeleteProject: projects.delete_project,
    known.RestoreProject: trash.restore_project,
    known.InviteMember: members.invite_member,
    known.AcceptInvitation: members.accept_invitation,
    known.ChangeMember: members.change_member,
    known.RemoveMember: members.remove_member,
    known.LeaveProject: members.leave_project,
    known.CreateLabel: labels.create_label,
    known.UpdateLabel: labels.update_label,
    known.MergeLabels: labels.merge_labels,
    known.DeleteLabel: labels.delete_label,
    known.UndoChanges: undo.undo_changes,
}
"""Who carries each command out."""

_TURN = """
    SELECT person.id, EXISTS (SELECT 1 FROM tasks_app_webhook WHERE owner_id = person.id AND is_active)
    FROM tasks_app_user AS person WHERE person.id IN (
        SELECT %(user)s
        UNION
        SELECT other.user_id FROM tasks_app_projectmember AS own
        JOIN tasks_app_projectmember AS other ON other.project_id = own.project_id
        WHERE own.user_id = %(user)s AND own.deleted_at IS NULL AND own.joined_at IS NOT NULL
            AND other.deleted_at IS NULL AND other.joined_at IS NOT NULL
    ) ORDER BY person.id FOR NO KEY UPDATE OF person
"""


def execute(
    actor: Actor,
    commands: Sequence[Command],
    *,
    cause_id: uuid.UUID,
    made: dict[uuid.UUID, Task] | None = None,
    is_new: bool = False,
) -> tuple[CommandResult, ...]:
    """Carry out commands as one unit, which can be undone as one.

    Args:
        actor: Who acts; rows that they may not see do not exist for them.
        commands: In the order in which they were given.
        cause_id: What they come from: an utterance, a request, a press of a button. The same cause again, from
            whatever process and however often, changes nothing and gets the same answer.
        made: Is given the tasks that are new, by id, for showing them; nothing when the same cause came before.
        is_new: Whether the cause was made up for this call, so that it cannot have come before.

    Returns:
        One result for each command.

    Raises:
        TaskNotFound, ProjectNotFound, PersonNotFound, LabelNotFound, CommentNotFound, MemberNotFound,
            InvitationNotFound, ReminderNotFound, ChangeSetNotFound: Nothing like that that they may see.
        NotAllowed: They may see it and not change it.
        ProjectNameTaken, LabelNameTaken, RecurrenceInvalid, TaskRangeInvalid, TaskTitleMissing, TaskParentInvalid,
            TaskNestingTooDeep, PlaceInvalid, NoNextOccurrence, MemberAlreadyThere, OwnerMustStay, TooManyReminders: The
            command cannot be carried out.
        NothingToUndo, ChangesAlreadyUndone, UndoConflict: The undo cannot.
    """

    def act(work: Work) -> tuple[CommandResult, ...]:
        results = tuple(SERVICES[type(command)](work, command) for command in commands)
        if made is not None:
            made.update(work.made)
        return results

    return as_one_set(actor, cause_id, act, is_new=is_new)


@transaction.atomic
def as_one_set(
    actor: Actor, cause_id: uuid.UUID, act: Callable[[Work], tuple[CommandResult, ...]], *, is_new: bool = False
) -> tuple[CommandResult, ...]:
    """Do what belongs together in its turn, once, as one set of changes.

    Args:
        actor: Who acts.
        cause_id: What it comes from, as for :func:`execute`.
        act: Does it, and is not called when the same cause came before.
        is_new: As for :func:`execute`.
    """
    quiet = _wait_for_turn(actor.user)
    stored = None if is_new else ChangeSet.objects.filter(id=cause_id).first()
    if stored is not None:
        return _results_of(stored, actor.user)
    change_set = ChangeSet(id=cause_id, owner=actor.user, source=actor.source, created_at=timezone.now())
    work = Work(actor, change_set, ChangeLog(change_set, quiet))
    results = act(work)
    change_set.results = [result.to_json() for result in results]
    change_set.save(force_insert=True)  # its changes point to it, which is checked when the transaction ends
    return results


def undo_change_set(actor: Actor, change_set_id: uuid.UUID | None, cause_id: uuid.UUID) -> tuple[CommandResult, ...]:
    """Revert one set, or the newest that is not undone; see :func:`execute`."""
    return execute(actor, [UndoChanges(change_set_id=change_set_id)], cause_id=cause_id)


def _wait_for_turn(user: User) -> frozenset[int]:
    """One set at a time among people who share a project: what a set reads stays as it is until its end.

    All take their turns in one order, so two sets never wait for each other. The locks are those that rows which point
    to a person do not wait for.

    Returns:
        Those of them who have no webhook.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURN, {"user": user.pk})
        return frozenset(person_id for person_id, has_webhook in cursor.fetchall() if not has_webhook)


def _results_of(stored: ChangeSet, user: User) -> tuple[CommandResult, ...]:
    if stored.owner_id != user.pk:
        raise ChangeSetNotFound
    return tuple(CommandResult.from_json(result) for result in stored.results)
