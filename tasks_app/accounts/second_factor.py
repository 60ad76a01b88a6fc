"""The second factor: a code from an authenticator app (TOTP, RFC 6238), or a recovery code that works once."""

from __future__ import annotations

import hashlib
import io
import secrets
from base64 import b32encode
from typing import TYPE_CHECKING

import segno
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from tasks_app.accounts.errors import SecondFactorRequired, SecondFactorWrong
from tasks_app.models import Authenticator
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from tasks_app.models import User

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
_DIGITS = 6
_GUESSES = Rate("second-factor", 10, 600)
_SALT = "tasks_app.accounts.recovery-code"


def has_second_factor(user: User) -> bool:
    """Whether this person is asked for a code."""
    return bool(Authenticator.objects.filter(user_id=user.pk, confirmed=True).exists())


def check_second_factor(user: User, code: str) -> None:
    """Let through who has no second factor, or gives a right code of theirs; a code works once.

    Every door that makes a session or a token calls it, after the first factor was right.

    Args:
        user: Who.
        code: Six digits of the app, or a recovery code; spaces, dashes and case do not matter. Empty when not given.

    Raises:
        SecondFactorRequired: One is on, and no code was given.
        SecondFactorWrong: The code is not right, was used, or follows too soon on a wrong one.
        RateLimited: Too many guesses.
    """
    if not has_second_factor(user):
        return
    plain = "".join(code.split()).replace("-", "").lower()
    if not plain:
        raise SecondFactorRequired
    check_rate(_GUESSES, str(user.pk))
    if not _is_right(user, plain):
        raise SecondFactorWrong


def _is_right(user: User, code: str) -> bool:
    """Counts a wrong guess on the device's row, so nothing is raised inside the transaction."""
    with transaction.atomic():
        if len(code) == _DIGITS and code.isascii() and code.isdigit():
            device = Authenticator.objects.select_for_update().filter(user_id=user.pk, confirmed=True).first()
            return device is not None and bool(device.verify_token(code))
        kept = StaticDevice.objects.select_for_update().filter(user_id=user.pk, confirmed=True).first()
        return kept is not None and bool(kept.verify_token(_digest(code)))


def begin_setup(user: User) -> Authenticator:
    """An authenticator that counts from its first right code on; the one that was begun before, if there is one."""
    device: Authenticator
    device, _ = Authenticator.objects.get_or_create(user_id=user.pk, confirmed=False, defaults={"name": "app"})
    return device


def finish_setup(user: User, code: str) -> list[str]:
    """Switch the second factor on with the first code of the app.

    Returns:
        The recovery codes, which are stored as digests only.

    Raises:
        SecondFactorWrong: The app does not show that code now, or nothing was begun.
        RateLimited: Too many guesses.
    """
    check_rate(_GUESSES, str(user.pk))
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user_id=user.pk, confirmed=False).first()
        is_right = device is not None and device.verify_token("".join(code.split()))
        if device is not None and is_right:
            Authenticator.objects.filter(user_id=user.pk, confirmed=True).delete()
            device.confirmed = True
            device.save()
            return make_recovery_codes(user)
    raise SecondFactorWrong


def switch_off(user: User) -> None:
    """Ask this person for no code any more; the caller has checked one."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        StaticDevice.objects.filter(user_id=user.pk).delete()


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """New codes in place of the old ones; this is the only time that they are known."""
    device, _ = StaticDevice.objects.select_for_update().get_or_create(user_id=user.pk, name="recovery")
    device.token_set.all().delete()
    codes = [b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def count_recovery_codes(user: User) -> int:
    """How many are left."""
    return int(StaticToken.objects.filter(device__user_id=user.pk).count())


def qr_code(device: Authenticator) -> str:
    """The picture that an authenticator app reads, as an SVG element without style or script."""
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(
        out, kind="svg", scale=5, light="#fff", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=False
    )
    return out.getvalue().decode()


def secret_of(device: Authenticator) -> str:
    """What is typed into an app that cannot read the picture: base32, in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(code: str) -> str:
    """80 bits under the installation's key, in the 16 characters that a row holds."""
    digest = salted_hmac(_SALT, code, algorithm=hashlib.sha256().name).digest()
    return b32encode(digest[:_RECOVERY_BYTES]).decode().lower()
