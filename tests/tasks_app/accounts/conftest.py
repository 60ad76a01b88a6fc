"""Doors as strangers find them: nothing counted yet, and passwords hashed at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django_otp.oath import totp

from tasks_app.accounts import second_factor
from tasks_app.mail import sending
from tasks_app.models import Authenticator, OutboundEmail, User
from voicebot.redis import redis_client

PASSWORD = "long enough to keep"
PUBLIC_URL = "https://todo.example"


@pytest.fixture(autouse=True)
def fresh_rates(settings: Any, unhashed_static_files: None) -> None:
    redis_client().flushdb()
    settings.PUBLIC_URL = PUBLIC_URL
    settings.SIGN_INS_PER_MINUTE = 60
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def by_mail(settings: Any) -> Callable[[], str]:
    """Sends what waits, and gives the link in the last mail."""
    settings.EMAIL_IS_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def last_link() -> str:
        for waiting in OutboundEmail.objects.filter(state="pending").order_by("created_at"):
            sending.deliver(waiting.pk)
        found = re.search(rf"{PUBLIC_URL}(\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    return last_link


@pytest.fixture
def anns_app(ann: User) -> Authenticator:
    """Ann signs in with a password and a code."""
    ann.set_password(PASSWORD)
    ann.save()
    device = second_factor.begin_setup(ann)
    second_factor.finish_setup(ann, code_of(device))
    return Authenticator.objects.get(user_id=ann.pk)


def code_of(device: Authenticator, *, steps: int = 0) -> str:
    """What the app shows now, or some steps of half a minute from now."""
    return f"{totp(device.bin_key, t0=int(-steps * device.step), step=device.step):06d}"


def next_code(device: Authenticator) -> str:
    """A right one although the present one is used."""
    return code_of(device, steps=1)
