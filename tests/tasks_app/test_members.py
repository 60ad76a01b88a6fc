"""Shared projects: who sees, who changes, who is told, and whose undo may do what."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tasks_app import selectors, services, sharing
from tasks_app.commands import (
    AcceptInvitation,
    AddComment,
    ChangeMember,
    Command,
    CompleteTask,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    InviteMember,
    LeaveProject,
    RemoveMember,
    UndoChanges,
    UpdateProject,
    UpdateTask,
)
from tasks_app.errors import (
    InvitationNotFound,
    MemberAlreadyThere,
    OwnerMustStay,
    PersonNotFound,
    ProjectNotFound,
    TaskNotFound,
    UndoConflict,
)
from tasks_app.events import task_assigned
from tasks_app.history import list_history
from tasks_app.models import ChangeSet, Project, ProjectMember, Task, User
from tasks_app.services import members
from tests.tasks_app.conftest import actor_of
from tests.tasks_app.sharing import act, share
from voicebot.errors import NotAllowed, RateLimited
from voicebot.throttling import Rate

Event = tuple[int, dict[str, Any]]


@pytest.fixture
def carl(db: None) -> User:
    return User.objects.create_user("carl")


def _events(callbacks: list[Callable[[], object]]) -> list[Event]:
    """What leaves for people's sockets, in order."""
    return [each.args for each in callbacks if isinstance(each, partial) and isinstance(each.args[1], dict)]


def _task_in(project: Project, user: User, **more: Any) -> Task:
    (made,) = act(user, CreateTask(title="dishes", project_id=project.id, **more))
    task: Task = Task.objects.get(id=made.task_id)
    return task


def test_all_members_see_what_one_adds(ann: User, bob: User, carl: User) -> None:
    project = share(ann, bob)
    task = _task_in(project, bob)
    assert task.owner == ann
    assert selectors.get_task(ann, task.id) == selectors.get_task(bob, task.id) == task
    assert [each.name for each in selectors.list_projects(bob)] == ["Flat"]
    assert selectors.task_candidates(bob)[0].title == "dishes"
    with pytest.raises(TaskNotFound):
        selectors.get_task(carl, task.id)
    with pytest.raises(ProjectNotFound):
        selectors.get_project(carl, project.id)


def test_who_asks_for_many_names_learns_no_more_of_them(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "INVITATIONS", Rate(f"invite-{uuid.uuid4()}", 2, 3600))
    (project,) = act(ann, CreateProject(name="Flat"))
    assert project.project_id
    for error in (PersonNotFound, PersonNotFound, RateLimited):
        with pytest.raises(error):
            act(ann, InviteMember(project_id=project.project_id, username="nobody", role="viewer"))


def test_an_invited_person_sees_nothing_before_they_agree(ann: User, bob: User) -> None:
    project = share(ann, bob)
    act(ann, RemoveMember(project_id=project.id, user_id=bob.pk))
    act(ann, InviteMember(project_id=project.id, username="bob"))
    assert not Project.objects.visible_to(bob).exists()
    assert [each.project.name for each in sharing.list_invitations(bob)] == ["Flat"]
    act(bob, LeaveProject(project_id=project.id))
    assert not sharing.list_invitations(bob).exists()
    with pytest.raises(InvitationNotFound):
        act(bob, AcceptInvitation(project_id=project.id))


def _task_commands(task: Task) -> list[Command]:
    return [
        UpdateTask(task_id=task.id, title="x"),
        CompleteTask(task_id=task.id),
        DeleteTask(task_id=task.id),
        AddComment(task_id=task.id, text="x"),
        CreateTask(title="x", project_id=task.project_id),
        CreateTask(title="x", parent_id=task.id),
    ]


def _owner_commands(project: Project, person: User) -> list[Command]:
    return [
        UpdateProject(project_id=project.id, name="x"),
        DeleteProject(project_id=project.id),
        InviteMember(project_id=project.id, username="carl"),
        ChangeMember(project_id=project.id, user_id=person.pk, role="owner"),
        RemoveMember(project_id=project.id, user_id=person.pk),
    ]


def test_a_viewer_reads_and_a_stranger_does_not(ann: User, bob: User, carl: User) -> None:
    project = share(ann, bob, "viewer")
    task = _task_in(project, ann)
    for command in [*_task_commands(task), *_owner_commands(project, bob)]:
        with pytest.raises(NotAllowed):
            act(bob, command)
        with pytest.raises((TaskNotFound, ProjectNotFound)):
            act(carl, command)
    assert selectors.get_task(bob, task.id).title == "dishes"


def test_an_editor_writes_tasks_and_an_owner_manages(ann: User, bob: User, carl: User) -> None:
    project = share(ann, bob)
    task = _task_in(project, ann)
    for command in _owner_commands(project, bob):
        with pytest.raises(NotAllowed):
            act(bob, command)
    act(bob, *_task_commands(task)[:2])
    act(ann, ChangeMember(project_id=project.id, user_id=bob.pk, role="owner"))
    act(bob, InviteMember(project_id=project.id, username="carl"))
    with pytest.raises(MemberAlreadyThere):
        act(bob, InviteMember(project_id=project.id, username="carl"))
    with pytest.raises(PersonNotFound):
        act(bob, InviteMember(project_id=project.id, username="nobody"))
    for command in (
        RemoveMember(project_id=project.id, user_id=ann.pk),
        ChangeMember(project_id=project.id, user_id=ann.pk, role="viewer"),
    ):
        with pytest.raises(OwnerMustStay):
            act(bob, command)
    with pytest.raises(OwnerMustStay):
        act(ann, LeaveProject(project_id=project.id))


def test_what_one_does_all_are_told(
    ann: User, bob: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    project = share(ann, bob)
    with django_capture_on_commit_callbacks() as callbacks:
        task = _task_in(project, bob)
        act(ann, AddComment(task_id=task.id, text="later"))
    both = {ann.pk, bob.pk}
    assert {(who, event["event"]) for who, event in _events(callbacks)} == {
        (who, name) for name in ("task.created", "comment.created") for who in both
    }
    with django_capture_on_commit_callbacks() as callbacks:
        act(ann, UpdateTask(task_id=task.id, project_id=None, title="secret"))
    told = _events(callbacks)
    assert {(who, event["event"]) for who, event in told} == {(ann.pk, "task.updated"), (bob.pk, "task.deleted")}
    gone = next(event for who, event in told if who == bob.pk)
    assert gone["task"] == {"id": str(task.id), "title": "dishes"}


def test_only_members_get_tasks_and_they_are_told(
    ann: User, bob: User, carl: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    project = share(ann, bob)
    told: list[tuple[User, User]] = []

    def hear(person: User, by: User, **_kwargs: object) -> None:
        told.append((person, by))

    task_assigned.connect(hear)
    try:
        with django_capture_on_commit_callbacks() as callbacks:
            task = _task_in(project, ann, assignee_id=bob.pk)
            act(ann, UpdateTask(task_id=task.id, title="again", assignee_id=bob.pk))
            act(bob, UpdateTask(task_id=task.id, assignee_id=ann.pk))
    finally:
        task_assigned.disconnect(hear)
    assert told == [(bob, ann), (ann, bob)]
    assert [who for who, event in _events(callbacks) if event["event"] == "task.assigned"] == [bob.pk, ann.pk]
    for project_id, person in ((project.id, carl), (None, bob)):
        with pytest.raises(PersonNotFound):
            act(ann, CreateTask(title="x", project_id=project_id, assignee_id=person.pk))
    assert sharing.list_people(ann) == [ann, bob]


def test_who_leaves_has_nothing_to_do_there_and_cannot_come_back_alone(ann: User, bob: User) -> None:
    project = share(ann, bob)
    task = _task_in(project, ann, assignee_id=bob.pk)
    (left,) = act(bob, LeaveProject(project_id=project.id))
    task.refresh_from_db()
    assert (left.tasks_touched, task.assignee) == (1, None)
    with pytest.raises(NotAllowed):
        act(bob, UndoChanges())
    assert not Task.objects.visible_to(bob).exists()


def test_a_removal_is_undone_with_what_was_assigned(ann: User, bob: User) -> None:
    project = share(ann, bob)
    task = _task_in(project, ann, assignee_id=bob.pk)
    act(ann, RemoveMember(project_id=project.id, user_id=bob.pk))
    act(ann, UndoChanges())
    task.refresh_from_db()
    assert task.assignee == bob
    assert selectors.get_task(bob, task.id)


def test_undo_is_of_ones_own_changes_and_sees_those_of_others(ann: User, bob: User) -> None:
    task = _task_in(share(ann, bob), ann)
    act(bob, UpdateTask(task_id=task.id, title="by bob"))
    bobs = ChangeSet.objects.filter(owner=bob).first()
    act(ann, UpdateTask(task_id=task.id, notes="by ann"))
    with pytest.raises(UndoConflict):
        services.undo_change_set(actor_of(bob), bobs.id, uuid.uuid4())
    act(ann, UndoChanges())
    services.undo_change_set(actor_of(bob), bobs.id, uuid.uuid4())
    task.refresh_from_db()
    assert (task.title, task.notes) == ("dishes", "")


def test_who_may_not_write_any_more_cannot_undo(ann: User, bob: User) -> None:
    project = share(ann, bob)
    task = _task_in(project, bob)
    act(bob, UpdateTask(task_id=task.id, title="by bob"))
    act(ann, ChangeMember(project_id=project.id, user_id=bob.pk, role="viewer"))
    with pytest.raises(NotAllowed):
        act(bob, UndoChanges())


def test_labels_of_a_task_go_with_it_by_name(ann: User, bob: User) -> None:
    project = share(ann, bob)
    (mine,) = act(bob, CreateTask(title="own", labels=("errand",)))
    act(bob, UpdateTask(task_id=mine.task_id, project_id=project.id))
    task = Task.objects.get(id=mine.task_id)
    assert (task.owner, task.labels.get().owner) == (ann, ann)
    act(bob, UndoChanges())
    task.refresh_from_db()
    assert (task.owner, task.project, task.labels.get().owner) == (bob, None, bob)


def test_only_an_owner_takes_a_task_away_from_all(ann: User, bob: User, carl: User) -> None:
    project, owned_by_carl = share(ann, bob), share(carl, bob, "owner")
    task = _task_in(project, ann)
    (own,) = act(bob, CreateTask(title="bob's own"))
    for away in ({"project_id": None}, {"project_id": owned_by_carl.id}, {"parent_id": own.task_id}):
        with pytest.raises(NotAllowed):
            act(bob, UpdateTask(task_id=task.id, **away))
    act(ann, ChangeMember(project_id=project.id, user_id=bob.pk, role="owner"))
    act(bob, UpdateTask(task_id=task.id, project_id=owned_by_carl.id))
    task.refresh_from_db()
    assert (task.owner, task.project) == (carl, owned_by_carl)


def test_history_tells_who_and_hides_what_was_private(ann: User, bob: User) -> None:
    project = share(ann, bob)
    (made,) = act(ann, CreateTask(title="secret"))
    act(ann, UpdateTask(task_id=made.task_id, title="shown", project_id=project.id))
    act(bob, UpdateTask(task_id=made.task_id, title="by bob"))
    entries = list_history(bob, made.task_id)
    assert [(each.by, each.action) for each in entries] == [(bob, "update_task"), (ann, "update_task")]
    assert (entries[0].before, entries[0].after) == ({"title": "shown"}, {"title": "by bob"})
    assert entries[1].before is None
    assert "secret" not in str(entries)
    assert len(list_history(ann, made.task_id)) == 3


def test_a_person_is_in_a_project_once(ann: User, bob: User) -> None:
    project = share(ann, bob)
    assert [(each.user, each.role) for each in sharing.list_members(bob, project)] == [(ann, "owner"), (bob, "editor")]
    assert ProjectMember.objects.filter(project=project).count() == 2
