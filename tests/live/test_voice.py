"""The live voice socket: order, limits, and what comes back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tasks_app.context import Source
from tasks_app.models import Task, User
from tests.live.conftest import HELLO, Client, Connect, pcm_of
from tests.voice_app.conftest import finish
from voice_app import services
from voice_app.actors import actor_for
from voice_app.models import VoiceCommand

SECOND = b"\x00\x10" * 16_000


async def greeted(client: Client, **changes: Any) -> dict[str, Any]:
    await client.say({**HELLO, **changes})
    return await client.hear()


@sync_to_async(thread_sensitive=False)
def work_on(command_id: str, text: str = "") -> None:
    """As a worker would; with a text given, the speech engine's part is done already."""
    command = VoiceCommand.objects.get(pk=command_id)
    if text:
        command.command_text, command.state = text, VoiceCommand.State.TRANSCRIBED
        command.save()
    finish(command)


async def spoken(client: Client, text: str) -> str:
    """Speaks, and has it understood as this text; the command's id."""
    await client.speak(SECOND)
    await client.say({"type": "utterance.end"})
    command = (await client.hear())["command"]
    await work_on(command, text)
    return str(command)


@pytest.mark.speech
async def test_a_note_becomes_a_task(connect: Connect) -> None:
    async with connect() as client:
        ready = await greeted(client)
        assert (ready["type"], ready["protocol"], ready["seq"]) == ("ready", 1, 1)
        await client.speak(pcm_of("call-mom.ogg"))
        utterance = str(uuid.uuid4())
        await client.say({"type": "utterance.end", "id": utterance})
        accepted = await client.hear()
        assert (accepted["type"], accepted["utterance"]) == ("accepted", utterance)

        await work_on(accepted["command"])

        heard, applied = await client.hear(), await client.hear()
        assert (heard["type"], heard["command"], heard["language"]) == ("transcript.final", accepted["command"], "en")
        assert "mom" in heard["text"].casefold()
        assert (applied["type"], applied["command"], applied["seq"]) == ("applied", accepted["command"], 4)
        assert applied["change_set"] == accepted["command"]
        assert [task["title"].casefold() for task in applied["tasks"]] == ["call mom"]
        assert applied["reply"]


async def test_undo(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        command = await spoken(client, "buy milk")
        await client.hear()
        change_set = (await client.hear())["change_set"]
        assert change_set == command

        await client.say({"type": "undo", "change_set": change_set})
        undone = await client.hear()
        assert (undone["type"], undone["change_set"]) == ("applied", None)
        assert not await sync_to_async(Task.objects.filter(deleted_at=None).exists)()

        await client.say({"type": "undo", "change_set": change_set})
        assert (await client.hear())["code"] == "changes_already_undone"


async def test_a_question_and_its_answer(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        for text in ("call Tom about the car", "call Tom about the house"):
            await spoken(client, text)
            assert [(await client.hear())["type"] for _ in range(2)] == ["transcript.final", "applied"]
        command = await spoken(client, "mark call Tom as done")
        await client.hear()
        asked = await client.hear()
        assert (asked["type"], asked["command"], asked["question"]["kind"]) == ("question", command, "choice")

        await client.say({"type": "answer", "command": command, "choose": [asked["question"]["options"][0]["id"]]})
        await work_on_next(command)
        applied = await client.hear()
        assert (applied["type"], applied["command"]) == ("applied", command)

        await client.say({"type": "answer", "command": command, "cancel": True})
        closed = await client.hear()
        assert (closed["code"], closed["command"]) == ("question_closed", command)


@sync_to_async(thread_sensitive=False)
def work_on_next(command_id: str) -> None:
    while VoiceCommand.objects.get(pk=command_id).state == VoiceCommand.State.WAITING:
        pass
    finish(VoiceCommand.objects.get(pk=command_id))


async def test_the_same_utterance_again_is_the_same_command(connect: Connect) -> None:
    utterance = str(uuid.uuid4())
    commands = []
    for _ in range(2):
        async with connect() as client:
            await greeted(client)
            await client.speak(SECOND)
            await client.say({"type": "utterance.end", "id": utterance})
            commands.append((await client.hear())["command"])
    assert commands[0] == commands[1]
    assert await sync_to_async(VoiceCommand.objects.count)() == 1


async def test_what_comes_in_elsewhere_is_not_told_here(connect: Connect, anna: User) -> None:
    async with connect() as client:
        await greeted(client)
        actor = await sync_to_async(actor_for)(anna, Source.API)
        await sync_to_async(services.submit_text)(actor, "buy milk", external_id="elsewhere")
        assert await client.hears_nothing()


async def test_cancel_forgets_the_sound(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        await client.speak(SECOND)
        await client.say({"type": "cancel"})
        await client.say({"type": "utterance.end"})
        assert (await client.hear())["code"] == "audio_empty"


async def test_a_hello_that_cannot_be_served_ends_it(connect: Connect) -> None:
    for change in (
        {"protocol": 2},
        {"encoding": "opus"},
        {"sample_rate": 4000},
        {"sample_rate": 96_000},
        {"timezone": "Mars/Base"},
        {"language": "english"},
        {"more": 1},
    ):
        async with connect() as client:
            error = await greeted(client, **change)
            assert (error["code"], await client.closed_with()) == ("hello_invalid", 4400), change


async def test_hello_comes_first(connect: Connect) -> None:
    for first in (
        {"bytes_data": SECOND[:320]},
        {"text_data": '{"type": "utterance.end"}'},
        {"text_data": '{"type": "cancel"}'},
        {"text_data": '{"type": "undo", "change_set": "00000000-0000-0000-0000-000000000000"}'},
    ):
        async with connect() as client:
            await client.send(**first)
            assert ((await client.hear())["code"], await client.closed_with()) == ("hello_expected", 4409), first


async def test_a_message_that_makes_no_sense_is_told(connect: Connect) -> None:
    nowhere = "00000000-0000-0000-0000-000000000000"
    texts = ["{", "[]", "null", '{"type": "sing"}', '{"type": "utterance.end", "id": 1}', "[" * 10_000, r'"\ud800"']
    async with connect() as client:
        await greeted(client)
        for text in (*texts, f'{{"type": "answer", "command": "{nowhere}"}}'):
            await client.send(text_data=text)
            error = await client.hear()
            assert (error["type"], error["code"]) == ("error", "message_invalid"), text
            assert error["message"]
            assert error["ref"]


async def test_many_of_them_end_it(connect: Connect) -> None:
    async with connect() as client:
        for _ in range(10):
            await client.send(text_data="?")
        codes = [(await client.hear())["code"] for _ in range(10)]
        assert codes == [*["message_invalid"] * 9, "messages_invalid"]
        assert await client.closed_with() == 4400


async def test_a_second_hello_is_told(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        assert (await greeted(client))["code"] == "hello_repeated"


async def test_a_frame_that_is_too_large_ends_it(connect: Connect) -> None:
    for frame in ({"bytes_data": bytes(70_000)}, {"text_data": " " * 20_000}):
        async with connect() as client:
            await greeted(client)
            await client.send(**frame)
            assert ((await client.hear())["code"], await client.closed_with()) == ("frame_too_large", 4413)


async def test_half_a_sample_is_told(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        await client.send(bytes_data=b"\x00")
        assert (await client.hear())["code"] == "frame_incomplete"


async def test_an_utterance_that_is_too_long_is_told_once_and_the_next_one_is_taken(
    connect: Connect, settings: Any
) -> None:
    settings.VOICE_LIVE_MAX_SECONDS = 3.0
    async with connect() as client:
        ready = await greeted(client, sample_rate=8000)
        assert ready["limits"]["utterance_seconds"] == 3.0
        await client.speak(b"\x00\x10" * 8000 * 2 + b"\x00\x10" * 8000)
        await client.say({"type": "utterance.end"})
        assert (await client.hear())["type"] == "accepted"


async def test_sound_that_comes_faster_than_speech_ends_it(connect: Connect, settings: Any) -> None:
    settings.VOICE_LIVE_MAX_SECONDS = 2.0
    async with connect() as client:
        await greeted(client)
        for _ in range(40):
            await client.send(bytes_data=SECOND * 2)
        assert ((await client.hear())["code"], await client.closed_with()) == ("sound_too_fast", 4429)


async def test_nothing_for_long_ends_it(connect: Connect, settings: Any) -> None:
    settings.VOICE_LIVE_IDLE_SECONDS = 0.2
    async with connect() as client:
        await greeted(client)
        assert ((await client.hear())["code"], await client.closed_with()) == ("connection_idle", 4408)


async def test_too_many_connections_end_the_next(connect: Connect, settings: Any) -> None:
    settings.VOICE_LIVE_CONNECTIONS_PER_MINUTE = 1
    async with connect() as client:
        assert (await greeted(client))["type"] == "ready"
    async with connect() as client:
        assert ((await client.hear())["code"], await client.closed_with()) == ("connections_too_many", 4429)


async def test_silence_is_heard_as_silence(connect: Connect) -> None:
    async with connect() as client:
        await greeted(client)
        await client.speak(bytes(32_000))
        await client.say({"type": "utterance.end"})
        accepted = await client.hear()
        await work_on(accepted["command"])
        error = await client.hear()
        assert (error["type"], error["code"], error["command"]) == ("error", "no_speech", accepted["command"])
