"""What others did that a person is told of, once."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tasks_app.models.notices import Notice
from tasks_app.models.people import User
from tasks_app.models.projects import ProjectMember
from tasks_app.models.tasks import Task


class News(models.Model):
    """Somebody gave a person a task, or asked them to share a project."""

    class Kind(models.TextChoices):
        """What it is about."""

        TASK_ASSIGNED = "task_assigned", _("task given")
        PROJECT_SHARED = "project_shared", _("project shared")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="news")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    member = models.ForeignKey(ProjectMember, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    tell_at = models.DateTimeField()
    """Not before: what is taken back at once is not told, and quiet hours are kept."""
    lease_until = models.DateTimeField(null=True, blank=True)
    """Until when the worker that took it may be at work on it."""
    told_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(Notice, on_delete=models.SET_NULL, null=True, blank=True, related_name="news")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["tell_at"], condition=Q(told_at=None), name="news_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["user", "task"], condition=Q(told_at=None), name="task_news_waits_once"),
            models.UniqueConstraint(fields=["user", "member"], condition=Q(told_at=None), name="share_news_waits_once"),
        ]
