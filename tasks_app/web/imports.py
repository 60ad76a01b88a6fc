"""The pages on which a person brings a file of tasks in; they work without JavaScript, too."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks_app import selectors, services
from tasks_app.context import Actor, Source
from tasks_app.job_names import Job
from tasks_app.models import ChangeSet, ImportRow, TaskImport
from tasks_app.transfer import imports
from tasks_app.transfer.errors import ImportNotFound
from tasks_app.transfer.reading.detection import FILE_MAX_BYTES
from voicebot.errors import AppError
from voicebot.messages import message_for, message_of
from voicebot.transactions import enqueue_on_commit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks_app.web.signed_in import SignedInRequest

SHOWN_IMPORTS = 10
ROWS_ON_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def import_page(request: SignedInRequest) -> HttpResponse:
    """Take a file and show what would become of it; nothing is made before the person says so."""
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                problem = _("Please choose a file.")
            else:
                given = imports.GivenFile(file.read(FILE_MAX_BYTES + 1), file.name or "", Source.WEB)
                draft = imports.add_import(request.user, given, timezone.now(), is_draft=True)
                return redirect("import-page-of", draft.id)
        except AppError as error:
            problem = message_of(error)
    context = {
        "problem": problem,
        "imports": imports.list_imports(request.user)[:SHOWN_IMPORTS],
        "limit_megabytes": FILE_MAX_BYTES // 2**20,
    }
    return render(request, "tasks/import.html", context, status=400 if problem else 200)


@require_GET
@login_required
@never_cache
def import_page_of(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """What would be made, how far it is, or what became of each row."""
    task_import = _find(request, import_id)
    context: dict[str, object] = {"import": task_import, "is_working": task_import.state in TaskImport.WORKING_STATES}
    if task_import.state == TaskImport.State.DRAFT:
        file, resolved = imports.preview_import(task_import)
        made, present = (resolved.count(outcome) for outcome in (ImportRow.Outcome.MADE, ImportRow.Outcome.SKIPPED))
        batch = resolved.batch
        context |= {
            "total": file.rows,
            "made": made,
            "skipped": present,
            "problems": resolved.count(ImportRow.Outcome.PROBLEM),
            "projects": [project.name for project in batch.projects],
            "rows": _lines(imports.rows_to_show(resolved.rows)),
        }
    elif task_import.error_code:
        context["problem"] = message_for(task_import.error_code, task_import.error_details)
    else:
        page = Paginator(task_import.rows.order_by("row", "id"), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
        is_undone = ChangeSet.objects.filter(undoes=task_import.id).exists()
        context |= {"page": page, "rows": _lines(page), "is_undone": is_undone}
    return render(request, "tasks/import_of.html", context)


@require_POST
@login_required
def start_import(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Carry a draft out, or throw it away, as the pressed button says."""
    try:
        if request.POST.get("choice") == "cancel":
            imports.cancel_import(request.user, import_id)
            return redirect("import-page")
        imports.start_import(request.user, import_id)
        enqueue_on_commit(Job.RUN_IMPORT, str(import_id))
    except ImportNotFound as error:
        raise Http404 from error
    except AppError as error:
        messages.error(request, message_of(error))
    return redirect("import-page-of", import_id)


@require_POST
@login_required
def undo_import(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Take all of it back."""
    task_import, user = _find(request, import_id), request.user
    actor = Actor(user, Source.WEB, ZoneInfo(task_import.zone), selectors.get_user_language(user), timezone.now())
    try:
        services.undo_change_set(actor, task_import.id, uuid.uuid4())
        messages.success(request, _("All of it is taken back."))
    except AppError as error:
        messages.error(request, message_of(error))
    return redirect("import-page-of", import_id)


def _find(request: SignedInRequest, import_id: UUID) -> TaskImport:
    try:
        return imports.get_import(request.user, import_id)
    except ImportNotFound as error:
        raise Http404 from error


def _lines(rows: Iterable[ImportRow]) -> list[tuple[ImportRow, str]]:
    return [(row, message_for(row.code, row.details) if row.code else "") for row in rows]
