"""``invitations/``."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import sharing
from tasks_app.api import shapes
from tasks_app.api.callers import caller_of
from tasks_app.serialization import member_to_json
from voicebot.api.base import ApiView
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page

_INVITATION: dict[str, Any] = {
    "id": "b7a6c5d4-e3f2-4a1b-8c9d-0e1f2a3b4c16",
    "user_id": 3,
    "username": "anna",
    "name": "Anna",
    "role": "editor",
    "has_joined": False,
    "project": {"id": shapes.PROJECT_ID, "name": "Home"},
}
ORDERS = Orders({"created_at": ("created_at", "id")})


class InvitationListView(ApiView):
    """``invitations/``."""

    @operation(
        "list_invitations",
        "projects",
        Operation("What others ask you to share", shapes.Member, _INVITATION, orders=ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Agree at `projects/{project_id}/accept/`, decline at `projects/{project_id}/leave/`."""
        return answer_page(request, sharing.list_invitations(caller_of(request)), member_to_json, orders=ORDERS)


urlpatterns = [path("invitations/", InvitationListView.as_view(), name="invitations")]
