"""What commands do to rows, and what is told of it."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection
from pydantic import TypeAdapter, ValidationError
from pytest_django import DjangoAssertNumQueries

from tasks_app import services
from tasks_app.commands import (
    Command,
    CompleteTask,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    ReopenTask,
    UpdateProject,
    UpdateTask,
)
from tasks_app.context import Actor
from tasks_app.errors import (
    ChangeSetNotFound,
    PersonNotFound,
    ProjectNameTaken,
    ProjectNotFound,
    RecurrenceInvalid,
    TaskNotFound,
    TaskRangeInvalid,
    TaskTitleMissing,
)
from tasks_app.intents import Priority
from tasks_app.models import Change, ChangeSet, Label, Task, User
from tasks_app.results import CommandResult
from tests.tasks_app.conftest import BERLIN, Run, actor_of
from voicebot.transactions import user_group

TOMORROW = dt.date(2026, 11, 23)
AT_FIVE = dt.datetime(2026, 11, 23, 17, 0, tzinfo=BERLIN)


def test_creates_a_task_with_everything(run: Run, ann: User) -> None:
    (project,) = run(CreateProject(name="Home"))
    (result,) = run(
        CreateTask(
            title="call mum",
            due=AT_FIVE,
            end=AT_FIVE + dt.timedelta(hours=1),
            rrule="FREQ=DAILY",
            priority=Priority.HIGH,
            project_id=project.project_id,
            labels=("Family", "family", "phone"),
            assignee_id=ann.pk,
            remind=(dt.timedelta(minutes=10),),
            notes="ask about the garden",
        )
    )
    task = Task.objects.get(id=result.task_id)
    assert (task.due_on, task.due_at, task.due_time, task.zone) == (TOMORROW, AT_FIVE, dt.time(17), "Europe/Berlin")
    assert task.priority == Task.Priority.HIGH
    assert sorted(label.name.lower() for label in task.labels.all()) == ["family", "phone"]
    assert [reminder.remind_at for reminder in task.reminders.all()] == [AT_FIVE - dt.timedelta(minutes=10)]
    assert result.due == "2026-11-23T17:00:00+01:00"
    assert result.end == "2026-11-23T18:00:00+01:00"
    assert (result.due_has_time, result.recurring, result.project, result.before) == (True, True, "Home", None)
    assert result.remind == ("2026-11-23T16:50:00+01:00",)


def test_the_day_is_the_speakers_and_not_utc(ann: User) -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    moment = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)
    (result,) = services.execute(actor_of(ann, tz=auckland), [CreateTask(title="x", due=moment)], cause_id=uuid.uuid4())
    assert Task.objects.get(id=result.task_id).due_on == dt.date(2026, 11, 23)
    assert result.due == "2026-11-23T09:00:00+13:00"


def test_labels_are_found_whatever_their_case(run: Run, ann: User) -> None:
    run(CreateTask(title="a", labels=("Errand",)))
    run(CreateTask(title="b", labels=("errand",)))
    assert [label.name for label in Label.objects.filter(owner=ann)] == ["Errand"]


def test_update_touches_only_what_was_given(run: Run) -> None:
    (made,) = run(CreateTask(title="report", due=AT_FIVE, priority=Priority.LOW, notes="draft", labels=("work",)))
    (result,) = run(UpdateTask(task_id=made.task_id, due=dt.date(2026, 11, 27)))
    assert (result.title, result.priority, result.labels) == ("report", Priority.LOW, ("work",))
    assert (result.due, result.due_has_time) == ("2026-11-27", False)
    assert result.before is not None
    assert (result.before.due, result.before.due_has_time) == ("2026-11-23T17:00:00+01:00", True)


def test_update_with_none_clears(run: Run) -> None:
    (made,) = run(CreateTask(title="report", due=AT_FIVE, rrule="FREQ=DAILY", priority=Priority.LOW, labels=("work",)))
    (result,) = run(UpdateTask(task_id=made.task_id, due=None, priority=None, labels=None))
    assert (result.due, result.rrule, result.priority, result.labels) == (None, None, None, ())


def test_update_without_a_difference_is_recorded_and_changes_nothing(run: Run) -> None:
    (made,) = run(CreateTask(title="report"))
    (result,) = run(UpdateTask(task_id=made.task_id, title="report"))
    assert not result.changed
    assert ChangeSet.objects.count() == 2
    assert Change.objects.count() == 1
    assert Task.objects.get().version == 1


def test_a_range_keeps_its_length_when_it_is_moved(run: Run) -> None:
    (made,) = run(CreateTask(title="trip", due=dt.date(2026, 12, 1), end=dt.date(2026, 12, 4)))
    (result,) = run(UpdateTask(task_id=made.task_id, due=dt.date(2026, 12, 10)))
    assert (result.due, result.end) == ("2026-12-10", "2026-12-13")


def test_refuses_what_cannot_be(run: Run) -> None:
    (made,) = run(CreateTask(title="trip", due=TOMORROW))
    with pytest.raises(TaskRangeInvalid):
        run(UpdateTask(task_id=made.task_id, end=TOMORROW - dt.timedelta(days=1)))
    with pytest.raises(TaskRangeInvalid):
        run(CreateTask(title="x", end=TOMORROW))
    with pytest.raises(TaskTitleMissing):
        run(UpdateTask(task_id=made.task_id, title=None))
    with pytest.raises(RecurrenceInvalid):
        run(CreateTask(title="x", rrule="FREQ=SOMETIMES"))
    with pytest.raises(PersonNotFound):
        run(CreateTask(title="x", assignee_id=10**9))
    with pytest.raises(ProjectNotFound):
        run(CreateTask(title="x", project_id=uuid.uuid4()))


def test_one_bad_command_undoes_its_whole_set(run: Run) -> None:
    with pytest.raises(TaskNotFound):
        run(CreateTask(title="a"), CompleteTask(task_id=uuid.uuid4()))
    assert not Task.objects.exists()
    assert not ChangeSet.objects.exists()


def test_completes_once_and_reopens(run: Run) -> None:
    (made,) = run(CreateTask(title="a"))
    (done,) = run(CompleteTask(task_id=made.task_id))
    (again,) = run(CompleteTask(task_id=made.task_id))
    assert (done.changed, done.is_completed, again.changed) == (True, True, False)
    (back,) = run(ReopenTask(task_id=made.task_id))
    assert (back.changed, back.is_completed) == (True, False)


def test_a_recurring_task_moves_on_until_its_last_time(run: Run) -> None:
    (made,) = run(CreateTask(title="pills", due=AT_FIVE, rrule="FREQ=DAILY;COUNT=2", remind=(dt.timedelta(hours=1),)))
    (first,) = run(CompleteTask(task_id=made.task_id), said_at=AT_FIVE)
    assert (first.is_completed, first.next_due) == (False, "2026-11-24T17:00:00+01:00")
    assert first.remind == ("2026-11-24T16:00:00+01:00",)
    assert first.before is not None
    assert first.before.due == "2026-11-23T17:00:00+01:00"
    (last,) = run(CompleteTask(task_id=made.task_id), said_at=AT_FIVE + dt.timedelta(days=1))
    assert (last.is_completed, last.next_due) == (True, None)


def test_an_overdue_recurring_task_comes_next_in_the_future(run: Run) -> None:
    (made,) = run(CreateTask(title="plants", due=dt.date(2026, 11, 2), rrule="FREQ=WEEKLY;BYDAY=MO"))
    (done,) = run(CompleteTask(task_id=made.task_id))
    assert done.next_due == "2026-11-23"


def test_a_rule_without_a_date_starts_at_its_first_day(run: Run) -> None:
    (made,) = run(CreateTask(title="plants", rrule="FREQ=WEEKLY;BYDAY=TU"))
    assert made.due == "2026-11-24"


def test_projects_have_names_of_their_own(run: Run) -> None:
    (home,) = run(CreateProject(name="Home"))
    with pytest.raises(ProjectNameTaken):
        run(CreateProject(name="home"))
    (work,) = run(CreateProject(name="Work"))
    with pytest.raises(ProjectNameTaken):
        run(UpdateProject(project_id=work.project_id, name="HOME"))
    (renamed,) = run(UpdateProject(project_id=home.project_id, name="HOME", is_archived=True))
    assert (renamed.title, renamed.is_archived) == ("HOME", True)
    assert renamed.before is not None
    assert renamed.before.title == "Home"


def test_a_project_takes_its_open_tasks_to_the_trash(run: Run) -> None:
    (project,) = run(CreateProject(name="Home"))
    open_one, done_one = run(
        CreateTask(title="open", project_id=project.project_id), CreateTask(title="done", project_id=project.project_id)
    )
    run(CompleteTask(task_id=done_one.task_id))
    (result,) = run(DeleteProject(project_id=project.project_id))
    assert result.tasks_touched == 1
    assert Task.objects.get(id=open_one.task_id).deleted_at is not None
    assert Task.objects.get(id=done_one.task_id).deleted_at is None


@pytest.mark.parametrize("kind", [UpdateTask, CompleteTask, ReopenTask, DeleteTask])
def test_the_tasks_of_others_do_not_exist(run: Run, bob: User, kind: type[Command]) -> None:
    (made,) = run(CreateTask(title="secret"))
    with pytest.raises(TaskNotFound):
        services.execute(actor_of(bob), [kind(task_id=made.task_id)], cause_id=uuid.uuid4())


@pytest.mark.parametrize("kind", [UpdateProject, DeleteProject])
def test_the_projects_of_others_do_not_exist(run: Run, bob: User, kind: type[Command]) -> None:
    (made,) = run(CreateProject(name="secret"))
    bobs = actor_of(bob)
    with pytest.raises(ProjectNotFound):
        services.execute(bobs, [kind(project_id=made.project_id)], cause_id=uuid.uuid4())
    with pytest.raises(ProjectNotFound):
        services.execute(bobs, [CreateTask(title="x", project_id=made.project_id)], cause_id=uuid.uuid4())


def test_the_same_cause_gets_the_same_answer(actor: Actor, bob: User) -> None:
    cause = uuid.uuid4()
    first = services.execute(actor, [CreateTask(title="a", due=AT_FIVE)], cause_id=cause)
    assert services.execute(actor, [CreateTask(title="other")], cause_id=cause) == first
    assert Task.objects.count() == 1
    with pytest.raises(ChangeSetNotFound):
        services.execute(actor_of(bob), [CreateTask(title="b")], cause_id=cause)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_the_same_cause_act_once() -> None:
    user = User.objects.create_user("carla")
    cause, acting = uuid.uuid4(), actor_of(user)

    def act(_number: int) -> tuple[CommandResult, ...]:
        try:
            return services.execute(
                acting, [CreateTask(title="once", labels=("new",)), CreateTask(title="too")], cause_id=cause
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(act, range(8)))
    assert len(answers) == 1
    assert Task.objects.count() == 2
    assert Change.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_causes_of_their_own_all_act() -> None:
    user = User.objects.create_user("carla")
    acting = actor_of(user)

    def act(number: int) -> None:
        try:
            services.execute(acting, [CreateTask(title=str(number), labels=("new",))], cause_id=uuid.uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    assert Task.objects.filter(labels__name="new").count() == 8
    assert Label.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_happens_is_told_to_the_person_after_the_commit() -> None:
    user = User.objects.create_user("dora")
    layer = get_channel_layer()

    @async_to_sync
    async def listen_and(act: object) -> None:
        channel = await layer.new_channel()
        await layer.group_add(user_group(user.pk), channel)
        received.append(channel)

    received: list[str] = []
    listen_and(None)
    cause = uuid.uuid4()
    (made,) = services.execute(actor_of(user), [CreateTask(title="a")], cause_id=cause)
    services.execute(actor_of(user), [CompleteTask(task_id=made.task_id)], cause_id=uuid.uuid4())
    services.execute(actor_of(user), [DeleteTask(task_id=made.task_id)], cause_id=uuid.uuid4())

    @async_to_sync
    async def collect() -> list[dict[str, object]]:
        return [(await layer.receive(received[0]))["event"] for _ in range(3)]

    events = collect()
    assert [event["event"] for event in events] == ["task.created", "task.completed", "task.deleted"]
    assert events[0]["task"]["title"] == "a"
    assert events[0]["change_set_id"] == str(cause)


def test_results_survive_json() -> None:
    result = CommandResult(action="create_task", task_id=uuid.uuid4(), title="x", priority=Priority.LOW, labels=("a",))
    assert CommandResult.from_json(result.to_json()) == result


@pytest.mark.parametrize(
    "hostile",
    [
        {"kind": "create_task", "title": "  "},
        {"kind": "create_task", "title": "a\x00b"},
        {"kind": "create_task", "title": "x" * 501},
        {"kind": "create_task", "title": "x", "due": "9999-12-31"},
        {"kind": "create_task", "title": "x", "due": "2026-11-23T10:00:00"},
        {"kind": "create_task", "title": "x", "remind": ["P9999999D"]},
        {"kind": "create_task", "title": "x", "labels": ["l"] * 51},
        {"kind": "create_task", "title": "x", "owner_id": 1},
        {"kind": "drop_table"},
    ],
)
def test_hostile_commands_are_refused(hostile: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Command).validate_python(hostile)


def test_the_wire_keeps_days_and_moments_apart() -> None:
    adapter = TypeAdapter[Command](Command)
    day = adapter.validate_json('{"kind": "create_task", "title": "x", "due": "2026-11-23"}')
    moment = adapter.validate_json('{"kind": "create_task", "title": "x", "due": "2026-11-23T00:00:00+01:00"}')
    assert isinstance(day, CreateTask)
    assert isinstance(moment, CreateTask)
    assert day.due == TOMORROW
    assert moment.due == dt.datetime(2026, 11, 23, tzinfo=BERLIN)


def test_a_new_task_takes_few_queries(
    ann: User, actor: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):  # a savepoint and its end, the turn, the task, the change and its set
        services.execute(actor, [CreateTask(title="milk")], cause_id=uuid.uuid4(), is_new=True)
    (change,) = Change.objects.all()
    assert change.change_set.results[0]["title"] == "milk"
