"""The socket that keeps open pages up to date."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import sync_to_async
from knox.models import AuthToken

from tasks_app import consumers, services
from tasks_app.commands import CreateTask
from tasks_app.context import Source
from tasks_app.models import User
from tests.live.conftest import Connect, make_communicator
from tests.tasks_app.sharing import act, share
from voice_app.actors import actor_for
from voicebot.throttling import Rate


@sync_to_async(thread_sensitive=False)
def create(user: User, title: str) -> None:
    services.execute(actor_for(user, Source.API), [CreateTask(title=title)], cause_id=uuid.uuid4())


async def test_a_change_comes_and_other_peoples_do_not(connect: Connect, anna: User) -> None:
    bob = await sync_to_async(User.objects.create_user)("bob")
    async with connect("/ws/tasks/") as client:
        await create(bob, "Bob's")
        await create(anna, "Anna's")
        event = await client.hear()
        assert (event["event"], event["task"]["title"]) == ("task.created", "Anna's")


async def test_it_listens_to_nothing(connect: Connect, anna: User) -> None:
    async with connect("/ws/tasks/") as client:
        await client.send(text_data="{")
        await client.send(bytes_data=b"x")
        await create(anna, "Still here")
        assert (await client.hear())["task"]["title"] == "Still here"


async def test_who_connects_again_and_again_is_sent_away_and_others_are_not(
    connect: Connect, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CONNECTIONS", Rate("task-feed", 2, 60))
    for _ in range(2):
        async with connect("/ws/tasks/"):
            pass
    refused = make_communicator("/ws/tasks/", [(b"host", b"localhost"), (b"authorization", f"Token {token}".encode())])
    assert not (await refused.connect(timeout=20))[0]
    bob = await sync_to_async(User.objects.create_user)("bob")
    _, bobs = await sync_to_async(AuthToken.objects.create)(user=bob)
    headers = [(b"host", b"localhost"), (b"authorization", f"Token {bobs}".encode())]
    async with connect("/ws/tasks/", headers=headers) as client:
        await create(bob, "Bob's")
        assert (await client.hear())["task"]["title"] == "Bob's"


async def test_two_members_see_what_the_other_does_and_who_gets_a_task_is_told(connect: Connect, anna: User) -> None:
    bob = await sync_to_async(User.objects.create_user)("bob")
    _, bobs = await sync_to_async(AuthToken.objects.create)(user=bob)
    project = await sync_to_async(share, thread_sensitive=False)(anna, bob)
    headers = [(b"host", b"localhost"), (b"authorization", f"Token {bobs}".encode())]
    async with connect("/ws/tasks/") as annas_page, connect("/ws/tasks/", headers=headers) as bobs_page:
        for person, title, chosen in ((anna, "dishes", bob.pk), (bob, "bread", None)):
            command = CreateTask(title=title, project_id=project.id, assignee_id=chosen)
            await sync_to_async(act, thread_sensitive=False)(person, command)
            for page in (annas_page, bobs_page):
                event = await page.hear()
                assert (event["event"], event["task"]["title"]) == ("task.created", title)
            if chosen:
                assert (await bobs_page.hear())["event"] == "task.assigned"
