"""Deleting a person: what is theirs is gone, what others share stays with them."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.utils import timezone

from tasks_app.commands import AddComment, Command, CreateProject, CreateTask
from tasks_app.context import Source
from tasks_app.models import Project, ProjectMember, Task, TaskComment, User
from tasks_app.results import CommandResult
from tasks_app.services import execute
from tasks_app.services.erasure import erase_account
from voice_app.actors import actor_for
from voice_app.models import Recording
from voice_app.services import submit_text
from voice_app.vault import encrypt

pytestmark = pytest.mark.django_db


def _do(user: User, command: Command) -> CommandResult:
    return execute(actor_for(user, Source.WEB), [command], cause_id=uuid.uuid4())[0]


def _share(project: Project, user: User, role: str) -> None:
    ProjectMember.objects.create(project=project, user=user, role=role, joined_at=timezone.now())


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def bob() -> User:
    return User.objects.create_user("bob")


def test_nothing_is_left_that_points_to_the_person(ada: User) -> None:
    project_id = _do(ada, CreateProject(name="Garden")).project_id
    _do(ada, CreateTask(title="Mow the lawn", project_id=project_id, labels=("outside",)))
    command = submit_text(actor_for(ada, Source.WEB), "buy milk", external_id="1").command
    Recording.objects.create(command=command, ciphertext=encrypt(ada, command.pk, b"x"), size_bytes=1, media_type="a")
    person = ada.pk

    erase_account(ada)

    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                assert not model._base_manager.filter(**{field.attname: person}).exists(), f"{model}.{field.name}"
    assert not Recording.objects.exists()
    assert not User.objects.filter(pk=person).exists()


def test_a_shared_project_goes_to_who_may_do_most(ada: User, bob: User) -> None:
    eve = User.objects.create_user("eve")
    _do(bob, CreateProject(name="Garden"))
    project = Project.objects.get(pk=_do(ada, CreateProject(name="Garden")).project_id)
    task_id = _do(ada, CreateTask(title="Mow the lawn", project_id=project.pk, labels=("outside",))).task_id
    _share(project, eve, "viewer")
    _share(project, bob, "editor")
    _do(ada, AddComment(task_id=task_id, text="On Saturday"))

    erase_account(ada)

    project.refresh_from_db()
    task = Task.objects.get(pk=task_id)
    assert (project.owner, project.name, task.owner) == (bob, "Garden 2", bob)
    assert [label.owner for label in task.labels.all()] == [bob]
    assert Task.objects.visible_to(eve).filter(pk=task_id).exists()
    assert TaskComment.objects.get().author is None


def test_what_lies_in_a_project_of_others_stays(ada: User, bob: User) -> None:
    project = Project.objects.get(pk=_do(bob, CreateProject(name="Garden")).project_id)
    _share(project, ada, "editor")
    _do(ada, CreateTask(title="Mow the lawn", project_id=project.pk, assignee_id=ada.pk))

    erase_account(ada)

    task = Task.objects.get()
    assert (task.owner, task.assignee) == (bob, None)
    assert list(project.members.values_list("user__username", flat=True)) == ["bob"]
