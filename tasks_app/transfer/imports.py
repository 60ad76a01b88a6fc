"""Brings the tasks of a file in: looked at first, carried out in the background, all good rows or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tasks_app import selectors
from tasks_app.context import Actor, Source
from tasks_app.models import ImportRow, TaskImport, User
from tasks_app.models.imports import FILE_NAME_MAX_LENGTH
from tasks_app.results import CommandResult
from tasks_app.services.bulk import add_batch
from tasks_app.services.execution import as_one_set
from tasks_app.services.work import Work
from tasks_app.transfer.drafts import Draft, make_drafts
from tasks_app.transfer.errors import ImportAlreadyRunning, ImportAlreadyStarted, ImportNotFound, ImportTookTooLong
from tasks_app.transfer.incoming import Circumstances, IncomingFile
from tasks_app.transfer.reading.detection import read_file
from tasks_app.transfer.resolution import Resolved, resolve
from voicebot.errors import AppError, JsonValue
from voicebot.messages import message_for
from voicebot.throttling import Rate, check_rate
from voicebot.transactions import publish_on_commit

log = structlog.get_logger(__name__)

LEASE = dt.timedelta(seconds=60)
"""So long a worker may be silent before its import is taken for lost."""
FIRST_ROWS = 20
PROBLEMS_SHOWN = 100
ATTEMPTS_MAX = 5
READING_LIMIT = dt.timedelta(seconds=150)
READINGS = Rate("import-files", 30, 60)
"""Files that a person may have read in a minute: each takes a web process seconds at worst."""
_STEP_ROWS = 250
"""After so many rows the others are told how far it is."""
_BATCH = 1000


@dataclass(frozen=True)
class GivenFile:
    """A file as a person gave it."""

    content: bytes
    name: str
    source: Source


def preview_file(user: User, given: GivenFile, now: dt.datetime) -> tuple[IncomingFile, Resolved]:
    """What an import would do; nothing is written.

    Raises:
        RateLimited
        AppError: One of :mod:`tasks_app.transfer.errors`: the file cannot be read.
    """
    check_rate(READINGS, str(user.pk))
    around = _around(user, given.name, selectors.zone_of(user), now)
    file = read_file(given.content, around)
    return file, resolve(user, file, list(_checked(file, user, around, _Progress(None))))


def preview_import(task_import: TaskImport) -> tuple[IncomingFile, Resolved]:
    """What a draft would do now."""
    given = GivenFile(bytes(task_import.content), task_import.file_name, Source(task_import.source))
    return preview_file(task_import.user, given, task_import.given_at)


@transaction.atomic
def add_import(user: User, given: GivenFile, now: dt.datetime, *, is_draft: bool = False) -> TaskImport:
    """Keep a file until it is carried out; the caller hands the job over once this has committed.

    Args:
        user: Whose tasks they are to be.
        given: The file.
        now: Aware moment.
        is_draft: Whether the person is asked first.

    Raises:
        ImportAlreadyRunning: Their last one is not done yet.
        RateLimited
        AppError: One of :mod:`tasks_app.transfer.errors`: the file cannot be read.
    """
    check_rate(READINGS, str(user.pk))
    zone = selectors.zone_of(user)
    file = read_file(given.content, _around(user, given.name, zone, now))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check_none_runs(user)
    TaskImport.objects.filter(user=user, state=TaskImport.State.DRAFT).delete()
    return TaskImport.objects.create(
        user=user,
        source=given.source,
        file_name=given.name.replace("\0", "")[:FILE_NAME_MAX_LENGTH],
        file_format=file.file_format,
        content=given.content,
        zone=zone.key,
        given_at=now,
        state=TaskImport.State.DRAFT if is_draft else TaskImport.State.WAITING,
        rows_total=file.rows,
    )


@transaction.atomic
def start_import(user: User, import_id: UUID) -> TaskImport:
    """Say that a draft is to be carried out; the caller hands the job over.

    Raises:
        ImportNotFound: There is no such import.
        ImportAlreadyStarted: It is no draft any more.
        ImportAlreadyRunning: Another one is not done yet.
    """
    task_import = _locked(user, import_id)
    if task_import.state != TaskImport.State.DRAFT:
        raise ImportAlreadyStarted
    _check_none_runs(user)
    task_import.state = TaskImport.State.WAITING
    task_import.save(update_fields=["state"])
    _tell(task_import)
    return task_import


@transaction.atomic
def cancel_import(user: User, import_id: UUID) -> None:
    """Take back what has not begun.

    Raises:
        ImportNotFound: There is no such import.
        ImportAlreadyStarted: It has begun, or is at its end.
    """
    task_import = _locked(user, import_id)
    if task_import.state not in {TaskImport.State.DRAFT, TaskImport.State.WAITING}:
        raise ImportAlreadyStarted
    _finish(task_import, TaskImport.State.CANCELLED)


def list_imports(user: User) -> QuerySet[TaskImport]:
    """A person's own, without their files."""
    return TaskImport.objects.filter(user=user).exclude(state=TaskImport.State.DRAFT).defer("content")


def get_import(user: User, import_id: UUID) -> TaskImport:
    """One of them, drafts too.

    Raises:
        ImportNotFound: There is no such import.
    """
    found = TaskImport.objects.filter(user=user, id=import_id).defer("content").first()
    if found is None:
        raise ImportNotFound
    return found


def take_stalled(now: dt.datetime) -> list[UUID]:
    """Those whose job was lost with a worker or with the queue."""
    stalled = Q(state=TaskImport.State.WAITING, created_at__lt=now - LEASE)
    stalled |= Q(state=TaskImport.State.READING, lease_until__lt=now)
    return list(TaskImport.objects.filter(stalled).values_list("id", flat=True))


def run_import(import_id: UUID) -> None:
    """Carry one out, unless that was done or somebody is at it.

    A worker that is killed leaves either nothing or everything: the tasks, the report and the end of the import are
    written in one transaction, and the next worker starts at the beginning.
    """
    task_import = _take(import_id, timezone.now())
    if task_import is None:
        return
    try:
        if task_import.attempts > ATTEMPTS_MAX:
            raise AppError  # noqa: TRY301  # whatever it is that stops every worker, it stops here
        _carry_out(task_import)
    except AppError as error:
        log.info("import_failed", import_id=str(import_id), code=error.code)
        task_import.error_code, task_import.error_details = error.code, dict(error.details)
        with transaction.atomic():
            _finish(task_import, TaskImport.State.FAILED)


@transaction.atomic
def _take(import_id: UUID, now: dt.datetime) -> TaskImport | None:
    free = Q(state=TaskImport.State.WAITING) | Q(state=TaskImport.State.READING, lease_until__lt=now)
    rows = TaskImport.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    task_import = rows.filter(free, id=import_id).first()
    if task_import is not None:
        task_import.state, task_import.lease_until, task_import.rows_done = TaskImport.State.READING, now + LEASE, 0
        task_import.attempts += 1
        task_import.save(update_fields=["state", "lease_until", "rows_done", "attempts"])
        _tell(task_import)
    return task_import


def _carry_out(task_import: TaskImport) -> None:
    user, zone = task_import.user, ZoneInfo(task_import.zone)
    around = _around(user, task_import.file_name, zone, task_import.given_at)
    file = read_file(bytes(task_import.content), around)
    drafts = list(_checked(file, user, around, _Progress(task_import)))
    actor = Actor(user, Source(task_import.source), zone, around.language, task_import.given_at.astimezone(zone))

    def act(work: Work) -> tuple[CommandResult, ...]:
        resolved = resolve(user, file, drafts)
        result = add_batch(work, resolved.batch).model_copy(update={"title": task_import.file_name})
        _report(task_import, resolved)
        return (result,)

    with transaction.atomic():
        TaskImport.objects.select_for_update(of=("self",)).get(id=task_import.id)
        as_one_set(actor, task_import.id, act)
        _finish(task_import, TaskImport.State.DONE)


def _checked(file: IncomingFile, user: User, around: Circumstances, progress: _Progress) -> Sequence[Draft]:
    found = []
    for draft in make_drafts(file, user, around):
        found.append(draft)
        progress.row_done(len(found) + len(file.problems))
    return found


class _Progress:
    """Keeps the lease, tells how far it is, and ends what takes too long."""

    def __init__(self, task_import: TaskImport | None) -> None:
        self._import = task_import
        self._ends_at = timezone.now() + READING_LIMIT

    def row_done(self, done: int) -> None:
        """After each row that was looked at.

        Raises:
            ImportTookTooLong: There is no time left.
        """
        if done % _STEP_ROWS:
            return
        now = timezone.now()
        if now > self._ends_at:
            raise ImportTookTooLong
        if self._import is not None:
            self._import.rows_done, self._import.lease_until = done, now + LEASE
            self._import.save(update_fields=["rows_done", "lease_until"])
            _tell(self._import)


def _report(task_import: TaskImport, resolved: Resolved) -> None:
    for name, count in _counts(resolved).items():
        setattr(task_import, name, count)
    for row in resolved.rows:
        row.task_import = task_import
    ImportRow.objects.bulk_create(resolved.rows, batch_size=_BATCH)


def _finish(task_import: TaskImport, state: TaskImport.State) -> None:
    task_import.state, task_import.content, task_import.finished_at = state, b"", timezone.now()
    if state == TaskImport.State.DONE:
        task_import.rows_done = task_import.rows_total
    task_import.save()
    _tell(task_import)


def _locked(user: User, import_id: UUID) -> TaskImport:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = TaskImport.objects.select_for_update(of=("self",)).filter(user=user, id=import_id)
    found = rows.first()
    if found is None:
        raise ImportNotFound
    return found


def _check_none_runs(user: User) -> None:
    if TaskImport.objects.filter(user=user, state__in=TaskImport.WORKING_STATES).exists():
        raise ImportAlreadyRunning


def _around(user: User, file_name: str, zone: ZoneInfo, now: dt.datetime) -> Circumstances:
    return Circumstances(zone, now.astimezone(zone), selectors.get_user_language(user), user.get_username(), file_name)


def _tell(task_import: TaskImport) -> None:
    publish_on_commit(task_import.user_id, {"event": "import.updated", "import": import_to_json(task_import)})


def import_to_json(task_import: TaskImport) -> dict[str, JsonValue]:
    """An import as every door shows it."""
    error: JsonValue = None
    if task_import.error_code:
        error = {
            "code": task_import.error_code,
            "message": message_for(task_import.error_code, task_import.error_details),
        }
    is_done = task_import.state == TaskImport.State.DONE
    return {
        "id": str(task_import.id),
        "file_name": task_import.file_name,
        "format": task_import.file_format,
        "state": str(task_import.state),
        "rows_total": task_import.rows_total,
        "rows_done": task_import.rows_done,
        "made": task_import.made,
        "skipped": task_import.skipped,
        "problems": task_import.problems,
        "error": error,
        "change_set": str(task_import.id) if is_done else None,
        "created_at": task_import.created_at.isoformat(),
        "finished_at": task_import.finished_at.isoformat() if task_import.finished_at else None,
    }


def preview_to_json(given: GivenFile, file: IncomingFile, resolved: Resolved, now: dt.datetime) -> dict[str, JsonValue]:
    """What an import would do, in the shape of one that is done."""
    return {
        "id": None,
        "file_name": given.name.replace("\0", "")[:FILE_NAME_MAX_LENGTH],
        "format": str(file.file_format),
        "state": "preview",
        "rows_total": file.rows,
        "rows_done": file.rows,
        **_counts(resolved),
        "error": None,
        "change_set": None,
        "created_at": now.isoformat(),
        "finished_at": None,
        "first_rows": [row_to_json(row) for row in rows_to_show(resolved.rows)],
    }


def rows_to_show(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """The first rows of a preview, and the first of those with a problem; what is to be made has no task yet."""
    first = list(rows[:FIRST_ROWS])
    shown = [*first, *[row for row in rows[FIRST_ROWS:] if row.code][:PROBLEMS_SHOWN]]
    for row in shown:
        row.task_id = row.task_id if row.outcome == ImportRow.Outcome.SKIPPED else None
    return shown


def _counts(resolved: Resolved) -> dict[str, JsonValue]:
    return {
        "made": resolved.count(ImportRow.Outcome.MADE),
        "skipped": resolved.count(ImportRow.Outcome.SKIPPED),
        "problems": resolved.count(ImportRow.Outcome.PROBLEM),
    }


def row_to_json(row: ImportRow) -> dict[str, JsonValue]:
    """A line of the report, with the sentence for its code."""
    return {
        "row": row.row,
        "title": row.title,
        "outcome": str(row.outcome),
        "code": row.code or None,
        "message": message_for(row.code, row.details) if row.code else None,
        "task_id": str(row.task_id) if row.task_id else None,
    }
