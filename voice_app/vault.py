"""Envelope encryption of recordings: a key for each person, wrapped by the master key, AES-256-GCM throughout.

A person's key is made with their first recording. Destroying the key row makes all their recordings
unreadable at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voice_app.models import DataKey
from voicebot.errors import AppError, ErrorCategory
from voicebot.sealing import SealBroken, master_key, seal, unseal

if TYPE_CHECKING:
    from uuid import UUID

    from tasks_app.models import User

KEY_BITS = 256


class RecordingUnreadable(AppError):
    """The recording was forgotten, its key is gone, or its bytes are not what was stored."""

    code = "recording_unreadable"
    http_status = 410
    category = ErrorCategory.INVALID


def encrypt(user: User, context: UUID, plaintext: bytes) -> bytes:
    """Nonce and ciphertext under the person's own key.

    Args:
        user: Whose key.
        context: The row it belongs to; the ciphertext opens only for the same row.
        plaintext: The recording's bytes.
    """
    return seal(_key_of(user, may_create=True), plaintext, context.bytes)


def decrypt(user: User, context: UUID, ciphertext: bytes) -> bytes:
    """The bytes that :func:`encrypt` was given.

    Raises:
        RecordingUnreadable: When the key is gone or the bytes were changed.
    """
    return _open(_key_of(user, may_create=False), ciphertext, context.bytes)


def _key_of(user: User, *, may_create: bool) -> bytes:
    row = DataKey.objects.filter(user=user).first()
    if row is None and may_create:
        fresh = seal(master_key(), AESGCM.generate_key(KEY_BITS), _owner_context(user))
        row, _ = DataKey.objects.get_or_create(user=user, defaults={"wrapped_key": fresh})
    if row is None:
        raise RecordingUnreadable
    return _open(master_key(), bytes(row.wrapped_key), _owner_context(user))


def _owner_context(user: User) -> bytes:
    return f"data-key:{user.pk}".encode()


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes:
    try:
        return unseal(key, sealed, context)
    except SealBroken as error:
        raise RecordingUnreadable from error
