"""Brings a recording's bytes from Telegram, never more than allowed."""

from __future__ import annotations

import httpx
from django.conf import settings
from telegram import File

from bots import errors
from bots.telegram import runner
from bots.telegram.bot import base_file_url
from bots.telegram.errors import ask
from voice_app.errors import AudioTooLarge
from voicebot.errors import AppError

_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_SERVER_ERROR = 500
_TOO_MANY = 429


class TelegramFetcher:
    """The :class:`voice_app.ports.AudioFetcher` for Telegram."""

    def fetch(self, reference: str, *, max_bytes: int) -> bytes:
        """The bytes of the file of this id.

        Raises:
            AudioTooLarge: It has more than ``max_bytes``, or than Telegram gives out.
            RecordingNotThere: Telegram does not give it (any more).
            voicebot.errors.AppError: Retryable ones of :mod:`bots.errors`.
        """
        return runner.run(self._fetch(reference, min(max_bytes, settings.TELEGRAM_MAX_FILE_BYTES)))

    async def _fetch(self, reference: str, max_bytes: int) -> bytes:
        file = await _get_file(reference, max_bytes)
        if (file.file_size or 0) > max_bytes:
            raise _too_large(max_bytes)
        return await _download(str(file.file_path), max_bytes)


async def _get_file(reference: str, max_bytes: int) -> File:
    try:
        file = await ask(runner.bot().get_file(reference))
    except errors.TelegramRefused as error:
        if "too big" in str(error.details.get("reason", "")):
            raise _too_large(max_bytes) from None
        raise errors.RecordingNotThere from None
    if not file.file_path or not file.file_path.startswith(base_file_url()):
        raise errors.RecordingNotThere
    return file


async def _download(url: str, max_bytes: int) -> bytes:
    """The URL holds the token, so no error of the client gets out, not even as a cause."""
    problem: AppError
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client, client.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise _problem_of(answer.status_code)
            data = bytearray()
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > max_bytes:
                    raise _too_large(max_bytes)
            return bytes(data)
    except httpx.TimeoutException:
        problem = errors.TelegramAnswerMissing()
    except httpx.HTTPError:
        problem = errors.TelegramUnreachable()
    raise problem


def _problem_of(status: int) -> AppError:
    if status == _TOO_MANY:
        return errors.TelegramFlooded(retry_after=5)
    if status >= _SERVER_ERROR:
        return errors.TelegramServerFailed()
    return errors.RecordingNotThere()


def _too_large(max_bytes: int) -> AudioTooLarge:
    return AudioTooLarge(limit_megabytes=max_bytes // 2**20)
