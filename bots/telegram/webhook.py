"""The door at which Telegram brings updates by itself, beside the long poll; both end in the same intake.

Status 200 says that an update is stored with the work it causes. With any other one Telegram brings it again, and
keeps those of the same chat back meanwhile.
"""

from __future__ import annotations

import json
import secrets

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from psycopg_pool import PoolTimeout

from bots.telegram import early, intake, runner
from bots.telegram.bot import bot_id
from bots.telegram.delivery import follow_up
from bots.telegram.identity import is_configured
from voicebot.body_limit import RequestTooLarge
from voicebot.client_address import client_network
from voicebot.error_pages import json_error_response
from voicebot.errors import AppError, InputInvalid, NotAllowed
from voicebot.throttling import Rate, check_rate

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
MAX_BODY_BYTES = 2**20
"""Many times the largest update that the Bot API describes."""
UPDATES = Rate("telegram-webhook", 3000, 10)
"""Far more than one bot gets; above it Telegram brings them later."""
WRONG_SECRETS = Rate("telegram-webhook-wrong", 20, 60)
"""From one network: above it the answer says so and the log does not."""
_MAX_UPDATE_ID = 2**63 - 1


@csrf_exempt
@require_POST
def telegram_webhook(request: HttpRequest) -> HttpResponse:
    """Take one update in; 404 where no webhook is wanted."""
    if not is_configured() or not settings.TELEGRAM_WEBHOOK_SECRET:
        return HttpResponse(status=404)
    try:
        _check_sender(request)
        check_rate(UPDATES, str(bot_id()))
        _take(_read(request))
    except AppError as error:
        return json_error_response(request, error)
    except (OperationalError, InterfaceError, PoolTimeout):
        log.warning("telegram_webhook_failed", code="database_unreachable")
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _check_sender(request: HttpRequest) -> None:
    """Only who knows the secret is Telegram; how long the look takes does not tell how much of it was right."""
    given = request.headers.get(SECRET_HEADER, "").encode()
    if not secrets.compare_digest(given, settings.TELEGRAM_WEBHOOK_SECRET.encode()):
        check_rate(WRONG_SECRETS, client_network(request))
        log.warning("telegram_webhook_refused", network=client_network(request))
        raise NotAllowed


def _read(request: HttpRequest) -> dict[str, object]:
    """The update as JSON.

    Raises:
        RequestTooLarge, InputInvalid
    """
    body = request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise RequestTooLarge(limit_megabytes=MAX_BODY_BYTES // 2**20)
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise InputInvalid from None
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if type(update_id) is not int or not 0 <= update_id <= _MAX_UPDATE_ID:
        raise InputInvalid
    return dict(update)


def _take(data: dict[str, object]) -> None:
    """Store it, and let what can be done at once go on after the answer."""
    bot = runner.bot()
    update = intake.read_update(data, bot)
    if update is None:
        return
    said = runner.run(early.begin(bot, update))
    try:
        taken = intake.take(update, bot_id=bot_id(), said=said.claim.text if said else "")
    except BaseException:
        if said is not None:
            runner.start(early.take_back(bot, said))
        raise
    if said is not None or taken.is_unfinished:
        runner.start(follow_up(bot, taken, said))
