"""``manage.py document_errors``: writes docs/errors.md."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from voicebot.error_document import DOCUMENT, build_error_document


class Command(BaseCommand):
    """Write the document from the code."""

    help = f"Write {DOCUMENT} from the error codes and their sentences."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        """Replace the document's text."""
        Path(settings.BASE_DIR, DOCUMENT).write_text(build_error_document(), encoding="utf-8")
        self.stdout.write(f"{DOCUMENT} is written.")
