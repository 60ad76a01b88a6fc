"""``exports/``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of
from tasks_app.errors import ExportNotFound, ExportNotReady
from tasks_app.job_names import Job
from tasks_app.models import Export, User
from tasks_app.transfer import kept
from tasks_app.transfer.exports import CONTENT_TYPES, ExportFormat
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_body
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import NEWEST_FIRST, answer_page
from voicebot.transactions import enqueue_on_commit


class NewExport(BaseModel):
    """Which kind of file."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "csv", "ics"]


class ExportAnswer(BaseModel):
    """A file with all that is yours."""

    id: UUID
    format: Literal["json", "csv", "ics"]
    state: Literal["waiting", "ready", "failed"]
    name: str
    size: int = Field(description="Bytes; 0 while it waits.")
    url: str | None = Field(description="Where the file is, when it is ready.")
    created_at: AwareDatetime
    expires_at: AwareDatetime


_EXAMPLE: dict[str, Any] = {
    "id": "7a9c1e3f-5b7d-4f9a-8c0e-2d4f6a8c0e15",
    "format": "json",
    "state": "ready",
    "name": "tasks-2026-11-22.json",
    "size": 48213,
    "url": "/api/v1/exports/7a9c1e3f-5b7d-4f9a-8c0e-2d4f6a8c0e15/file/",
    "created_at": "2026-11-22T09:00:00+00:00",
    "expires_at": "2026-11-23T09:00:00+00:00",
}


class ExportListView(ApiView):
    """``exports/``."""

    @operation("list_exports", "exports", Operation("Your exports", ExportAnswer, _EXAMPLE, orders=NEWEST_FIRST))
    def get(self, request: Request) -> Response:
        """Those that are still kept, newest first."""
        return answer_page(request, kept.list_exports(caller_of(request), now=timezone.now()), export_to_json)

    @operation(
        "create_export",
        "exports",
        Operation(
            "Make a file of all that is yours",
            ExportAnswer,
            _EXAMPLE,
            status=status.HTTP_201_CREATED,
            body=NewExport,
            body_example={"format": "json"},
        ),
    )
    def post(self, request: Request) -> Response:
        """A small one is ready at once; a large one is `waiting` until a job has written it. Kept for a day."""
        body = read_body(NewExport, request)
        export = order_export(caller_of(request), ExportFormat(body.format))
        address = reverse("export", args=[export.pk])
        return Response(export_to_json(export), status=status.HTTP_201_CREATED, headers={"Location": address})


class ExportView(ApiView):
    """``exports/{export_id}/``."""

    @operation("get_export", "exports", Operation("One export", ExportAnswer, _EXAMPLE, errors=(ExportNotFound,)))
    def get(self, request: Request, export_id: UUID) -> Response:
        """Whether it is ready."""
        return Response(export_to_json(kept.get_export(caller_of(request), export_id, now=timezone.now())))

    @operation(
        "delete_export",
        "exports",
        Operation("Delete a file", status=status.HTTP_204_NO_CONTENT, errors=(ExportNotFound,)),
    )
    def delete(self, request: Request, export_id: UUID) -> Response:
        """Before its day is over."""
        kept.get_export(caller_of(request), export_id, now=timezone.now()).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class ExportFileView(ApiView):
    """``exports/{export_id}/file/``."""

    @operation(
        "get_export_file",
        "exports",
        Operation("The file itself", errors=(ExportNotFound, ExportNotReady)),
    )
    def get(self, request: Request, export_id: UUID) -> StreamingHttpResponse:
        """As JSON, CSV or iCalendar, to be saved under its name."""
        export = kept.get_export(caller_of(request), export_id, now=timezone.now())
        count = kept.count_parts(export)
        is_async = isinstance(request._request, ASGIRequest)  # noqa: SLF001  # DRF's way to Django's request
        content = _parts_for_async(export, count) if is_async else _parts(export, count)
        headers = {
            "Content-Disposition": f'attachment; filename="{kept.file_name_of(export)}"',
            "Content-Length": str(export.size),
            "Cache-Control": "private, no-store",
        }
        kind = CONTENT_TYPES[ExportFormat(export.format)]
        return StreamingHttpResponse(content, content_type=kind, headers=headers)


def order_export(user: User, file_format: ExportFormat) -> Export:
    """Make an export, and hand a large one to its job.

    Raises:
        RateLimited: The person made too many.
    """
    export = kept.start_export(user, file_format, now=timezone.now())
    if export.state == Export.State.WAITING:
        enqueue_on_commit(Job.MAKE_EXPORT, str(export.pk))
    return export


def export_to_json(export: Export) -> dict[str, Any]:
    """An export as the API shows it."""
    is_ready = export.state == Export.State.READY
    return {
        "id": str(export.pk),
        "format": export.format,
        "state": export.state,
        "name": kept.file_name_of(export),
        "size": export.size,
        "url": reverse("export-file", args=[export.pk]) if is_ready else None,
        "created_at": export.created_at.isoformat(),
        "expires_at": export.expires_at.isoformat(),
    }


def _parts(export: Export, count: int) -> Iterator[bytes]:
    return (kept.read_part(export, ordinal) for ordinal in range(count))


async def _parts_for_async(export: Export, count: int) -> AsyncIterator[bytes]:
    for ordinal in range(count):
        yield await sync_to_async(kept.read_part)(export, ordinal)


urlpatterns = [
    path("exports/", ExportListView.as_view(), name="exports"),
    path("exports/<uuid:export_id>/", ExportView.as_view(), name="export"),
    path("exports/<uuid:export_id>/file/", ExportFileView.as_view(), name="export-file"),
]
