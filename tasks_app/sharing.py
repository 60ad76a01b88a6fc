"""Reads of who shares what with whom; each gives a person only what they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from tasks_app.errors import InvitationNotFound, MemberNotFound, PersonNotFound
from tasks_app.models import Project, ProjectMember, User

if TYPE_CHECKING:
    from tasks_app.querysets import MemberQuerySet, ProjectQuerySet


def list_people(user: User) -> list[User]:
    """Those to whom this person may give a task: themselves, then those who share a project with them."""
    shared = ProjectMember.objects.present().filter(user=user, project__deleted_at=None).values("project_id")
    others = ProjectMember.objects.present().filter(project__in=shared).values("user_id")
    return [user, *User.objects.filter(id__in=others, is_active=True).exclude(pk=user.pk).order_by("username")]


def get_assignee(user: User, person_id: int, project: Project | None = None) -> User:
    """A person to whom this person may give a task of a project: one of its members.

    Args:
        user: Who gives it.
        person_id: Whom to.
        project: Where the task lies; what is in no project can only be the person's own.

    Raises:
        PersonNotFound: Anybody else.
    """
    if person_id == user.pk:
        return user
    if project is not None and (found := find_member_user(project, person_id)):
        return found
    raise PersonNotFound


def find_member_user(project: Project, person_id: int) -> User | None:
    """The account of somebody who is in a project now."""
    if person_id == project.owner_id:
        return project.owner
    member = ProjectMember.objects.present().filter(project=project, user=person_id).select_related("user").first()
    return member.user if member else None


def list_members(user: User, project: Project) -> MemberQuerySet:
    """Who is in a project or invited to it, in the order in which they came; accounts and project are fetched."""
    members: MemberQuerySet = ProjectMember.objects.visible_to(user).filter(project=project)
    return members.select_related("user", "project").order_by("created_at")


def list_invitations(user: User) -> MemberQuerySet:
    """The projects that others ask this person to share."""
    waiting = ProjectMember.objects.filter(user=user, joined_at=None, deleted_at=None, project__deleted_at=None)
    invitations: MemberQuerySet = waiting.select_related("user", "project").order_by("created_at")
    return invitations


def list_projects_in_order(user: User) -> ProjectQuerySet:
    """The person's projects as they ordered them, without the archived; each with ``place`` and ``role``."""
    mine = ProjectMember.objects.present().filter(user=user)
    projects: ProjectQuerySet = Project.objects.visible_to(user).filter(is_archived=False, members__in=mine)
    projects = projects.annotate(place=F("members__position"), role=F("members__role"))
    return projects.order_by("place", "created_at")


def get_member(project: Project, user_id: int) -> ProjectMember:
    """Somebody in a project, or invited to it, locked until the transaction ends; the caller checked the project.

    Raises:
        MemberNotFound: They are not.
    """
    members = ProjectMember.objects.filter(project=project, user=user_id, deleted_at=None)
    member: ProjectMember | None = members.select_related("user", "project").select_for_update(of=("self",)).first()
    if member is None:
        raise MemberNotFound
    return member


def get_own_membership(user: User, project_id: UUID) -> ProjectMember:
    """The person's own place in a project, or the invitation to it, locked until the transaction ends.

    Raises:
        InvitationNotFound: They have none.
    """
    mine = ProjectMember.objects.filter(project=project_id, user=user, deleted_at=None, project__deleted_at=None)
    member: ProjectMember | None = mine.select_related("user", "project").select_for_update(of=("self",)).first()
    if member is None:
        raise InvitationNotFound
    return member
