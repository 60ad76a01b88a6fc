"""System checks: an engine that does not exist is named before anything starts."""

from __future__ import annotations

from collections.abc import Sequence

from django.core import checks
from django.core.exceptions import ImproperlyConfigured


def register_checks() -> None:
    """Make Django run these with its own, and the start before anything else."""
    checks.register(check_engine_names, checks.Tags.security)


def check_engine_names(**_kwargs: object) -> Sequence[checks.CheckMessage]:
    """``VOICE_STT`` and ``VOICE_LLM`` name engines that there are."""
    from voice_app.providers.registry import refuse_unknown_engines

    try:
        refuse_unknown_engines()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="voice_app.E001")]
    return []
