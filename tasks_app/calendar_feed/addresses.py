"""Who has a feed, under which address; switching on, changing and switching off.

The secret in an address is the row's random id with a signature by the installation's key. So it can be shown again on
the page, and a copy of the database without the key opens no feed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.urls import reverse

from tasks_app.models import CalendarFeed, User

_ID_BYTES = 16


def switch_on(user: User) -> CalendarFeed:
    """The person's feed, made when there is none."""
    feed, _ = CalendarFeed.objects.get_or_create(user=user)
    return feed


def find_feed(user: User) -> CalendarFeed | None:
    """The person's feed; None while it is off."""
    return CalendarFeed.objects.filter(user=user).first()


def rotate(user: User) -> None:
    """Give it a new address; the old one is nothing from now on."""
    CalendarFeed.objects.filter(user=user).update(address_id=uuid.uuid4(), etag="", read_at=None)


def switch_off(user: User) -> None:
    """There is no feed any more."""
    CalendarFeed.objects.filter(user=user).delete()


def set_options(user: User, *, as_todos: bool, has_alarms: bool) -> None:
    """Choose what calendars are given."""
    CalendarFeed.objects.filter(user=user).update(as_todos=as_todos, has_alarms=has_alarms)


def secret_of(feed: CalendarFeed) -> str:
    """64 letters of URL-safe base64: 128 random bits and their signature."""
    return base64.urlsafe_b64encode(feed.address_id.bytes + _signature(feed.address_id.bytes)).decode()


def address_of(feed: CalendarFeed) -> str:
    """The whole address, to give to a calendar."""
    return f"{settings.PUBLIC_URL}{reverse('calendar-feed', args=[secret_of(feed)])}"


def feed_at(secret: str) -> CalendarFeed | None:
    """The feed of an address; None when there is none, or its person may not sign in any more."""
    try:
        raw = base64.urlsafe_b64decode(secret)
    except ValueError:
        return None
    id_bytes, signature = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not hmac.compare_digest(signature, _signature(id_bytes)):
        return None
    feeds = CalendarFeed.objects.select_related("user").filter(user__is_active=True)
    return feeds.filter(address_id=uuid.UUID(bytes=id_bytes)).first()


def _signature(id_bytes: bytes) -> bytes:
    key = base64.urlsafe_b64decode(settings.ENCRYPTION_KEY)
    return hmac.new(key, b"calendar-feed:" + id_bytes, hashlib.sha256).digest()
