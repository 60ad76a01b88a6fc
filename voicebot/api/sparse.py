"""``?fields=``: only a part of each object."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as FieldsInvalid
from rest_framework.request import Request

PARAMETER = "fields"


def wanted_fields(request: Request, known: frozenset[str]) -> frozenset[str] | None:
    """The fields that the caller asks for; None for all.

    Raises:
        FieldsInvalid: One is not known.
    """
    text = request.query_params.get(PARAMETER)
    if not text:
        return None
    wanted = frozenset(text.split(","))
    if unknown := sorted(wanted - known):
        sentence = _("Unknown: %(names)s.") % {"names": ", ".join(unknown)}
        raise FieldsInvalid({PARAMETER: [ErrorDetail(sentence, code="unknown_field")]})
    return wanted


def only(data: Any, wanted: frozenset[str]) -> Any:  # noqa: ANN401  # JSON of any shape
    """The object, or each object of a page, with the wanted fields alone."""
    if isinstance(data.get("results"), list) and "next" in data:
        return {**data, "results": [_part(each, wanted) for each in data["results"]]}
    return _part(data, wanted)


def _part(row: dict[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in wanted}
