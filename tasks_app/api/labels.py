"""``labels/``."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app import selectors
from tasks_app.api import shapes
from tasks_app.api.callers import Outcome, caller_of, carry_out, carry_out_on
from tasks_app.commands import CreateLabel, DeleteLabel, MergeLabels, UpdateLabel
from tasks_app.errors import LabelNameTaken, LabelNotFound
from tasks_app.serialization import label_to_json
from voicebot.api.base import ApiView
from voicebot.api.bodies import body_without, read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page
from voicebot.api.versions import etag_of

_LABEL: dict[str, Any] = {"id": shapes.LABEL_ID, "name": "family", "colour": "green", "version": 1}
_EXAMPLE: dict[str, Any] = {"label": _LABEL, "change_set": shapes.CHANGE_SET_ID}
ORDERS = Orders({"name": ("name", "id")})

NewLabel = body_without(CreateLabel, "NewLabel", "kind")
LabelFields = body_without(UpdateLabel, "LabelFields", "kind", "label_id")
MergeInto = body_without(MergeLabels, "MergeInto", "kind", "label_id")


class LabelListView(ApiView):
    """``labels/``."""

    @operation("list_labels", "labels", Operation("Your labels", shapes.Label, _LABEL, orders=ORDERS))
    def get(self, request: Request) -> Response:
        """By name."""
        return answer_page(request, selectors.list_labels(caller_of(request)), label_to_json, orders=ORDERS)

    @operation(
        "create_label",
        "labels",
        Operation(
            "Add a label",
            shapes.LabelChanged,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewLabel,
            body_example={"name": "family", "colour": "green"},
            errors=(LabelNameTaken,),
        ),
    )
    def post(self, request: Request) -> Response:
        """A label that a task names is made by itself, too."""
        outcome = carry_out(request, read_body(CreateLabel, request, kind="create_label"))
        label_id = outcome.results[0].label_id
        response = _answer(request, outcome, label_id, code=status.HTTP_201_CREATED)
        response["Location"] = f"{request.path}{label_id}/"
        return response


class LabelView(ApiView):
    """``labels/{label_id}/``."""

    @operation("get_label", "labels", Operation("One label", shapes.Label, _LABEL, errors=(LabelNotFound,)))
    def get(self, request: Request, label_id: uuid.UUID) -> Response:
        """Its `ETag` is for the `If-Match` of a change."""
        label = selectors.get_label(caller_of(request), label_id)
        return Response(label_to_json(label), headers={"ETag": etag_of(label.version)})

    @operation(
        "update_label",
        "labels",
        Operation(
            "Rename or colour a label",
            shapes.LabelChanged,
            _EXAMPLE,
            body=LabelFields,
            body_example={"colour": "teal"},
            errors=(LabelNotFound, LabelNameTaken),
            checks_version=True,
        ),
    )
    def patch(self, request: Request, label_id: uuid.UUID) -> Response:
        """Only the fields that are given are touched."""
        version = selectors.get_label(caller_of(request), label_id).version
        command = read_body(UpdateLabel, request, kind="update_label", label_id=str(label_id))
        return _answer(request, carry_out_on(request, label_id, version, command), label_id)

    @operation(
        "delete_label",
        "labels",
        Operation(
            "Take a label away",
            shapes.Changed,
            {"change_set": shapes.CHANGE_SET_ID},
            errors=(LabelNotFound,),
            checks_version=True,
        ),
    )
    def delete(self, request: Request, label_id: uuid.UUID) -> Response:
        """From all tasks; an undo of the set of changes brings it back to them."""
        version = selectors.get_label(caller_of(request), label_id).version
        outcome = carry_out_on(request, label_id, version, DeleteLabel(label_id=label_id))
        return Response({"change_set": str(outcome.change_set)})


class LabelMergeView(ApiView):
    """``labels/{label_id}/merge/``."""

    @operation(
        "merge_labels",
        "labels",
        Operation(
            "Merge a label into another one",
            shapes.LabelChanged,
            _EXAMPLE,
            body=MergeInto,
            body_example={"into_id": shapes.LABEL_ID},
            errors=(LabelNotFound,),
        ),
    )
    def post(self, request: Request, label_id: uuid.UUID) -> Response:
        """Everything with the label of the address gets the other one instead, which is the answer."""
        command = read_body(MergeLabels, request, kind="merge_labels", label_id=str(label_id))
        return _answer(request, carry_out(request, command), command.into_id)


def _answer(
    request: Request, outcome: Outcome, label_id: uuid.UUID | None, *, code: int = status.HTTP_200_OK
) -> Response:
    label = selectors.get_label(caller_of(request), label_id or uuid.UUID(int=0))
    body = {"label": label_to_json(label), "change_set": str(outcome.change_set)}
    return Response(body, status=code, headers={"ETag": etag_of(label.version)})


urlpatterns = [
    path("labels/", LabelListView.as_view(), name="labels"),
    path("labels/<uuid:label_id>/", LabelView.as_view(), name="label"),
    path("labels/<uuid:label_id>/merge/", LabelMergeView.as_view(), name="label-merge"),
]
