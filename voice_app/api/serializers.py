"""What requests to the voice API may say."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tasks_app.commands import TITLE_MAX_LENGTH
from tasks_app.models import validate_zone
from voice_app.models import VoiceCommand

EARLIEST_SAID_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
CLOCK_TOLERANCE = dt.timedelta(minutes=1)
"""How far ahead of ours a sender's clock may be."""
MAX_CHOICES = 100


class CircumstancesSerializer(serializers.Serializer[Any]):
    """Where, when and in which language it was said; what is missing comes from the person's settings."""

    timezone = serializers.CharField(required=False, max_length=64, validators=[validate_zone])
    language = serializers.RegexField(r"^[a-z]{2}$", required=False)
    said_at = serializers.CharField(required=False, max_length=64)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Make ``said_at`` an aware moment; without an offset it is on the speaker's clock."""
        if "said_at" in attrs:
            attrs["said_at"] = _moment(attrs["said_at"], attrs.get("timezone"))
        return attrs


class SubmitSerializer(CircumstancesSerializer):
    """``POST voice/commands/``: a recording or a text."""

    audio = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(required=False, allow_blank=True)
    mode = serializers.ChoiceField(VoiceCommand.Mode.choices, default=VoiceCommand.Mode.EXECUTE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two; only sound can be transcribed."""
        if ("audio" in attrs) == ("text" in attrs):
            raise serializers.ValidationError({"audio": _("Send either audio or text.")})
        if "text" in attrs and attrs["mode"] == VoiceCommand.Mode.TRANSCRIBE:
            raise serializers.ValidationError({"mode": _("Only audio can be transcribed.")})
        return super().validate(attrs)


class ParseSerializer(CircumstancesSerializer):
    """``POST parse/``."""

    text = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Any]):
    """``POST voice/commands/{id}/answer/``: exactly one of the four."""

    choose = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, allow_empty=False, max_length=MAX_CHOICES
    )
    title = serializers.CharField(required=False, max_length=TITLE_MAX_LENGTH)
    confirm = serializers.BooleanField(required=False)
    cancel = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none, several, and ``false``, which could mean two things."""
        if len(attrs) != 1 or not next(iter(attrs.values())):
            raise serializers.ValidationError(_("Send exactly one of choose, title, confirm: true and cancel: true."))
        return attrs


def _moment(text: str, zone_name: str | None) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            zone = zoneinfo.ZoneInfo(zone_name) if zone_name else timezone.get_current_timezone()
            moment = moment.replace(tzinfo=zone)
        is_possible = EARLIEST_SAID_AT < moment < timezone.now() + CLOCK_TOLERANCE
    except (ValueError, OverflowError):
        is_possible = False
    if not is_possible:
        raise serializers.ValidationError({"said_at": _("Use an ISO moment that is not in the future.")})
    return moment
