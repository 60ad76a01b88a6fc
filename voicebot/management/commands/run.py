"""``manage.py run``: what ``make run`` calls."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from voicebot.launch import launch
from voicebot.startup import take_prepared


class Command(BaseCommand):
    """Start the servers, the web server, the workers, beat and the bot, and look after them."""

    help = "Start everything and look after it until Ctrl-C. PORT, HOST and the other variables: .env.example."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: Any) -> None:
        """Run until asked to stop."""
        launch(take_prepared(), self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
