"""The trash: what comes back from it, and what is destroyed for good."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from tasks_app import jobs
from tasks_app.commands import (
    AddComment,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    RestoreProject,
    RestoreTask,
    UndoChanges,
)
from tasks_app.errors import ProjectNameTaken, ProjectNotFound, TaskNotFound
from tasks_app.models import Change, ChangeSet, Project, Task, TaskComment, User
from tests.tasks_app.conftest import Run
from tests.tasks_app.sharing import act, share


def test_a_task_comes_back_with_its_parts(run: Run, bob: User) -> None:
    (whole,) = run(CreateTask(title="whole"))
    (part,) = run(CreateTask(title="part", parent_id=whole.task_id))
    run(CreateTask(title="gone before", parent_id=whole.task_id))
    run(DeleteTask(task_id=Task.objects.get(title="gone before").id))
    run(DeleteTask(task_id=whole.task_id))
    with pytest.raises(TaskNotFound):
        act(bob, RestoreTask(task_id=whole.task_id))
    (restored,) = run(RestoreTask(task_id=whole.task_id))
    assert restored.tasks_touched == 1
    assert set(Task.objects.filter(deleted_at=None).values_list("title", flat=True)) == {"whole", "part"}
    run(UndoChanges())
    run(RestoreTask(task_id=part.task_id))
    assert Task.objects.get(deleted_at=None).parent is None


def test_a_project_comes_back_with_its_tasks(run: Run) -> None:
    (home,) = run(CreateProject(name="Home"))
    (task,) = run(CreateTask(title="a", project_id=home.project_id))
    run(DeleteProject(project_id=home.project_id))
    (restored,) = run(RestoreProject(project_id=home.project_id))
    assert (restored.tasks_touched, Task.objects.get().deleted_at) == (1, None)
    with pytest.raises(ProjectNotFound):
        run(RestoreProject(project_id=home.project_id))
    run(DeleteProject(project_id=home.project_id), CreateProject(name="home"))
    with pytest.raises(ProjectNameTaken):
        run(RestoreProject(project_id=home.project_id))
    run(RestoreTask(task_id=task.task_id))
    assert Task.objects.get().project is None


def test_only_an_owner_brings_a_project_back(ann: User, bob: User) -> None:
    project = share(ann, bob)
    act(ann, DeleteProject(project_id=project.id))
    with pytest.raises(ProjectNotFound):
        act(bob, RestoreProject(project_id=project.id))


def test_after_its_days_nothing_of_it_is_left(run: Run) -> None:
    (task,) = run(CreateTask(title="secret"))
    run(AddComment(task_id=task.task_id, text="secret too"))
    (home,) = run(CreateProject(name="secret place"))
    run(DeleteTask(task_id=task.task_id), DeleteProject(project_id=home.project_id))
    run(CreateTask(title="kept"), DeleteProject(project_id=run(CreateProject(name="young"))[0].project_id))
    jobs.purge_trash()
    assert (Task.objects.count(), Project.objects.count()) == (2, 2)
    old = timezone.now() - dt.timedelta(days=settings.TRASH_DAYS, minutes=1)
    Task.objects.filter(id=task.task_id).update(deleted_at=old)
    Project.objects.filter(id=home.project_id).update(deleted_at=old)
    jobs.purge_trash()
    assert [each.title for each in Task.objects.all()] == ["kept"]
    assert [each.name for each in Project.objects.all()] == ["young"]
    assert not TaskComment.objects.exists()
    assert "secret" not in str([*Change.objects.values(), *ChangeSet.objects.values()])
