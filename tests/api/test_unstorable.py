"""NUL in any text of any body is refused, at every operation of the schema."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tasks_app.models import User
from tests.api.conftest import body_of, fill, operations, with_ids

pytestmark = pytest.mark.django_db


def with_nul(value: Any) -> Any:
    """The same value, each of its texts with a NUL in it."""
    if isinstance(value, dict):
        return {name: with_nul(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_nul(each) for each in value]
    return f"{value}\0" if isinstance(value, str) else value


def test_no_body_with_nul_fails_or_is_stored(api: APIClient, ann: User, document: dict[str, Any]) -> None:
    ids = fill(ann, 1)
    for method, path, operation in operations(document):
        body = body_of(operation)
        if not isinstance(body, dict):
            continue
        address = with_ids(path, ids)
        whole = with_nul(body)
        bodies = [whole, *({**body, name: whole[name]} for name in body if whole[name] != body[name])]
        for each in bodies if whole != body else []:
            answer = getattr(api, method)(address, each, format="json")
            assert 400 <= answer.status_code < 500, (method, path, each, answer.content)
