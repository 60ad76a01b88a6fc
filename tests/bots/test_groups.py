"""Groups and inline mode: what is not for the bot leaves no trace, and nobody gets more than their own rights."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from telegram import Update

from bots import accounts, groups, outbox
from bots.models import GroupChat, OutboundMessage
from bots.telegram import intake, keyboards
from bots.telegram.handlers.incoming import Taken
from bots.telegram.identity import remember_username
from tasks_app.commands import CreateProject
from tasks_app.context import Source
from tasks_app.models import Change, Project, Task, User
from tasks_app.services import execute
from tasks_app.services.erasure import erase_account
from tests.bots.conftest import ADA
from tests.fakes.telegram_server import USERNAME, TelegramServer
from tests.fakes.telegram_values import Failure
from voice_app import pipeline, selectors, services
from voice_app.actors import actor_for
from voice_app.models import VoiceCommand

GROUP = -77
EVE = 666
MENTION = {"entities": [{"type": "mention", "offset": 0, "length": len(USERNAME) + 1}]}


@pytest.fixture
def home(ada: User, telegram: TelegramServer) -> Project:
    """Ada's project, on which the group works."""
    remember_username(USERNAME)
    execute(actor_for(ada, Source.WEB), [CreateProject(name="Home")], cause_id=uuid.uuid4())
    project = Project.objects.get(name="Home")
    groups.link_group(ada, GROUP, project.pk)
    return project


def take(content: dict[str, Any], *, by: int = ADA, update_id: int = 1, kind: str = "message") -> Taken:
    chat = {"id": GROUP, "type": "group", "title": "Family"}
    person = {"id": by, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    message = {"message_id": update_id, "date": 1_795_000_000, "chat": chat, "from": person, **content}
    update = Update.de_json({"update_id": update_id, kind: message}, None)
    assert update is not None
    return intake.take(update, bot_id=7700000001)


@pytest.mark.parametrize(
    "content",
    [
        {"text": "We need milk"},
        {"text": "/tasks"},
        {"text": "/add@another_bot milk"},
        {"text": f"@{USERNAME}x buy milk", "entities": [{"type": "mention", "offset": 0, "length": len(USERNAME) + 2}]},
        {"text": f"@{USERNAME} buy milk"},
        {"text": f"@{USERNAME} buy milk", **MENTION, "via_bot": {"id": 1, "is_bot": True, "first_name": "B"}},
        {"text": f"@{USERNAME} buy milk", **MENTION, "sender_chat": {"id": GROUP, "type": "group", "title": "F"}},
        {
            "text": f"@{USERNAME} buy milk",
            **MENTION,
            "forward_origin": {"type": "hidden_user", "sender_user_name": "Bob", "date": 1},
        },
        {"voice": {"file_id": "f", "file_unique_id": "f", "duration": 3, "file_size": 9000}},
    ],
)
def test_what_is_not_for_the_bot_leaves_no_trace(home: Project, content: dict[str, Any]) -> None:
    assert take(content) == Taken()
    assert not VoiceCommand.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_an_edited_message_of_a_group_does_nothing(home: Project) -> None:
    assert take({"text": f"@{USERNAME} buy milk", **MENTION, "edit_date": 1}, kind="edited_message") == Taken()


def test_a_stranger_is_told_once_and_does_nothing(home: Project) -> None:
    for number in (1, 2):
        take({"text": "/add milk"}, by=EVE, update_id=number)

    assert OutboundMessage.objects.count() == 1
    assert not VoiceCommand.objects.exists()


def test_who_is_not_in_the_project_gets_nothing_of_it(home: Project) -> None:
    eve = User.objects.create_user("eve")
    accounts.link_chat(EVE, accounts.make_link_code(eve), language="en")
    take({"text": f"@{USERNAME} what is open?", **MENTION}, by=EVE)

    assert OutboundMessage.objects.get().text == "You may not do that."
    assert not VoiceCommand.objects.exists()
    assert groups.list_linkable(eve) == []


def test_an_outsider_does_not_take_a_group_over(home: Project) -> None:
    eve = User.objects.create_user("eve")
    accounts.link_chat(EVE, accounts.make_link_code(eve), language="en")
    execute(actor_for(eve, Source.WEB), [CreateProject(name="Trap")], cause_id=uuid.uuid4())
    take({"text": f"/link@{USERNAME} Trap", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}, by=EVE)

    assert OutboundMessage.objects.get().text == "You may not do that."
    assert GroupChat.objects.get(chat_id=GROUP).project_id == home.pk


def test_private_words_do_not_answer_what_a_group_was_asked(home: Project, ada: User) -> None:
    take({"text": f"@{USERNAME} add a task", **MENTION})
    asked = VoiceCommand.objects.get()
    pipeline.run(asked)
    private = services.submit_text(actor_for(ada, Source.TELEGRAM), "dentist", external_id="private").command

    asked.refresh_from_db()
    assert asked.state == VoiceCommand.State.WAITING
    assert selectors.find_open_question(private) is None


@pytest.mark.parametrize("words", ["delete the diary", "undo", "make a project called Secrets", "show my projects"])
def test_words_in_a_group_reach_nothing_of_the_persons_own(home: Project, ada: User, words: str) -> None:
    own = Task.objects.create(owner=ada, title="Diary")
    take({"text": f"@{USERNAME} {words}", **MENTION})
    command = VoiceCommand.objects.get()
    pipeline.run(command)

    command.refresh_from_db()
    own.refresh_from_db()
    assert own.deleted_at is None
    assert list(Project.objects.values_list("name", flat=True)) == ["Home"]
    assert "Diary" not in OutboundMessage.objects.get().text + command.reply
    assert not command.results or not any(result["changed"] for result in command.results)


def test_a_task_of_a_group_is_in_its_project_and_by_who_said_it(home: Project, ada: User) -> None:
    take({"text": f"@{USERNAME}, buy milk", **MENTION})
    pipeline.run(VoiceCommand.objects.get())

    task = Task.objects.get()
    assert (task.title, task.project) == ("buy milk", home)
    assert Change.objects.get(row_id=task.pk).change_set.owner == ada


def test_a_button_that_is_not_for_groups_does_nothing_there(home: Project, ada: User) -> None:
    person = {"id": ADA, "is_bot": False, "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "group", "title": "F"}, "text": "x"}
    query = {"id": "q", "from": person, "chat_instance": "1", "data": "x", "message": message}
    update = Update.de_json({"update_id": 9, "callback_query": query}, None)
    assert update is not None
    intake.take(update, bot_id=1)

    assert accounts.find_account(ADA) is not None


def test_a_group_that_grows_keeps_its_project_however_often_that_is_told(home: Project) -> None:
    outbox.put(GROUP, "waiting", "Hello", reply_to_message_id=3, is_enqueued=False)
    take({"migrate_to_chat_id": -1_000_000_000_077}, update_id=1)
    take({"migrate_to_chat_id": -1_000_000_000_077}, update_id=2)

    assert GroupChat.objects.get().chat_id == OutboundMessage.objects.get().chat_id == -1_000_000_000_077


def test_a_group_that_sends_the_bot_away_is_let_go(home: Project) -> None:
    outbox.put(GROUP, "waiting", "Hello", is_enqueued=False)
    claim = outbox.take_next(GROUP)
    assert isinstance(claim, outbox.Claim)
    outbox.settle(claim, outbox.Refused("telegram_forbidden", is_blocked=True))

    assert not GroupChat.objects.exists()
    assert Project.objects.filter(pk=home.pk).exists()


def test_what_a_person_said_in_a_group_goes_with_them(home: Project, ada: User) -> None:
    take({"text": f"@{USERNAME} buy milk", **MENTION})
    erase_account(ada)

    assert not OutboundMessage.objects.exists()


def _choose(result_id: str, query: str = "buy milk tomorrow", *, update_id: int = 1, by: int = ADA) -> None:
    person = {"id": by, "is_bot": False, "first_name": "A"}
    chosen = {"result_id": result_id, "from": person, "query": query}
    update = Update.de_json({"update_id": update_id, "chosen_inline_result": chosen}, None)
    assert update is not None
    intake.take(update, bot_id=1)


def test_a_choice_that_is_told_twice_adds_once(ada: User, telegram: TelegramServer) -> None:
    _choose("a:1795000000:42", update_id=1)
    _choose("a:1795000000:42", update_id=2)

    assert VoiceCommand.objects.count() == OutboundMessage.objects.count() == 1


@pytest.mark.parametrize(
    "result_id", ["", "a:", "a:x:1", "a:99999999999:1", "t:5d5b6a0e-0d1f-4a57-9c0e-3a4c1c0f8a11", "a:1:1:1"]
)
def test_a_choice_that_was_not_offered_adds_nothing(ada: User, telegram: TelegramServer, result_id: str) -> None:
    _choose(result_id)
    _choose("a:1:1", "", update_id=2)
    _choose("a:1:1", by=EVE, update_id=3)

    assert not VoiceCommand.objects.exists()


def test_what_was_sent_through_the_bot_is_not_said_to_it(ada: User, telegram: TelegramServer) -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "B"}
    message = {"message_id": 1, "date": 1, "chat": {"id": ADA, "type": "private"}, "text": "📝 milk", "via_bot": bot}
    message["from"] = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None

    assert intake.take(update, bot_id=1) == Taken()


def test_a_private_project_is_not_named_to_a_group(home: Project, ada: User) -> None:
    groups.end_group(GROUP)
    take({"text": "/link"})

    assert "Home" not in str(OutboundMessage.objects.values_list("text", "buttons"))
    assert groups.list_linkable(ada) == [home]
    assert groups.list_shared(ada) == []


def test_a_mention_is_seen_while_neither_cache_nor_telegram_knows_the_name(
    home: Project, telegram: TelegramServer
) -> None:
    cache.clear()
    telegram.fail("getMe", Failure(500, "Internal Server Error"))
    take({"text": f"@{USERNAME} buy milk", **MENTION})

    assert VoiceCommand.objects.exists()


def test_who_left_a_project_turns_no_pages_of_its_lists(home: Project, ada: User) -> None:
    for number in range(9):
        Task.objects.create(owner=ada, project=home, title=f"Task {number}")
    take({"text": f"@{USERNAME} what is open?", **MENTION})
    command = VoiceCommand.objects.get()
    pipeline.run(command)
    eve = User.objects.create_user("eve")
    accounts.link_chat(EVE, accounts.make_link_code(eve), language="en")
    person = {"id": EVE, "is_bot": False, "first_name": "E"}
    message = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "group", "title": "F"}, "text": "x"}
    data = keyboards.button("▶", "l", command.pk, 1)["data"]
    query = {"id": "q", "from": person, "chat_instance": "1", "data": data, "message": message}
    update = Update.de_json({"update_id": 9, "callback_query": query}, None)
    assert update is not None
    taken = intake.take(update, bot_id=7700000001)

    assert "Task 8" not in OutboundMessage.objects.get().text
    assert taken.message_id is None
