"""People, projects, labels, tasks, reminders, and the record of every change."""

from tasks_app.models.accounts import Authenticator, Invitation, SignedInDevice
from tasks_app.models.briefings import Briefing
from tasks_app.models.changes import SOURCE_CHOICES, Change, ChangeSet
from tasks_app.models.imports import ImportRow, TaskImport
from tasks_app.models.news import News
from tasks_app.models.notices import Channel, Notice, NotificationPreference, OutboundEmail
from tasks_app.models.people import Confirmation, User, validate_zone
from tasks_app.models.projects import Label, Project, ProjectMember
from tasks_app.models.push import OutboundPush, PushSubscription
from tasks_app.models.reminders import Reminder
from tasks_app.models.rows import Colour, Versioned
from tasks_app.models.search import SearchEntry
from tasks_app.models.tasks import Task, TaskComment
from tasks_app.models.transfer import CalendarFeed, Export, ExportPart
from tasks_app.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "SOURCE_CHOICES",
    "Authenticator",
    "Briefing",
    "CalendarFeed",
    "Change",
    "ChangeSet",
    "Channel",
    "Colour",
    "Confirmation",
    "Export",
    "ExportPart",
    "ImportRow",
    "Invitation",
    "Label",
    "News",
    "Notice",
    "NotificationPreference",
    "OutboundEmail",
    "OutboundPush",
    "Project",
    "ProjectMember",
    "PushSubscription",
    "Reminder",
    "SearchEntry",
    "SignedInDevice",
    "Task",
    "TaskComment",
    "TaskImport",
    "User",
    "Versioned",
    "Webhook",
    "WebhookDelivery",
    "validate_zone",
]
