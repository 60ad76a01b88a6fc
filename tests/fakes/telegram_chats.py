"""The chats of the Bot API server of the tests, and the objects in which it tells of them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_values import Call, Failure, Shown
from tests.fakes.telegram_webhook import Webhook

TOKEN = "7700000001:AAF-test_token_of_the_local_server_00"
USERNAME = "voicebot_test_bot"


class Chats:
    """What was said, what is to be told, and what went wrong, under one lock.

    Args:
        token: The only token that the server knows.
    """

    history: list[dict[str, Any]] = []

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self._changed = threading.Condition()
        self._next_update, self._next_message, self._next_file, self._next_query = 1, 1, 1, 1
        self.reset()

    def reset(self) -> None:
        """Forget all chats, calls and failures; ids go on."""
        with self._changed:
            if hasattr(self, "webhook"):
                self.webhook.url = ""
            self.updates: list[dict[str, Any]] = []
            self.calls: list[Call] = []
            self.files: dict[str, bytes] = {}
            self.documents: list[tuple[str, bytes]] = []
            """Name and content of each file that came, oldest first."""
            self.voices: list[bytes] = []
            self.answers: list[dict[str, Any]] = []
            self.inline_answers: list[dict[str, Any]] = []
            self.commands: dict[str, list[dict[str, str]]] = {}
            self._chats: dict[int, dict[int, Shown]] = defaultdict(dict)
            self._languages: dict[int, str] = {}
            self._names: dict[int, str] = {}
            self._failures: dict[str, deque[Failure]] = defaultdict(deque)
            self._poll_number = 0
            self.blocked_by: set[int] = set()
            self.webhook = Webhook()
            self.accident: Callable[[str], Failure | None] = lambda _method: None
            """How a call fails that no test has asked to fail."""
            self.is_repeated: Callable[[], bool] = lambda: False
            """Whether an update that was acknowledged is brought once more."""
            self._repeated: list[dict[str, Any]] = []
            self._changed.notify_all()

    def _receive(self, chat_id: int, content: dict[str, Any], at: dt.datetime | None, *, by: int | None = None) -> int:
        moment = at or dt.datetime.now(dt.UTC)
        with self._changed:
            message_id = self._message_id()
            message = {
                "message_id": message_id,
                "date": int(moment.timestamp()),
                "chat": self._chat(chat_id),
                "from": self._person(by or chat_id),
            }
            self.add_update({"message": {**message, **content}})
        return message_id

    def add_update(self, content: dict[str, Any]) -> None:
        """Something happens, told as the platform tells it."""
        with self._changed:
            update = {"update_id": self._next_update, **content}
            self._next_update += 1
            self.history = [*self.history, update]
            self.updates.append(update)
            self._changed.notify_all()

    def _message_id(self) -> int:
        self._next_message += 1
        return self._next_message

    def _bot(self) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Voicebot", "username": USERNAME}

    def _person(self, chat_id: int) -> dict[str, Any]:
        language = self._languages.get(chat_id, "en")
        name = self._names.get(chat_id, "Ada")
        return {"id": abs(chat_id), "is_bot": False, "first_name": name, "language_code": language}

    def _membership(self, status: str) -> dict[str, Any]:
        ban = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._bot(), "status": status, **ban}

    def _chat(self, chat_id: int) -> dict[str, Any]:
        if chat_id < 0:
            return {"id": chat_id, "type": "group", "title": "Family"}
        return {"id": chat_id, "type": "private", "first_name": self._names.get(chat_id, "Ada")}

    def _bot_message(self, chat_id: int, shown: Shown) -> dict[str, Any]:
        return {
            "message_id": shown.message_id,
            "date": int(time.time()),
            "chat": self._chat(chat_id),
            "from": self._bot(),
            "text": shown.text,
        }
