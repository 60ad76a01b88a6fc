"""Which language a person is answered in: their own where the interface speaks it."""

from __future__ import annotations

from django.conf import settings


def language_to_answer_in(*wanted: str | None) -> str:
    """The first wanted language that the interface speaks, else the server's.

    Sentences and dates then always come in the same language; what is *heard and understood* does not depend on it.

    Args:
        *wanted: ISO 639-1 codes, best first; empty ones are passed over.
    """
    spoken = dict(settings.LANGUAGES)
    return next((code for code in wanted if code and code in spoken), settings.LANGUAGE_CODE)
