"""Reminders: when they come, who is told, and that each is told once.

``moments`` keeps the reminders of a task, ``telling`` hands over those that are due, and ``plan`` and ``quiet`` decide,
without a database, how.
"""

from tasks_app.reminders.moments import moment_of, planned_reminder, replace_reminders, reschedule_reminders

__all__ = ["moment_of", "planned_reminder", "replace_reminders", "reschedule_reminders"]
