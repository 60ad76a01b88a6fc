"""The person's time zone, by the name of a place, by a location that they send, or by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bots.expecting import expect_answer
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.keyboards import NotOurButton, button
from tasks_app.accounts.profile import ProfileChanges, change_profile
from tasks_app.clock import is_zone
from tasks_app.places import find_zones, zone_at
from tasks_app.selectors import zone_of
from voicebot.dates import clock_text

if TYPE_CHECKING:
    import datetime as dt
    from zoneinfo import ZoneInfo

    from telegram import Message

    from bots.models import ChatAccount
    from tasks_app.models import User

ASKED = "place"
"""The kind of the answer that is expected: where the person is."""
MAX_CHOICES = 12


def ask_or_set(incoming: Incoming, account: ChatAccount, message: Message, argument: str) -> Taken:
    """``/timezone``: by the place that follows; without one, ask for it."""
    if argument:
        return _by_name(incoming, account.user, argument, message) or incoming.say(_unknown(argument))
    expect_answer(incoming.chat_id, ASKED, {})
    return incoming.say(zone_text(account.user, message.date))


def zone_text(user: User, now: dt.datetime) -> str:
    """Which time zone it is, and how to change it."""
    zone = zone_of(user)
    text = _("Your time zone is %(zone)s; it is %(time)s there.")
    return f"{text % {'zone': zone.key, 'time': clock_text(now.astimezone(zone))}}\n\n{_how()}"


def take_location(incoming: Incoming, account: ChatAccount, message: Message) -> Taken | None:
    """Take the time zone of a location that the person sent; None when the message holds none."""
    if message.location is None or message.forward_origin is not None:
        return None
    zone = zone_at(message.location.latitude, message.location.longitude)
    if zone is None:
        return incoming.say(_("I do not know the time zone there."))
    return incoming.say(_set(account.user, zone, message))


def take_name(incoming: Incoming, account: ChatAccount, message: Message) -> Taken | None:
    """Take the name of a place that was asked for; None when the message is none."""
    return _by_name(incoming, account.user, message.text, message) if message.text else None


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
    return clock_text(message.date.astimezone(zone))


def _how() -> str:
    return _("Send me your location, or the name of your country or of the nearest big city.")


def _unknown(words: str) -> str:
    text = _("I know no place called “%(name)s”.") % {"name": words[:80]}
    return f"{text} {_how()}"
