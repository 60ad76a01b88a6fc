"""The view from which all of the API's views come."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from voicebot.api.idempotency import once
from voicebot.api.operations import Operation, heeds_key
from voicebot.api.sparse import only, wanted_fields
from voicebot.throttling import Rate, check_rate, counted_rates


class ApiView(APIView):
    """Heeds ``Idempotency-Key``, ``?fields=`` and the rate, as each method's :class:`Operation` says."""

    keeps_answers: ClassVar[bool] = True
    """False where the view stores what came of a key itself, because its work ends outside of one transaction."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Check who asks and how often, and what of the answer they want."""
        counted_rates.set([])
        super().initial(request, *args, **kwargs)
        if request.user is not None and settings.API_REQUESTS_PER_MINUTE:
            check_rate(Rate("api", settings.API_REQUESTS_PER_MINUTE, 60), str(request.user.pk))
        about = self._operation(request)
        self._wanted = wanted_fields(request, about.fields) if about and request.method == "GET" else None
        if about and self.keeps_answers and heeds_key((request.method or "").lower(), about):
            self._answer_once(request)

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        """Leave out what was not asked for, tell what is left of the rate, and let no cache give it to anybody else."""
        wanted = getattr(self, "_wanted", None)
        if wanted is not None and isinstance(response, Response) and response.status_code < 300:  # noqa: PLR2004  # HTTP's
            response.data = only(response.data, wanted)
        finished: Response = super().finalize_response(request, response, *args, **kwargs)
        finished.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(finished, ("Accept", "Authorization"))
        for name, value in rate_headers().items():
            finished[name] = value
        return finished

    def _answer_once(self, request: Request) -> None:
        """Put the keeping of answers around the method that DRF is about to call."""
        name = (request.method or "").lower()
        handler: Callable[..., Response] = getattr(self, name)

        def handle(request: Request, *args: object, **kwargs: object) -> Response:
            return once(request, lambda: handler(request, *args, **kwargs))

        setattr(self, name, handle)

    def _operation(self, request: Request) -> Operation | None:
        handler = getattr(self, (request.method or "").lower(), None)
        return getattr(handler, "operation", None)


def rate_headers() -> dict[str, str]:
    """What is left of the tightest rate that this request was counted for."""
    rates = counted_rates.get(None)
    if not rates:
        return {}
    tightest = min(rates, key=lambda rate: rate.remaining)
    return {
        "RateLimit-Limit": str(tightest.limit),
        "RateLimit-Remaining": str(tightest.remaining),
        "RateLimit-Reset": str(tightest.reset_seconds),
    }
