"""Every field of a task that can be written is read again as it was written, and changed on its own."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from tasks_app.models import User
from tests.api.conftest import client_for
from voicebot.api.schema import schema_document

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
TASKS = "/api/v1/tasks/"
DUE = {"due": "2099-03-28T08:30:00Z"}
VALUES: dict[str, tuple[Any, Any]] = {
    "title": ("Water “plants” 🌱", "x" * 500),
    "notes": ("two\nlines", ""),
    "start": ("2099-03-27", "2099-03-27T01:30:00Z"),
    "due": ("2099-03-29", "2099-03-29T01:30:00Z"),
    "end": ("2099-03-28T09:00:00Z", None),
    "duration_minutes": (1, 527040),
    "rrule": ("FREQ=WEEKLY;COUNT=3;BYDAY=SA", "FREQ=MONTHLY;UNTIL=21000101T000000Z;BYMONTHDAY=28"),
    "repeats_after_completion": (True, False),
    "priority": ("urgent", None),
    "labels": (["garden", "a, b"], []),
    "remind": (["2099-03-28T08:00:00Z", "2099-03-28T08:30:00Z"], []),
}
NEEDS = {"end": DUE, "rrule": DUE, "remind": DUE, "repeats_after_completion": {**DUE, "rrule": "FREQ=DAILY"}}
OF_OTHERS = {"project_id", "parent_id", "assignee_id"}


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann", first_name="Ann", timezone="Europe/Berlin")


@pytest.mark.django_db
def test_no_field_is_forgotten() -> None:
    fields = schema_document()["components"]["schemas"]["NewTaskRequest"]["properties"]
    assert set(fields) == set(VALUES) | OF_OTHERS


@pytest.mark.parametrize("name", VALUES)
def test_what_is_written_is_read(ann: User, name: str) -> None:
    api = client_for(ann)
    first, second = VALUES[name]
    body = {"title": "a", **NEEDS.get(name, {}), name: first}
    made = api.post(TASKS, body, format="json")
    assert made.status_code == 201, made.json()
    before = _read(api, made.json()["task"]["id"])
    assert _same(before[name], first)

    changed = api.patch(f"{TASKS}{before['id']}/", {name: second}, format="json")
    assert changed.status_code == 200, changed.json()
    after = _read(api, before["id"])
    assert _same(after[name], second)
    along = {name, "version", "updated_at", *({"due_has_time"} if name == "due" else ())}
    assert {key for key in before if before[key] != after[key]} <= along

    undone = api.post(f"/api/v1/changes/{changed.json()['change_set']}/undo/", {}, format="json")
    assert undone.status_code == 200, undone.json()
    assert _same(_read(api, before["id"])[name], first)


def test_what_points_at_others(ann: User) -> None:
    api = client_for(ann)
    project = api.post("/api/v1/projects/", {"name": "Home"}, format="json").json()["project"]
    whole = api.post(TASKS, {"title": "whole", "project_id": project["id"]}, format="json").json()["task"]
    body = {"title": "part", "parent_id": whole["id"], "assignee_id": ann.pk}
    part = api.post(TASKS, body, format="json").json()["task"]
    read = _read(api, part["id"])
    assert (read["project"]["id"], read["parent_id"], read["assignee_id"]) == (project["id"], whole["id"], ann.pk)


def _read(api: APIClient, task_id: str) -> dict[str, Any]:
    answer = api.get(f"{TASKS}{task_id}/")
    assert answer.status_code == 200
    return dict(answer.json())


def _same(found: object, written: object) -> bool:
    return _plain(found) == _plain(written)


def _plain(value: object) -> object:
    """Moments in one zone; lists, and the parts of a rule, without their order."""
    if isinstance(value, list):
        return sorted(str(_plain(item)) for item in value)
    if isinstance(value, str) and value.startswith("FREQ="):
        return sorted(value.split(";"))
    if isinstance(value, str) and MOMENT.match(value):
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat()
    return value
