#!/usr/bin/env python
"""The command line of the project."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")
    from voicebot.refusal import StartRefused
    from voicebot.startup import prepared_for

    try:
        with prepared_for(sys.argv[1:]) as has_fresh_servers:
            run_command(has_fresh_servers=has_fresh_servers)
    except StartRefused as refusal:
        sys.exit(str(refusal))


def run_command(*, has_fresh_servers: bool) -> None:
    """Read the settings and run the command that was given.

    Args:
        has_fresh_servers: Bring the tables up to date first.

    Raises:
        StartRefused: When a variable has a wrong value.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command, execute_from_command_line

    from voicebot.refusal import StartRefused

    try:
        settings.INSTALLED_APPS  # noqa: B018  # reads the settings
    except ImproperlyConfigured as error:
        raise StartRefused(str(error)) from error
    if has_fresh_servers:
        import django

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # some variables are read where they are used
        raise StartRefused(str(error)) from error


if __name__ == "__main__":
    main()
