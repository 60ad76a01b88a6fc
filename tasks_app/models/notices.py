"""How people want to be told of things, and what they were told."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks_app.models.outgoing import Outgoing, unfinished_index
from tasks_app.models.people import User

SUBJECT_MAX_LENGTH = 200


class Channel(models.TextChoices):
    """A way on which people are told."""

    TELEGRAM = "telegram", _("Telegram")
    WEB = "web", _("page")
    EMAIL = "email", _("e-mail")
    PUSH = "push", _("browser")


class NotificationPreference(models.Model):
    """How one person wants to be told; who has none is told on Telegram and on the page, at any hour."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notification_preference")
    telegram = models.BooleanField(default=True)
    """In every chat that the person linked."""
    web = models.BooleanField(default=True)
    """On the pages that they have open."""
    email = models.BooleanField(default=False)
    """To the address of the account; nobody gets mail without asking for it."""
    push = models.BooleanField(default=True)
    """In the browsers in which they allowed it."""
    quiet_from = models.TimeField(null=True, blank=True)
    """On the person's clock; from here nothing is told that is not urgent. None when there are no quiet hours."""
    quiet_until = models.TimeField(null=True, blank=True)
    """At or before ``quiet_from`` it is a time of the next day."""
    morning_agenda_at = models.TimeField(null=True, blank=True)
    """On the person's clock: when the day's agenda comes into their chats; None when it does not."""
    weekly_review_on = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(6)])
    """The day on which the review of the week comes, 0 is Monday; None when it does not."""
    weekly_review_at = models.TimeField(default=dt.time(18))
    """On the person's clock."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
                violation_error_message=_("Quiet hours need a beginning and an end."),
            )
        ]

    def __str__(self) -> str:
        return self.user.get_username()

    @property
    def channels(self) -> frozenset[Channel]:
        """Those that are on."""
        return frozenset(channel for channel in Channel if getattr(self, channel.value))


class Notice(models.Model):
    """One telling of one person: of a reminder, of several that were missed, or of what others did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    channels = models.JSONField(default=list)
    """The channels that were on: for all but the page a row to be sent was written in the same transaction."""
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at"]


class OutboundEmail(Outgoing):
    """A mail on its way to a person; its id is also its Message-ID, so that one that came twice can be told."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField()
    subject = models.CharField(max_length=SUBJECT_MAX_LENGTH)
    text = models.TextField()
    html = models.TextField()
    is_for_sign_in = models.BooleanField(default=False)
    """Holds a link that was asked for at the sign-in: goes out whatever the person prefers, and is blanked after."""

    class Meta(Outgoing.Meta):
        abstract = False
        indexes = [unfinished_index("email_unfinished")]
