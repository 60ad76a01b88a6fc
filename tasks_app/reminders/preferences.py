"""How a person wants to be told, and the one way to change that."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from tasks_app.models import News, NotificationPreference, Reminder, User
from tasks_app.reminders.briefings import let_pass
from tasks_app.reminders.errors import EmailUnavailable, QuietHoursIncomplete
from tasks_app.reminders.people import tells

_OF_BRIEFINGS = frozenset({"morning_agenda_at", "weekly_review_on", "weekly_review_at"})


class PreferenceChanges(BaseModel):
    """What to change; only the fields that are given are touched (``model_fields_set``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    telegram: bool = True
    web: bool = True
    email: bool = False
    push: bool = True
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None
    morning_agenda_at: dt.time | None = None
    weekly_review_on: int | None = Field(None, ge=0, le=6)
    """0 is Monday."""
    weekly_review_at: dt.time = dt.time(18)


def preference_of(user: User) -> NotificationPreference:
    """How the person wants to be told; not saved while they have said nothing of it."""
    return NotificationPreference.objects.filter(user=user).first() or NotificationPreference(user=user)


def can_mail(user: User) -> bool:
    """Whether this installation sends mail and knows where to."""
    return bool(settings.EMAIL_IS_ON and user.email)


@transaction.atomic
def change_preference(user: User, changes: PreferenceChanges) -> NotificationPreference:
    """Keep how the person wants to be told; what quiet hours hold back is looked at anew.

    Raises:
        QuietHoursIncomplete: They would have a beginning and no end, or the other way round.
        EmailUnavailable: Mail is to be switched on, and there is no mail server or no address.
    """
    preference, _ = NotificationPreference.objects.select_for_update().get_or_create(user=user)
    for name in changes.model_fields_set:
        setattr(preference, name, getattr(changes, name))
    if (preference.quiet_from is None) != (preference.quiet_until is None):
        raise QuietHoursIncomplete
    if "email" in changes.model_fields_set and changes.email and not can_mail(user):
        raise EmailUnavailable
    preference.save()
    if changes.model_fields_set & _OF_BRIEFINGS:
        let_pass(preference)
    Reminder.objects.filter(tells(user)).exclude(held_until=None).update(held_until=None)
    News.objects.filter(user=user, told_at=None, tell_at__gt=timezone.now()).update(tell_at=timezone.now())
    return preference
