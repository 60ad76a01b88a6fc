"""The agenda of the morning and the review of the week: at the hour that a person chose, once a day, and never late.

A row for each person, kind and day is taken with a lease, and told in the transaction that writes the messages, as
reminders are. Which hour it is counts by the person's clock at that moment, so a change of their zone or of the clocks
needs no care: an hour that the clocks skip comes after the gap, and one that comes twice is told the first time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tasks_app.clock import day_in, localise
from tasks_app.events import briefing_due
from tasks_app.models import Briefing, NotificationPreference, User
from tasks_app.selectors import zone_of

State = Briefing.State

LEASE = dt.timedelta(seconds=60)
BATCH_SIZE = 500
LATEST = {Briefing.Kind.MORNING: dt.timedelta(hours=3), Briefing.Kind.WEEK: dt.timedelta(hours=12)}
"""What could not be told within so long is not told any more."""
_CLOCKS_CHANGE = dt.timedelta(hours=2)
"""More than by which clocks are put forward or back."""


def moment_of(preference: NotificationPreference, kind: str, day: dt.date) -> dt.datetime | None:
    """When a person is told on a day, in UTC; None when they are not."""
    is_morning = kind == Briefing.Kind.MORNING
    clock = preference.morning_agenda_at if is_morning else preference.weekly_review_at
    if clock is None or (not is_morning and preference.weekly_review_on != day.weekday()):
        return None
    return localise(dt.datetime.combine(day, clock), zone_of(preference.user))


def take_due_briefings(now: dt.datetime) -> list[int]:
    """Lease what is due.

    Must run in a transaction. Two callers at once may take the same; it is told once all the same.

    Returns:
        Ids of the people to tell.
    """
    asked = Q(morning_agenda_at__isnull=False) | Q(weekly_review_on__isnull=False)
    zones = NotificationPreference.objects.filter(asked).order_by().values_list("user__timezone", flat=True).distinct()
    due = (each for zone_name in zones for kind in Briefing.Kind for each in _due_in(zone_name, kind, now))
    taken = list(islice(due, BATCH_SIZE))
    key = ["user", "kind", "day"]
    Briefing.objects.bulk_create(taken, update_conflicts=True, unique_fields=key, update_fields=["lease_until"])
    return list(dict.fromkeys(each.user_id for each in taken))


@transaction.atomic
def tell_briefings(user_id: int, now: dt.datetime) -> int:
    """Hand what was taken for one person to everything that tells people, and mark it as told, in one transaction.

    What the person has put off or switched off since is let go.

    Returns:
        How many were told; 0 also when another worker has told the person already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    preference = NotificationPreference.objects.select_related("user").filter(user=user, user__is_active=True).first()
    taken = list(Briefing.objects.filter(user=user, state=State.SENDING).order_by("day", "kind"))
    due = [each for each in taken if preference and _is_due(moment_of(preference, each.kind, each.day), each.kind, now)]
    Briefing.objects.filter(id__in={each.id for each in taken} - {each.id for each in due}).delete()
    for briefing in due:
        briefing.state, briefing.lease_until, briefing.user = State.TOLD, None, user
        briefing.save(update_fields=["state", "lease_until"])
        briefing_due.send(sender=Briefing, briefing=briefing, now=now)
    return len(due)


def let_pass(preference: NotificationPreference) -> None:
    """What was asked for only after its hour had come is not told on that day; what is to come is."""
    now = timezone.now()
    day = day_in(zone_of(preference.user), now)
    Briefing.objects.filter(user=preference.user, day=day).exclude(state=State.TOLD).delete()
    for kind in Briefing.Kind:
        moment = moment_of(preference, kind, day)
        if moment is not None and moment <= now:
            values = {"state": State.PASSED}
            Briefing.objects.get_or_create(user=preference.user, kind=kind, day=day, defaults=values)


def _is_due(moment: dt.datetime | None, kind: str, now: dt.datetime) -> bool:
    return moment is not None and moment <= now < moment + LATEST[Briefing.Kind(kind)]


def _due_in(zone_name: str, kind: Briefing.Kind, now: dt.datetime) -> Iterator[Briefing]:
    """Of people in a zone who have no such briefing yet; what others have on lease is theirs."""
    zone = zone_of(User(timezone=zone_name))
    for day, begin, end in _hours_that_came(now.astimezone(zone), LATEST[kind]):
        handled = Briefing.objects.filter(user=OuterRef("user"), kind=kind, day=day)
        handled = handled.filter(Q(lease_until__gt=now) | ~Q(state=State.SENDING))
        if kind is Briefing.Kind.MORNING:
            chosen = Q(morning_agenda_at__gte=begin, morning_agenda_at__lte=end)
        else:
            chosen = Q(weekly_review_on=day.weekday(), weekly_review_at__gte=begin, weekly_review_at__lte=end)
        people = NotificationPreference.objects.filter(chosen, user__timezone=zone_name, user__is_active=True)
        for preference in people.exclude(Exists(handled)).select_related("user").order_by("user")[:BATCH_SIZE]:
            if _is_due(moment_of(preference, kind, day), kind, now):
                yield Briefing(user=preference.user, kind=kind, day=day, lease_until=now + LEASE)


def _hours_that_came(now: dt.datetime, latest: dt.timedelta) -> Iterator[tuple[dt.date, dt.time, dt.time]]:
    """The days and times on a clock within which something is due now, and somewhat more around a change of clocks."""
    local = now.replace(tzinfo=None)
    since, until = local - latest - _CLOCKS_CHANGE, local + _CLOCKS_CHANGE
    for number in range(since.toordinal(), until.toordinal() + 1):
        day = dt.date.fromordinal(number)
        begin = since.time() if day == since.date() else dt.time.min
        end = until.time() if day == until.date() else dt.time.max
        yield day, begin, end
