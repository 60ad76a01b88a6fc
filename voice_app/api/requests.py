"""What a request to the voice API says outside its body."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError

from tasks_app.api.callers import caller_of, source_of
from tasks_app.context import Actor
from voice_app.actors import actor_for
from voicebot.api.idempotency import read_key

if TYPE_CHECKING:
    from rest_framework.request import Request

MAX_WAIT_SECONDS = 30.0
WAIT = OpenApiParameter(
    "wait",
    {"type": "number", "minimum": 0, "maximum": MAX_WAIT_SECONDS, "default": 0},
    description="How many seconds to wait for the outcome.",
)
_MAX_EXTERNAL_ID_LENGTH = 200


def actor_of(request: Request, circumstances: dict[str, Any]) -> Actor:
    """Who asks; a session is the web page's, a token another program's."""
    return actor_for(
        caller_of(request),
        source_of(request),
        zone_name=circumstances.get("timezone"),
        spoken_language=circumstances.get("language"),
        said_at=circumstances.get("said_at"),
    )


def external_id_of(request: Request) -> str:
    """What the command is called, from the ``Idempotency-Key``; a new name without one.

    Raises:
        ValidationError: When the key is not 1 to 200 printable ASCII characters.
    """
    key = read_key(request)
    if key is None:
        return f"{request.user.pk}:{uuid.uuid4()}"
    external_id = f"{request.user.pk}:{key}"
    if len(external_id) > _MAX_EXTERNAL_ID_LENGTH:
        return f"{request.user.pk}:sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    return external_id


def wait_seconds_of(request: Request) -> float:
    """How long the caller waits for the outcome, from ``?wait=``; 0 without it.

    Raises:
        ValidationError: When it is not a number from 0 to 30.
    """
    text = request.query_params.get("wait", "0")
    if re.fullmatch(r"\d{1,2}(\.\d{1,3})?", text, re.ASCII) and float(text) <= MAX_WAIT_SECONDS:
        return float(text)
    raise ValidationError({"wait": _("Use a number of seconds from 0 to 30.")})
