"""The trash and invitations over the API."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from tasks_app import services
from tasks_app.commands import (
    AcceptInvitation,
    CompleteTask,
    CreateProject,
    CreateTask,
    DeleteProject,
    DeleteTask,
    InviteMember,
)
from tasks_app.models import Change, Project, Task, User
from tests.api.conftest import client_for
from tests.tasks_app.conftest import Run, actor_of


@pytest.fixture
def api(ann: User) -> APIClient:
    return client_for(ann)


def test_the_trash_tells_until_when_and_gives_back(api: APIClient, run: Run) -> None:
    (made,) = run(CreateTask(title="Call mum"))
    run(DeleteTask(task_id=made.task_id))
    (row,) = api.get("/api/v1/trash/tasks/").json()["results"]
    grace = dt.datetime.fromisoformat(row["destroyed_from"]) - dt.datetime.fromisoformat(row["deleted_at"])
    assert (row["title"], grace.days) == ("Call mum", settings.TRASH_DAYS)
    assert api.post(f"/api/v1/tasks/{row['id']}/restore/").status_code == 200
    assert api.get("/api/v1/trash/tasks/").json()["results"] == []
    assert api.delete(f"/api/v1/trash/tasks/{row['id']}/").status_code == 404


def test_one_task_is_destroyed_with_its_parts_and_their_record(api: APIClient, run: Run) -> None:
    (whole,) = run(CreateTask(title="whole"))
    (part,) = run(CreateTask(title="part", parent_id=whole.task_id))
    run(CreateTask(title="other"))
    run(DeleteTask(task_id=whole.task_id))
    assert api.delete(f"/api/v1/trash/tasks/{whole.task_id}/").status_code == 204
    assert Task.objects.get().title == "other"
    assert not Change.objects.filter(row_id__in=[whole.task_id, part.task_id]).exists()


def test_a_project_is_destroyed_and_what_was_done_in_it_stays(api: APIClient, run: Run) -> None:
    (home,) = run(CreateProject(name="Home"))
    (whole,) = run(CreateTask(title="whole", project_id=home.project_id))
    (part,) = run(CreateTask(title="done part", parent_id=whole.task_id))
    run(CompleteTask(task_id=part.task_id), DeleteProject(project_id=home.project_id))
    assert api.delete(f"/api/v1/trash/projects/{home.project_id}/").status_code == 204
    assert (Task.objects.get().title, Task.objects.get().parent, Task.objects.get().project) == (
        "done part",
        None,
        None,
    )


def test_emptied_it_holds_nothing_and_the_trash_of_others_stays(api: APIClient, run: Run, bob: User) -> None:
    made = run(CreateTask(title="one"), CreateTask(title="two"), CreateProject(name="Home"))
    run(*(DeleteTask(task_id=each.task_id) for each in made[:2]), DeleteProject(project_id=made[2].project_id))
    (other,) = services.execute(actor_of(bob), [CreateTask(title="his")], cause_id=uuid.uuid4())
    services.execute(actor_of(bob), [DeleteTask(task_id=other.task_id)], cause_id=uuid.uuid4())
    assert api.post("/api/v1/trash/empty/").json() == {"destroyed": 3}
    assert (Task.objects.get().title, Project.objects.count()) == ("his", 0)


def test_an_editor_brings_back_and_only_an_owner_destroys(run: Run, bob: User) -> None:
    (home,) = run(CreateProject(name="Home"))
    (made,) = run(CreateTask(title="ours", project_id=home.project_id))
    run(InviteMember(project_id=home.project_id, username="bob", role="editor"), DeleteTask(task_id=made.task_id))
    services.execute(actor_of(bob), [AcceptInvitation(project_id=home.project_id)], cause_id=uuid.uuid4())
    his = client_for(bob)
    assert len(his.get("/api/v1/trash/tasks/").json()["results"]) == 1
    assert his.delete(f"/api/v1/trash/tasks/{made.task_id}/").status_code == 403
    assert his.post(f"/api/v1/tasks/{made.task_id}/restore/").status_code == 200


def test_an_invitation_is_listed_until_it_is_answered(run: Run, bob: User) -> None:
    for name in ("Home", "Work"):
        (made,) = run(CreateProject(name=name))
        run(InviteMember(project_id=made.project_id, username="bob"))
    his = client_for(bob)
    home, work = his.get("/api/v1/invitations/").json()["results"]
    assert (home["project"]["name"], work["project"]["name"], work["has_joined"]) == ("Home", "Work", False)
    assert his.post(f"/api/v1/projects/{home['project']['id']}/accept/").status_code == 200
    assert his.post(f"/api/v1/projects/{work['project']['id']}/leave/").status_code == 200
    assert his.get("/api/v1/invitations/").json()["results"] == []
    assert [each["name"] for each in his.get("/api/v1/projects/").json()["results"]] == ["Home"]
