"""Deleting a person with all that is theirs, which nothing brings back."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone

from tasks_app import events
from tasks_app.commands import NAME_MAX_LENGTH
from tasks_app.models import Label, Project, ProjectMember, Task, User
from tasks_app.services.nesting import labels_named

if TYPE_CHECKING:
    from tasks_app.models import SignedInDevice

Role = ProjectMember.Role
_NUMBER_LENGTH = 6
"""Characters of a space and a number."""
_STANDING = Case(
    When(role=Role.OWNER, then=Value(0)),
    When(role=Role.EDITOR, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@transaction.atomic
def erase_account(user: User) -> None:
    """Delete a person: account, tasks, labels, what they said with its recordings, chats, tokens and sessions.

    A project that others share goes to the one of them who may do most and has been there longest, with its tasks;
    what the person wrote on tasks of others stays there without a name.

    Args:
        user: Whom; locked, and then gone.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    for project in Project.objects.filter(owner=user, deleted_at=None).select_for_update():
        if heir := _heir_of(project):
            _hand_over(project, heir)
    events.account_erased.send(sender=User, user=user)
    for device in user.devices.all():
        _end_session(device)
    user.delete()


def _heir_of(project: Project) -> ProjectMember | None:
    others = ProjectMember.objects.present().filter(project=project, user__is_active=True)
    heir: ProjectMember | None = (
        others.exclude(user_id=project.owner_id).order_by(_STANDING, "joined_at").select_related("user").first()
    )
    return heir


def _hand_over(project: Project, heir: ProjectMember) -> None:
    tasks = Task.objects.filter(project=project)
    labels = Label.with_deleted.filter(owner_id=project.owner_id, tasks__in=tasks).distinct()
    tasks_by_label = [(label.name, list(tasks.filter(labels=label))) for label in labels.filter(deleted_at=None)]
    tasks.update(owner=heir.user, version=F("version") + 1, updated_at=timezone.now())
    for name, labelled in tasks_by_label:
        [label] = labels_named(heir.user, [name])
        label.tasks.add(*labelled)
    heir.role, heir.version = Role.OWNER, heir.version + 1
    heir.save(update_fields=["role", "version", "updated_at"])
    project.name = _free_name(heir.user, project.name)
    project.owner, project.version = heir.user, project.version + 1
    project.save(update_fields=["name", "owner", "version", "updated_at"])


def _free_name(user: User, name: str) -> str:
    """The name, with a number behind it where the person has a project of that name already."""
    taken = {project.name.casefold() for project in Project.objects.filter(owner=user, deleted_at=None)}
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name[: NAME_MAX_LENGTH - _NUMBER_LENGTH]} {number}"
    return free


def _end_session(device: SignedInDevice) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore(device.session_key).delete()
