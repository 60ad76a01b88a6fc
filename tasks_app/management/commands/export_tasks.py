"""A person's tasks as a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tasks_app.models import User
from tasks_app.transfer.exports import ExportFormat, export_tasks


class Command(BaseCommand):
    """``manage.py export_tasks USERNAME --format json --output FILE``."""

    help = "Write all tasks, projects and labels of a person to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("username", help="whose tasks")
        parser.add_argument("--format", default="json", choices=[str(kind) for kind in ExportFormat])
        parser.add_argument("--output", help="the file to write; the usual name in this folder when left out")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no account of that name.")
        file = export_tasks(user, ExportFormat(options["format"]), now=timezone.now())
        path = Path(options["output"] or file.name)
        try:
            path.write_bytes(file.content)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}") from error
        self.stdout.write(f"{path}: {len(file.content)} bytes")
