"""The order in which people put things: a number for each, with room between any two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tasks_app.errors import PlaceInvalid
from tasks_app.models.rows import place_at_end

if TYPE_CHECKING:
    from django.db.models import QuerySet


def place_next_to(others: QuerySet[Any], before_id: UUID | None, after_id: UUID | None, *, key: str = "id") -> float:
    """The place before or after one of the others, or behind them all.

    Args:
        others: The rest of the list; each has a ``position``.
        before_id: What it is to stand before.
        after_id: What it is to stand after.
        key: The column that these ids are in.

    Raises:
        PlaceInvalid: Both were given, or there is no such row in the list.
    """
    if before_id is None and after_id is None:
        return place_at_end()
    anchor = others.filter(**{key: before_id or after_id}).first()
    if anchor is None or (before_id and after_id):
        raise PlaceInvalid
    place = _between(others, anchor.position, is_before=before_id is not None)
    if place is None:
        _space_out(others)
        anchor.refresh_from_db(fields=["position"])
        place = _between(others, anchor.position, is_before=before_id is not None)
    return place_at_end() if place is None else place


def _between(others: QuerySet[Any], position: float, *, is_before: bool) -> float | None:
    """Halfway to the neighbour on that side; None when no number is left between them."""
    if is_before:
        neighbour = others.filter(position__lt=position).order_by("-position").first()
    else:
        neighbour = others.filter(position__gt=position).order_by("position").first()
    if neighbour is None:
        return position - 1 if is_before else position + 1
    place: float = (position + neighbour.position) / 2
    return None if place in {position, neighbour.position} else place


def _space_out(others: QuerySet[Any]) -> None:
    """Give the list whole numbers again, from its first on; no one sees a difference, so nothing is recorded."""
    rows = list(others.order_by("position", "created_at"))
    for step, row in enumerate(rows):
        type(row)._base_manager.filter(pk=row.pk).update(position=rows[0].position + step)  # noqa: SLF001  # Django's documented manager for a row's own model
