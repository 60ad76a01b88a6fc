"""Pages by cursor: right while rows come and go, as quick at the end of a list as at its start.

A cursor holds the values by which the last row stands where it stands, signed, so that nobody writes one by hand.
Each order ends with the id, so that no two rows stand in the same place. Source of the method: keyset pagination.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as FieldsInvalid
from rest_framework.request import Request
from rest_framework.response import Response

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200

Order: TypeAlias = tuple[str, ...]
"""Names of columns or annotations that are never null; ``-`` before one turns it round."""


@dataclass(frozen=True)
class Orders:
    """The orders in which a list can be asked for; the first is the one without asking."""

    by_name: Mapping[str, Order]

    @property
    def default(self) -> str:
        """The name of the first."""
        return next(iter(self.by_name))

    def wanted(self, request: Request) -> tuple[str, Order]:
        """What ``?ordering=`` names.

        Raises:
            FieldsInvalid: It is none of them.
        """
        name = request.query_params.get("ordering", self.default)
        if name in self.by_name:
            return name, self.by_name[name]
        if (order := self.by_name.get(_turned((name,))[0])) is not None:
            return name, _turned(order)
        raise _invalid("ordering", _("Use one of: %(names)s.") % {"names": ", ".join(self.names)})

    @property
    def names(self) -> list[str]:
        """All that may be asked for."""
        return list(dict.fromkeys([*self.by_name, *_turned(tuple(self.by_name))]))


NEWEST_FIRST = Orders({"-created_at": ("-created_at", "-id")})


def answer_page(
    request: Request,
    rows: QuerySet[Any] | Sequence[QuerySet[Any]],
    to_json: Callable[[Any], Mapping[str, Any]],
    *,
    orders: Orders = NEWEST_FIRST,
) -> Response:
    """``{"next", "previous", "results"}``: addresses of the pages beside this one, or null, and its rows.

    Args:
        request: With the wanted order, size and cursor.
        rows: The list, or parts of it that have the same columns and no row in common: an index may lead through each
            part in order where none leads through all of them.
        to_json: A row as it is shown.
        orders: Those in which it can be asked for.

    Raises:
        FieldsInvalid: The cursor is not from this list, or the size is none.
    """
    name, order = orders.wanted(request)
    size = _size_of(request)
    salt = f"{request.path}:{name}"
    position = _read_cursor(request, salt)
    is_back = position is not None and position[0] == "b"
    asked = _turned(order) if is_back else order
    behind = Q() if position is None else _after(asked, position[1:])
    parts = [rows] if isinstance(rows, QuerySet) else rows
    found = list(_first(size + 1, [part.filter(behind).order_by(*asked) for part in parts], asked))
    has_more, found = len(found) > size, found[:size]
    if is_back:
        found.reverse()
    has_next = has_more if not is_back else True
    has_previous = has_more if is_back else position is not None
    return Response(
        {
            "next": _address(request, salt, "f", order, found[-1]) if found and has_next else None,
            "previous": _address(request, salt, "b", order, found[0]) if found and has_previous else None,
            "results": [to_json(row) for row in found],
        }
    )


def _first(count: int, parts: list[QuerySet[Any]], order: Order) -> QuerySet[Any]:
    first, *others = (part[:count] for part in parts)
    return first.union(*others, all=True).order_by(*order)[:count] if others else first


def _size_of(request: Request) -> int:
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if text.isascii() and text.isdigit() and len(text) < len("10000") and 1 <= int(text) <= MAX_PAGE_SIZE:
        return int(text)
    raise _invalid("page_size", _("Use a number from 1 to %(limit)s.") % {"limit": MAX_PAGE_SIZE})


def _read_cursor(request: Request, salt: str) -> list[Any] | None:
    text = request.query_params.get("cursor")
    if text is None:
        return None
    try:
        position: list[Any] = signing.loads(text, salt=salt)
    except signing.BadSignature as error:
        raise _invalid("cursor", _("This is not a cursor of this list.")) from error
    return position


def _address(request: Request, salt: str, direction: str, order: Order, row: Model) -> str:
    values = [_plain(getattr(row, column.lstrip("-"))) for column in order]
    query = request.query_params.copy()
    query["cursor"] = signing.dumps([direction, *values], salt=salt)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def _after(order: Order, values: Sequence[Any]) -> Q:
    """Rows that stand behind these values; the first comparison alone lets an index find the place."""
    first, condition, same = order[0], Q(), Q()
    for column, value in zip(order, values, strict=True):
        name, is_falling = column.lstrip("-"), column.startswith("-")
        condition |= same & Q(**{f"{name}__{'lt' if is_falling else 'gt'}": value})
        same &= Q(**{name: value})
    return Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]}) & condition


def _turned(order: Order) -> Order:
    return tuple(column[1:] if column.startswith("-") else f"-{column}" for column in order)


def _invalid(parameter: str, sentence: str) -> FieldsInvalid:
    return FieldsInvalid({parameter: [ErrorDetail(sentence, code="invalid")]})
