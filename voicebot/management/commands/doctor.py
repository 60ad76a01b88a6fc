"""``manage.py doctor``: looks at every part and says what is wrong and what to do about it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voicebot.diagnostics import CheckResult, Level, run_checks

MARKS = {Level.OK: "ok", Level.WARN: "warn", Level.FAIL: "FAIL"}


class Command(BaseCommand):
    """A table of every part; exit code 0 only when a spoken note can become a task."""

    help = "Look at every part: servers, migrations, queue, speech, keys, disk, clock. Changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json``."""
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")

    def handle(self, *_args: object, **options: Any) -> None:
        """Look, print, and end with the right exit code.

        Raises:
            CommandError: When the main job cannot run.
        """
        results = []
        for name, result in run_checks():
            results.append((name, result))
            if not options["json"]:
                self._print_row(name, result)
        broken = [name for name, result in results if not result.ok]
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(results), ensure_ascii=False, indent=2))
        if broken:
            raise CommandError(f"A spoken note cannot become a task yet: {', '.join(broken)}.")
        if not options["json"]:
            self.stdout.write("\nA spoken note can become a task.")

    def _print_row(self, name: str, result: CheckResult) -> None:
        colour = {Level.OK: self.style.SUCCESS, Level.WARN: self.style.WARNING, Level.FAIL: self.style.ERROR}
        mark = colour[result.level](f"{MARKS[result.level]:<4}")
        self.stdout.write(f"{mark}  {name:<14} {result.summary}")
        if result.advice:
            self.stdout.write(f"{'':<22}-> {result.advice}")
        self.stdout.flush()


def _as_json(results: list[tuple[str, CheckResult]]) -> dict[str, Any]:
    return {
        "ok": all(result.ok for _, result in results),
        "checks": [
            {
                "name": name,
                "level": result.level,
                "ok": result.ok,
                "summary": result.summary,
                "advice": result.advice,
            }
            for name, result in results
        ],
    }
