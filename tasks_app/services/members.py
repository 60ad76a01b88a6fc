"""Commands on who shares a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from tasks_app import events, selectors
from tasks_app.commands import AcceptInvitation, ChangeMember, InviteMember, LeaveProject, RemoveMember
from tasks_app.errors import InvitationNotFound, MemberAlreadyThere, OwnerMustStay, PersonNotFound
from tasks_app.models import Project, ProjectMember, Task, User
from tasks_app.serialization import project_facts
from tasks_app.services.outcomes import project_result
from tasks_app.sharing import get_member, get_own_membership
from tasks_app.snapshots import take_snapshot, take_snapshots
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.results import CommandResult
    from tasks_app.services.work import Work

INVITATIONS = Rate("invite-member", 60, 3600)
"""Of one person, to names that nobody has too: each tells somebody, and tells who there is."""


def invite_member(work: Work, command: InviteMember) -> CommandResult:
    """Ask somebody to share a project.

    Raises:
        PersonNotFound: Nobody has that user name.
        MemberAlreadyThere: They are in it, or were asked already.
        RateLimited
    """
    check_rate(INVITATIONS, str(work.actor.user.pk))
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True, to_manage=True)
    person = User.objects.filter(username=command.username, is_active=True).first()
    if person is None:
        raise PersonNotFound
    is_there = ProjectMember.objects.filter(project=project, user=person, deleted_at=None).exists()
    if is_there or person.pk == project.owner_id:
        raise MemberAlreadyThere
    member = ProjectMember.objects.create(project=project, user=person, role=command.role)
    work.log.record(command.kind, member, before=None)
    events.member_invited.send(sender=ProjectMember, member=member, by=work.actor.user)
    return project_result(command.kind, project, user_id=person.pk)


def accept_invitation(work: Work, command: AcceptInvitation) -> CommandResult:
    """Agree to share a project."""
    member = get_own_membership(work.actor.user, command.project_id)
    before = take_snapshot(member)
    member.joined_at = member.joined_at or timezone.now()
    changed = work.log.record(command.kind, member, before)
    return project_result(command.kind, member.project, changed=changed, user_id=member.user_id)


def change_member(work: Work, command: ChangeMember) -> CommandResult:
    """Give a member another role."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True, to_manage=True)
    member = get_member(project, command.user_id)
    _check_may_go(member)
    before = take_snapshot(member)
    member.role = command.role
    changed = work.log.record(command.kind, member, before)
    return project_result(command.kind, project, changed=changed, user_id=member.user_id)


def remove_member(work: Work, command: RemoveMember) -> CommandResult:
    """Take a person out of a project; what was theirs to do there is nobody's now."""
    project = selectors.get_project(work.actor.user, command.project_id, for_update=True, to_manage=True)
    return _end(work, command.kind, get_member(project, command.user_id))


def leave_project(work: Work, command: LeaveProject) -> CommandResult:
    """Leave a shared project, or decline the invitation."""
    try:
        member = get_own_membership(work.actor.user, command.project_id)
    except InvitationNotFound:
        selectors.get_project(work.actor.user, command.project_id)
        raise OwnerMustStay from None
    return _end(work, command.kind, member)


def _end(work: Work, action: str, member: ProjectMember) -> CommandResult:
    _check_may_go(member)
    project: Project = member.project
    facts, member_before = project_facts(project), take_snapshot(member)
    tasks = list(Task.objects.filter(project=project, assignee=member.user_id, deleted_at=None).select_for_update())
    befores = take_snapshots(tasks)
    for task in tasks:
        task.assignee = None
    work.log.record_all(action, tasks, befores)
    member.deleted_at = timezone.now()
    work.log.record(action, member, member_before)
    return project_result(action, project, facts, tasks_touched=len(tasks), user_id=member.user_id)


def _check_may_go(member: ProjectMember) -> None:
    if member.user_id == member.project.owner_id:
        raise OwnerMustStay
