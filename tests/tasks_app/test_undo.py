"""Undoing a set as a whole, and what stands in its way."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks_app import services
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
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, NothingToUndo, UndoConflict
from tasks_app.intents import Priority
from tasks_app.models import ChangeSet, Project, Reminder, Task, User
from tasks_app.snapshots import take_snapshot
from tests.tasks_app.conftest import BERLIN, Run, actor_of

DUE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)
NOT_PUT_BACK = {"version", "updated_at"}


def _rows() -> dict[str, dict[str, Any]]:
    """Every column of every row that a person sees, with labels and reminders."""
    rows: dict[str, dict[str, Any]] = {}
    for row in [*Task.objects.filter(deleted_at=None), *Project.objects.filter(deleted_at=None)]:
        columns = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
        rows[str(row.id)] = {name: value for name, value in columns.items() if name not in NOT_PUT_BACK}
        if isinstance(row, Task):
            rows[str(row.id)]["labels"] = set(row.labels.values_list("id", flat=True))
            rows[str(row.id)]["reminders"] = set(row.reminders.values_list())
    return rows


def test_every_column_is_in_the_snapshot_or_left_out_on_purpose(run: Run) -> None:
    run(CreateTask(title="a"), CreateProject(name="p"))
    for row, more in ((Task.objects.get(), {"labels", "reminders"}), (Project.objects.get(), set())):
        names = {each.name for each in row._meta.concrete_fields}
        assert names - take_snapshot(row).keys() == {"id", "version", "created_at", "updated_at"}
        assert take_snapshot(row).keys() - names == more


def test_undoes_a_whole_utterance(run: Run) -> None:
    (kept,) = run(CreateTask(title="kept", due=DUE))
    before = _rows()
    run(CreateTask(title="a"), UpdateTask(task_id=kept.task_id, title="renamed"), CompleteTask(task_id=kept.task_id))
    (undone,) = run(UndoChanges())
    assert _rows() == before
    assert [(each.action, each.title) for each in undone.undone] == [
        ("create_task", "a"),
        ("update_task", "renamed"),
        ("complete_task", "renamed"),
    ]


def test_undoing_an_undo_brings_it_back(run: Run) -> None:
    run(CreateTask(title="a", due=DUE, labels=("l",), remind=(dt.timedelta(minutes=5),)))
    after = _rows()
    run(UndoChanges())
    assert _rows() == {}
    run(UndoChanges(change_set_id=ChangeSet.objects.get(undoes__isnull=False).id))
    assert _rows() == after
    run(UndoChanges())
    assert _rows() == {}


def test_each_further_undo_goes_one_step_back(run: Run) -> None:
    run(CreateTask(title="a"))
    run(CreateTask(title="b"))
    run(UndoChanges())
    run(UndoChanges())
    assert _rows() == {}
    with pytest.raises(NothingToUndo):
        run(UndoChanges())


def test_a_named_set_can_be_undone_after_a_redo_and_only_once(run: Run) -> None:
    run(CreateTask(title="a"))
    made = ChangeSet.objects.get()
    run(UndoChanges(change_set_id=made.id))
    with pytest.raises(ChangesAlreadyUndone):
        run(UndoChanges(change_set_id=made.id))
    run(UndoChanges(change_set_id=ChangeSet.objects.get(undoes=made).id))
    assert len(_rows()) == 1
    run(UndoChanges(change_set_id=made.id))
    assert _rows() == {}


def test_older_sets_can_be_undone_one_after_the_other(run: Run, actor: Actor) -> None:
    (made,) = run(CreateTask(title="one", due=DUE, remind=(dt.timedelta(hours=1),)))
    causes = [uuid.uuid4(), uuid.uuid4()]
    for cause, title in zip(causes, ("two", "three"), strict=True):
        services.execute(actor, [UpdateTask(task_id=made.task_id, title=title)], cause_id=cause)
    services.undo_change_set(actor, causes[1], uuid.uuid4())
    services.undo_change_set(actor, causes[0], uuid.uuid4())
    assert Task.objects.get().title == "one"


def test_a_later_change_is_not_lost(run: Run) -> None:
    (made,) = run(CreateTask(title="a"))
    first = ChangeSet.objects.get()
    run(UpdateTask(task_id=made.task_id, title="b"))
    with pytest.raises(UndoConflict) as conflict:
        run(UndoChanges(change_set_id=first.id))
    assert conflict.value.details == {"title": "b"}
    assert Task.objects.get().title == "b"
    assert first.changes.count() == 1


def test_a_conflict_in_one_row_leaves_the_others(run: Run) -> None:
    first, second = run(CreateTask(title="a"), CreateTask(title="b"))
    made = ChangeSet.objects.get()
    run(UpdateTask(task_id=first.task_id, title="changed"))
    with pytest.raises(UndoConflict):
        run(UndoChanges(change_set_id=made.id))
    assert Task.objects.get(id=second.task_id).deleted_at is None


def test_a_project_comes_back_with_its_tasks(run: Run) -> None:
    (project,) = run(CreateProject(name="Home"))
    run(CreateTask(title="a", project_id=project.project_id), CreateTask(title="b", project_id=project.project_id))
    before = _rows()
    run(DeleteProject(project_id=project.project_id))
    assert _rows() == {}
    run(UndoChanges())
    assert _rows() == before


def test_a_name_that_was_given_away_is_a_conflict(run: Run) -> None:
    (project,) = run(CreateProject(name="Home"))
    run(DeleteProject(project_id=project.project_id))
    deleted = ChangeSet.objects.first()
    run(CreateProject(name="home"))
    with pytest.raises(UndoConflict):
        run(UndoChanges(change_set_id=deleted.id))


def test_a_project_that_is_gone_is_a_conflict(run: Run) -> None:
    (project,) = run(CreateProject(name="Home"))
    (made,) = run(CreateTask(title="a", project_id=project.project_id))
    run(UpdateTask(task_id=made.task_id, project_id=None))
    moved = ChangeSet.objects.first()
    run(DeleteProject(project_id=project.project_id))
    with pytest.raises(UndoConflict):
        run(UndoChanges(change_set_id=moved.id))


def test_names_exchanged_in_one_set_are_exchanged_back(run: Run) -> None:
    one, two = run(CreateProject(name="A"), CreateProject(name="B"))
    before = _rows()
    run(
        UpdateProject(project_id=one.project_id, name="x"),
        UpdateProject(project_id=two.project_id, name="A"),
        UpdateProject(project_id=one.project_id, name="B"),
    )
    run(UndoChanges())
    assert _rows() == before


def test_nothing_to_undo(run: Run) -> None:
    with pytest.raises(NothingToUndo):
        run(UndoChanges())
    run()
    with pytest.raises(NothingToUndo):
        run(UndoChanges())


def test_only_ones_own(run: Run, bob: User) -> None:
    run(CreateTask(title="a"))
    bobs = actor_of(bob)
    with pytest.raises(NothingToUndo):
        services.undo_change_set(bobs, None, uuid.uuid4())
    with pytest.raises(ChangeSetNotFound):
        services.undo_change_set(bobs, ChangeSet.objects.get().id, uuid.uuid4())


def test_the_same_undo_twice_is_one_undo(run: Run, actor: Actor) -> None:
    run(CreateTask(title="a"))
    cause = uuid.uuid4()
    assert services.undo_change_set(actor, None, cause) == services.undo_change_set(actor, None, cause)
    assert _rows() == {}


def test_a_reminder_that_was_told_is_not_told_again_by_an_undo(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(dt.timedelta(0),)))
    run(UpdateTask(task_id=made.task_id, title="b"))
    Reminder.objects.update(state=Reminder.State.SENT, sent_at=DUE + dt.timedelta(seconds=3))
    run(UndoChanges())
    assert Reminder.objects.get().state == Reminder.State.SENT
    assert Task.objects.get().title == "a"


def test_delivery_is_no_conflict(run: Run) -> None:
    (made,) = run(CreateTask(title="a", due=DUE, remind=(dt.timedelta(0),)))
    first = ChangeSet.objects.get()
    Reminder.objects.update(state=Reminder.State.SENT, sent_at=DUE)
    run(UndoChanges(change_set_id=first.id))
    assert Task.objects.get(id=made.task_id).deleted_at is not None


DUES = st.one_of(
    st.none(),
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=700)).map(lambda later: DUE + later),
)
REMINDS = st.lists(st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)), max_size=2).map(tuple)
LABELS = st.lists(st.sampled_from(["Home", "home", "work", "x"]), max_size=3).map(tuple)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
            str.strip
        ),
        "notes": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
        "due": DUES,
        "priority": st.one_of(st.none(), st.sampled_from(Priority)),
        "labels": LABELS,
        "remind": REMINDS,
    },
)


@st.composite
def _command_on(draw: st.DrawFn, task_ids: list[uuid.UUID]) -> Command:
    task_id = draw(st.sampled_from(task_ids))
    kind = draw(st.sampled_from(["update", "update", "complete", "reopen", "create", "recur"]))
    if kind == "update":
        return UpdateTask(task_id=task_id, **draw(GIVEN))
    if kind == "recur":
        return UpdateTask(task_id=task_id, rrule=draw(st.sampled_from(["FREQ=DAILY;COUNT=3", "FREQ=MONTHLY", None])))
    if kind == "create":
        return CreateTask(**{"title": "new", **draw(GIVEN)})
    return CompleteTask(task_id=task_id) if kind == "complete" else ReopenTask(task_id=task_id)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undo_puts_back_every_field_and_undo_of_it_brings_every_field_again(data: st.DataObject, ann: User) -> None:
    actor = actor_of(ann)
    Task.objects.all().delete()
    made = services.execute(
        actor, [CreateTask(**{"title": "t", **data.draw(GIVEN)}) for _ in range(2)], cause_id=uuid.uuid4()
    )
    ids = [result.task_id for result in made if result.task_id]
    before = _rows()
    commands = data.draw(st.lists(_command_on(ids), min_size=1, max_size=5))
    if data.draw(st.booleans()):
        commands.append(DeleteTask(task_id=ids[0]))
    cause = uuid.uuid4()
    results = services.execute(actor, commands, cause_id=cause)
    after = _rows()
    undo = uuid.uuid4()
    services.undo_change_set(actor, cause, undo)
    assert _rows() == before
    if any(result.changed for result in results):
        services.undo_change_set(actor, undo, uuid.uuid4())
        assert _rows() == after
