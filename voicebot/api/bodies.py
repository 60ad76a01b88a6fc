"""Bodies and queries of requests, read by pydantic models."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, TypeAdapter, ValidationError, create_model
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as FieldsInvalid
from rest_framework.request import Request

Model = TypeVar("Model", bound=BaseModel)

PAGING = frozenset({"cursor", "page_size", "ordering", "fields"})
"""Parameters that belong to no view's own query."""


def body_without(model: type[BaseModel], name: str, *left_out: str) -> type[BaseModel]:
    """A model for the body of a request: another one without the fields that the address gives.

    Args:
        model: Such as a command.
        name: Of the new model, as the schema shows it.
        *left_out: Names of fields.
    """
    fields: dict[str, Any] = {
        field: (info.annotation, info) for field, info in model.model_fields.items() if field not in left_out
    }
    made: type[BaseModel] = create_model(name, __config__=model.model_config, __doc__=model.__doc__, **fields)
    return made


def read_body(model: type[Model], request: Request, **given: object) -> Model:
    """What the body says, together with what the address gives; a number is not taken for a moment or a text.

    Args:
        model: With ``extra="forbid"``, so that a misspelt field is an error.
        request: Its body is a JSON object.
        **given: Fields that the body may not hold; JSON-safe.

    Raises:
        FieldsInvalid: With what is wrong, by field.
    """
    data = request.data
    if not isinstance(data, Mapping):
        raise FieldsInvalid({"": [ErrorDetail(_("Send a JSON object."), code="not_an_object")]})
    if clash := sorted(data.keys() & given.keys()):
        raise FieldsInvalid({name: [ErrorDetail(_("The address says this."), code="not_in_body")] for name in clash})
    try:
        return TypeAdapter(model).validate_json(json.dumps({**data, **given}, default=str), strict=True)
    except ValidationError as error:
        raise FieldsInvalid(_by_field(error, model.model_fields.keys() - given)) from error


def read_query(model: type[Model], request: Request) -> Model:
    """What the query of the address says; a parameter given twice or unknown is an error.

    Raises:
        FieldsInvalid: With what is wrong, by parameter.
    """
    given: dict[str, Any] = {}
    for name, values in request.query_params.lists():
        if name in PAGING:
            continue
        if len(values) != 1:
            raise FieldsInvalid({name: [ErrorDetail(_("Give this once."), code="repeated")]})
        given[name] = values[0]
    try:
        return model.model_validate_strings(given)
    except ValidationError as error:
        raise FieldsInvalid(_by_field(error, model.model_fields.keys())) from error


def _by_field(error: ValidationError, known: Collection[str]) -> dict[str, list[ErrorDetail]]:
    found: dict[str, list[ErrorDetail]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in problem["loc"])
        is_unknown = problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1
        sentence = _about_unknown(place, known) if is_unknown else problem["msg"]
        found.setdefault(place, []).append(ErrorDetail(sentence, code=problem["type"]))
    return found


def _about_unknown(name: str, known: Collection[str]) -> str:
    """A sentence with the name that was meant, where one begins so or is spelt nearly so."""
    near = [
        *(other for other in sorted(known) if other.startswith(f"{name}_")),
        *difflib.get_close_matches(name, known, n=1),
    ]
    if near:
        return _("There is no such field here. Did you mean “%(name)s”?") % {"name": near[0]}
    return _("There is no such field here.")
