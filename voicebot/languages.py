"""Which language a person is answered in: their own where the interface speaks it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class PersonsLanguage:
    """Middleware: pages are in the language that the person has set, else in the one that their browser asks for.

    It stands behind Django's own, which has chosen by ``Accept-Language`` and names the language of the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only somebody with a session is asked for."""
        if SESSION_KEY in request.session:
            speak_to(request.user)
        return self._get_response(request)


def language_to_answer_in(*wanted: str | None) -> str:
    """The first wanted language that the interface speaks, else the server's.

    Sentences and dates then always come in the same language; what is *heard and understood* does not depend on it.

    Args:
        *wanted: ISO 639-1 codes, best first; empty ones are passed over.
    """
    spoken = dict(settings.LANGUAGES)
    return next((code for code in wanted if code and code in spoken), settings.LANGUAGE_CODE)


def speak_to(person: object) -> None:
    """Make the person's own language the active one for the rest of the request, where they have set one."""
    if isinstance(person, AbstractBaseUser):
        own = getattr(person, "language", "")
        translation.activate(language_to_answer_in(own, translation.get_language()))
