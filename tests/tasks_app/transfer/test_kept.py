"""Exports that are kept: small at once, large by a job, one's own alone, for a day, in pieces."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from tasks_app import jobs
from tasks_app.commands import CreateTask
from tasks_app.models import Export, ExportPart, User
from tasks_app.transfer import kept
from tests.tasks_app.conftest import Run
from voicebot.redis import redis_client

ADDRESS = "/api/v1/exports/"


@pytest.fixture
def api(ann: User) -> APIClient:
    redis_client().flushdb()
    client = APIClient()
    client.force_authenticate(ann)
    return client


@pytest.mark.parametrize(
    ("kind", "content_type", "start"),
    [("json", "application/json", b"{"), ("csv", "text/csv", b"\xef\xbb\xbfid"), ("ics", "text/calendar", b"BEGIN:VC")],
)
def test_a_small_one_is_there_at_once(api: APIClient, run: Run, kind: str, content_type: str, start: bytes) -> None:
    run(CreateTask(title="milk"))
    made = api.post(ADDRESS, {"format": kind})
    assert (made.status_code, made.json()["state"]) == (201, "ready")
    file = api.get(made.json()["url"])
    content = file.getvalue()
    assert content.startswith(start)
    assert b"milk" in content
    assert file["Content-Type"].startswith(content_type)
    assert len(content) == made.json()["size"] == int(file["Content-Length"])
    assert made.json()["name"] in file["Content-Disposition"]


def test_a_large_one_waits_for_its_job_and_is_kept_in_pieces(
    api: APIClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SMALL_TASKS", 2)
    monkeypatch.setattr(kept, "PART_BYTES", 1000)
    run(*(CreateTask(title=f"t{n}") for n in range(5)))
    made = api.post(ADDRESS, {"format": "json"}).json()
    assert (made["state"], made["url"]) == ("waiting", None)
    assert api.get(f"{ADDRESS}{made['id']}/file/").json()["error"]["code"] == "export_not_ready"
    jobs.make_export(made["id"])
    jobs.make_export(made["id"])
    ready = api.get(f"{ADDRESS}{made['id']}/").json()
    assert len(json.loads(api.get(ready["url"]).getvalue())["tasks"]) == 5
    assert ExportPart.objects.count() > 2


def test_a_job_that_was_lost_is_started_again_and_at_last_given_up(ann: User) -> None:
    now = timezone.now()
    export = Export.objects.create(user=ann, format="json", expires_at=now + kept.KEEP_FOR)
    assert kept.take_stalled(now) == []
    later = now + 2 * kept.STALLED_AFTER
    assert [kept.take_stalled(later) for _ in range(4)] == [[export.pk]] * 3 + [[]]
    export.refresh_from_db()
    assert export.state == "failed"


def test_it_is_gone_after_a_day(api: APIClient) -> None:
    made = api.post(ADDRESS, {"format": "csv"}).json()
    Export.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert api.get(made["url"]).json()["error"]["code"] == "export_not_found"
    jobs.resume_stalled_exports()
    assert not ExportPart.objects.exists()


def test_another_person_does_not_get_it(api: APIClient, bob: User) -> None:
    made = api.post(ADDRESS, {"format": "json"}).json()
    api.force_authenticate(bob)
    assert api.get(made["url"]).status_code == 404
    assert api.delete(f"{ADDRESS}{made['id']}/").status_code == 404
    assert api.get(ADDRESS).json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_the_server_sends_it_piece_by_piece(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    redis_client().flushdb()
    monkeypatch.setattr(kept, "PART_BYTES", 50)
    export = kept.start_export(ann, kept.ExportFormat.JSON, now=timezone.now())
    token = AuthToken.objects.create(user=ann)[1]

    async def fetch() -> bytes:
        answer = await AsyncClient().get(f"{ADDRESS}{export.pk}/file/", headers={"Authorization": f"Token {token}"})
        return b"".join([part async for part in answer.streaming_content])

    assert json.loads(asyncio.run(fetch()))["tasks"] == []


@pytest.mark.usefixtures("unhashed_static_files")
def test_the_page_makes_and_offers_it(client: Client, ann: User) -> None:
    redis_client().flushdb()
    client.force_login(ann)
    assert client.post("/exports/", {"format": "exe"}).status_code == 400
    client.post("/exports/", {"format": "csv"})
    assert f"{ADDRESS}{Export.objects.get().pk}/file/" in client.get("/").content.decode()
