"""The page of tokens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from tasks_app.models import User
from voicebot.models import TokenGrant
from voicebot.redis import redis_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhashed_static_files")]
WANTED = {"name": "My <watch>", "scopes": ["read"], "days": "7"}


@pytest.fixture
def page(ann: User) -> Client:
    redis_client().flushdb()
    client = Client()
    client.force_login(ann)
    return client


def test_a_token_is_shown_once_works_and_can_be_taken_back(page: Client) -> None:
    response = page.post("/tokens/", WANTED)
    token = response.context["token"]
    assert "no-store" in response.headers["Cache-Control"]
    api = APIClient(headers={"Authorization": f"Token {token}"})
    assert api.get("/api/v1/tasks/").status_code == 200
    listed = page.get("/tokens/").content.decode()
    assert token not in listed
    assert "My &lt;watch&gt;" in listed

    page.post(f"/tokens/{TokenGrant.objects.get().pk}/delete/")
    assert api.get("/api/v1/tasks/").status_code == 401


def test_another_persons_token_is_not_there(page: Client, bob: User) -> None:
    token, _ = AuthToken.objects.create(user=bob)
    assert page.post(f"/tokens/{token.grant.pk}/delete/").status_code == 404
    assert AuthToken.objects.filter(user=bob).exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "9999"}])
def test_what_is_wrong_is_said_and_nothing_made(page: Client, wrong: dict[str, Any]) -> None:
    response = page.post("/tokens/", WANTED | wrong)
    assert (response.status_code, b'role="alert"' in response.content) == (400, True)
    assert not AuthToken.objects.exists()


def test_there_is_an_end_to_tokens(page: Client, settings: Any) -> None:
    settings.API_TOKENS_FOR_EACH = 1
    assert page.post("/tokens/", WANTED).status_code == 200
    refused = page.post("/tokens/", WANTED)
    assert (refused.status_code, b"You have 1 tokens" in refused.content) == (409, True)
