"""A Bot API server for tests: real HTTP, chats that people write in, and failures on demand.

It keeps what each chat shows, so that a test can say what a person would see, and refuses what Telegram
would refuse.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_chats import TOKEN, USERNAME
from tests.fakes.telegram_http import BotApiHandler, BotApiServer
from tests.fakes.telegram_methods import Methods
from tests.fakes.telegram_values import Call, Failure, Shown

__all__ = ["TOKEN", "USERNAME", "Call", "Failure", "Shown", "TelegramServer"]


class TelegramServer(Methods):
    """The server and the people who use it.

    Args:
        token: The only token that it knows.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self._http: BotApiServer | None = None
        super().__init__(token)

    # What a test does to the server

    def start(self, port: int = 0) -> None:
        """Listen on a port of this machine; 0 for a free one."""
        server = self

        class Handler(BotApiHandler):
            telegram = server

        self._http = BotApiServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        assert self._http is not None
        self.reset()
        self._http.shutdown()
        self._http.server_close()

    def stop_listening(self) -> None:
        """Refuse connections; chats stay as they are."""
        assert self._http is not None
        self._http.shutdown()
        self._http.server_close()
        self._http.end_connections()

    def listen_again(self) -> None:
        """Listen at the same address."""
        assert self._http is not None
        self.start(self._http.server_address[1])

    def migrate(self, old: int, new: int) -> None:
        """A group grows into a supergroup; both chats tell it."""
        with self._changed:
            self.blocked_by.add(old)
        self.send(old, {"migrate_to_chat_id": new}, by=1)
        self.send(new, {"migrate_from_chat_id": old}, by=1)

    def forget_message(self, chat_id: int) -> None:
        """A person deletes the bot's newest message."""
        with self._changed:
            self._chats[chat_id].popitem()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._http is not None
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of a method, or of ``file``, fail in these ways."""
        with self._changed:
            self._failures[method].extend(failures)

    # What a person does

    def write(
        self, chat_id: int, text: str, *, at: dt.datetime | None = None, by: int | None = None, **extra: Any
    ) -> int:
        """A person sends text; their message's id."""
        entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}
        content = {"text": text, **(entities if text.startswith("/") else {}), **extra}
        return self._receive(chat_id, content, at, by=by)

    def speak(
        self, chat_id: int, data: bytes, *, kind: str = "voice", seconds: int = 3, at: dt.datetime | None = None,
        size: int | None = None, by: int | None = None, **extra: Any,
    ) -> int:  # fmt: skip
        """A person sends a recording; their message's id."""
        with self._changed:
            file_id = f"file-{self._next_file}"
            self._next_file += 1
            self.files[file_id] = data
        media: dict[str, Any] = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "duration": seconds}
        media["file_size"] = len(data) if size is None else size
        media |= {"video_note": {"length": 240}, "video": {"width": 320, "height": 240}}.get(kind, {})
        return self._receive(chat_id, {kind: media, **extra}, at, by=by)

    def send(
        self, chat_id: int, content: dict[str, Any], *, at: dt.datetime | None = None, by: int | None = None
    ) -> int:
        """A person sends anything else, given as the fields of the message; its id."""
        return self._receive(chat_id, content, at, by=by)

    def edit(self, chat_id: int, text: str, *, at: dt.datetime | None = None) -> None:
        """A person changes the text of their newest message."""
        with self._changed:
            own = [update["message"] for update in self.history if update.get("message", {}).get("text")]
            message = [one for one in own if one["chat"]["id"] == chat_id][-1]
            edited = int((at or dt.datetime.now(dt.UTC)).timestamp())
            self.add_update({"edited_message": {**message, "text": text, "edit_date": edited}})

    def press(self, chat_id: int, label: str, *, under: str = "", by: int | None = None) -> str:
        """A person presses the newest button with this label, under a message with this text; the query's id.

        Raises:
            AssertionError: The chat shows no such button.
        """
        for message in reversed([message for message in self.chat(chat_id) if under in message.text]):
            for row in message.buttons:
                for button in row:
                    if button["text"] == label:
                        return self.press_data(chat_id, message.message_id, button["callback_data"], by=by)
        raise AssertionError(f"no button {label!r} in {self.transcript(chat_id)}")

    def press_data(self, chat_id: int, message_id: int, data: str, *, by: int | None = None) -> str:
        """A client sends this as a press of a button, whether there is one or not."""
        with self._changed:
            query_id = f"query-{self._next_query}"
            self._next_query += 1
            shown = self._chats[chat_id].get(message_id)
            message = self._bot_message(chat_id, shown) if shown else None
            query = {"id": query_id, "from": self._person(by or chat_id), "chat_instance": str(chat_id), "data": data}
            self.add_update({"callback_query": {**query, **({"message": message} if message else {})}})
        return query_id

    def block(self, chat_id: int) -> None:
        """A person blocks the bot; it is told only when it writes to them."""
        self.blocked_by.add(chat_id)

    def change_membership(self, chat_id: int, before: str, now: str, *, by: int | None = None) -> None:
        """The bot is told what becomes of it in a chat: ``member``, ``left`` or ``kicked``."""
        with self._changed:
            (self.blocked_by.discard if now == "member" else self.blocked_by.add)(chat_id)
            change = {
                "chat": self._chat(chat_id),
                "from": self._person(by or chat_id),
                "date": int(time.time()),
                "old_chat_member": self._membership(before),
                "new_chat_member": self._membership(now),
            }
            self.add_update({"my_chat_member": change})

    def ask_inline(self, person_id: int, words: str) -> str:
        """A person types behind the bot's name in some other chat; the query's id."""
        with self._changed:
            query_id = str(10**17 + self._next_query)
            self._next_query += 1
            query = {"id": query_id, "from": self._person(person_id), "query": words, "offset": ""}
            self.add_update({"inline_query": query})
        return query_id

    def choose_inline(self, person_id: int, title: str, words: str) -> str:
        """They choose an offer that has this title; the text that is sent in that chat."""
        with self._changed:
            [offer] = [one for one in json.loads(self.inline_answers[-1]["results"]) if one["title"] == title]
            chosen = {"result_id": offer["id"], "from": self._person(person_id), "query": words}
            self.add_update({"chosen_inline_result": chosen})
        return str(offer["input_message_content"]["message_text"])

    def set_name(self, person_id: int, name: str) -> None:
        """What a person calls themselves."""
        self._names[person_id] = name

    def set_language(self, chat_id: int, code: str) -> None:
        """What a person's Telegram is set to."""
        self._languages[chat_id] = code

    def deliver_again(self, count: int = 1) -> None:
        """Telegram brings its newest updates once more, as it does when an acknowledgement was lost."""
        with self._changed:
            self.updates.extend(self.history[-count:])
            self._changed.notify_all()

    # What a person sees

    def chat(self, chat_id: int) -> list[Shown]:
        """The bot's messages in a chat, oldest first."""
        with self._changed:
            return list(self._chats[chat_id].values())

    def message_with(self, chat_id: int, text: str) -> dict[str, Any]:
        """The bot's oldest message that has this text, as people answer it."""
        return next(self._bot_message(chat_id, shown) for shown in self.chat(chat_id) if text in shown.text)

    def transcript(self, chat_id: int) -> str:
        """The chat as text, for the message of a test that fails."""
        return "\n---\n".join(f"{message.text} {message.labels}" for message in self.chat(chat_id))

    def wait_until(self, condition: Callable[[], bool], seconds: float = 60.0) -> bool:
        """Wait for something to be seen; False when it was not in time."""
        limit = time.monotonic() + seconds
        with self._changed:
            return bool(self._changed.wait_for(condition, timeout=max(0.0, limit - time.monotonic())))

    def calls_of(self, method: str) -> list[Call]:
        """The calls of a method, oldest first."""
        with self._changed:
            return [call for call in self.calls if call.method == method]
