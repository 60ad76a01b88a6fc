"""Projects and labels: colour, order, archive, merging."""

from __future__ import annotations

import typing

import pytest

from tasks_app import selectors, sharing
from tasks_app.commands import (
    Command,
    CreateLabel,
    CreateProject,
    CreateTask,
    DeleteLabel,
    MergeLabels,
    MoveProject,
    MoveTask,
    UndoChanges,
    UpdateLabel,
    UpdateProject,
)
from tasks_app.errors import LabelNameTaken, LabelNotFound, PlaceInvalid
from tasks_app.models import Label, Project, Task, User
from tasks_app.services.execution import SERVICES
from tests.tasks_app.conftest import Run
from tests.tasks_app.sharing import act, share


def test_every_command_has_a_service() -> None:
    assert set(typing.get_args(typing.get_args(Command)[0])) == SERVICES.keys()


def _order(user: User) -> list[str]:
    return [project.name for project in sharing.list_projects_in_order(user)]


def test_projects_have_an_order_of_each_persons_own(ann: User, bob: User) -> None:
    flat = share(ann, bob)
    (work, garden) = act(ann, CreateProject(name="Work"), CreateProject(name="Garden"))
    act(bob, CreateProject(name="Own"))
    assert (_order(ann), _order(bob)) == (["Flat", "Work", "Garden"], ["Flat", "Own"])
    act(ann, MoveProject(project_id=garden.project_id, before_id=work.project_id))
    assert _order(ann) == ["Flat", "Garden", "Work"]
    act(ann, MoveProject(project_id=flat.id))
    assert (_order(ann), _order(bob)) == (["Garden", "Work", "Flat"], ["Flat", "Own"])
    act(ann, UndoChanges())
    assert _order(ann) == ["Flat", "Garden", "Work"]
    with pytest.raises(PlaceInvalid):
        act(bob, MoveProject(project_id=flat.id, after_id=work.project_id))


def test_there_is_always_room_between_two_tasks(run: Run) -> None:
    made = [result.task_id for result in run(*(CreateTask(title=title) for title in "abc"))]
    for turn in range(60):
        run(MoveTask(task_id=made[1 + turn % 2], after_id=made[0]))
    assert [task.title for task in Task.objects.in_list_order()] == ["a", "c", "b"]
    run(UndoChanges())
    assert Task.objects.in_list_order().first().title == "a"
    with pytest.raises(PlaceInvalid):
        run(MoveTask(task_id=made[0], after_id=made[1], before_id=made[2]))


def test_colour_and_archive(run: Run, ann: User) -> None:
    (made,) = run(CreateProject(name="Home", colour="teal"))
    run(UpdateProject(project_id=made.project_id, colour="red", is_archived=True))
    assert _order(ann) == []
    run(UndoChanges())
    project = Project.objects.get()
    assert (project.colour, project.is_archived, _order(ann)) == ("teal", False, ["Home"])


def test_labels_are_renamed_coloured_and_deleted(run: Run, ann: User, bob: User) -> None:
    run(CreateTask(title="a", labels=("Calls",)))
    label = Label.objects.get()
    run(UpdateLabel(label_id=label.id, name="Phone", colour="blue"))
    with pytest.raises(LabelNameTaken):
        run(CreateLabel(name="phone"))
    with pytest.raises(LabelNotFound):
        act(bob, DeleteLabel(label_id=label.id))
    (deleted,) = run(DeleteLabel(label_id=label.id))
    assert (deleted.tasks_touched, list(Task.objects.get().labels.all())) == (1, [])
    assert list(selectors.list_labels(ann)) == []
    run(UndoChanges())
    assert [(each.name, each.colour) for each in Task.objects.get().labels.all()] == [("Phone", "blue")]


def test_merged_labels_come_apart_again(run: Run) -> None:
    run(CreateTask(title="a", labels=("x",)), CreateTask(title="b", labels=("x", "y")), CreateTask(title="c"))
    one, other = Label.objects.get(name="x"), Label.objects.get(name="y")

    def labels() -> dict[str, list[str]]:
        return {task.title: [label.name for label in task.labels.all()] for task in Task.objects.all()}

    before = labels()
    (merged,) = run(MergeLabels(label_id=one.id, into_id=other.id))
    assert (merged.tasks_touched, labels()) == (1, {"a": ["y"], "b": ["y"], "c": []})
    run(UndoChanges())
    assert labels() == before
