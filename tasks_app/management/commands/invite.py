"""Prints an invitation: a link with which one person may sign up."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tasks_app.accounts.sign_up import INVITATION_DAYS, invite


class Command(BaseCommand):
    """``manage.py invite [--days N] [--note TEXT]``."""

    help = "Print a link with which one person may sign up."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """For how long, and for whom."""
        parser.add_argument("--days", type=int, default=INVITATION_DAYS, help="how long it works")
        parser.add_argument("--note", default="", help="whom it is for, at most 200 characters")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print it."""
        if settings.SIGN_UP == "closed":
            raise CommandError("Nobody can sign up here: SIGN_UP is closed.")
        if options["days"] < 1:
            raise CommandError("An invitation works for one day at least.")
        _, url = invite(note=options["note"][:200], days=options["days"])
        self.stdout.write(url)
