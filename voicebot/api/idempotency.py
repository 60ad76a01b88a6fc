"""``Idempotency-Key``: the same request sent again gets the same answer and does nothing twice.

The key's row is written in the transaction that does the work: two requests at once wait for each other at its unique
index, and a request that fails leaves neither work nor row, so it can be corrected and sent again. Answers are kept
sealed, since some hold what is shown once.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as FieldsInvalid
from rest_framework.request import Request
from rest_framework.response import Response

from voicebot.api.errors import IdempotencyKeyReused
from voicebot.models import KeptAnswer
from voicebot.sealing import SealBroken, key_for, seal, unseal

HEADER = "Idempotency-Key"
KEPT_FOR = dt.timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("Location", "ETag")


def read_key(request: Request) -> str | None:
    """The key that the sender chose; None without one.

    Raises:
        FieldsInvalid: When it is not 1 to 200 printable ASCII characters.
    """
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        sentence = _("Use 1 to 200 printable ASCII characters without spaces.")
        raise FieldsInvalid({HEADER: [ErrorDetail(sentence, code="invalid")]})
    return key


def once(request: Request, act: Callable[[], Response]) -> Response:
    """What ``act`` answers, or what it answered when the same key came before.

    Args:
        request: Of a person who is signed in.
        act: Does all of its work in the present transaction.

    Raises:
        IdempotencyKeyReused: The key came with another request before, or its answer cannot be read any more.
    """
    key = read_key(request)
    if key is None:
        return act()
    with transaction.atomic():
        KeptAnswer.objects.filter(owner_id=request.user.pk, created_at__lt=timezone.now() - KEPT_FOR).delete()
        digest = _digest(request)
        kept, is_new = KeptAnswer.objects.get_or_create(owner_id=request.user.pk, key=key, defaults={"digest": digest})
        if not is_new:
            return _replay(kept, digest)
        response = act()
        kept.status, kept.body = response.status_code, _sealed(response.data, kept)
        kept.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        kept.save()
        return response


def _replay(kept: KeptAnswer, digest: str) -> Response:
    if kept.digest != digest:
        raise IdempotencyKeyReused
    return Response(_unsealed(kept), status=kept.status, headers={**kept.headers, "Idempotency-Replayed": "true"})


def _sealed(body: Any, kept: KeptAnswer) -> str:  # noqa: ANN401  # JSON
    return base64.b64encode(seal(_sealing_key(), json.dumps(body).encode(), _place(kept))).decode()


def _unsealed(kept: KeptAnswer) -> Any:  # noqa: ANN401  # JSON
    """What was answered; an answer that is no text was kept before answers were sealed."""
    if not isinstance(kept.body, str):
        return kept.body
    try:
        return json.loads(unseal(_sealing_key(), base64.b64decode(kept.body), _place(kept)))
    except SealBroken as error:
        raise IdempotencyKeyReused from error


def _sealing_key() -> bytes:
    return key_for("kept-answer")


def _place(kept: KeptAnswer) -> bytes:
    return f"{kept.owner_id}:{kept.key}".encode()


def _digest(request: Request) -> str:
    """Of what was asked, and through which door: what a page was shown once, no token is shown."""
    door = "token" if request.auth else "page"
    parts = [
        door,
        request.method or "",
        request.get_full_path(),
        json.dumps(_fingerprint(request.data), sort_keys=True),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _fingerprint(data: Any) -> Any:  # noqa: ANN401  # JSON or the fields of a form
    """The body in a form that is the same for the same content, whatever the boundary of a form was."""
    if not hasattr(data, "lists"):
        return data
    return {name: [_content(value) for value in values] for name, values in data.lists()}


def _content(value: Any) -> str:  # noqa: ANN401  # a field's text or a file
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()
