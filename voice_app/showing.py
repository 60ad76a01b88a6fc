"""What a door shows unasked, such as a reminder: kept like an answer, so that what is said next can mean it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from tasks_app.serialization import task_to_json
from voice_app.models import VoiceCommand
from voice_app.sessions import active_session
from voicebot.logging import current_correlation_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks_app.context import Actor
    from tasks_app.models import Task

REMINDER = "reminder"
"""The intent of what was shown because it came due."""


def record_reminders(actor: Actor, tasks: Sequence[Task], reply: str, *, external_id: str) -> VoiceCommand:
    """Keep reminders as what the person's session at a door showed last: one as "it", several as a list.

    Must run in the transaction that tells them.

    Args:
        actor: Whom they are told, where and when.
        tasks: Of which they are told, in the order shown; at least one.
        reply: The sentence that tells them.
        external_id: What the door calls them; each once.
    """
    return VoiceCommand.objects.create(
        session=active_session(actor),
        user=actor.user,
        source=actor.source,
        external_id=external_id,
        state=VoiceCommand.State.DONE,
        intent=REMINDER,
        results=[_one(tasks[0]) if len(tasks) == 1 else _several(tasks)],
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
    shown = [task_to_json(task) for task in tasks]
    lines = [{name: task[name] for name in ("id", "title", "due", "version")} for task in shown]
    return {"action": REMINDER, "ids": [task["id"] for task in lines], "tasks": lines, "total": len(lines)}
