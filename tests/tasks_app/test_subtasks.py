"""Tasks with parts, put off, skipped, and repeating after they are done."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks_app.commands import (
    CompleteTask,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    ReopenTask,
    SkipOccurrence,
    SnoozeReminder,
    SnoozeTask,
    UndoChanges,
    UpdateTask,
)
from tasks_app.errors import (
    NoNextOccurrence,
    TaskNestingTooDeep,
    TaskParentInvalid,
    TaskRangeInvalid,
    UndoConflict,
)
from tasks_app.models import ChangeSet, Label, Reminder, Task, User, Webhook, WebhookDelivery
from tasks_app.snapshots import take_snapshots
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run
from tests.tasks_app.sharing import share

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
DAY = dt.timedelta(days=1)


def _family(run: Run, **more: object) -> list[UUID]:
    """A task, its part and that one's part."""
    ids: list[UUID] = []
    for title in ("whole", "part", "part of part"):
        parent = {"parent_id": ids[-1]} if ids else more
        (made,) = run(CreateTask.model_validate({"title": title, **parent}))
        assert made.task_id
        ids.append(made.task_id)
    return ids


def _open() -> set[str]:
    return set(Task.objects.filter(completed_at=None, deleted_at=None).values_list("title", flat=True))


def test_parts_are_done_and_taken_back_with_the_whole(run: Run) -> None:
    ids = _family(run)
    (done,) = run(CompleteTask(task_id=ids[0]))
    assert (done.title, done.tasks_touched, _open()) == ("whole", 2, set())
    run(UndoChanges())
    assert _open() == {"whole", "part", "part of part"}
    run(CompleteTask(task_id=ids[0]))
    run(ReopenTask(task_id=ids[1]))
    assert _open() == {"whole", "part"}


def test_parts_go_to_the_trash_with_the_whole(run: Run) -> None:
    ids = _family(run)
    run(DeleteTask(task_id=ids[0]))
    assert _open() == set()
    run(UndoChanges())
    assert _open() == {"whole", "part", "part of part"}


def test_no_circles_and_no_fourth_level(run: Run) -> None:
    ids = _family(run)
    for parent in (ids[0], ids[2]):
        with pytest.raises(TaskParentInvalid):
            run(UpdateTask(task_id=ids[0], parent_id=parent))
    with pytest.raises(TaskNestingTooDeep):
        run(CreateTask(title="deeper", parent_id=ids[2]))
    (other,) = run(CreateTask(title="other"))
    with pytest.raises(TaskNestingTooDeep):
        run(UpdateTask(task_id=ids[0], parent_id=other.task_id))


def test_parts_stay_in_the_project_of_the_whole(run: Run) -> None:
    ids = _family(run)
    (home,) = run(CreateProject(name="Home"))
    run(UpdateTask(task_id=ids[0], project_id=home.project_id))
    assert Task.objects.filter(project=home.project_id).count() == 3
    run(UndoChanges())
    assert Task.objects.filter(project=None).count() == 3
    run(UpdateTask(task_id=ids[1], project_id=home.project_id))
    assert Task.objects.get(id=ids[1]).parent is None
    with pytest.raises(TaskParentInvalid):
        run(CreateTask(title="x", parent_id=ids[0], project_id=home.project_id))


def test_a_whole_that_got_parts_since_is_not_unmade(run: Run) -> None:
    (made,) = run(CreateTask(title="whole"))
    run(CreateTask(title="part", parent_id=made.task_id))
    run(UndoChanges())
    run(CreateTask(title="part", parent_id=made.task_id))

    first = ChangeSet.objects.order_by("created_at").first()
    with pytest.raises(UndoConflict):
        run(UndoChanges(change_set_id=first.id))


def test_parts_of_a_recurring_task_begin_anew(run: Run) -> None:
    ids = _family(run, due=DUE, rrule="FREQ=DAILY")
    run(CompleteTask(task_id=ids[1]))
    (moved,) = run(CompleteTask(task_id=ids[0]), said_at=DUE)
    assert moved.next_due == (DUE + DAY).isoformat()
    assert _open() == {"whole", "part", "part of part"}


def test_start_moves_with_due_and_is_not_after_it(run: Run) -> None:
    (made,) = run(CreateTask(title="a", start=DUE - DAY, due=DUE, duration_minutes=90))
    run(UpdateTask(task_id=made.task_id, due=DUE + DAY))
    task = Task.objects.get()
    assert (task.start_at, task.duration_minutes) == (DUE, 90)
    with pytest.raises(TaskRangeInvalid):
        run(UpdateTask(task_id=made.task_id, start=DUE + 2 * DAY))


def test_a_recurring_task_that_was_put_off_goes_on_as_before(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, rrule="FREQ=WEEKLY", remind=(dt.timedelta(hours=1),)))
    run(SnoozeTask(task_id=made.task_id, until=DUE.date() + DAY))
    assert Task.objects.get().due_at is None
    run(SnoozeTask(task_id=made.task_id, until=DUE + 2 * DAY))
    (done,) = run(CompleteTask(task_id=made.task_id), said_at=DUE + 2 * DAY)
    assert done.next_due == (DUE + 7 * DAY).isoformat()
    run(UndoChanges())
    assert Task.objects.get().due_at == DUE + 2 * DAY


def test_a_reminder_comes_again_later(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(dt.timedelta(0),)))
    for _ in range(2):
        run(SnoozeReminder(task_id=made.task_id, until=DUE + DAY))
    assert {each.remind_at for each in Task.objects.get().reminders.all()} == {DUE, DUE + DAY}
    run(UndoChanges())
    assert Task.objects.get().reminders.count() == 1


def test_an_occurrence_is_skipped(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, rrule="FREQ=DAILY;COUNT=2"))
    (skipped,) = run(SkipOccurrence(task_id=made.task_id))
    assert skipped.next_due == (DUE + DAY).isoformat()
    with pytest.raises(NoNextOccurrence):
        run(SkipOccurrence(task_id=made.task_id))


def test_repeats_after_it_was_done(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, rrule="FREQ=DAILY;INTERVAL=3;COUNT=2", repeats_after_completion=True))
    done_at = SAID_AT + 5 * DAY
    (moved,) = run(CompleteTask(task_id=made.task_id), said_at=done_at)
    assert moved.next_due == dt.datetime.combine(done_at.date() + 3 * DAY, DUE.time(), BERLIN).isoformat()
    (done,) = run(CompleteTask(task_id=made.task_id), said_at=done_at + 4 * DAY)
    assert done.next_due is None
    assert Task.objects.get().completed_at


def _with_parts(run: Run, ann: User, count: int) -> tuple[UUID, UUID]:
    """A task with parts, each with a label and a reminder, and a project."""
    whole, home = run(CreateTask(title="whole"), CreateProject(name=f"Home {count}"))
    assert whole.task_id
    assert home.project_id
    label = Label.objects.create(owner=ann, name=f"label {count}")
    parts = [Task(owner=ann, parent_id=whole.task_id, title=f"part {number}") for number in range(count)]
    Task.objects.bulk_create(parts)
    label.tasks.add(*parts)
    Reminder.objects.bulk_create([Reminder(task=part, remind_at=DUE) for part in parts])
    return whole.task_id, home.project_id


def _state(ids: set[UUID]) -> list[dict[str, object]]:
    rows = Task.objects.filter(id__in=ids).order_by("id")
    return take_snapshots(list(rows))


def test_many_parts_ask_the_database_as_often_as_few(run: Run, ann: User) -> None:
    webhook = Webhook.objects.create(owner=ann, url="https://hooks.test/", events=["*"])
    asked: dict[int, list[int]] = {}
    for count in (20, 60):
        whole, home = _with_parts(run, ann, count)
        ids = {whole, *Task.objects.filter(parent=whole).values_list("id", flat=True)}
        for command in (
            CompleteTask(task_id=whole),
            UpdateTask(task_id=whole, project_id=home),
            DeleteTask(task_id=whole),
        ):
            was = _state(ids)
            with CaptureQueriesContext(connection) as there:
                run(command)
            assert _state(ids) != was
            with CaptureQueriesContext(connection) as back:
                run(UndoChanges())
            assert _state(ids) == was
            asked.setdefault(count, []).extend((len(there), len(back)))
    assert asked[20] == asked[60]
    assert WebhookDelivery.objects.filter(webhook=webhook, event="task.completed").count() == 21 + 61


def test_a_project_with_a_task_and_its_part_goes_and_comes_back(run: Run) -> None:
    (home,) = run(CreateProject(name="Home"))
    _family(run, project_id=home.project_id)
    run(DeleteProject(project_id=home.project_id))
    assert _open() == set()
    run(UndoChanges())
    assert _open() == {"whole", "part", "part of part"}


def test_parts_go_to_another_owner_with_labels_of_that_name_and_come_back(run: Run, ann: User, bob: User) -> None:
    project = share(bob, ann, "editor")
    whole, _ = _with_parts(run, ann, 25)
    ids = {whole, *Task.objects.filter(parent=whole).values_list("id", flat=True)}
    was = _state(ids)

    run(UpdateTask(task_id=whole, project_id=project.id))

    assert {task.owner for task in Task.objects.filter(id__in=ids)} == {bob}
    assert Label.objects.get(owner=bob).tasks.count() == 25
    run(UndoChanges())
    assert _state(ids) == was
