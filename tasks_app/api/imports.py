"""``imports/``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID

from django.urls import path, reverse
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of, source_of
from tasks_app.job_names import Job
from tasks_app.models import TaskImport
from tasks_app.transfer import errors, imports
from tasks_app.transfer.reading.detection import FILE_MAX_BYTES
from voicebot.api.base import ApiView
from voicebot.api.bodies import read_query
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import NEWEST_FIRST, Orders, answer_page
from voicebot.transactions import enqueue_on_commit

FILE_ERRORS = (
    errors.ImportFileTooLarge,
    errors.ImportTooManyRows,
    errors.ImportFileEmpty,
    errors.ImportFormatUnknown,
    errors.ImportEncodingUnknown,
    errors.ImportFileDamaged,
    errors.ImportTooDeep,
    errors.ImportCellTooLarge,
    errors.ImportArchiveUnsafe,
    errors.ImportTookTooLong,
)
FormatName = Literal[
    "own_json", "own_csv", "todoist_csv", "todoist_json", "microsoft_todo", "google_tasks", "vikunja", "calendar"
]


class ImportFileSerializer(serializers.Serializer[Any]):
    """``POST imports/``: the file as the other program wrote it."""

    file = serializers.FileField(allow_empty_file=True)


class NewImportQuery(BaseModel):
    """How it is done."""

    model_config = ConfigDict(extra="forbid")

    preview: bool = Field(default=False, description="Only say what would be made, and make nothing.")


class RowsQuery(BaseModel):
    """Which rows."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["made", "skipped", "problem"] | None = Field(default=None, description="Only those that end so.")


class ImportReportRow(BaseModel):
    """What became of one row of the file."""

    row: int = Field(description="Which it is in the file, from 1.")
    title: str
    outcome: Literal["made", "skipped", "problem"] = Field(description="`skipped` was there already.")
    code: str | None = Field(description="Why it is not there; of one that is made, what could not be kept.")
    message: str | None
    task_id: UUID | None


class ImportFailure(BaseModel):
    """Why nothing was brought in."""

    code: str
    message: str


class ImportAnswer(BaseModel):
    """A file of tasks on its way in, or what would become of it."""

    id: UUID | None = Field(description="None for a preview.")
    file_name: str
    format: FormatName
    state: Literal["preview", "draft", "waiting", "reading", "done", "failed", "cancelled"]
    rows_total: int
    rows_done: int = Field(description="How many were looked at; the tasks appear all at once, at the end.")
    made: int
    skipped: int
    problems: int
    error: ImportFailure | None
    change_set: UUID | None = Field(description="What an undo of all of it names, when it is done.")
    created_at: AwareDatetime
    finished_at: AwareDatetime | None
    first_rows: list[ImportReportRow] = Field(description="Of a preview: the first rows, and those with a problem.")


_ROW: dict[str, Any] = {
    "row": 1,
    "title": "Call the plumber",
    "outcome": "made",
    "code": "import_recurrence_left_out",
    "message": "I cannot keep how this task repeats.",
    "task_id": "2f1e6f0a-6f4e-4b57-9a1e-2a2f6b1f0f55",
}
_EXAMPLE: dict[str, Any] = {
    "id": "6f3f3c36-6f0b-4b57-9a1e-2a2f6b1f0f55",
    "file_name": "Home.csv",
    "format": "todoist_csv",
    "state": "done",
    "rows_total": 120,
    "rows_done": 120,
    "made": 112,
    "skipped": 5,
    "problems": 3,
    "error": None,
    "change_set": "6f3f3c36-6f0b-4b57-9a1e-2a2f6b1f0f55",
    "created_at": "2026-11-22T09:00:00+00:00",
    "finished_at": "2026-11-22T09:00:02+00:00",
    "first_rows": [],
}
_FILE_EXAMPLE = {"file": "TYPE,CONTENT,PRIORITY,INDENT,DATE,DATE_LANG\r\ntask,Call the plumber,1,1,tomorrow,en\r\n"}
ROW_ORDERS = Orders({"row": ("row", "id")})
PREVIEWED: dict[int, str] = {HTTPStatus.OK: "What would be made: `state` is `preview` and `id` is null."}


class ImportListView(ApiView):
    """``imports/``."""

    parser_classes = (MultiPartParser,)

    @operation("list_imports", "imports", Operation("Your imports", ImportAnswer, _EXAMPLE, orders=NEWEST_FIRST))
    def get(self, request: Request) -> Response:
        """Those of the last 90 days, newest first."""
        return answer_page(request, imports.list_imports(caller_of(request)), import_to_json)

    @operation(
        "create_import",
        "imports",
        Operation(
            "Bring in the tasks of a file",
            ImportAnswer,
            _EXAMPLE,
            status=HTTPStatus.ACCEPTED,
            body={"multipart/form-data": ImportFileSerializer},
            body_example=_FILE_EXAMPLE,
            query=NewImportQuery,
            errors=(*FILE_ERRORS, errors.ImportAlreadyRunning),
            more_statuses=PREVIEWED,
        ),
    )
    def post(self, request: Request) -> Response:
        """Todoist, Microsoft To Do, Google Tasks, Vikunja, iCalendar or our own; found from its content."""
        is_preview = read_query(NewImportQuery, request).preview
        serializer = ImportFileSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        file = serializer.validated_data["file"]
        given = imports.GivenFile(file.read(FILE_MAX_BYTES + 1), file.name or "", source_of(request))
        user, now = caller_of(request), timezone.now()
        if is_preview:
            return Response(imports.preview_to_json(given, *imports.preview_file(user, given, now), now))
        task_import = imports.add_import(user, given, now)
        enqueue_on_commit(Job.RUN_IMPORT, str(task_import.id))
        headers = {"Location": reverse("import", args=[task_import.id])}
        return Response(import_to_json(task_import), status=HTTPStatus.ACCEPTED, headers=headers)


class ImportView(ApiView):
    """``imports/{import_id}/``."""

    @operation(
        "get_import", "imports", Operation("One import", ImportAnswer, _EXAMPLE, errors=(errors.ImportNotFound,))
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """How far it is."""
        return Response(import_to_json(imports.get_import(caller_of(request), import_id)))

    @operation(
        "cancel_import",
        "imports",
        Operation(
            "Cancel an import",
            status=HTTPStatus.NO_CONTENT,
            errors=(errors.ImportNotFound, errors.ImportAlreadyStarted),
        ),
    )
    def delete(self, request: Request, import_id: UUID) -> Response:
        """Before it begins; afterwards an undo of its set of changes takes it back."""
        imports.cancel_import(caller_of(request), import_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class ImportRowsView(ApiView):
    """``imports/{import_id}/rows/``."""

    @operation(
        "list_import_rows",
        "imports",
        Operation(
            "The report of an import",
            ImportReportRow,
            _ROW,
            query=RowsQuery,
            orders=ROW_ORDERS,
            errors=(errors.ImportNotFound,),
        ),
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """A line for each row of the file, in its order; empty until it is done."""
        wanted = read_query(RowsQuery, request).outcome
        rows = imports.get_import(caller_of(request), import_id).rows.all()
        rows = rows.filter(outcome=wanted) if wanted else rows
        return answer_page(request, rows, imports.row_to_json, orders=ROW_ORDERS)


def import_to_json(task_import: TaskImport) -> dict[str, Any]:
    """An import as REST shows it."""
    return {**imports.import_to_json(task_import), "first_rows": []}


urlpatterns = [
    path("imports/", ImportListView.as_view(), name="imports"),
    path("imports/<uuid:import_id>/", ImportView.as_view(), name="import"),
    path("imports/<uuid:import_id>/rows/", ImportRowsView.as_view(), name="import-rows"),
]
