"""What administrators write: verdicts, and the record of who tried what again; and what people report themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from voice_app.models import Recording, Review, VoiceCommand

if TYPE_CHECKING:
    from tasks_app.models import User


@transaction.atomic
def record_review(
    reviewer: User, command: VoiceCommand, *, verdict: str, corrected_transcript: str, note: str
) -> Review:
    """Keep a verdict; a later one for the same command takes its place.

    Args:
        reviewer: Who judged.
        command: What was judged.
        verdict: One of :class:`voice_app.models.Review.Verdict`.
        corrected_transcript: What was really said.
        note: Anything else.
    """
    review, _ = Review.objects.update_or_create(
        command=command,
        defaults={
            "reviewer": reviewer,
            "verdict": verdict,
            "corrected_transcript": corrected_transcript,
            "note": note,
        },
    )
    _log_change(reviewer, command, f"Reviewed: {verdict}.")
    return review


def report_misunderstanding(command: VoiceCommand) -> None:
    """Keep that the person says it was not what they said; a verdict that is there already stays.

    Args:
        command: Their own. What they did say follows by :func:`complete_report`.
    """
    Review.objects.get_or_create(
        command=command, defaults={"reviewer": command.user, "verdict": Review.Verdict.MISUNDERSTOOD}
    )


def complete_report(command: VoiceCommand, meant: str) -> None:
    """Add the right words to what the person reported; it was misheard when they are others than those heard.

    Args:
        command: What was reported; nothing happens when it was not, or by somebody else.
        meant: What the person said instead.
    """
    reported = Review.objects.filter(command=command, reviewer_id=command.user_id, corrected_transcript="")
    was_heard = Recording.objects.filter(pk=command.pk).exists()
    is_misheard = was_heard and _plain(meant) != _plain(command.command_text)
    verdict = Review.Verdict.MISHEARD if is_misheard else Review.Verdict.MISUNDERSTOOD
    reported.update(corrected_transcript=meant, verdict=verdict)


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


@transaction.atomic
def retry_command(operator: User, command: VoiceCommand) -> None:
    """Run a failed command again, on somebody's behalf.

    Raises:
        voice_app.errors.CommandNotRetryable: When it did not fail, or its recording is gone.
    """
    from voice_app import services  # every command of manage.py loads the admin; the pipeline is not needed there

    services.retry(command)
    _log_change(operator, command, "Retried.")


def _log_change(person: User, command: VoiceCommand, message: str) -> None:
    """A line in the admin's own log; it names the command by its id, never by what was said."""
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(VoiceCommand),
        object_id=str(command.pk),
        object_repr=str(command.pk),
        action_flag=CHANGE,
        change_message=message,
    )
