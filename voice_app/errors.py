"""What can go wrong between a recording and its commands."""

from __future__ import annotations

from voicebot.errors import AppError, ErrorCategory


class AudioEmpty(AppError):
    """The upload has no bytes."""

    code = "audio_empty"
    http_status = 400
    category = ErrorCategory.INVALID


class AudioTooLarge(AppError):
    """The upload has more bytes than allowed; ``details['limit_bytes']``."""

    code = "audio_too_large"
    http_status = 413
    category = ErrorCategory.INVALID


class AudioTooLong(AppError):
    """The recording is longer than allowed; ``details['limit_seconds']``."""

    code = "audio_too_long"
    http_status = 400
    category = ErrorCategory.INVALID


class AudioFormatUnsupported(AppError):
    """The bytes are not one of the accepted containers, whatever the name says."""

    code = "audio_format_unsupported"
    http_status = 400
    category = ErrorCategory.INVALID


class AudioIsPlaylist(AppError):
    """The bytes are a playlist or a reference to other files, which is never followed."""

    code = "audio_is_playlist"
    http_status = 400
    category = ErrorCategory.INVALID


class AudioDamaged(AppError):
    """The container is right and nothing in it can be decoded."""

    code = "audio_damaged"
    http_status = 400
    category = ErrorCategory.INVALID


class AudioDecodeTimedOut(AppError):
    """Decoding used up its time."""

    code = "audio_decode_timed_out"
    http_status = 400
    category = ErrorCategory.INVALID


class DecoderMissing(AppError):
    """No ffmpeg binary can be found."""

    code = "decoder_missing"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class NoSpeech(AppError):
    """The recording holds silence, noise or music, and no words."""

    code = "no_speech"
    http_status = 400
    category = ErrorCategory.INVALID


class SpeechEngineMissing(AppError):
    """No speech engine is installed that hears this language; typing still works."""

    code = "speech_engine_missing"
    http_status = 503
    category = ErrorCategory.UNREACHABLE


class SpeechTimedOut(AppError):
    """The deadline passed before the words were found."""

    code = "speech_timed_out"
    http_status = 504
    category = ErrorCategory.TIMEOUT


class TextEmpty(AppError):
    """Nothing was typed."""

    code = "text_empty"
    http_status = 400
    category = ErrorCategory.INVALID


class TextTooLong(AppError):
    """More was typed than is read; ``details['limit_characters']``."""

    code = "text_too_long"
    http_status = 400
    category = ErrorCategory.INVALID


class QuestionClosed(AppError):
    """The question was answered, cancelled or has expired, or the answer is not one of its options."""

    code = "question_closed"
    http_status = 409
    category = ErrorCategory.INVALID


class CommandNotFound(AppError):
    """There is no such voice command for this person."""

    code = "command_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class SessionNotFound(AppError):
    """No such conversation of this person."""

    code = "session_not_found"
    http_status = 404
    category = ErrorCategory.INVALID


class CommandNotRetryable(AppError):
    """It did not fail, or its recording is gone."""

    code = "command_not_retryable"
    http_status = 409
    category = ErrorCategory.INVALID


class CommandGivenUp(AppError):
    """It was started too often without reaching its end."""

    code = "command_given_up"
    http_status = 500
    category = ErrorCategory.UNKNOWN
