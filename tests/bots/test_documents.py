"""Files that go to a chat."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pytest_django import Settings

from bots import accounts, documents
from bots.errors import DocumentGone, DocumentTooLarge
from tasks_app.models import User
from tasks_app.transfer.exports import ExportFormat
from tests.bots.conftest import ADA, RunningBot
from tests.fakes.telegram_server import TelegramServer

Settled = Callable[..., object]


def test_an_export_is_the_persons_file(
    ada: User, telegram: TelegramServer, bot: RunningBot, worker: None, chat_shows: Settled
) -> None:
    telegram.write(ADA, "/add buy milk")
    chat_shows("Added “buy milk”.")
    telegram.write(ADA, "/export")
    chat_shows("All that is yours.")

    [(name, content)] = telegram.documents
    assert name.startswith("tasks-")
    assert name.endswith(".json")
    assert "buy milk" in json.dumps(json.loads(content))


def test_a_chat_that_changed_hands_gets_no_file_of_the_one_before(ada: User, settings: Settings) -> None:
    account = accounts.find_account(ADA)
    assert account is not None
    described = documents.export_document(account, ExportFormat.CSV)
    assert documents.make_document(ADA, described).name.endswith(".csv")

    eve = User.objects.create_user("eve")
    accounts.link_chat(ADA, accounts.make_link_code(eve), language="en")

    with pytest.raises(DocumentGone):
        documents.make_document(ADA, described)


def test_more_than_telegram_takes_is_refused(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    account = accounts.find_account(ADA)
    assert account is not None
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    with pytest.raises(DocumentTooLarge):
        documents.make_document(ADA, documents.export_document(account, ExportFormat.JSON))
