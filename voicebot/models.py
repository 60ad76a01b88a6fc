"""Rows of the shared kernel."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to a request that named an ``Idempotency-Key``, for when the same request comes again."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """Of what was asked: method, address and body."""
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once_for_owner")]


class Scope(models.TextChoices):
    """What a token lets a program do in a person's name."""

    READ = "read", _("see your tasks and what you said")
    WRITE = "write", _("change your tasks")
    VOICE = "voice", _("say something for you, and see what became of it")
    ACCOUNT = "account", _("change your profile, tokens and sessions")


ALL_SCOPES = tuple(scope.value for scope in Scope)


def every_scope() -> list[str]:
    """What a token may do that nobody bound to less."""
    return list(ALL_SCOPES)


class TokenGrant(models.Model):
    """What a token is called, may do and was last used for; the token's own row holds its digest and its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.OneToOneField("knox.AuthToken", on_delete=models.CASCADE, related_name="grant")
    name = models.CharField(max_length=100, blank=True)
    """By which its person knows it; empty when they did not say."""
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices), default=every_scope)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    """Right to the minute."""

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        return self.name or f"{self.token.token_key[:8]}…"
