"""Generated requests against the whole schema: what it says is what happens, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from knox.models import AuthToken
from schemathesis.checks import CHECKS

from tasks_app.models import User
from tests.api.conftest import fill
from voicebot.models import Scope, TokenGrant
from voicebot.wsgi import application

EXAMPLES = {"person": 5, "reader": 2, "stranger": 1}
"""For each operation and each who asks; more find more and take longer."""
SEMANTIC = {"positive_data_acceptance"}
"""Whether a rule repeats or an end follows its beginning is more than a schema can say."""
KEEPS_FILES_AND_TOKENS = {"create_token", "delete_token"}
"""They would take away what the next request is made with."""


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    settings.VOICE_SUBMITS_PER_MINUTE = 10_000


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The application answers inside of the test's transaction, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("caller", EXAMPLES)
def test_what_the_schema_says_is_what_happens(ann: User, caller: str) -> None:
    ids = fill(ann, 2)
    headers = _headers_of(caller, ann)
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    wanted = [check for check in CHECKS.get_all() if check.__name__ not in SEMANTIC]

    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] in KEEPS_FILES_AND_TOKENS:
            continue

        @settings(
            max_examples=EXAMPLES[caller],
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = ids[name]
            response = case.call(headers=headers)
            case.validate_response(response, checks=wanted, headers=headers)
            assert caller != "stranger" or response.status_code == 401
            assert caller != "reader" or case.method == "GET" or response.status_code >= 400

        ask()


def _headers_of(caller: str, user: User) -> dict[str, str]:
    if caller == "stranger":
        return {}
    token, secret = AuthToken.objects.create(user=user)
    if caller == "reader":
        TokenGrant.objects.filter(token=token).update(scopes=[Scope.READ])
    return {"Authorization": f"Token {secret}"}
