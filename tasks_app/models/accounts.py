"""What lets people in: invitations, second factors, and the devices on which they are signed in."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings
from django.db import models
from django_otp.plugins.otp_totp.models import TOTPDevice

from tasks_app.models.people import User

AGENT_MAX_LENGTH = 300


class Invitation(models.Model):
    """One person may sign up with the link of which this row knows the digest."""

    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the link's token, which is stored nowhere."""
    note = models.CharField(max_length=200, blank=True)
    """For the administrators: whom it is for."""
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations_made")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations_used")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"


class SignedInDevice(models.Model):
    """A browser in which a person is signed in: one row for each session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=AGENT_MAX_LENGTH, blank=True)
    """What the browser calls itself."""
    address = models.GenericIPAddressField(null=True, blank=True)
    """From where it came last."""
    signed_in_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"device {self.pk}"


class Authenticator(TOTPDevice):  # type: ignore[misc]  # the package has no types
    """A TOTP device (RFC 6238) whose row alone gives no codes.

    The secret that the person's app holds is the HMAC-SHA-1 of what is stored, under the installation's master key.
    """

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The 20 bytes that the person's app holds."""
        master = base64.urlsafe_b64decode(settings.ENCRYPTION_KEY)
        return hmac.digest(master, b"tasks_app.authenticator:" + bytes.fromhex(self.key), hashlib.sha1)
