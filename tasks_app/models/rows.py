"""What the rows that people change have in common."""

from __future__ import annotations

import time
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

_STEP = 1e-4
"""Between the places of two rows that come together."""


class Versioned(models.Model):
    """A row with a public id and a version that every change raises, so that undo sees a conflict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it went to the trash."""

    class Meta:
        abstract = True


class Colour(models.TextChoices):
    """The palette; how each one looks is for the page to say, in light and in dark."""

    GREY = "grey", _("grey")
    RED = "red", _("red")
    ORANGE = "orange", _("orange")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    TEAL = "teal", _("teal")
    BLUE = "blue", _("blue")
    VIOLET = "violet", _("violet")
    PINK = "pink", _("pink")
    BROWN = "brown", _("brown")


def place_at_end() -> float:
    """The place behind all that is there already.

    A new row's place is the moment it was made, in seconds since 1970, so that it comes last without a look at the
    others; one that is moved gets a number between its new neighbours.
    """
    return time.time()


def places_at_end(count: int) -> list[float]:
    """Places for so many rows, in their order, behind all that is there and before whatever is made a moment later."""
    end = place_at_end()
    return [end - (count - place) * _STEP for place in range(1, count + 1)]
