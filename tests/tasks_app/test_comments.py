"""Comments: everybody who sees the task reads them, and each changes their own."""

from __future__ import annotations

import pytest

from tasks_app.commands import AddComment, CreateTask, DeleteComment, EditComment, UndoChanges
from tasks_app.errors import CommentNotFound, TaskNotFound
from tasks_app.history import list_comments
from tasks_app.models import User
from tests.tasks_app.sharing import act, share
from voicebot.errors import NotAllowed


def test_comments_are_shared_and_changed_by_their_author(ann: User, bob: User) -> None:
    project = share(ann, bob)
    (task,) = act(ann, CreateTask(title="a", project_id=project.id))
    assert task.task_id
    (said,) = act(bob, AddComment(task_id=task.task_id, text="first"))
    assert said.comment_id
    with pytest.raises(NotAllowed):
        act(ann, EditComment(comment_id=said.comment_id, text="x"))
    act(bob, EditComment(comment_id=said.comment_id, text="second"))
    (comment,) = list_comments(ann, task.task_id)
    assert (comment.text, comment.author, comment.edited_at is not None) == ("second", bob, True)
    act(bob, DeleteComment(comment_id=said.comment_id))
    assert not list_comments(ann, task.task_id)
    act(bob, UndoChanges())
    act(bob, UndoChanges())
    assert list_comments(ann, task.task_id)[0].text == "first"


def test_strangers_find_none(ann: User, bob: User) -> None:
    (task,) = act(ann, CreateTask(title="a"))
    assert task.task_id
    (said,) = act(ann, AddComment(task_id=task.task_id, text="own"))
    assert said.comment_id
    with pytest.raises(TaskNotFound):
        list_comments(bob, task.task_id)
    with pytest.raises(CommentNotFound):
        act(bob, DeleteComment(comment_id=said.comment_id))
