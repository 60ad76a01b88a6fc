"""What a search looks at: one row for each task, kept by the database itself."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tasks_app.models.people import User
from tasks_app.models.tasks import Task


class SearchEntry(models.Model):
    """The words of a task, of its notes and of its comments.

    Triggers write it, so that nothing that changes a task can forget it. It stands apart from the task because a list
    of tasks has no use for it.
    """

    class State(models.IntegerChoices):
        """Of the task."""

        OPEN = 0
        DONE = 1
        DELETED = 2

    task = models.OneToOneField(Task, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    """The task's own, so that one index leads to a person's similar titles alone."""
    words = SearchVectorField()
    """Each word as it is and, behind ``~``, its stem in each language; the title's sounds behind ``s:``; the ids of
    owner, project and labels behind ``o:``, ``p:`` and ``l:``, so that a new name of theirs changes nothing here."""
    letters = models.TextField()
    """The title in small letters, without accents and marks."""
    state = models.PositiveSmallIntegerField(choices=State)
    created_at = models.DateTimeField()
    """The task's. With it and the state, what is searched is chosen without a look at each task that fits."""

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            GinIndex(fields=["owner", "letters"], opclasses=["int8_ops", "gin_trgm_ops"], name="search_letters"),
        ]

    def __str__(self) -> str:
        return self.letters
