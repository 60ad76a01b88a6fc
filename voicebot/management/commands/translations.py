"""``manage.py translations``: brings the catalogues of the interface up to date with the sources."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from voicebot import catalogues


class Command(BaseCommand):
    """Collect, keep, compile, and say what has no translation yet."""

    help = "Bring the translations of the interface up to date with the sources; say what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument("--list", action="store_true", help="print each sentence that has no translation")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the files of every language."""
        for language in catalogues.translated_languages():
            catalogue = catalogues.refresh(language)
            catalogues.store(language, catalogue)
            missing = catalogues.list_missing(catalogue)
            self.stdout.write(f"{language}: {len(catalogue)} sentences, {len(missing)} without translation")
            for sentence in missing if options["list"] else ():
                self.stdout.write(f"  {sentence}")
