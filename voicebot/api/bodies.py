"""Bodies and queries of requests, read by pydantic models."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    """What the body says, together with what the address gives.

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
    read: Model = read_json(TypeAdapter(model), {**data, **given})
    return read


def read_json(adapter: TypeAdapter[Any], data: object) -> Any:  # noqa: ANN401  # whatever the adapter is for
    """Plain JSON as the adapter's type; a number is not taken for a moment, nor a text for a number.

    Raises:
        FieldsInvalid: With what is wrong, by field.
    """
    try:
        return adapter.validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise FieldsInvalid(_by_field(error)) from error


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
        raise FieldsInvalid(_by_field(error)) from error


def _by_field(error: ValidationError) -> dict[str, list[ErrorDetail]]:
    found: dict[str, list[ErrorDetail]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in problem["loc"])
        found.setdefault(place, []).append(ErrorDetail(problem["msg"], code=problem["type"]))
    return found
