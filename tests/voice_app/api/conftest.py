"""Callers of the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from knox.models import AuthToken
from rest_framework.test import APIClient

from tasks_app.models import User
from voicebot.redis import redis_client

MakeClient = Callable[[User], APIClient]


@pytest.fixture(autouse=True)
def fresh_rates() -> None:
    cache.clear()
    redis_client().flushdb()


@pytest.fixture
def client_of(db: None) -> MakeClient:
    """A client with a token of this person."""

    def client_of(user: User) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user=user)[1]}")
        return client

    return client_of


@pytest.fixture
def client(client_of: MakeClient, speaker: User) -> APIClient:
    return client_of(speaker)
