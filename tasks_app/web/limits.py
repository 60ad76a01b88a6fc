"""How often the doors of an account may be tried."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from voicebot.client_address import client_network
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from django.http import HttpRequest

_GUESSES_FOR_A_NAME = Rate("sign-in-name", 30, 3600)
_MAILS_TO_AN_ADDRESS = Rate("account-mail", 5, 3600)


def check_sign_in_rate(request: HttpRequest) -> None:
    """Count one try at any door, for the network that it comes from.

    Raises:
        RateLimited
    """
    check_rate(Rate("sign-in", settings.SIGN_INS_PER_MINUTE, 60), client_network(request))


def check_guess_rate(name: str) -> None:
    """Count one password tried for a name, from wherever; whether anybody has that name makes no difference.

    Raises:
        RateLimited
    """
    check_rate(_GUESSES_FOR_A_NAME, _key(name))


def check_mail_rate(address: str) -> None:
    """Count one mail asked for; whether anybody has that address makes no difference.

    Raises:
        RateLimited
    """
    check_rate(_MAILS_TO_AN_ADDRESS, _key(address))


def _key(text: str) -> str:
    """What was typed may be anything, a password in the wrong field too: only its digest is a key."""
    return hashlib.sha256(text.strip().casefold().encode(errors="replace")).hexdigest()[:32]
