"""The socket that keeps open pages up to date."""

from __future__ import annotations

import uuid

from asgiref.sync import sync_to_async

from tasks_app import services
from tasks_app.commands import CreateTask
from tasks_app.context import Source
from tasks_app.models import User
from tests.live.conftest import Connect
from voice_app.actors import actor_for


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
