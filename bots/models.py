"""Linked chats, the updates that came from them, and the messages that go to them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TELEGRAM = "telegram"


class ChatAccount(models.Model):
    """A chat that belongs to a person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_accounts")
    platform = models.CharField(max_length=16, default=TELEGRAM)
    chat_id = models.BigIntegerField()
    language = models.CharField(max_length=8, blank=True)
    """What the platform says the person reads; their own setting comes first."""
    linked_at = models.DateTimeField(auto_now_add=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    """Since when the person does not want to hear from the bot."""
    voice_replies = models.BooleanField(default=False)
    """Whether short receipts are said aloud in this chat as well."""
    preferred_at = models.DateTimeField(null=True, blank=True)
    """When the person chose that reminders come to this chat; the last choice counts."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "chat_id"], name="chat_linked_once")]

    def __str__(self) -> str:
        return f"{self.platform} {self.chat_id}"


class GroupChat(models.Model):
    """A group that works on a shared project; what its members may do there is what they may do in the project."""

    platform = models.CharField(max_length=16, default=TELEGRAM)
    chat_id = models.BigIntegerField()
    project = models.ForeignKey("tasks_app.Project", on_delete=models.CASCADE, related_name="group_chats")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="linked_groups"
    )
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "chat_id"], name="group_linked_once")]

    def __str__(self) -> str:
        return f"{self.platform} {self.chat_id}"


class LinkCode(models.Model):
    """A short-lived code that links a chat and a person: made on the page for any chat, or in a chat for any person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="link_codes"
    )
    """Who made it on the page."""
    chat_id = models.BigIntegerField(null=True, blank=True)
    """In which chat it was made."""
    chat_name = models.CharField(max_length=150, blank=True)
    """What the person in that chat calls themselves; anybody can call themselves anything."""
    language = models.CharField(max_length=8, blank=True)
    """What the platform says that person reads."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the code."""
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)


class ProcessedUpdate(models.Model):
    """An update that was taken in, so that its repetition changes nothing."""

    bot_id = models.BigIntegerField()
    update_id = models.BigIntegerField()
    taken_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot_id", "update_id"], name="update_taken_once")]


class ExpectedAnswer(models.Model):
    """What the next message in a chat is about, because a button asked for it."""

    platform = models.CharField(max_length=16, default=TELEGRAM)
    chat_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    """What becomes of the answer: a key of ``ANSWERS`` in :mod:`bots.telegram.handlers.answers`."""
    about = models.JSONField(default=dict, blank=True)
    """What the kind needs to know."""
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "chat_id"], name="one_answer_expected_in_a_chat")]

    def __str__(self) -> str:
        return f"{self.platform} {self.chat_id} {self.kind}"


class OutboundMessage(models.Model):
    """A message on its way to a chat; the same row is edited as the note it answers moves on."""

    class State(models.TextChoices):
        """Where it stands; what is ``uncertain`` may have arrived, and its text is not sent again."""

        PENDING = "pending", _("pending")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("delivery uncertain")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.CharField(max_length=16, default=TELEGRAM)
    chat_id = models.BigIntegerField()
    dedupe_key = models.CharField(max_length=120, unique=True)
    """What it is about, such as ``command:<id>``: one message for each."""
    text = models.TextField()
    buttons = models.JSONField(default=list, blank=True)
    """Rows of ``{"text", "data"}``."""
    acts = models.JSONField(default=list, blank=True)
    """What its buttons did since it was written, oldest first: ``{"set", "task", "action", "line"}``."""
    document = models.CharField(max_length=80, blank=True)
    """What is sent as a file, with the text below it; see :mod:`bots.documents`. Empty for a mere text."""
    reply_to_message_id = models.BigIntegerField(null=True, blank=True)
    message_id = models.BigIntegerField(null=True, blank=True)
    """The platform's id once it has been sent; a later text edits it."""
    revision = models.PositiveIntegerField(default=1)
    """Raised whenever text or buttons change."""
    sent_revision = models.PositiveIntegerField(default=0)
    """The newest revision that was sent, or that may have been."""
    is_repeatable = models.BooleanField(default=False)
    """Whether it is better read twice than not at all, as a reminder is."""
    may_be_repeated = models.BooleanField(default=False)
    """Whether it was sent again after an attempt of which nobody knows how it ended; the text says so."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    """Failed attempts at the present revision."""
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the process that took it may be at work on it, while the state is ``sending``."""
    error_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(
                fields=["chat_id", "created_at"],
                condition=models.Q(state__in=["pending", "sending"]),
                name="message_unfinished",
            ),
            models.Index(fields=["chat_id", "message_id"], name="message_in_chat"),
        ]
