"""Switches a person's second factor off, for whoever has lost both their phone and their recovery codes."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks_app.accounts.second_factor import switch_off
from tasks_app.models import User


class Command(BaseCommand):
    """``manage.py forget_second_factor NAME``."""

    help = "Switch off the second factor of a person who has lost it; first make sure that it is them who asks."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("user", help="user name")

    def handle(self, *_args: object, **options: Any) -> None:
        """Switch it off."""
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        switch_off(user)
        self.stdout.write(f"{user} signs in without a code now.")
