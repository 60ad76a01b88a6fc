"""What staff may do to people, and what nobody does to tasks by hand."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from knox.models import get_token_model
from pytest_django import Settings

from tasks_app.models import Project, ProjectMember, Task, TaskComment, User
from voicebot.models import TokenGrant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _static_files_without_a_build(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def clerk() -> User:
    """Staff who may change people."""
    person = User.objects.create_user("clerk", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user", "view_task"]))
    return person


@pytest.fixture
def desk(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def test_staff_set_a_zone_but_give_no_rights(desk: Client, ann: User) -> None:
    given = {"username": "ann", "timezone": "Europe/Rome", "locale": "en-GB", "week_starts_on": "0", "is_active": "on"}

    response = desk.post(f"/admin/tasks_app/user/{ann.pk}/change/", {**given, "is_staff": "on", "is_superuser": "on"})

    ann.refresh_from_db()
    assert (response.status_code, ann.timezone) == (302, "Europe/Rome")
    assert (ann.is_staff, ann.is_superuser) == (False, False)


def test_staff_change_neither_staff_nor_superusers(desk: Client, clerk: User) -> None:
    chief = User.objects.create_superuser("chief")
    for person in (clerk, chief):
        assert desk.post(f"/admin/tasks_app/user/{person.pk}/change/", {"username": "x"}).status_code == 403
        assert desk.post(f"/admin/tasks_app/user/{person.pk}/password/", {}).status_code == 403


def test_an_unknown_zone_is_refused(desk: Client, ann: User) -> None:
    response = desk.post(f"/admin/tasks_app/user/{ann.pk}/change/", {"username": "ann", "timezone": "Mars/Base"})

    assert "is not a time zone" in response.content.decode()


def test_tasks_need_the_right_to_read_what_people_said(desk: Client, clerk: User, ann: User) -> None:
    Task.objects.create(owner=ann, title="Secret present")
    assert desk.get("/admin/tasks_app/task/").status_code == 403

    clerk.user_permissions.add(Permission.objects.get(codename="view_recording"))
    assert "Secret present" in desk.get("/admin/tasks_app/task/").content.decode()


def test_nobody_changes_tasks_by_hand(ann: User) -> None:
    task = Task.objects.create(owner=ann, title="Present")
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))

    assert client.get(f"/admin/tasks_app/task/{task.pk}/change/").status_code == 200
    assert client.post(f"/admin/tasks_app/task/{task.pk}/change/", {"title": "x"}).status_code == 403
    assert client.get("/admin/tasks_app/task/add/").status_code == 403
    assert client.post(f"/admin/tasks_app/user/{ann.pk}/delete/", {"post": "yes"}).status_code == 403


def test_tokens_are_not_made_for_others() -> None:
    assert not admin.site.is_registered(get_token_model())


def test_a_superuser_takes_tokens_back(ann: User) -> None:
    for _ in range(2):
        get_token_model().objects.create(user=ann)
    desk = Client()
    desk.force_login(User.objects.create_superuser("chief"))
    first, second = TokenGrant.objects.all()
    assert "ann" in desk.get("/admin/voicebot/tokengrant/").content.decode()

    desk.post(f"/admin/voicebot/tokengrant/{first.pk}/delete/", {"post": "yes"})
    assert get_token_model().objects.get() == second.token
    given = {"action": "delete_selected", "_selected_action": [str(second.pk)], "post": "yes"}
    desk.post("/admin/voicebot/tokengrant/", given)
    assert not get_token_model().objects.exists()


@pytest.mark.parametrize("page", ["projectmember", "taskcomment"])
def test_members_and_comments_are_looked_at_by_who_may_read_them(
    desk: Client, clerk: User, ann: User, page: str
) -> None:
    task = Task.objects.create(owner=ann, title="Present")
    comment = TaskComment.objects.create(task=task, author=ann, text="Hot water")
    member = ProjectMember.objects.create(project=Project.objects.create(owner=ann, name="Flat"), user=ann)
    row = {"projectmember": member, "taskcomment": comment}[page]
    clerk.user_permissions.add(Permission.objects.get(codename=f"view_{page}"))
    assert desk.get(f"/admin/tasks_app/{page}/").status_code == 403

    clerk.user_permissions.add(Permission.objects.get(codename="view_recording"))
    for address in (f"/admin/tasks_app/{page}/?q=ann", f"/admin/tasks_app/{page}/{row.pk}/change/"):
        assert "ann" in desk.get(address).content.decode().lower()
    assert desk.post(f"/admin/tasks_app/{page}/{row.pk}/change/", {}).status_code == 403
