"""Writes down what is to be sent, in the transaction in which it happens: both are there afterwards, or neither."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from tasks_app.context import Source
from tasks_app.job_names import Job
from tasks_app.models import User, Webhook, WebhookDelivery
from tasks_app.webhooks.errors import WebhookQueueFull
from voicebot.errors import JsonValue
from voicebot.transactions import enqueue_on_commit

GIVE_UP_AFTER = dt.timedelta(hours=24)
QUEUE_LIMIT = 1000
"""Deliveries that wait for one webhook at most; the oldest are given up for new ones."""
_BATCH = 500
State = WebhookDelivery.State


@dataclass(frozen=True)
class Happening:
    """One event, as all webhooks are told of it."""

    event: str
    cause: str
    """The same for the same event, however often it is recorded; at most 120 characters."""
    source: Source
    actor: User | None
    """Who did it; None when nobody did."""
    object: Mapping[str, JsonValue]
    """As REST shows it."""
    before: Mapping[str, Any] | None = None
    """Of what was updated: the fields that changed, as they were."""
    after: Mapping[str, Any] | None = None
    """The same fields as they became."""
    change_set: uuid.UUID | None = None
    """What an undo names."""

    def with_difference(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Happening:
        """The same with the fields that differ; unchanged when the row was just made."""
        if before is None:
            return self
        names = [name for name in after if before.get(name) != after[name]]
        return replace(
            self, before={name: before.get(name) for name in names}, after={name: after[name] for name in names}
        )

    def body(self, id_: uuid.UUID, occurred_at: dt.datetime) -> str:
        """The JSON that is sent."""
        shape = {
            "id": str(id_),
            "event": self.event,
            "occurred_at": occurred_at.isoformat(),
            "source": self.source.value,
            "actor": {"user_id": self.actor.pk, "username": self.actor.get_username()} if self.actor else None,
            "change_set": str(self.change_set) if self.change_set else None,
            "object": self.object,
            "before": self.before,
            "after": self.after,
        }
        return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


@dataclass
class Recorder:
    """Records events for as long as one transaction; asks once for the webhooks of each group of people."""

    quiet: frozenset[int] = frozenset()
    """People who are known to have none."""
    _found: dict[frozenset[int], list[Webhook]] = field(default_factory=dict, init=False)

    def record(self, told: Iterable[tuple[Collection[int], Happening]]) -> None:
        """Write a delivery of each event for each webhook of those who may see it that wants it.

        Must run in the transaction in which it happens.

        Args:
            told: Ids of those who may see it, and what to tell them; in the order in which it happened.
        """
        wanted: defaultdict[Webhook, list[Happening]] = defaultdict(list)
        for people, happening in told:
            for webhook in self._webhooks_of(people):
                if webhook.wants(happening.event):
                    wanted[webhook].append(happening)
        for webhook, happenings in wanted.items():
            put(webhook, happenings)

    def has_any(self, people: Collection[int]) -> bool:
        """Whether any of these people has a webhook."""
        return bool(self._webhooks_of(people))

    def _webhooks_of(self, people: Collection[int]) -> list[Webhook]:
        key = frozenset(people) - self.quiet
        if not key:
            return []
        if key not in self._found:
            wanted = Webhook.objects.filter(owner__in=key, owner__is_active=True, is_active=True)
            self._found[key] = list(wanted.order_by("id"))
        return self._found[key]


def put(webhook: Webhook, happenings: Sequence[Happening]) -> list[WebhookDelivery]:
    """Write deliveries and have them sent after the commit; none for a cause of which the webhook is told already."""
    now = timezone.now()
    deliveries = [
        _delivery_of(webhook, happening, now + dt.timedelta(microseconds=place))
        for place, happening in enumerate(happenings)
    ]
    WebhookDelivery.objects.bulk_create(deliveries, batch_size=_BATCH, ignore_conflicts=True)
    _give_up_what_is_too_much(webhook)
    enqueue_on_commit(Job.SEND_WEBHOOKS)
    return deliveries


def _delivery_of(webhook: Webhook, happening: Happening, created_at: dt.datetime) -> WebhookDelivery:
    id_ = uuid.uuid4()
    return WebhookDelivery(
        id=id_,
        webhook=webhook,
        cause=happening.cause,
        event=happening.event,
        body=happening.body(id_, created_at),
        created_at=created_at,
        next_attempt_at=created_at,
        give_up_at=created_at + GIVE_UP_AFTER,
    )


def _give_up_what_is_too_much(webhook: Webhook) -> None:
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=State.PENDING)
    newest = waiting.order_by("-created_at", "-id").values_list("created_at", flat=True)
    limit = newest[QUEUE_LIMIT : QUEUE_LIMIT + 1].first()
    if limit is not None:
        waiting.filter(created_at__lte=limit).update(state=State.FAILED, error_code=WebhookQueueFull.code)
