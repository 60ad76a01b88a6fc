"""The tasks of a file, for a person."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tasks_app.context import Source
from tasks_app.models import ImportRow, TaskImport, User
from tasks_app.transfer import imports
from tasks_app.transfer.reading.detection import FILE_MAX_BYTES
from voicebot.errors import AppError
from voicebot.messages import message_of


class Command(BaseCommand):
    """``manage.py import_tasks FILE --user NAME [--preview]``."""

    help = "Bring the tasks of a file in: Todoist, Microsoft To Do, Google Tasks, Vikunja, iCalendar or our own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="whose tasks they are to be")
        parser.add_argument("--preview", action="store_true", help="only say what would be done")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it here and now, without a worker."""
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError("There is no account of that name.")
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                content = file.read(FILE_MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}") from error
        given = imports.GivenFile(content, path.name, Source.CLI)
        try:
            rows = self._preview(user, given) if options["preview"] else self._carry_out(user, given)
        except AppError as error:
            raise CommandError(message_of(error)) from error
        self._tell(rows, is_preview=options["preview"])

    def _preview(self, user: User, given: imports.GivenFile) -> list[ImportRow]:
        return imports.preview_file(user, given, timezone.now())[1].rows

    def _carry_out(self, user: User, given: imports.GivenFile) -> list[ImportRow]:
        import_id = imports.add_import(user, given, timezone.now()).id
        imports.run_import(import_id)
        done = imports.get_import(user, import_id)
        if done.state != TaskImport.State.DONE:
            raise CommandError(str(imports.import_to_json(done)["error"]))
        self.stdout.write(f"One undo of the set of changes {done.id} takes all of it back.")
        return list(done.rows.all())

    def _tell(self, rows: list[ImportRow], *, is_preview: bool) -> None:
        for row in rows:
            line = imports.row_to_json(row)
            if line["code"]:
                self.stdout.write(f"{row.row}: {row.title}: {line['message']} ({row.code})")
        counts = {str(outcome): sum(row.outcome == outcome for row in rows) for outcome in ImportRow.Outcome}
        made = "to be made" if is_preview else "made"
        self.stdout.write(f"{counts['made']} {made}, {counts['skipped']} there already, {counts['problem']} left out")
