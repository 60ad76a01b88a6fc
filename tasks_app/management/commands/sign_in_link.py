"""Prints a fresh one-time sign-in link."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tasks_app.accounts import ensure_owner
from tasks_app.models import User
from tasks_app.web.sign_in import sign_in_url


class Command(BaseCommand):
    """``manage.py sign_in_link [--user NAME]``."""

    help = "Print a link that signs a person in once, within the hour."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whom for."""
        parser.add_argument("--user", help="user name; the owner when left out")

    def handle(self, *_args: object, **options: Any) -> None:
        """Print it."""
        user = User.objects.filter(username=options["user"]).first() if options["user"] else ensure_owner()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        self.stdout.write(sign_in_url(user, settings.PUBLIC_URL))
