"""People, with what the meaning of their words depends on."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.clock import is_zone


def validate_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    if not is_zone(name):
        raise ValidationError(
            _("%(name)s is not a time zone; use a name such as Europe/Berlin."), params={"name": name}
        )


class Confirmation(models.TextChoices):
    """When a person is asked before something that they said is done to what exists."""

    WHEN_UNSURE = "when_unsure", _("only when it is not sure what was meant")
    BEFORE_DELETING = "before_deleting", _("also before anything is deleted")
    ALWAYS = "always", _("before every change to what exists")


class User(AbstractUser):
    """A person, with what the meaning of their words depends on."""

    timezone = models.CharField(max_length=64, blank=True, validators=[validate_zone])
    """Empty until it is known; :meth:`tasks_app.selectors.zone_of` falls back to the server's."""
    language = models.CharField(max_length=8, blank=True)
    """ISO 639-1 code for answers and for speech; empty until set or detected once."""
    locale = models.CharField(max_length=16, default="en-GB")
    """Decides how numeric dates are read: ``en-US`` puts the month first."""
    week_starts_on = models.PositiveSmallIntegerField(default=0)
    """0 is Monday."""
    confirmation = models.CharField(max_length=16, choices=Confirmation.choices, default=Confirmation.WHEN_UNSURE)
    keep_recordings_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Their recordings are forgotten after so many days; never later than the installation's. None is just those."""
    shares_with_services = models.BooleanField(default=True)
    """Consent: whether what they say may be sent to speech engines and models that others run."""
    sharing_decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When they last said so themselves; None while it is as the installation came."""
    is_owner = models.BooleanField(default=False)
    """The person whom the start screen's sign-in link is for."""

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"),
        ]
