"""The browsers in which a person wants to be told."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tasks_app.models import PushSubscription, User
from tasks_app.models.push import ENDPOINT_MAX_LENGTH
from tasks_app.push import keys
from tasks_app.push.errors import PushOff, PushSubscriptionNotFound
from voicebot.outward.addresses import Guard

MOST_BROWSERS = 20
"""For each person; a newer one takes the place of the oldest."""


@transaction.atomic
def subscribe(user: User, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """Tell a person in this browser from now on; the same browser again is the same row.

    A browser that was somebody else's is this person's now, and what waited for the other one is not shown in it.

    Raises:
        PushOff: The installation has no key.
        OutwardUrlInvalid, OutwardAddressRefused: The endpoint is not a push service's.
        PushSubscriptionInvalid: The keys are none.
    """
    if not keys.is_on():
        raise PushOff
    Guard.of_settings(ENDPOINT_MAX_LENGTH).read(endpoint)
    keys.check_keys(p256dh, auth)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    PushSubscription.objects.filter(endpoint=endpoint).exclude(user=user).delete()
    subscription, _ = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults={"user": user, "p256dh": p256dh, "auth": auth}
    )
    kept = PushSubscription.objects.filter(user=user).order_by("-created_at").values("id")[:MOST_BROWSERS]
    PushSubscription.objects.filter(user=user).exclude(id__in=kept).delete()
    return subscription


def unsubscribe(user: User, subscription_id: UUID) -> None:
    """Tell the person nothing more in that browser; what waits is not sent either.

    Raises:
        PushSubscriptionNotFound: It is not one of theirs.
    """
    if not PushSubscription.objects.filter(user=user, pk=subscription_id).delete()[0]:
        raise PushSubscriptionNotFound
