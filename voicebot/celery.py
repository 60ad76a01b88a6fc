"""The Celery application. Its functions are called jobs and live in each app's ``jobs.py``."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicebot.settings")

app = Celery("voicebot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")


@setup_logging.connect
def _configure_logging(**_kwargs: object) -> None:
    """Keep Celery from replacing the logging that the settings describe."""
    import logging.config

    logging.config.dictConfig(settings.LOGGING)
