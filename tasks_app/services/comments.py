"""Commands on what people say about a task."""

from __future__ import annotations

from django.utils import timezone

from tasks_app import selectors
from tasks_app.commands import AddComment, DeleteComment, EditComment
from tasks_app.history import get_own_comment
from tasks_app.models import TaskComment
from tasks_app.results import CommandResult
from tasks_app.services.work import Work
from tasks_app.snapshots import take_snapshot


def add_comment(work: Work, command: AddComment) -> CommandResult:
    """Say something about a task; who may write the task may."""
    task = selectors.get_task(work.actor.user, command.task_id, to_edit=True)
    comment = TaskComment.objects.create(task=task, author=work.actor.user, text=command.text)
    work.log.record(command.kind, comment, before=None)
    return _result(command.kind, comment)


def edit_comment(work: Work, command: EditComment) -> CommandResult:
    """Change one's own words."""
    comment = get_own_comment(work.actor.user, command.comment_id)
    before = take_snapshot(comment)
    if comment.text != command.text:
        comment.text, comment.edited_at = command.text, timezone.now()
    return _result(command.kind, comment, changed=work.log.record(command.kind, comment, before))


def delete_comment(work: Work, command: DeleteComment) -> CommandResult:
    """Take one's own words back."""
    comment = get_own_comment(work.actor.user, command.comment_id)
    before = take_snapshot(comment)
    comment.deleted_at = timezone.now()
    work.log.record(command.kind, comment, before)
    return _result(command.kind, comment)


def _result(action: str, comment: TaskComment, *, changed: bool = True) -> CommandResult:
    return CommandResult(
        title=comment.task.title,
        action=action,
        changed=changed,
        task_id=comment.task_id,
        project_id=comment.task.project_id,
        comment_id=comment.id,
    )
