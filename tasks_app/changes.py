"""The record of every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any

from django.db.models import Manager
from django.utils import timezone

from tasks_app.announcements import Announcer
from tasks_app.models import Change, ChangeSet
from tasks_app.snapshots import Row, Snapshot, kind_of, snapshot_of_new, take_snapshot, take_snapshots

_BATCH = 1000
_RAISED_BY_EVERY_CHANGE = {"version", "updated_at"}
_BESIDE_THE_ROW = {"labels", "reminders"}


@dataclass
class ChangeLog:
    """Writes down the changes of one set, in order, and has them announced."""

    change_set: ChangeSet
    quiet: InitVar[frozenset[int]] = frozenset()
    """People who are known to have no webhook."""
    _ordinal: int = field(default=0, init=False)
    _announcer: Announcer = field(init=False)

    def __post_init__(self, quiet: frozenset[int]) -> None:
        self._announcer = Announcer(self.change_set, quiet)

    def record(self, action: str, row: Row, before: Snapshot | None) -> bool:
        """Save a row that was changed, and write its change down.

        Args:
            action: The command's ``kind``.
            row: Locked by this transaction; its labels and reminders are written already.
            before: Taken before the change; None for a row that was just created.

        Returns:
            False when nothing is different, and nothing was written.
        """
        after = take_snapshot(row) if before is not None else snapshot_of_new(row)
        if before is not None:
            if before == after:
                return False
            row.version += 1
            row.save()
        change = self._change(action, row, before, after)
        change.save(force_insert=True)
        self._announcer.tell([(row, change)])
        return True

    def record_all(self, action: str, rows: Sequence[Row], befores: Sequence[Snapshot]) -> int:
        """Do the same for many rows of one kind, with as few statements as can be.

        Args:
            action: As for :meth:`record`.
            rows: As for :meth:`record`, each behind those on which it depends.
            befores: One for each row.

        Returns:
            How many are different; the others are not written.
        """
        changed = [
            (row, before, after)
            for row, before, after in zip(rows, befores, take_snapshots(rows), strict=True)
            if before != after
        ]
        if changed:
            _save_all(changed)
            self.record_saved(action, changed)
        return len(changed)

    def record_saved(self, action: str, changed: Sequence[tuple[Row, Snapshot | None, Snapshot]]) -> None:
        """Write many rows down that are saved already.

        Args:
            action: As for :meth:`record`.
            changed: The rows, what they were (None when they were made) and what they are; each behind those on which
                it depends.
        """
        changes = [(row, self._change(action, row, before, after)) for row, before, after in changed]
        Change.objects.bulk_create([change for _, change in changes], batch_size=_BATCH)
        self._announcer.tell(changes)

    def _change(self, action: str, row: Row, before: Snapshot | None, after: Snapshot) -> Change:
        self._ordinal += 1
        return Change(
            change_set=self.change_set,
            ordinal=self._ordinal,
            action=action,
            kind=kind_of(row),
            row_id=row.id,
            before=before,
            after=after,
            version_after=row.version,
        )


def _save_all(changed: Sequence[tuple[Row, Snapshot, Snapshot]]) -> None:
    """Write the columns in which any of the rows differs."""
    now = timezone.now()
    names: set[str] = set(_RAISED_BY_EVERY_CHANGE)
    for row, before, after in changed:
        row.version, row.updated_at = row.version + 1, now
        names |= {name for name in after if before[name] != after[name]}
    every: Manager[Any] = type(changed[0][0])._base_manager  # noqa: SLF001  # Django's documented manager for every row
    every.bulk_update([row for row, _, _ in changed], names - _BESIDE_THE_ROW, batch_size=_BATCH)
