"""The installation's key for push services (VAPID, RFC 8292) and the encryption for one browser (RFC 8291)."""

from __future__ import annotations

import base64
import binascii
import json
import time

import http_ece
import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from tasks_app.push.errors import PushOff, PushSubscriptionInvalid

VALID_SECONDS = 12 * 60 * 60
"""Of a signed word to a push service; RFC 8292 allows a day."""
_AUTH_BYTES = 16
_NUMBER_BYTES = 32


def is_on() -> bool:
    """Whether the installation has a key."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """What a browser must be told when it subscribes: an uncompressed point in URL-safe base64.

    Raises:
        PushOff: There is no key.
    """
    point = _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _encode(point)


def authorization(endpoint: str) -> str:
    """The header by which the push service at an address knows this installation.

    Raises:
        PushOff: There is no key.
    """
    url = httpx2.URL(endpoint)
    origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
    subject = settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https://") else "mailto:operator@localhost"
    claims = {"aud": origin, "exp": int(time.time()) + VALID_SECONDS, "sub": subject}
    signed = ".".join(_encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_private_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(_NUMBER_BYTES, "big") + s.to_bytes(_NUMBER_BYTES, "big")
    return f"vapid t={signed}.{_encode(signature)}, k={public_key()}"


def check_keys(p256dh: str, auth: str) -> None:
    """Refuse keys with which nothing can be encrypted.

    Raises:
        PushSubscriptionInvalid: One is not base64, not a point of P-256, or has another length.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(p256dh))
        is_secret = len(_decode(auth)) == _AUTH_BYTES
    except (ValueError, binascii.Error):
        raise PushSubscriptionInvalid from None
    if not is_secret:
        raise PushSubscriptionInvalid


def encrypt(content: bytes, p256dh: str, auth: str) -> bytes:
    """One record of ``aes128gcm`` that only this browser can open."""
    sealed: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decode(p256dh),
        auth_secret=_decode(auth),
        version="aes128gcm",
    )
    return sealed


def _private_key() -> ec.EllipticCurvePrivateKey:
    if not is_on():
        raise PushOff
    return ec.derive_private_key(int.from_bytes(_decode(settings.VAPID_PRIVATE_KEY), "big"), ec.SECP256R1())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
