"""The names of all events that a webhook can be told of."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """What happened; each name is part of the API and stays."""

    TASK_CREATED = "task.created"
    TASK_UPDATED = "task.updated"
    TASK_COMPLETED = "task.completed"
    TASK_DELETED = "task.deleted"
    PROJECT_CREATED = "project.created"
    PROJECT_UPDATED = "project.updated"
    PROJECT_DELETED = "project.deleted"
    MEMBER_CREATED = "member.created"
    MEMBER_UPDATED = "member.updated"
    MEMBER_DELETED = "member.deleted"
    LABEL_CREATED = "label.created"
    LABEL_UPDATED = "label.updated"
    LABEL_DELETED = "label.deleted"
    COMMENT_CREATED = "comment.created"
    COMMENT_UPDATED = "comment.updated"
    COMMENT_DELETED = "comment.deleted"
    REMINDER_DELIVERED = "reminder.delivered"
    VOICE_COMMAND_DONE = "voice_command.done"
    VOICE_COMMAND_FAILED = "voice_command.failed"


ALL = "*"
TEST = "webhook.test"
"""Sent when its owner asks for it, whatever the webhook wants."""
