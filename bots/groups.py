"""Which group works on which shared project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bots.models import TELEGRAM, GroupChat, OutboundMessage
from tasks_app.errors import ProjectNotFound
from tasks_app.models import ProjectMember
from tasks_app.selectors import get_project
from tasks_app.sharing import list_projects_in_order
from voicebot.errors import NotAllowed

if TYPE_CHECKING:
    import uuid

    from tasks_app.models import Project, User

EDITING_ROLES = ("editor", "owner")


def link_group(user: User, chat_id: int, project_id: uuid.UUID) -> Project:
    """Let a group work on a project; one that it worked on before is let go.

    Raises:
        tasks_app.errors.ProjectNotFound, voicebot.errors.NotAllowed: The person may not change its tasks, or those of
            the project that the group works on now.
    """
    now = find_group(chat_id)
    if now is not None:
        try:
            get_project(user, now.project_id, to_edit=True)
        except ProjectNotFound:
            raise NotAllowed from None
    project = get_project(user, project_id, to_edit=True)
    GroupChat.objects.update_or_create(
        platform=TELEGRAM, chat_id=chat_id, defaults={"project": project, "linked_by": user}
    )
    return project


def list_linkable(user: User) -> list[Project]:
    """The projects whose tasks the person may change, in their own order."""
    return list(list_projects_in_order(user).filter(members__user=user, members__role__in=EDITING_ROLES).distinct())


def list_shared(user: User) -> list[Project]:
    """Those of :func:`list_linkable` that somebody else sees already, so that their names may stand in a group."""
    others = ProjectMember.objects.exclude(user=user).filter(project__in=list_linkable(user))
    shared = set(others.values_list("project_id", flat=True))
    return [project for project in list_linkable(user) if project.pk in shared]


def find_group(chat_id: int) -> GroupChat | None:
    """What the group works on, while that is not in the trash."""
    linked = GroupChat.objects.filter(platform=TELEGRAM, chat_id=chat_id, project__deleted_at=None)
    return linked.select_related("project").first()


def end_group(chat_id: int) -> None:
    """The group works on nothing any more; the project stays as it is."""
    GroupChat.objects.filter(platform=TELEGRAM, chat_id=chat_id).delete()


@transaction.atomic
def move_group(old: int, new: int) -> None:
    """The group got another number, as happens when it grows into a supergroup; each of both chats tells it once."""
    group = GroupChat.objects.select_for_update().filter(platform=TELEGRAM, chat_id=old).first()
    if group is not None:
        GroupChat.objects.filter(platform=TELEGRAM, chat_id=new).delete()
        group.chat_id = new
        group.save(update_fields=["chat_id"])
    waiting = OutboundMessage.objects.filter(platform=TELEGRAM, chat_id=old, message_id=None)
    waiting.filter(state=OutboundMessage.State.PENDING).update(chat_id=new, reply_to_message_id=None)
