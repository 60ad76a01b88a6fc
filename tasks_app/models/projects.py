"""Projects, the people who share them, and labels."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tasks_app.commands import NAME_MAX_LENGTH
from tasks_app.models.people import User
from tasks_app.models.rows import Colour, Versioned, place_at_end
from tasks_app.querysets import LabelQuerySet, LivingLabelManager, MemberQuerySet, ProjectQuerySet


class Project(Versioned):
    """A list of tasks with a name."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="projects")
    """The person who made it: it counts as theirs, also when they share it with other owners."""
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.GREY)
    is_archived = models.BooleanField(default=False)

    objects: ClassVar = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=models.Q(deleted_at=None), name="project_name_unique_for_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMember(Versioned):
    """One person in one project: what they may do there, and where it stands among their projects."""

    class Role(models.TextChoices):
        """What a member may do, least first."""

        VIEWER = "viewer", _("viewer")
        """Reads."""
        EDITOR = "editor", _("editor")
        """Writes tasks and comments, too."""
        OWNER = "owner", _("owner")
        """Changes the project and its members, too."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    joined_at = models.DateTimeField(null=True, blank=True)
    """None while the person is invited and has not agreed: they then see nothing of the project but its name."""
    position = models.FloatField(default=place_at_end)
    """Where the project stands in this person's list, lowest first."""

    objects: ClassVar = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], condition=models.Q(deleted_at=None), name="member_once_in_a_project"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.get_username()}: {self.role}"


class Label(Versioned):
    """A word that groups tasks across projects."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=NAME_MAX_LENGTH)
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.GREY)

    objects: ClassVar = LivingLabelManager()
    """Without the deleted ones, so that no task shows them; they stay on their tasks for an undo."""
    with_deleted: ClassVar = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), condition=models.Q(deleted_at=None), name="label_name_unique_for_owner"
            )
        ]

    def __str__(self) -> str:
        return self.name
