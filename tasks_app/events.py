"""What the domain tells the layers above it.

Events for a person's own pages leave through :func:`voicebot.transactions.publish_on_commit` as plain JSON:
``{"event": "task.created" | "task.updated" | "task.completed" | "task.deleted", "task": {...}, "change_set_id"}``, the
same with ``project.*`` and ``project``, and ``{"event": "reminder.due", "reminder_id", "task"}``.
"""

from __future__ import annotations

from django.dispatch import Signal

reminder_due = Signal()
"""A reminder is to be told now. Receivers get ``reminder`` and ``task`` and write what is to be sent as rows: they run
in the transaction that marks the reminder as sent, so both happen or neither does. What they raise stops both."""
