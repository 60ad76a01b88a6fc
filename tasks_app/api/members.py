"""``projects/{project_id}/members/``."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors, sharing
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of, carry_out
from tasks_app.commands import ChangeMember, InviteMember, RemoveMember
from tasks_app.errors import MemberAlreadyThere, MemberNotFound, OwnerMustStay, PersonNotFound, ProjectNotFound
from tasks_app.serialization import member_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page

_MEMBER: dict[str, Any] = {
    "id": "b7a6c5d4-e3f2-4a1b-8c9d-0e1f2a3b4c16",
    "user_id": 4,
    "username": "ben",
    "name": "Ben",
    "role": "editor",
    "has_joined": True,
    "project": {"id": shapes.PROJECT_ID, "name": "Home"},
}
_CHANGED: dict[str, Any] = {"change_set": shapes.CHANGE_SET_ID}
ORDERS = Orders({"created_at": ("created_at", "id")})
Invitation = body_without(InviteMember, "Invitation", "kind", "project_id")
MemberFields = body_without(ChangeMember, "MemberFields", "kind", "project_id", "user_id")


class MemberListView(ApiView):
    """``projects/{project_id}/members/``."""

    @operation(
        "list_members",
        "projects",
        Operation("Who shares a project", shapes.Member, _MEMBER, orders=ORDERS, errors=(ProjectNotFound,)),
    )
    def get(self, request: Request, project_id: uuid.UUID) -> Response:
        """And who is invited to it, in the order in which they came."""
        user = caller_of(request)
        members = sharing.list_members(user, selectors.get_project(user, project_id))
        return answer_page(request, members, member_to_json, orders=ORDERS)

    @operation(
        "invite_member",
        "projects",
        Operation(
            "Invite a person",
            shapes.Changed,
            _CHANGED,
            status=status.HTTP_201_CREATED,
            body=Invitation,
            body_example={"username": "ben", "role": "editor"},
            errors=(ProjectNotFound, PersonNotFound, MemberAlreadyThere),
        ),
    )
    def post(self, request: Request, project_id: uuid.UUID) -> Response:
        """They see the project once they agree, at `projects/{project_id}/accept/`."""
        command = read_body(InviteMember, request, kind="invite_member", project_id=str(project_id))
        return _answer(request, command, code=status.HTTP_201_CREATED)


class MemberView(ApiView):
    """``projects/{project_id}/members/{user_id}/``."""

    @operation(
        "change_member",
        "projects",
        Operation(
            "Give a member another role",
            shapes.Changed,
            _CHANGED,
            body=MemberFields,
            body_example={"role": "viewer"},
            errors=(ProjectNotFound, MemberNotFound, OwnerMustStay),
        ),
    )
    def patch(self, request: Request, project_id: uuid.UUID, user_id: int) -> Response:
        """Owners may do that."""
        place: dict[str, Any] = {"project_id": str(project_id), "user_id": user_id}
        return _answer(request, read_body(ChangeMember, request, kind="change_member", **place))

    @operation(
        "remove_member",
        "projects",
        Operation(
            "Take a person out of a project",
            shapes.Changed,
            _CHANGED,
            errors=(ProjectNotFound, MemberNotFound, OwnerMustStay),
        ),
    )
    def delete(self, request: Request, project_id: uuid.UUID, user_id: int) -> Response:
        """Owners may do that; an invitation is taken back in the same way."""
        return _answer(request, RemoveMember(project_id=project_id, user_id=user_id))


def _answer(
    request: Request, command: InviteMember | ChangeMember | RemoveMember, *, code: int = status.HTTP_200_OK
) -> Response:
    return Response({"change_set": str(carry_out(request, command).change_set)}, status=code)


urlpatterns = [
    path("projects/<uuid:project_id>/members/", MemberListView.as_view(), name="project-members"),
    path("projects/<uuid:project_id>/members/<int:user_id>/", MemberView.as_view(), name="project-member"),
]
