"""Drafts set against what the person has: what is there already is left alone, the rest becomes a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import connection

from tasks_app.models import Colour, ImportRow, Label, Project, Reminder, Task, TaskComment, User
from tasks_app.models.imports import TITLE_SHOWN_LENGTH
from tasks_app.services.bulk import Batch, NewTask
from tasks_app.services.nesting import DEPTH_MAX
from tasks_app.transfer.drafts import Draft, clean_name
from tasks_app.transfer.errors import ImportTooManyRows, PartMovedUp, RowRepeated
from tasks_app.transfer.incoming import IncomingFile
from voicebot.errors import AppError

NAMES_MAX = 5000
"""The most projects, and the most labels, of one file."""
_NAMESPACE = UUID("6f3f3c36-6f0b-4b57-9a1e-2a2f6b1f0f55")
_CHUNK = 5000
_TRIES = 20


@dataclass(slots=True)
class Resolved:
    """What carrying an import out would do."""

    batch: Batch = field(default_factory=Batch)
    rows: list[ImportRow] = field(default_factory=list)
    """The report, in the order of the file; without the import to which it belongs."""

    def count(self, outcome: ImportRow.Outcome) -> int:
        """How many rows end so."""
        return sum(row.outcome == outcome for row in self.rows)


def resolve(user: User, file: IncomingFile, drafts: Sequence[Draft]) -> Resolved:
    """What of a file is new for a person; reads and writes nothing.

    Args:
        user: Whose tasks they are to be.
        file: As it was read.
        drafts: Of its good rows.

    Raises:
        ImportTooManyRows: It has more than :data:`NAMES_MAX` projects or labels.
    """
    return _Resolution(user, file, drafts).resolved


class _Resolution:
    """One file and one person."""

    def __init__(self, user: User, file: IncomingFile, drafts: Sequence[Draft]) -> None:
        self._user, self._file = user, file
        self.resolved = Resolved()
        self._batch = self.resolved.batch
        self._drafts: dict[str, Draft] = {}
        for problem in file.problems:
            self._report(problem.row, problem.title, ImportRow.Outcome.PROBLEM, [problem.error])
        self._name(drafts)
        self._lowered = _lowered(
            {clean_name(each.name) for each in file.projects.values()}
            | {clean_name(name) for name in file.labels}
            | {name for draft in drafts for name in draft.labels}
        )
        self._projects = self._find_projects()
        self._labels = self._find_labels()
        self._ids, self._present = self._find_ids()
        self._keys = {id_: key for key, id_ in self._ids.items()}
        self._make()
        self.resolved.rows.sort(key=lambda row: row.row)

    def _name(self, drafts: Iterable[Draft]) -> None:
        ids: set[UUID] = set()
        for draft in drafts:
            given = draft.incoming
            key = given.key or f"{given.row}: {given.title}"
            id_ = self._base_id(key, draft)
            is_repeated = key in self._drafts or id_ in ids
            ids.add(id_)
            if is_repeated:
                self._report(given.row, given.title, ImportRow.Outcome.PROBLEM, [RowRepeated()])
            else:
                self._drafts[key] = draft

    def _find_projects(self) -> dict[str, Project]:
        """By the key in the file: the person's own of that id or name, else a new one."""
        told = self._file.projects
        own = list(Project.objects.filter(owner=self._user, deleted_at=None))
        by_id = {project.id: project for project in own}
        by_name = dict(zip(_in_lower([project.name for project in own]), own, strict=True))
        wanted = [each.id for each in told.values() if each.id]
        taken = set(Project.objects.filter(id__in=wanted).values_list("id", flat=True))
        found: dict[str, Project] = {}
        for key, each in told.items():
            name = clean_name(each.name)
            project = (by_id.get(each.id) if each.id else None) or by_name.get(self._lowered.get(name, ""))
            if project is None and name:
                project = Project(
                    owner=self._user, name=name, colour=_colour(each.colour), is_archived=each.is_archived
                )
                if each.id and each.id not in taken:
                    project.id = each.id
                    taken.add(each.id)
                if each.created_at:
                    self._batch.created_at[project.id] = each.created_at
                by_name[self._lowered[name]] = project
                self._batch.projects.append(project)
            if project is not None:
                found[key] = project
        _check_count(self._batch.projects)
        return found

    def _find_labels(self) -> dict[str, Label]:
        """By the name in small letters."""
        own = list(Label.objects.visible_to(self._user))
        labels = dict(zip(_in_lower([label.name for label in own]), own, strict=True))
        told = [*((clean_name(name), colour) for name, colour in self._file.labels.items()),
                *((name, "") for draft in self._drafts.values() for name in draft.labels)]  # fmt: skip
        for name, colour in told:
            if name and self._lowered[name] not in labels:
                label = Label(owner=self._user, name=name, colour=_colour(colour))
                labels[self._lowered[name]] = label
                self._batch.labels.append(label)
        _check_count(self._batch.labels)
        return labels

    def _find_ids(self) -> tuple[dict[str, UUID], dict[UUID, Task]]:
        """The id of each draft, and the tasks among them that are there already.

        A task has the same id each time its file comes, so it is found again. An id that is in the trash, or belongs to
        somebody else, is passed over for the next of its row of ids.
        """
        bases = {key: self._base_id(key, draft) for key, draft in self._drafts.items()}
        ids, present, open_keys = dict(bases), dict[UUID, Task](), set(bases)
        for attempt in range(1, _TRIES):
            there = self._rows_of([ids[key] for key in open_keys])
            present |= {id_: task for id_, task in there.items() if task is not None}
            open_keys = {key for key in open_keys if ids[key] in there and there[ids[key]] is None}
            if not open_keys:
                break
            ids |= {key: uuid5(_NAMESPACE, f"{self._user.pk}:{bases[key]}:{attempt}") for key in open_keys}
        return ids, present

    def _base_id(self, key: str, draft: Draft) -> UUID:
        return draft.incoming.id or uuid5(_NAMESPACE, f"{self._user.pk}:{self._file.file_format}:{key}")

    def _rows_of(self, ids: Sequence[UUID]) -> dict[UUID, Task | None]:
        """The taken ones of these ids, with the task where the person sees it."""
        found: dict[UUID, Task | None] = {}
        for first in range(0, len(ids), _CHUNK):
            chunk = ids[first : first + _CHUNK]
            found |= dict.fromkeys(Task.objects.filter(id__in=chunk).values_list("id", flat=True))
            seen = Task.objects.visible_to(self._user).filter(id__in=chunk)
            found |= {task.id: task for task in seen.select_related("project", "parent__parent")}
        return found

    def _make(self) -> None:
        for key, draft in self._drafts.items():
            task = self._present.get(self._ids[key])
            if task is None:
                draft.task.id = self._ids[key]
                draft.task.owner = self._user
                parts: list[Reminder | TaskComment] = [*draft.reminders, *(comment for comment, _ in draft.comments)]
                for part in parts:
                    part.task = draft.task  # once more, now that it has its id
        for key, draft in self._drafts.items():
            given = draft.incoming
            if present := self._present.get(self._ids[key]):
                self._report(given.row, present.title, ImportRow.Outcome.SKIPPED, [], present.id)
                continue
            draft.task.parent = self._parent_of(key, draft)
            draft.task.project = self._project_of(key)
            self._add(draft)
            self._report(given.row, draft.task.title, ImportRow.Outcome.MADE, draft.warnings, draft.task.id)

    def _add(self, draft: Draft) -> None:
        told = {comment.id: moment for comment, moment in draft.comments if moment}
        self._batch.created_at |= told
        labels = list({self._lowered[name]: self._labels[self._lowered[name]] for name in draft.labels}.values())
        self._batch.tasks.append(
            NewTask(
                draft.task,
                labels,
                draft.reminders,
                [comment for comment, _ in draft.comments],
                draft.incoming.created_at,
            )
        )

    def _parent_of(self, key: str, draft: Draft) -> Task | None:
        """The task of which it is a part, or the nearest one above it that can have parts."""
        wholes = self._wholes_of(key)
        if wholes is None or (draft.incoming.parent and not wholes):
            draft.warnings.append(PartMovedUp())
            return None
        if len(wholes) >= DEPTH_MAX:
            draft.warnings.append(PartMovedUp())
        return wholes[: DEPTH_MAX - 1][-1] if wholes else None

    def _wholes_of(self, key: str) -> list[Task] | None:
        """The tasks in which it lies, the outermost first; None when they lie in each other."""
        wholes: list[Task] = []
        seen = {key}
        parent = self._drafts[key].incoming.parent
        while parent is not None and parent in self._drafts:
            if parent in seen:
                return None
            seen.add(parent)
            present = self._present.get(self._ids[parent])
            if present is not None:
                return [*_above(present), *reversed(wholes)] if present.owner_id == self._user.pk else wholes[::-1]
            wholes.append(self._drafts[parent].task)
            parent = self._drafts[parent].incoming.parent
        return wholes[::-1]

    def _project_of(self, key: str) -> Project | None:
        """That of the outermost task in which it lies: parts lie where their whole does."""
        wholes = self._wholes_of(key) or []
        outermost = wholes[0] if wholes else None
        if outermost is None:
            return self._projects.get(self._drafts[key].incoming.project or "")
        if outermost.id in self._present:
            return outermost.project
        return self._projects.get(self._drafts[self._keys[outermost.id]].incoming.project or "")

    def _report(
        self, row: int, title: str, outcome: ImportRow.Outcome, errors: Sequence[AppError], task_id: UUID | None = None
    ) -> None:
        details = dict(errors[0].details) if errors else {}
        if more := list(dict.fromkeys(error.code for error in errors[1:])):
            details["also"] = list(more)
        code = errors[0].code if errors else ""
        shown = title.replace("\0", "").strip()[:TITLE_SHOWN_LENGTH]
        self.resolved.rows.append(
            ImportRow(row=row, title=shown, outcome=outcome, code=code, details=details, task_id=task_id)
        )


def _above(task: Task) -> list[Task]:
    """A task that is there and those in which it lies, the outermost first."""
    found = [task]
    while found[0].parent is not None and len(found) < DEPTH_MAX:
        found.insert(0, found[0].parent)
    return found


def _check_count(made: Sequence[Project] | Sequence[Label]) -> None:
    if len(made) > NAMES_MAX:
        raise ImportTooManyRows(limit=NAMES_MAX)


def _colour(name: str) -> str:
    return name if name in Colour.values else Colour.GREY


def _in_lower(names: Sequence[str]) -> list[str]:
    known = _lowered(set(names))
    return [known[name] for name in names]


def _lowered(names: set[str]) -> dict[str, str]:
    """Names in small letters as the database makes them, since it is what keeps two alike apart."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, lower(name) FROM unnest(%s::text[]) AS name", [list(names)])
        return dict(cursor.fetchall())
