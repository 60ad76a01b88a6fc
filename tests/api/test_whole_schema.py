"""What holds for every address of the API, walked from the schema, so that a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

from tasks_app.api import shapes
from tasks_app.models import User
from tests.api.conftest import PARAMETER, body_of, client_for, fill, operations, with_ids
from voicebot.api.schema import schema_document

PUBLIC: set[str] = set()
"""Operations that need nobody to be signed in."""
NEEDED = {"q": "all"}
"""What a list cannot do without; finds all that ``fill`` makes."""
Document = dict[str, Any]


def test_the_schema_is_valid_openapi_3_1(document: Document) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    assert (document["info"]["title"], document["info"]["version"]) == ("Voice AI Task Manager API", "1.0.0")
    names = {feature["name"] for feature in document["info"]["x-voice-features"]}
    assert names == {
        "real-time voice processing",
        "intent recognition",
        "WebSocket communication",
        "multi-language support",
    }
    assert document["components"]["securitySchemes"].keys() == {"token", "cookieAuth"}


def test_everybody_gets_the_schema_in_both_forms(document: Document) -> None:
    anybody = APIClient()
    assert anybody.get("/api/schema/").json() == document
    as_yaml = anybody.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.safe_load(as_yaml.content)["paths"].keys() == document["paths"].keys()


def test_every_operation_has_examples_and_its_errors(document: Document) -> None:
    assert not [
        f"{method} {path}: {what}" for method, path, each in operations(document) for what in _lacks(path, each)
    ]


def _lacks(path: str, operation: Document) -> Iterator[str]:
    wanted = {"406", "500"} | (set() if operation["operationId"] in PUBLIC else {"401", "429"})
    if "{" in path:
        wanted.add("404")
    yield from sorted(wanted - operation["responses"].keys())
    bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for name, body in bodies.items():
        if not all(media.get("examples") for media in body.get("content", {}).values()):
            yield f"example of {name}"
    if not operation.get("summary") or not operation.get("description"):
        yield "words"


def test_every_post_that_does_something_heeds_a_key(document: Document) -> None:
    posts = {path: methods["post"] for path, methods in document["paths"].items() if "post" in methods}
    without = {
        path
        for path, post in posts.items()
        if not any(parameter["name"] == "Idempotency-Key" for parameter in post.get("parameters", []))
    }
    assert without == {"/api/v1/parse/"}


def test_every_id_of_somebody_else_is_404_or_403(document: Document, ann: User, bob: User) -> None:
    ids, api = fill(bob, 1), client_for(ann)
    wrong = []
    for method, path, each in operations(document):
        names = PARAMETER.findall(path)
        assert set(names) <= ids.keys(), f"say in fill() how to make one of another person's: {path}"
        if not names:
            continue
        answer = getattr(api, method)(with_ids(path, ids), body_of(each))
        if answer.status_code not in {403, 404}:
            wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong


def test_nothing_is_there_for_a_stranger(document: Document) -> None:
    anybody, wrong = APIClient(), []
    unknown = {"user_id": "1", "device_id": "1"}
    for method, path, each in operations(document):
        answer = getattr(anybody, method)(with_ids(path, unknown), body_of(each))
        if (answer.status_code != 401) and each["operationId"] not in PUBLIC:
            wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong


def test_no_list_asks_more_for_more_rows(document: Document, ann: User, bob: User) -> None:
    few, many = _queries_of_lists(document, ann, 1), _queries_of_lists(document, bob, 50)
    assert len(few) > 5
    assert few.keys() == many.keys()
    assert not [path for path, count in many.items() if count > few[path]]
    assert max(few.values()) <= 12


def _queries_of_lists(document: Document, user: User, count: int) -> dict[str, int]:
    ids, api, found = fill(user, count), client_for(user), {}
    for method, path, each in operations(document):
        if method != "get" or not any(given["name"] == "cursor" for given in each.get("parameters", ())):
            continue
        address = with_ids(path, ids)
        needed = {given["name"]: NEEDED[given["name"]] for given in each["parameters"] if _needs(given)}
        with CaptureQueriesContext(connection) as queries:
            answer = api.get(address, {"page_size": 50, **needed})
        assert answer.status_code == 200, (path, answer.content)
        assert answer.json()["results"], path
        found[path] = len(queries)
    return found


def _needs(parameter: Document) -> bool:
    return parameter["in"] == "query" and parameter.get("required", False)


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/nothing"])
def test_a_wrong_address_answers_in_the_one_shape(address: str, api: APIClient) -> None:
    answer = api.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_schema_is_made_once() -> None:
    assert schema_document() is schema_document()


def test_objects_have_the_fields_that_the_schema_names(api: APIClient, ann: User) -> None:
    ids = fill(ann, 1)
    for path, shape in (
        (f"tasks/{ids['task_id']}/", shapes.Task),
        (f"projects/{ids['project_id']}/", shapes.Project),
        (f"labels/{ids['label_id']}/", shapes.Label),
        (f"changes/{ids['change_set_id']}/", shapes.ChangeSet),
        ("me/", shapes.Me),
    ):
        assert api.get(f"/api/v1/{path}").json().keys() == shape.model_fields.keys(), path
    for path, shape in (
        (f"tasks/{ids['task_id']}/comments/", shapes.Comment),
        (f"projects/{ids['project_id']}/members/", shapes.Member),
    ):
        (row,) = api.get(f"/api/v1/{path}").json()["results"]
        assert row.keys() == shape.model_fields.keys(), path
