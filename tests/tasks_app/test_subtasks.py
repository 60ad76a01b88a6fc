"""Tasks with parts, put off, skipped, and repeating after they are done."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from tasks_app.commands import (
    CompleteTask,
    CreateProject,
    CreateTask,
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
from tasks_app.models import ChangeSet, Task
from tests.tasks_app.conftest import BERLIN, SAID_AT, Run

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
