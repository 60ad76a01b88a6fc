"""The Bot API's methods, as far as the bot calls them; what Telegram would refuse is refused."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.fakes.telegram_chats import Chats
from tests.fakes.telegram_values import Call, Failure, Refusal, Shown
from tests.fakes.telegram_webhook import Deliverer, Webhook

MAX_TEXT_UNITS = 4096
MAX_CALLBACK_BYTES = 64
MAX_INLINE_RESULTS = 50


class Methods(Chats):
    """Each ``_do_`` is a method; its name there is in camel case."""

    def handle(self, method: str, params: dict[str, Any]) -> tuple[int, dict[str, Any] | bytes] | None:
        """Carry out a call; None breaks the connection."""
        with self._changed:
            failure = self._failures[method].popleft() if self._failures[method] else self.accident(method)
            self.calls.append(Call(method, params, time.monotonic(), failure))
            self._changed.notify_all()
        if failure is not None and not failure.is_carried_out:
            return _failed(failure)
        action = getattr(self, f"_do_{_snake(method)}", None)
        if action is None:
            return _refusal(404, "Not Found", None)
        try:
            with self._changed:
                result = action(params)
                self._changed.notify_all()
        except Refusal as refusal:
            return _refusal(refusal.status, refusal.description, refusal.parameters)
        return None if failure is not None else (200, {"ok": True, "result": result})

    def file(self, path: str) -> bytes | Failure:
        """The bytes of a file, or how the download fails."""
        with self._changed:
            if self._failures["file"]:
                return self._failures["file"].popleft()
            data = self.files.get(path.removeprefix("voice/"))
        return Failure(404, "Not Found") if data is None else data

    def _do_get_me(self, _params: dict[str, Any]) -> dict[str, Any]:
        return self._bot()

    def _do_get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """A second request ends the first, as Telegram does."""
        if self.webhook.url:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        self._poll_number += 1
        mine = self._poll_number
        self._changed.notify_all()
        end = time.monotonic() + float(params.get("timeout", 0))
        self._repeated += [one for one in self.updates if one["update_id"] < offset and self.is_repeated()]
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        while not self.updates and time.monotonic() < end and self._poll_number == mine:
            self._changed.wait(end - time.monotonic())
        if self._poll_number != mine:
            raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one runs")
        repeated, self._repeated = self._repeated, []
        return (repeated + self.updates)[:limit]

    def _do_set_webhook(self, params: dict[str, Any]) -> bool:
        self.webhook = Webhook(
            params["url"],
            params.get("secret_token", ""),
            int(params.get("max_connections", 40)),
            json.loads(params.get("allowed_updates", "[]")),
        )
        self._poll_number += 1  # ends a poll that is under way
        Deliverer(self.webhook, self._changed, lambda: self.updates).start()
        return True

    def _do_delete_webhook(self, params: dict[str, Any]) -> bool:
        self.webhook.url = ""
        self.webhook = Webhook()
        if params.get("drop_pending_updates") in {True, "true"}:
            self.updates.clear()
        return True

    def _do_get_webhook_info(self, _params: dict[str, Any]) -> dict[str, Any]:
        return self.webhook.info(len(self.updates))

    def _do_send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(params["chat_id"])
        self._check_chat(chat_id)
        text, buttons = _checked(params)
        reply = json.loads(params.get("reply_parameters", "{}")).get("message_id")
        shown = Shown(self._message_id(), text, buttons, reply, [text])
        self._chats[chat_id][shown.message_id] = shown
        return self._bot_message(chat_id, shown)

    def _do_send_document(self, params: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(params["chat_id"])
        self._check_chat(chat_id)
        name, content = params["document"]
        self.documents.append((name, content))
        shown = Shown(self._message_id(), f"📄 {params.get('caption', '')}".strip(), [], None)
        self._chats[chat_id][shown.message_id] = shown
        return self._bot_message(chat_id, shown)

    def _do_send_voice(self, params: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(params["chat_id"])
        self._check_chat(chat_id)
        _name, content = params["voice"]
        if not content.startswith(b"OggS"):
            raise Refusal(400, "Bad Request: wrong file type")
        self.voices.append(content)
        reply = json.loads(params.get("reply_parameters", "{}")).get("message_id")
        shown = Shown(self._message_id(), "🔊 (a voice message)", [], reply)
        self._chats[chat_id][shown.message_id] = shown
        return self._bot_message(chat_id, shown)

    def _do_edit_message_text(self, params: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(params["chat_id"])
        self._check_chat(chat_id)
        text, buttons = _checked(params)
        shown = self._chats[chat_id].get(int(params["message_id"]))
        if shown is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if (shown.text, shown.buttons) == (text, buttons):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        shown.text, shown.buttons = text, buttons
        shown.texts.append(text)
        return self._bot_message(chat_id, shown)

    def _do_delete_message(self, params: dict[str, Any]) -> bool:
        if self._chats[int(params["chat_id"])].pop(int(params["message_id"]), None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return True

    def _do_answer_callback_query(self, params: dict[str, Any]) -> bool:
        self.answers.append(params)
        return True

    def _do_answer_inline_query(self, params: dict[str, Any]) -> bool:
        results = json.loads(params["results"])
        if len(results) > MAX_INLINE_RESULTS or any(len(one["id"].encode()) > MAX_CALLBACK_BYTES for one in results):
            raise Refusal(400, "Bad Request: RESULTS_TOO_MUCH or RESULT_ID_INVALID")
        self.inline_answers.append(params)
        return True

    def _do_get_file(self, params: dict[str, Any]) -> dict[str, Any]:
        data = self.files.get(params["file_id"])
        if data is None:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        name = params["file_id"]
        return {"file_id": name, "file_unique_id": f"u-{name}", "file_size": len(data), "file_path": f"voice/{name}"}

    def _do_set_my_commands(self, params: dict[str, Any]) -> bool:
        self.commands[params.get("language_code", "")] = json.loads(params["commands"])
        return True

    def _do_get_my_commands(self, params: dict[str, Any]) -> list[dict[str, str]]:
        return self.commands.get(params.get("language_code", ""), [])

    def _check_chat(self, chat_id: int) -> None:
        if chat_id in self.blocked_by:
            raise Refusal(403, "Forbidden: bot was blocked by the user")


def _checked(params: dict[str, Any]) -> tuple[str, list[list[dict[str, Any]]]]:
    text = params.get("text", "")
    units = len(text.encode("utf-16-le")) // 2
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if units > MAX_TEXT_UNITS:
        raise Refusal(400, "Bad Request: message is too long")
    buttons = json.loads(params.get("reply_markup") or "{}").get("inline_keyboard", [])
    for row in buttons:
        for button in row:
            if len(button["callback_data"].encode()) > MAX_CALLBACK_BYTES:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return text, buttons


def _failed(failure: Failure) -> tuple[int, dict[str, Any] | bytes] | None:
    time.sleep(failure.delay_seconds)
    if failure.is_reset:
        return None
    if failure.body is not None:
        return failure.status, failure.body
    return _refusal(failure.status, failure.description, failure.parameters)


def _refusal(status: int, description: str, parameters: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return status, {**body, **({"parameters": parameters} if parameters else {})}


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
