"""``imports/``: a file in a form, its preview, its progress and its report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tasks_app.models import Task, TaskImport, User
from tasks_app.transfer import imports
from tests.tasks_app.transfer.conftest import content_of


@pytest.fixture
def api(ann: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ann)
    return client


def send(api: APIClient, content: bytes, query: str = "", **headers: str) -> Any:
    file = SimpleUploadedFile("House.json", content)
    return api.post(f"/api/v1/imports/{query}", {"file": file}, format="multipart", headers=headers)


def test_a_preview_and_then_the_import_itself(api: APIClient) -> None:
    preview = send(api, content_of("google.json"), "?preview=true")
    assert preview.status_code == 200
    body = preview.json()
    assert (body["id"], body["state"], body["format"], body["made"], body["problems"]) == (
        None, "preview", "google_tasks", 2, 2,
    )  # fmt: skip
    assert [row["outcome"] for row in body["first_rows"]] == ["made", "made", "problem", "problem"]
    assert not TaskImport.objects.exists()
    accepted = send(api, content_of("google.json"), **{"Idempotency-Key": "k"})
    again = send(api, content_of("google.json"), **{"Idempotency-Key": "k"})
    assert (accepted.status_code, again["Idempotency-Replayed"], again.json()["id"]) == (
        202, "true", accepted.json()["id"],
    )  # fmt: skip
    imports.run_import(TaskImport.objects.get().id)
    done = api.get(accepted["Location"]).json()
    assert (done["state"], done["rows_done"], done["made"]) == ("done", 4, 2)
    problems = api.get(f"{accepted['Location']}rows/?outcome=problem").json()["results"]
    assert [(row["row"], row["code"]) for row in problems] == [(3, "import_title_missing"), (4, "import_row_left_out")]
    assert api.post(f"/api/v1/changes/{done['change_set']}/undo/").status_code == 200
    assert not Task.objects.filter(deleted_at=None).exists()


def test_what_cannot_be_read_is_refused_at_once(api: APIClient) -> None:
    answer = send(api, b"hello")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "import_format_unknown")
    assert send(api, b"x" * (16 * 2**20 + 1)).json()["error"]["code"] == "import_file_too_large"
    assert api.post("/api/v1/imports/", {"file": "x"}, format="json").status_code == 415
    assert not TaskImport.objects.exists()


def test_one_at_a_time_until_it_is_cancelled(api: APIClient) -> None:
    first = send(api, content_of("google.json"))
    assert send(api, content_of("google.json")).json()["error"]["code"] == "import_already_running"
    assert api.delete(first["Location"]).status_code == 204
    assert api.delete(first["Location"]).json()["error"]["code"] == "import_already_started"
    assert api.get("/api/v1/imports/").json()["results"][0]["state"] == "cancelled"
