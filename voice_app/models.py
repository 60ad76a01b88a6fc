"""Sessions, commands with their timeline, recordings with their keys, reviews, and what providers did and may do."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks_app.models import SOURCE_CHOICES
from voicebot.languages import language_to_answer_in


class VoiceSession(models.Model):
    """A stretch of speaking through one door; it ends when the person falls silent for long."""

    class Status(models.TextChoices):
        """Whether it goes on."""

        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")
        ERROR = "error", _("error")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="voice_sessions")
    source = models.CharField(max_length=16, choices=SOURCE_CHOICES)
    start_time = models.DateTimeField(auto_now_add=True)
    end_time = models.DateTimeField(null=True, blank=True)
    last_active_at = models.DateTimeField(auto_now_add=True)
    commands_processed = models.PositiveIntegerField(default=0)
    total_duration = models.FloatField(default=0.0)
    """Seconds of sound heard."""
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    language = models.CharField(max_length=8, blank=True)
    confidence_avg = models.FloatField(null=True, blank=True)
    error_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-start_time"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "source"], condition=models.Q(status="active"), name="one_active_session_for_each_door"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.start_time:%Y-%m-%d %H:%M}"


class VoiceCommand(models.Model):
    """One utterance on its way from sound to changed tasks."""

    class State(models.TextChoices):
        """How far it is; the last three are ends."""

        RECEIVED = "received", _("received")
        FETCHED = "fetched", _("fetched")
        TRANSCRIBED = "transcribed", _("transcribed")
        UNDERSTOOD = "understood", _("understood")
        WAITING = "waiting", _("waiting for an answer")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Mode(models.TextChoices):
        """What is wanted."""

        EXECUTE = "execute", _("carry out")
        TRANSCRIBE = "transcribe", _("transcribe only")

    END_STATES: ClassVar = (State.DONE, State.FAILED, State.CANCELLED)
    WORKING_STATES: ClassVar = (State.RECEIVED, State.FETCHED, State.TRANSCRIBED, State.UNDERSTOOD)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(VoiceSession, on_delete=models.CASCADE, related_name="commands")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="voice_commands")
    source = models.CharField(max_length=16, choices=SOURCE_CHOICES)
    external_id = models.CharField(max_length=200)
    """What the sender calls it: a chat's update, a request's idempotency key."""
    request_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was sent, so that one key cannot stand for two different requests."""
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.EXECUTE)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)

    command_text = models.TextField(blank=True)
    """What was typed or heard."""
    intent = models.CharField(max_length=32, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    entities = models.JSONField(default=dict, blank=True)
    """The understanding as it stands on the wire."""
    question = models.JSONField(null=True, blank=True)
    """What is asked back, with its options, while the state is ``waiting``."""
    answers = models.JSONField(default=dict, blank=True)
    """What was answered to its questions: ``{"<n-th action>": {"ids": [...], "confirmed": true, "offered": [...]}}``,
    the last being the options that there were."""
    results = models.JSONField(default=list, blank=True)
    """What each command did, with the ids of the tasks."""
    reply = models.TextField(blank=True)
    """The answer in the person's language."""
    success = models.BooleanField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    """The sentence that the person saw."""
    error_ref = models.CharField(max_length=16, blank=True)
    """Quoted by the person, found by the operator in the log."""
    processing_time = models.FloatField(null=True, blank=True)
    """Seconds from its receipt to its end."""

    corrects = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections")
    """The one that was not what the person said: its changes are taken back before these words are carried out."""
    about_task_id = models.UUIDField(null=True, blank=True)
    """The task that the words are to change, where a person chose it before they spoke."""
    within_project_id = models.UUIDField(null=True, blank=True)
    """The only project that the words can touch or show, where others read the answer; they continue nothing."""
    said_by = models.CharField(max_length=120, blank=True)
    """Whose words they are, when not the person's own: they are proposed and never carried out by themselves."""

    language = models.CharField(max_length=8, blank=True)
    timezone = models.CharField(max_length=64)
    said_at = models.DateTimeField()
    """When it was said: relative dates count from here."""
    received_at = models.DateTimeField(auto_now_add=True)
    run_after = models.DateTimeField(auto_now_add=True)
    """Not before this moment: later than its receipt when an attempt failed and another one is due."""
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="command_once_for_its_sender")]
        indexes = [
            models.Index(
                fields=["run_after"],
                condition=models.Q(state__in=["received", "fetched", "transcribed", "understood"]),
                name="command_unfinished",
            ),
            models.Index(fields=["user", "-received_at"], name="command_newest"),
            models.Index(fields=["-received_at"], name="command_newest_of_all"),
        ]

    def __str__(self) -> str:
        """A name that quotes nothing: it ends up in logs and in the titles of pages."""
        return f"{self.source} {self.said_at:%Y-%m-%d %H:%M:%S}"

    @property
    def answer_language(self) -> str:
        """ISO 639-1 code of the language of the reply: the person's own, else the one that was spoken."""
        return language_to_answer_in(self.user.language, self.language)

    @property
    def is_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in self.END_STATES


class StageRecordQuerySet(models.QuerySet["StageRecord"]):
    """Rows of the two kinds; whoever adds up takes one of them."""

    def whole(self) -> StageRecordQuerySet:
        """One row a stage, with all that it took."""
        return self.filter(link=None)

    def at_engines(self) -> StageRecordQuerySet:
        """One row for each engine that was asked, or passed over, within a stage."""
        return self.exclude(link=None)


class StageRecord(models.Model):
    """One stage of one attempt: what ran, who answered, how long, at what cost.

    A stage that asks a chain of engines has further rows, one for each of them, told by ``link``.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        OK = "ok"
        FAILED = "failed"
        SKIPPED = "skipped"

    command = models.ForeignKey(VoiceCommand, on_delete=models.CASCADE, related_name="stages")
    attempt = models.PositiveIntegerField()
    stage = models.CharField(max_length=16)
    link = models.PositiveSmallIntegerField(null=True, blank=True)
    """The engine's place in its chain, from 1; None for the stage as a whole."""
    started_at = models.DateTimeField()
    seconds = models.FloatField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    provider = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=100, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    """All that were read, cached ones among them."""
    cached_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    audio_seconds = models.FloatField(default=0.0)
    cost_usd = models.DecimalField(max_digits=10, decimal_places=6, default=0)
    error_code = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects = StageRecordQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(
                fields=["provider", "started_at"], condition=models.Q(link__isnull=False), name="stage_at_engine"
            )
        ]


class DataKey(models.Model):
    """A person's own key, wrapped by the master key; destroying it makes their recordings unreadable."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_key")
    wrapped_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)


class Recording(models.Model):
    """The sound of a command as it was sent, encrypted; the bytes live in the database, safe with the row."""

    command = models.OneToOneField(VoiceCommand, on_delete=models.CASCADE, related_name="recording", primary_key=True)
    ciphertext = models.BinaryField()
    """Nonce and AES-GCM ciphertext; empty once forgotten."""
    size_bytes = models.PositiveIntegerField()
    """Bytes of the recording as sent."""
    media_type = models.CharField(max_length=64)
    seconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)


class RemoteAudio(models.Model):
    """Where a recording that is not fetched yet can be fetched from."""

    command = models.OneToOneField(
        VoiceCommand, on_delete=models.CASCADE, related_name="remote_audio", primary_key=True
    )
    platform = models.CharField(max_length=16)
    reference = models.CharField(max_length=300)
    """The platform's own name for the file."""


class Review(models.Model):
    """What an administrator found when looking at how well it listened."""

    class Verdict(models.TextChoices):
        """Whether it was right."""

        CORRECT = "correct", _("correct")
        MISHEARD = "misheard", _("misheard")
        MISUNDERSTOOD = "misunderstood", _("misunderstood")
        WRONG_ACTION = "wrong_action", _("wrong action")

    command = models.OneToOneField(VoiceCommand, on_delete=models.CASCADE, related_name="review")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    corrected_transcript = models.TextField(blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class Playback(models.Model):
    """An audit line: who listened to whose recording, and when."""

    command = models.ForeignKey(VoiceCommand, on_delete=models.CASCADE, related_name="playbacks")
    listener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    played_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-played_at"]


class ProviderUsage(models.Model):
    """What one provider did for one person on one day."""

    day = models.DateField()
    """In UTC."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    """None once the account is gone: what was spent stays spent."""
    provider = models.CharField(max_length=64)
    """As its breaker names it, such as ``llm:openai``."""
    calls = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    """All that were read, cached ones among them."""
    cached_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    audio_seconds = models.FloatField(default=0.0)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)

    class Meta:
        verbose_name = _("provider usage")
        verbose_name_plural = _("providers")
        ordering = ["-day", "provider"]
        constraints = [models.UniqueConstraint(fields=["user", "day", "provider"], name="usage_once_a_day")]
        indexes = [models.Index(fields=["day"], include=["cost_usd"], name="usage_by_day")]

    def __str__(self) -> str:
        return f"{self.provider} {self.day:%Y-%m-%d}"


class BudgetNotice(models.Model):
    """A person was told that a budget is spent; they are told once in each period."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=5)
    """``day`` or ``month``."""
    begins_on = models.DateField()
    """First day of the period, in UTC."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "period", "begins_on"], name="told_once_a_period")]


class ProviderPreference(models.Model):
    """Which engines one person's words may go to, where that is not as for everybody."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="provider_preference")
    speech_chain = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    """In the order in which they are asked; empty is as ``VOICE_STT`` says."""
    language_chain = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    """The same for ``VOICE_LLM``."""
    sure_from = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    """From this confidence on the local engine's answer stands; None is as ``VOICE_LLM_SURE_FROM`` says."""
    off = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    """Providers that get nothing of this person, whatever the chains say."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("provider preference")

    def __str__(self) -> str:
        return self.user.get_username()
