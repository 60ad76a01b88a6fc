"""Builds the statistical model of the understanding from labelled files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks_app.intents import Intent
from voice_app.understanding.model import MODEL_FILE
from voice_app.understanding.training.building import build
from voice_app.understanding.training.examples import read_labelled

FAMILIES = {"hwu64": "hwu64+slurp", "slurp": "hwu64+slurp"}
"""SLURP was spoken from HWU64's prompts: held back together, or one would give the other away."""
SMALL_SOURCES = ("lingua_franca", "ovos-date-parser", "recognizers-text", "leon", "alice-ticktick")


class Command(BaseCommand):
    """``manage.py train_understanding FILE...``."""

    help = "Train the intent model from JSON lines with text, lang, intent, source and accept; about a minute."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("files", nargs="+", type=Path, help="labelled utterances, one JSON object a line")
        parser.add_argument("--out", type=Path, default=MODEL_FILE, help="where to write the model")
        parser.add_argument("--files-only", action="store_true", help="leave the project's own sentences out")
        parser.add_argument("--dry-run", action="store_true", help="measure only")

    def handle(self, *_args: object, **options: Any) -> None:
        """Run it."""
        try:
            labelled = read_labelled(options["files"], FAMILIES | dict.fromkeys(SMALL_SOURCES, "small sources"))
        except (OSError, ValueError) as error:
            raise CommandError("The files cannot be read as labelled utterances.") from error
        strange = {example.intent for example in labelled} - {intent.value for intent in Intent}
        if strange:
            raise CommandError(f"Unknown intents: {', '.join(sorted(strange))}")
        built = build(labelled, with_own=not options["files_only"])
        for line in built.report:
            self.stdout.write(line)
        if not options["dry_run"]:
            built.model.save(options["out"])
            self.stdout.write(f"{options['out']}: {options['out'].stat().st_size // 1024} KiB")
