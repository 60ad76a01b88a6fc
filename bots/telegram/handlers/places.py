"""The person's time zone, by the name of a place, by a location that they send, or by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.keyboards import NotOurButton, button
from tasks_app.accounts.profile import ProfileChanges, change_profile
from tasks_app.clock import is_zone
from tasks_app.places import find_zones, zone_at
from tasks_app.selectors import zone_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from telegram import Message

    from bots.models import ChatAccount
    from tasks_app.models import User

log = structlog.get_logger(__name__)

ASKED_FOR_SECONDS = 600
"""So long a message that is nothing but the name of a place answers the question for it."""
MAX_CHOICES = 12


def ask_or_set(incoming: Incoming, account: ChatAccount, message: Message, argument: str) -> Taken:
    """``/timezone``: by the place that follows; without one, ask for it."""
    if argument:
        return _by_name(incoming, account.user, argument, message) or incoming.say(_unknown(argument))
    _note_question(incoming.chat_id)
    zone = zone_of(account.user)
    text = _("Your time zone is %(zone)s; it is %(time)s there.") % {"zone": zone.key, "time": _clock(zone, message)}
    return incoming.say(f"{text}\n\n{_how()}")


def answer(incoming: Incoming, account: ChatAccount, message: Message) -> Taken | None:
    """Take a location, or the name of a place that was asked for; None when the message is neither."""
    if message.location is not None:
        zone = zone_at(message.location.latitude, message.location.longitude)
        return incoming.say(
            _("I do not know the time zone there.") if zone is None else _set(account.user, zone, message)
        )
    if message.text is None or message.forward_origin is not None or not _is_asked(incoming.chat_id):
        return None
    return _by_name(incoming, account.user, message.text, message)


def choose(press: Press) -> Taken:
    """``z:<zone>`` is one of a country's zones."""
    zone = press.pressed.word(0)
    if not is_zone(zone):
        raise NotOurButton
    change_profile(press.account.user, ProfileChanges(timezone=zone))
    return press.replace(_("Your time zone is %(zone)s now.") % {"zone": zone})


def _by_name(incoming: Incoming, user: User, words: str, message: Message) -> Taken | None:
    zones = find_zones(words)
    if not zones:
        return None
    _forget_question(incoming.chat_id)
    if len(zones) == 1:
        return incoming.say(_set(user, zones[0], message))
    buttons = [[button(zone.rpartition("/")[2].replace("_", " "), "z", zone)] for zone in zones[:MAX_CHOICES]]
    return incoming.say(_("There is more than one time zone there. Which city is the nearest?"), buttons)


def _set(user: User, zone: str, message: Message) -> str:
    change_profile(user, ProfileChanges(timezone=zone))
    return _("Your time zone is %(zone)s now; it is %(time)s there.") % {
        "zone": zone,
        "time": _clock(zone_of(user), message),
    }


def _clock(zone: ZoneInfo, message: Message) -> str:
    return date_format(message.date.astimezone(zone), "H:i")


def _how() -> str:
    return _("Send me your location, or the name of your country or of the nearest big city.")


def _unknown(words: str) -> str:
    text = _("I know no place called “%(name)s”.") % {"name": words[:80]}
    return f"{text} {_how()}"


def _note_question(chat_id: int) -> None:
    try:
        cache.set(_key(chat_id), 1, ASKED_FOR_SECONDS)
    except RedisError:
        log.warning("cache_unreachable")


def _is_asked(chat_id: int) -> bool:
    try:
        return bool(cache.get(_key(chat_id)))
    except RedisError:
        return False


def _forget_question(chat_id: int) -> None:
    try:
        cache.delete(_key(chat_id))
    except RedisError:
        log.warning("cache_unreachable")


def _key(chat_id: int) -> str:
    return f"telegram-place-asked-{chat_id}"
