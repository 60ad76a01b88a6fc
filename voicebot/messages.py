"""The sentence for each error code: what went wrong and what the person can do about it.

A sentence may name the error's details, as in ``{limit_seconds}``.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from voicebot.errors import AppError

MESSAGES: dict[str, Promise | str] = {
    "internal_error": _("Something went wrong on our side. Nothing was changed; please try again."),
    "invalid_input": _("The request is not complete or not right. See the fields."),
    "not_found": _("There is nothing like that here, or it is not yours."),
    "not_signed_in": _("Please sign in, or send your API token."),
    "not_allowed": _("You may not do that."),
    "rate_limited": _("That was too much at once. Please wait {retry_after} seconds and try again."),
    "method_not_allowed": _("This address does not do that. See the documentation for what it does."),
    "media_type_unsupported": _("Please send JSON or a multipart form."),
    "not_acceptable": _("This address answers in JSON only."),
    "audio_empty": _("The recording is empty. Please record it again."),
    "audio_too_large": _("The recording has too many bytes. Please send at most {limit_megabytes} MB."),
    "audio_too_long": _("The recording is too long. Please send at most {limit_seconds} seconds."),
    "audio_format_unsupported": _(
        "This is not a sound file that we know. Please send OGG, WebM, MP3, M4A, WAV, FLAC, AMR, 3GP or MP4."
    ),
    "audio_is_playlist": _("This file is a list of other files, not a recording. Please send the recording itself."),
    "audio_damaged": _("The recording is damaged and cannot be played. Please record it again."),
    "audio_decode_timed_out": _("Reading the recording took too long. Please send a shorter or simpler one."),
    "decoder_missing": _("The server has no ffmpeg, so it cannot read recordings. Please type, or tell the operator."),
    "no_speech": _("I heard nothing that sounds like words. Please speak closer to the microphone."),
    "text_empty": _("There is nothing to read. Please type what you want done."),
    "text_too_long": _("The text is too long. Please send at most {limit_characters} characters at once."),
    "idempotency_key_reused": _("This Idempotency-Key was used for another request. Please use a new one."),
    "question_closed": _("That question is no longer open. Please say again what you want."),
    "command_not_found": _("There is no such voice command, or it is not yours."),
    "command_not_retryable": _("Only a command that failed and whose recording is kept can be tried again."),
    "command_given_up": _("This did not work after several tries. Nothing was changed; please say it again."),
    "recording_unreadable": _("The recording is no longer kept."),
    "speech_engine_missing": _("No speech engine is installed for this language. Please type, or tell the operator."),
}


def message_for(code: str, details: dict[str, object] | None = None) -> str:
    """The sentence for a code in the active language; unknown codes get the general one."""
    template = str(MESSAGES.get(code, MESSAGES["internal_error"]))
    try:
        return template.format(**(details or {}))
    except (KeyError, IndexError):
        return template


def message_of(error: AppError) -> str:
    """The sentence for an error in the active language."""
    return message_for(error.code, dict(error.details))
