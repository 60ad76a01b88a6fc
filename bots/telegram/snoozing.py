"""The choices of putting something off, as buttons: the same under a receipt and under a reminder."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bots.telegram.keyboards import NotOurButton, Rows, button
from voicebot.dates import clock_text, day_text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

PICK = "pick"
"""The word of the button that asks for a day."""
_STEPS = {"10m": dt.timedelta(minutes=10), "1h": dt.timedelta(hours=1)}
_TOMORROW = "1d"
_DAYS_TO_PICK = 7
_MORNING, _EVENING = dt.time(9), dt.time(18)
_TONIGHT = "eve"


def snooze_rows(letter: str, *parts: uuid.UUID | int | str) -> Rows:
    """Ten minutes, an hour, tomorrow, or pick a day.

    Args:
        letter: The act that takes the choice; the word of the choice comes after the parts.
        parts: What is put off.
    """
    return [
        [button(_("10 min"), letter, *parts, "10m"), button(_("1 hour"), letter, *parts, "1h")],
        [button(_("Tomorrow"), letter, *parts, _TOMORROW), button(_("Pick a day…"), letter, *parts, PICK)],
    ]


def day_rows(now: dt.datetime, letter: str, *parts: uuid.UUID | int | str) -> Rows:
    """This evening while that lies ahead, and the mornings of the days that follow, two in a row.

    Args:
        now: Aware, in the person's zone.
        letter: As for :func:`snooze_rows`.
        parts: As for :func:`snooze_rows`.
    """
    days = [now.date() + dt.timedelta(days=number) for number in range(1, _DAYS_TO_PICK + 1)]
    choices = [
        button(f"{day_text(day)}, {clock_text(_MORNING)}", letter, *parts, f"d{number}")
        for number, day in enumerate(days, 1)
    ]
    if now.time() < _EVENING:
        tonight = _("Today, {time}").format(time=clock_text(_EVENING))
        choices.insert(0, button(tonight, letter, *parts, _TONIGHT))
    return [choices[start : start + 2] for start in range(0, len(choices), 2)]


def snoozed_until(word: str, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment that a choice stands for.

    Args:
        word: The last part of the button.
        now: Aware; from when minutes, hours and days count.
        zone: Whose clocks and days.

    Raises:
        NotOurButton: The word is none of ours, or asks for a day.
    """
    here = now.astimezone(zone)
    if word in _STEPS:
        return (now + _STEPS[word]).astimezone(zone)
    if word == _TOMORROW:
        return here + dt.timedelta(days=1)
    if word == _TONIGHT:
        return dt.datetime.combine(here.date(), _EVENING, zone)
    number = word.removeprefix("d")
    if word == number or not (number.isascii() and number.isdigit() and len(number) == 1):
        raise NotOurButton
    return dt.datetime.combine(here.date() + dt.timedelta(days=int(number)), _MORNING, zone)
