"""Bytes that a copy of the database without the installation's key does not give away: AES-256-GCM.

What is sealed for one place opens at no other: the place is bound in as ``context``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """The bytes were changed, belong elsewhere, or were sealed under another key."""


def master_key() -> bytes:
    """The 32 bytes of ``ENCRYPTION_KEY``."""
    return base64.urlsafe_b64decode(settings.ENCRYPTION_KEY)


def key_for(purpose: str) -> bytes:
    """A key of the installation for one purpose alone; 32 bytes."""
    return hmac.digest(master_key(), purpose.encode(), hashlib.sha256)


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Nonce and ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The bytes that :func:`seal` was given.

    Raises:
        SealBroken
    """
    if len(sealed) <= NONCE_BYTES:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except InvalidTag as error:
        raise SealBroken from error
