"""Signatures by the convention of Standard Webhooks (version 1 of its specification, HMAC-SHA256)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from typing import TYPE_CHECKING

from tasks_app.models.webhooks import secret_bytes

if TYPE_CHECKING:
    from tasks_app.models import Webhook, WebhookDelivery

PREFIX = "whsec_"


def secret_of(webhook: Webhook) -> str:
    """What the receiver is given, once."""
    return PREFIX + base64.b64encode(secret_bytes(webhook.seed)).decode()


def headers_for(webhook: Webhook, delivery: WebhookDelivery, now: dt.datetime) -> dict[str, str]:
    """Id, moment of this attempt and signatures: by the secret, and for a while by the one before."""
    seeds = [webhook.seed]
    if webhook.old_seed and webhook.old_until and webhook.old_until > now:
        seeds.append(webhook.old_seed)
    moment = str(int(now.timestamp()))
    signed = f"{delivery.id}.{moment}.{delivery.body}".encode()
    return {
        "webhook-id": str(delivery.id),
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_sign(secret_bytes(seed), signed)}" for seed in seeds),
    }


def _sign(secret: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
