"""Tokens: what each may do, when it ends, and whose it is."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from tasks_app.models import User
from tests.api.conftest import body_of, client_for, operations, with_ids
from voicebot.models import ALL_SCOPES, Scope, TokenGrant
from voicebot.tokens import NewToken, make_token

TOKENS = "/api/v1/auth/tokens/"
UNKNOWN = {"user_id": "1", "device_id": "1"}
NEEDS_NO_SCOPE = {"get_present_token", "delete_token"}
"""What a program may always do: look at its own token, and give it back."""


@pytest.fixture
def page(ann: User) -> APIClient:
    """Ann's browser."""
    client = APIClient()
    client.force_login(ann)
    return client


def scoped(user: User, *scopes: Scope) -> APIClient:
    client = APIClient()
    _, secret = make_token(user, NewToken(name="one", scopes=frozenset(scopes)))
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


def refusals(document: dict[str, Any], client: APIClient) -> set[str]:
    """The operations that refuse this client for what its token may not do."""
    refused = set()
    for method, path, each in operations(document):
        if each["operationId"] in NEEDS_NO_SCOPE:
            continue
        answer = getattr(client, method)(with_ids(path, UNKNOWN), body_of(each))
        if answer.status_code == 403 and answer.json()["error"]["code"] == "scope_missing":
            refused.add(each["operationId"])
    return refused


def test_a_reader_changes_nothing_and_sees_all_but_the_account(document: dict[str, Any], ann: User) -> None:
    known = {each["operationId"]: method for method, _, each in operations(document) if each["security"]}
    refused = refusals(document, scoped(ann, Scope.READ))
    assert {name for name, method in known.items() if method != "get"} - NEEDS_NO_SCOPE <= refused
    assert {name for name in refused if known[name] == "get"} == {
        each["operationId"]
        for method, _, each in operations(document)
        if method == "get" and each["tags"] == ["auth"] and each["operationId"] not in NEEDS_NO_SCOPE
    }


@pytest.mark.parametrize("scope", list(Scope))
def test_the_schema_says_which_scope_an_operation_asks_for(document: dict[str, Any], ann: User, scope: Scope) -> None:
    said = set()
    for _, _, each in operations(document):
        scopes = {name for way in each["security"] for name in way.get("token", ())}
        assert list(scopes) == [] or set(each["x-scopes"]) == scopes
        if scopes and scope.value not in scopes:
            said.add(each["operationId"])
    assert refusals(document, scoped(ann, scope)) == said


def test_every_operation_for_people_asks_for_a_scope(document: dict[str, Any]) -> None:
    without = {each["operationId"] for _, _, each in operations(document) if each["security"] and not each["x-scopes"]}
    assert without == NEEDS_NO_SCOPE


def test_a_token_is_made_listed_and_taken_back(page: APIClient) -> None:
    made = page.post(TOKENS, {"name": " phone ", "scopes": ["voice", "read"], "expires_in_days": 7})
    assert made.status_code == 201, made.content
    secret = made.data.pop("token")
    assert (made.data["name"], made.data["scopes"]) == ("phone", ["read", "voice"])
    ends = dt.datetime.fromisoformat(made.data["expires_at"]) - timezone.now()
    assert dt.timedelta(days=6) < ends < dt.timedelta(days=7)

    api = APIClient(headers={"Authorization": f"Token {secret}"})
    present = api.get("/api/v1/auth/token/")
    assert present.data["id"] == made.data["id"]
    assert TokenGrant.objects.get().last_used_at is not None
    assert secret.encode() not in page.get(TOKENS).content
    assert page.delete(made["Location"]).status_code == 204
    assert api.get("/api/v1/me/").status_code == 401
    assert page.get(made["Location"]).status_code == 404


def test_without_saying_more_a_token_only_reads_and_ends(page: APIClient) -> None:
    made = page.post(TOKENS, {"name": "x"})
    assert made.data["scopes"] == ["read"]
    assert made.data["expires_at"] is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "a\nb"},
        {"scopes": []},
        {"scopes": ["all"]},
        {"expires_in_days": 0},
        {"expires_in_days": 9999},
        {"more": 1},
    ],
)
def test_what_is_wrong_is_refused(page: APIClient, wrong: dict[str, Any]) -> None:
    assert page.post(TOKENS, {"name": "x"} | wrong).status_code == 400
    assert not AuthToken.objects.exists()


def test_a_token_makes_no_token(ann: User) -> None:
    refused = client_for(ann).post(TOKENS, {"name": "another"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")


def test_another_persons_token_is_not_there(page: APIClient, bob: User) -> None:
    token, _ = AuthToken.objects.create(user=bob)
    assert page.get(f"{TOKENS}{token.grant.pk}/").status_code == 404
    assert page.delete(f"{TOKENS}{token.grant.pk}/").status_code == 404
    assert page.get(TOKENS).data["results"] == []
    assert page.delete("/api/v1/auth/token/").status_code == 204
    assert AuthToken.objects.get().user == bob


def test_a_token_gives_itself_back(ann: User) -> None:
    api, other = scoped(ann, Scope.READ), client_for(ann)
    assert api.delete("/api/v1/auth/token/").status_code == 204
    assert api.get("/api/v1/me/").status_code == 401
    assert other.get("/api/v1/me/").status_code == 200


def test_a_token_ends(ann: User, page: APIClient, settings: Any) -> None:
    settings.API_TOKENS_FOR_EACH = 1
    api = scoped(ann, Scope.READ)
    assert page.post(TOKENS, {"name": "x"}).status_code == 409
    AuthToken.objects.update(expiry=timezone.now())
    assert api.get("/api/v1/me/").status_code == 401
    assert page.post(TOKENS, {"name": "x"}).status_code == 201
    assert AuthToken.objects.count() == 1


def test_use_is_noted_once_a_minute(ann: User) -> None:
    api = client_for(ann)
    just_now = timezone.now() - dt.timedelta(seconds=50)
    TokenGrant.objects.update(last_used_at=just_now)
    api.get("/api/v1/me/")
    assert TokenGrant.objects.get().last_used_at == just_now
    TokenGrant.objects.update(last_used_at=just_now - dt.timedelta(seconds=20))
    api.get("/api/v1/me/")
    assert TokenGrant.objects.get().last_used_at > just_now


def test_a_token_without_a_grant_lets_nobody_in(ann: User) -> None:
    api = client_for(ann)
    TokenGrant.objects.all().delete()
    assert api.get("/api/v1/me/").status_code == 401


def test_tokens_from_before_there_were_scopes_go_on(ann: User) -> None:
    from importlib import import_module

    api = client_for(ann)
    TokenGrant.objects.all().delete()
    import_module("voicebot.migrations.0002_scopes_of_tokens").grant_everything_to_tokens_that_are_there(apps, None)
    assert api.post("/api/v1/tasks/", {"title": "Milk"}).status_code == 201
    assert TokenGrant.objects.get().scopes == list(ALL_SCOPES)
    assert uuid.UUID(api.get("/api/v1/auth/token/").data["id"])
