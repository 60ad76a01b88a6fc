"""What the domain tells the layers above it.

Events for a person's own pages leave through :func:`voicebot.transactions.publish_on_commit` as plain JSON:
``{"event": "task.created" | "task.updated" | "task.completed" | "task.deleted", "task": {...}, "change_set_id"}``, the
same with ``project.*`` and ``project``, ``{"event": "tasks.changed", "change_set_id"}`` for many rows at once,
``{"event": "import.updated", "import": {...}}``, ``{"event": "reminder.due", "reminder_id", "task"}``,
``{"event": "reminders.missed", "notice_id", "reminders": [{"reminder_id", "task"}]}`` and
``{"event": "news.told", "notice_id", "news": [{"kind", "text", "task_id", "project_id"}]}``.
"""

from __future__ import annotations

from django.dispatch import Signal

reminder_due = Signal()
"""A person is to be told now of a reminder, or of several that were missed.

Receivers get ``notice`` (its ``user`` is whom to tell, its ``channels`` are those that are on) and ``reminders``, each
with its task, and write what is to be sent as rows: they run in the transaction that marks the reminders as sent, so
both happen or neither does. What they raise stops both."""

news_due = Signal()
"""A person is to be told now of what others did. Receivers get ``notice`` and ``news``, rows whose words
:func:`tasks_app.reminders.news.line_of` gives, and write what is to be sent as those of ``reminder_due`` do."""

briefing_due = Signal()
"""A person is to be sent the agenda of their day or the review of their week. Receivers get ``briefing`` and ``now``,
and write what is to be sent as those of ``reminder_due`` do; where there is nothing to say they write nothing."""

task_assigned = Signal()
"""Somebody gave a task to somebody else. Receivers get ``task``, ``person`` (who is to do it) and ``by`` (who said so),
inside the transaction that does it."""

member_invited = Signal()
"""Somebody was asked to share a project. Receivers get ``member`` and ``by``, inside the transaction that does it."""

account_erased = Signal()
"""A person is about to be deleted. Receivers get ``user``, inside the transaction that does it, and delete what is
theirs and does not point to them."""
