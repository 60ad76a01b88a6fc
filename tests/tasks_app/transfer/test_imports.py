"""Imports as a whole: one set of changes, all or nothing, once, and quick."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tasks_app import services
from tasks_app.commands import CreateProject, CreateTask, DeleteProject, UpdateTask
from tasks_app.context import Actor, Source
from tasks_app.errors import UndoConflict
from tasks_app.models import (
    Change,
    ChangeSet,
    ImportRow,
    Label,
    Project,
    Reminder,
    Task,
    TaskComment,
    TaskImport,
    User,
    Webhook,
)
from tasks_app.search import search
from tasks_app.snapshots import take_snapshot
from tasks_app.transfer import imports
from tasks_app.transfer.errors import ImportAlreadyRunning, ImportAlreadyStarted, ImportNotFound
from tests.tasks_app.conftest import Run
from tests.tasks_app.transfer.conftest import FILES, NOW, bring_in, content_of
from voicebot.errors import RateLimited
from voicebot.throttling import Rate


def given(content: bytes) -> imports.GivenFile:
    return imports.GivenFile(content, "file", Source.API)


def undo(actor: Actor, done: TaskImport) -> None:
    services.undo_change_set(actor, done.id, uuid.uuid4())


def test_one_undo_takes_all_of_it_back_and_it_can_come_again(ann: User, actor: Actor) -> None:
    done = bring_in(ann, content_of("todoist.json"))
    undo(actor, done)
    assert not Task.objects.visible_to(ann).exists()
    assert not Project.objects.visible_to(ann).exists()
    assert not Label.objects.visible_to(ann).exists()
    again = bring_in(ann, content_of("todoist.json"))
    assert again.made == done.made
    assert Task.objects.visible_to(ann).count() == done.made


def test_it_leaves_the_records_that_one_by_one_would_leave(ann: User) -> None:
    done = bring_in(ann, content_of("todoist.json"))
    changes = list(Change.objects.filter(change_set=done.id))
    assert [change.ordinal for change in changes] == list(range(1, len(changes) + 1))
    rows = {"task": Task, "project": Project, "label": Label}
    for change in changes:
        assert change.before is None
        assert change.after == take_snapshot(rows[change.kind].objects.get(id=change.row_id))
    boat = Project.objects.get(owner=ann, name="Boat")
    assert [(member.user, member.role) for member in boat.members.all()] == [(ann, "owner")]
    task = Task.objects.get(title="Paint the mast")
    assert [task.project, task.owner, task.priority] == [boat, ann, 1]
    assert {project.name for project in Project.objects.filter(owner=ann)} == {
        "Boat",
        "Shed",
        "Boat / Ideas",
        "Shed / Ideas",
    }
    assert task.created_at == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    part = Task.objects.get(title="Sand it first")
    assert (part.parent, part.project, part.completed_at is not None) == (task, boat, True)


def test_what_is_past_is_not_told(ann: User) -> None:
    due = "2020-01-01T09:00:00Z"
    bring_in(ann, json.dumps({"items": [{"id": "1", "content": "old", "due": {"date": due}}], "projects": [],
        "reminders": [{"item_id": "1", "type": "relative", "minute_offset": 5}]}))  # fmt: skip
    assert Reminder.objects.get().state == Reminder.State.SENT


def test_projects_and_labels_of_the_same_name_are_used(ann: User, run: Run) -> None:
    (project,) = run(CreateProject(name="BOAT"))
    run(CreateTask(title="x", labels=("Spring",)))
    bring_in(ann, content_of("todoist.json"))
    task = Task.objects.get(title="Paint the mast")
    assert task.project_id == project.project_id
    assert {label.name for label in task.labels.all()} == {"Spring", "Deck"}


def test_a_preview_writes_nothing(ann: User) -> None:
    file, resolved = imports.preview_file(ann, given(content_of("tasks.ics")), NOW)
    assert (file.file_format, len(resolved.batch.tasks), len(resolved.batch.projects)) == ("calendar", 3, 1)
    assert [(row.row, row.outcome, row.code) for row in resolved.rows[3:]] == [
        (4, "problem", "import_row_unreadable"),
        (5, "problem", "import_row_left_out"),
    ]
    for model in (Task, Project, TaskImport, ImportRow, ChangeSet):
        assert not model.objects.exists()


def test_files_are_read_so_often_and_no_more(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "READINGS", Rate(f"import-files-{ann.pk}", 2, 3600))
    imports.preview_file(ann, given(content_of("google.json")), NOW)
    draft = imports.add_import(ann, given(content_of("google.json")), NOW, is_draft=True)
    with pytest.raises(RateLimited):
        imports.preview_import(draft)


def test_a_file_that_cannot_be_read_brings_nothing(ann: User) -> None:
    task_import = imports.add_import(ann, given(content_of("google.json")), NOW)
    TaskImport.objects.filter(id=task_import.id).update(content=b"{}")
    imports.run_import(task_import.id)
    failed = imports.get_import(ann, task_import.id)
    assert (failed.state, failed.error_code) == ("failed", "import_format_unknown")
    assert not Task.objects.exists()


def test_one_at_a_time_and_cancelled_before_it_begins(ann: User, bob: User) -> None:
    first = imports.add_import(ann, given(content_of("google.json")), NOW)
    with pytest.raises(ImportAlreadyRunning):
        imports.add_import(ann, given(content_of("google.json")), NOW)
    with pytest.raises(ImportNotFound):
        imports.cancel_import(bob, first.id)
    imports.cancel_import(ann, first.id)
    imports.run_import(first.id)
    assert imports.get_import(ann, first.id).state == "cancelled"
    with pytest.raises(ImportAlreadyStarted):
        imports.cancel_import(ann, first.id)
    assert not Task.objects.exists()


def test_a_lost_one_is_taken_up_again_and_done_once(ann: User) -> None:
    lost = imports.add_import(ann, given(content_of("google.json")), NOW)
    now = timezone.now()
    TaskImport.objects.filter(id=lost.id).update(state="reading", lease_until=now + imports.LEASE)
    imports.run_import(lost.id)
    assert not Task.objects.exists()
    assert imports.take_stalled(now) == []
    TaskImport.objects.filter(id=lost.id).update(lease_until=now - imports.LEASE)
    assert imports.take_stalled(now) == [lost.id]
    imports.run_import(lost.id)
    imports.run_import(lost.id)
    assert imports.get_import(ann, lost.id).state == "done"
    assert Task.objects.count() == 2


def test_what_kills_every_worker_is_given_up(ann: User) -> None:
    task_import = imports.add_import(ann, given(content_of("google.json")), NOW)
    TaskImport.objects.filter(id=task_import.id).update(attempts=imports.ATTEMPTS_MAX)
    imports.run_import(task_import.id)
    assert imports.get_import(ann, task_import.id).error_code == "internal_error"


def test_drafts_wait_for_a_word(ann: User) -> None:
    draft = imports.add_import(ann, given(content_of("google.json")), NOW, is_draft=True)
    imports.run_import(draft.id)
    assert not Task.objects.exists()
    assert len(imports.preview_import(imports.get_import(ann, draft.id))[1].batch.tasks) == 2
    imports.start_import(ann, draft.id)
    imports.run_import(draft.id)
    assert Task.objects.count() == 2
    with pytest.raises(ImportAlreadyStarted):
        imports.start_import(ann, draft.id)


def test_parts_that_lie_too_deep_or_in_each_other_stand_further_up(ann: User) -> None:
    items = [{"id": str(n), "content": f"t{n}", "parent_id": str(n - 1) if n else None} for n in range(5)]
    items += [{"id": "a", "content": "a", "parent_id": "b"}, {"id": "b", "content": "b", "parent_id": "a"}]
    items += [{"id": "c", "content": "c", "parent_id": "nowhere"}]
    done = bring_in(ann, json.dumps({"items": items, "projects": []}))
    parents = {task.title: task.parent.title if task.parent else None for task in Task.objects.select_related("parent")}
    assert parents == {"t0": None, "t1": "t0", "t2": "t1", "t3": "t1", "t4": "t1", "a": None, "b": None, "c": None}
    moved = {row.title for row in done.rows.filter(code="import_part_moved_up")}
    assert moved == {"t3", "t4", "a", "b", "c"}


def test_many_come_and_go_with_few_queries(ann: User, actor: Actor, django_assert_max_num_queries: Any) -> None:
    file = json.dumps({
        "projects": [{"id": "p", "name": "Big"}],
        "items": [
            {"id": str(n), "content": f"task {n}", "project_id": "p", "labels": ["a", f"l{n % 20}"], "priority": 1,
             "due": {"date": "2027-01-05T10:00:00Z"}, "parent_id": str(n - 1) if n % 3 else None}
            for n in range(300)
        ],
        "reminders": [{"item_id": str(n), "type": "relative", "minute_offset": 10} for n in range(300)],
    })  # fmt: skip
    with django_assert_max_num_queries(60):
        done = bring_in(ann, file)
    assert (done.made, done.rows.count(), Reminder.objects.count()) == (300, 300, 300)
    before = {change.row_id: change.after for change in Change.objects.filter(change_set=done.id)}
    with django_assert_max_num_queries(150):
        undo(actor, done)
    assert not Task.objects.visible_to(ann).exists()
    assert not Project.objects.visible_to(ann).exists()
    services.undo_change_set(actor, ChangeSet.objects.get(undoes=done.id).id, uuid.uuid4())
    assert Task.objects.visible_to(ann).count() == 300
    again = Task.objects.get(title="task 299")
    assert take_snapshot(again) == before[again.id]


def test_what_came_is_found_by_all_that_came_with_it(ann: User) -> None:
    item = {"id": "1", "content": "task", "project_id": "p", "labels": ["calf"], "description": "blue"}
    notes = [{"id": "2", "item_id": "1", "content": "green"}]
    bring_in(ann, json.dumps({"projects": [{"id": "p", "name": "Farm"}], "items": [item], "notes": notes}))
    assert TaskComment.objects.count() == 1
    for word in ("task", "calf", "blue", "green", "farm"):
        assert [found.title for found in search(ann, word).tasks] == ["task"], word


def many(count: int) -> str:
    items = [{"id": str(n), "content": f"task {n}", "project_id": "p"} for n in range(count)]
    return json.dumps({"projects": [{"id": "p", "name": "Big"}], "items": items})


@pytest.mark.parametrize("since", ["changed", "part", "more"])
def test_what_happened_since_stops_the_undo_of_a_large_set(ann: User, actor: Actor, run: Run, since: str) -> None:
    done = bring_in(ann, many(30))
    task, project = Task.objects.get(title="task 7"), Project.objects.get()
    commands = {
        "changed": UpdateTask(task_id=task.id, title="other"),
        "part": CreateTask(title="part", parent_id=task.id),
        "more": CreateTask(title="more", project_id=project.id),
    }
    run(commands[since])
    with pytest.raises(UndoConflict):
        undo(actor, done)
    assert Task.objects.visible_to(ann).filter(title__startswith="task").count() == (29 if since == "changed" else 30)
    assert Project.objects.visible_to(ann).exists()


def test_a_project_with_many_tasks_comes_back_with_them(ann: User, run: Run, actor: Actor) -> None:
    bring_in(ann, many(30))
    deletion = uuid.uuid4()
    services.execute(actor, [DeleteProject(project_id=Project.objects.get().id)], cause_id=deletion)
    assert not Task.objects.visible_to(ann).exists()
    services.undo_change_set(actor, deletion, uuid.uuid4())
    assert Task.objects.visible_to(ann).filter(project__deleted_at=None, project__name="Big").count() == 30


def test_webhooks_hear_of_each_task_and_pages_of_all_at_once(ann: User) -> None:
    webhook = Webhook.objects.create(owner=ann, url="https://receiver.example.org/", events=["task.created"])
    bring_in(ann, many(3))
    told = [json.loads(each.body)["object"]["title"] for each in webhook.deliveries.all()]
    assert sorted(told) == ["task 0", "task 1", "task 2"]


def test_the_command_line(ann: User, capsys: Any) -> None:
    path = str(FILES / "google.json")
    call_command("import_tasks", path, user="ann", preview=True)
    assert "2 to be made, 0 there already, 2 left out" in capsys.readouterr().out
    assert not Task.objects.exists()
    call_command("import_tasks", path, user="ann")
    assert "2 made" in capsys.readouterr().out
    assert Task.objects.count() == 2
    for wrong in ({"user": "nobody"}, {"user": "ann"}):
        with pytest.raises(CommandError):
            call_command("import_tasks", "/nowhere" if wrong["user"] == "ann" else path, **wrong)
