"""What a door shows unasked, such as a reminder: kept like an answer, so that what is said next can mean it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from tasks_app.models import Task
from tasks_app.serialization import task_to_json
from voice_app.models import VoiceCommand
from voice_app.sessions import active_session
from voicebot.logging import current_correlation_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks_app.context import Actor
    from tasks_app.week import WeekReview

MOST_LISTED = 200
"""So many places of a list can be spoken of."""
REMINDER = "reminder"
"""The intent of what was shown because it came due."""
MORNING_AGENDA = "morning_agenda"
WEEKLY_REVIEW = "weekly_review"
ANSWERED = "answered"
"""The intent of what was shown before and is answered now."""
UNASKED = frozenset({REMINDER, MORNING_AGENDA, WEEKLY_REVIEW, ANSWERED})
"""The intents of what nobody said."""


def record_reminders(actor: Actor, tasks: Sequence[Task], reply: str, *, external_id: str) -> VoiceCommand:
    """Keep reminders as what the person's session at a door showed last: one as "it", several as a list.

    Must run in the transaction that tells them.

    Args:
        actor: Whom they are told, where and when.
        tasks: Of which they are told, in the order shown; at least one.
        reply: The sentence that tells them.
        external_id: What the door calls them; each once.
    """
    result = _one(tasks[0]) if len(tasks) == 1 else _several(tasks)
    return _record(actor, REMINDER, result, reply, external_id)


def record_agenda(actor: Actor, tasks: Sequence[dict[str, Any]], *, external_id: str) -> VoiceCommand:
    """The same for the agenda of a day, at least one task.

    Args:
        actor: Whom it is told.
        tasks: As :func:`tasks_app.serialization.task_to_json` gives them, each due as it stands in the agenda.
        external_id: As for :func:`record_reminders`.
    """
    return _record(actor, MORNING_AGENDA, _list_of(MORNING_AGENDA, tasks), "", external_id)


def record_review(actor: Actor, review: WeekReview, *, external_id: str) -> VoiceCommand:
    """The same for the review of a week: what slipped and what comes are its list."""
    slipped = [task_to_json(task) for task in review.slipped]
    ahead = [{**task_to_json(entry.task), "due": entry.due} for entry in review.ahead]
    facts = {"done": review.done, "done_titles": list(review.done_titles), "slipped": len(slipped)}
    result = {**_list_of(WEEKLY_REVIEW, [*slipped, *ahead]), **facts}
    return _record(actor, WEEKLY_REVIEW, result, "", external_id)


def recall(actor: Actor, command: VoiceCommand, *, external_id: str) -> None:
    """Make what a command showed or did what the session showed last, since the person answers that very message.

    Args:
        actor: Who answers.
        command: Their own, of any time; when it is the newest anyway, or nothing of it is left, nothing is done.
        external_id: As for :func:`record_reminders`.
    """
    newest = VoiceCommand.objects.filter(session=active_session(actor)).order_by("-received_at").first()
    if newest == command:
        return
    ids = [UUID(task_id) for task_id in _ids_in(command.results)]
    found = {task.pk: task for task in Task.objects.visible_to(actor.user).with_everything().filter(pk__in=ids)}
    tasks = [found[task_id] for task_id in ids if task_id in found]
    if tasks:
        result = {**(_one(tasks[0]) if len(tasks) == 1 else _several(tasks)), "action": ANSWERED}
        _record(actor, ANSWERED, result, "", external_id)


def _ids_in(results: Sequence[dict[str, Any]]) -> list[str]:
    """The tasks of a list in its order, else those that were touched, each once."""
    for result in results:
        if result.get("ids"):
            return [str(task_id) for task_id in result["ids"]]
    return list(dict.fromkeys(str(result["task_id"]) for result in results if result.get("task_id")))


def _record(actor: Actor, intent: str, result: dict[str, Any], reply: str, external_id: str) -> VoiceCommand:
    return VoiceCommand.objects.create(
        session=active_session(actor),
        user=actor.user,
        source=actor.source,
        external_id=external_id,
        state=VoiceCommand.State.DONE,
        intent=intent,
        results=[result],
        reply=reply,
        success=True,
        finished_at=timezone.now(),
        language=actor.spoken_language,
        timezone=actor.tz.key,
        said_at=actor.said_at,
        correlation_id=current_correlation_id(),
    )


def _one(task: Task) -> dict[str, object]:
    shown = task_to_json(task)
    return {"action": REMINDER, "task_id": shown["id"], "title": task.title, "due": shown["due"], "changed": False}


def _several(tasks: Sequence[Task]) -> dict[str, object]:
    return _list_of(REMINDER, [task_to_json(task) for task in tasks])


def _list_of(action: str, tasks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    lines = [{name: task[name] for name in ("id", "title", "due", "version")} for task in tasks[:MOST_LISTED]]
    return {"action": action, "ids": [task["id"] for task in lines], "tasks": lines, "total": len(tasks)}
