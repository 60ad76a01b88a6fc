"""The agenda of the morning and the review of the week, as lists in a person's chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from bots import accounts, followers, lists, outbox, replies
from tasks_app.agenda import get_agenda
from tasks_app.clock import day_in
from tasks_app.context import Actor, Source
from tasks_app.events import briefing_due
from tasks_app.models import Briefing
from tasks_app.serialization import task_to_json
from tasks_app.week import review_week
from voice_app.actors import actor_for
from voice_app.showing import record_agenda, record_review

if TYPE_CHECKING:
    import datetime as dt

    from voice_app.models import VoiceCommand


def connect() -> None:
    """Connect the receiver."""
    briefing_due.connect(tell_briefing, dispatch_uid="bots.tell_briefing")


def tell_briefing(briefing: Briefing, now: dt.datetime, **_kwargs: object) -> None:
    """Write a briefing's message for each chat of the person; none where there is nothing to say."""
    for account in accounts.list_reachable(briefing.user):
        language = briefing.user.language or account.language
        actor = actor_for(briefing.user, Source.TELEGRAM, language=language, said_at=now)
        command = _record(briefing, actor, f"briefing:{briefing.pk}:{account.pk}")
        if command is None:
            return
        with translation.override(actor.language):
            command.reply = lists.heading_of(command)
            shown = replies.show_command(command, is_spoken=False)
        command.save(update_fields=["reply"])
        outbox.put(account.chat_id, followers.command_key(command), shown.text, shown.buttons, is_repeatable=True)


def _record(briefing: Briefing, actor: Actor, external_id: str) -> VoiceCommand | None:
    """Keep what is told as what the session showed last, so that what is said next can mean its lines."""
    if briefing.kind == Briefing.Kind.WEEK:
        review = review_week(actor.user, actor.tz, now=actor.said_at)
        return None if review.is_empty else record_review(actor, review, external_id=external_id)
    today = day_in(actor.tz, actor.said_at)
    agenda = get_agenda(actor.user, today, today, actor.tz, now=actor.said_at, with_reminders=False)
    tasks = {task.pk: task_to_json(task) for task in agenda.overdue}
    for entry in agenda.entries:
        tasks.setdefault(entry.task.pk, {**task_to_json(entry.task), "due": entry.due})
    return record_agenda(actor, list(tasks.values()), external_id=external_id) if tasks else None
