"""The pages of an import, as a browser without JavaScript uses them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tasks_app.models import Task, TaskImport, User
from tasks_app.transfer import imports
from tests.tasks_app.transfer.conftest import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhashed_static_files")]


@pytest.fixture
def page(ann: User) -> Client:
    client = Client()
    client.force_login(ann)
    return client


def choose(page: Client, content: bytes) -> Any:
    return page.post("/import/", {"file": SimpleUploadedFile("House.json", content)})


def test_a_file_is_shown_brought_in_and_taken_back(page: Client) -> None:
    address = choose(page, content_of("google.json"))["Location"]
    preview = page.get(address).content.decode()
    assert "2 tasks would be made." in preview
    assert "Fix the roof" in preview
    assert "This task has no title." in preview
    assert not Task.objects.exists()
    assert page.post(f"{address}start/", {"choice": "start"})["Location"] == address
    assert "<progress" in page.get(address).content.decode()
    imports.run_import(TaskImport.objects.get().id)
    assert "2 tasks were made." in page.get(address).content.decode()
    assert "House.json" in page.get("/import/").content.decode()
    page.post(f"{address}undo/")
    assert "It was taken back." in page.get(address).content.decode()
    assert not Task.objects.filter(deleted_at=None).exists()


def test_a_file_that_is_none_says_why(page: Client) -> None:
    answer = choose(page, b"hello")
    assert (answer.status_code, "I do not know this kind of file" in answer.content.decode()) == (400, True)
    assert page.post("/import/").status_code == 400


def test_a_draft_can_be_thrown_away_and_is_nobody_elses(page: Client, bob: User) -> None:
    address = choose(page, content_of("google.json"))["Location"]
    other = Client()
    other.force_login(bob)
    for wrong in (other.get(address), other.post(f"{address}start/"), other.post(f"{address}undo/")):
        assert wrong.status_code == 404
    page.post(f"{address}start/", {"choice": "cancel"})
    assert TaskImport.objects.get().state == TaskImport.State.CANCELLED
    page.post(f"{address}start/", {"choice": "start"})
    assert "has begun already" in page.get(address).content.decode()
