"""A Bot API server for tests: real HTTP, chats that people write in, and failures on demand.

It keeps what each chat shows, so that a test can say what a person would see, and refuses what Telegram
would refuse.
"""

from __future__ import annotations

import datetime as dt
import json
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.telegram_webhook import Deliverer, Webhook

TOKEN = "7700000001:AAF-test_token_of_the_local_server_00"
USERNAME = "voicebot_test_bot"
MAX_TEXT_UNITS = 4096
MAX_CALLBACK_BYTES = 64
MAX_INLINE_RESULTS = 50


@dataclass
class Shown:
    """A message of the bot as the chat shows it."""

    message_id: int
    text: str
    buttons: list[list[dict[str, Any]]]
    reply_to: int | None
    texts: list[str] = field(default_factory=list)
    """All texts that it ever had, oldest first."""

    @property
    def labels(self) -> list[str]:
        """The buttons from left to right and top to bottom."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass(frozen=True)
class Failure:
    """What happens to a call instead of, or after, its being carried out."""

    status: int = 0
    description: str = ""
    parameters: dict[str, Any] | None = None
    is_reset: bool = False
    """The connection breaks."""
    is_carried_out: bool = False
    """The call has its effect, and only its answer is lost."""
    body: bytes | None = None
    """Answered as it is, instead of JSON."""
    delay_seconds: float = 0.0
    """Before the answer."""


@dataclass(frozen=True)
class Call:
    """A call that was received."""

    method: str
    params: dict[str, Any]
    at: float
    """Monotonic seconds."""
    failure: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether it was not answered as it should be."""
        return self.failure is not None


class Refusal(Exception):
    """The answer to a call that cannot be carried out."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class TelegramServer:
    """The server and the people who use it.

    Args:
        token: The only token that it knows.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self._changed = threading.Condition()
        self._http: _Server | None = None
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

    # What a test does to the server

    def start(self, port: int = 0) -> None:
        """Listen on a port of this machine; 0 for a free one."""
        server = self

        class Handler(_Handler):
            telegram = server

        self._http = _Server(("127.0.0.1", port), Handler)
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

    # The protocol

    history: list[dict[str, Any]] = []

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that was killed is no error here."""

    def end_connections(self) -> None:
        """End those that clients keep open."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    telegram: TelegramServer

    def do_POST(self) -> None:
        """A call."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _slash, method = self.path.removeprefix("/bot").partition("/")
        params = _params(self.headers.get("Content-Type", ""), body)
        if token != self.telegram.token:
            self._answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        answer = self.telegram.handle(method, params)
        if answer is None:
            self._break()
        else:
            self._answer(*answer)

    def do_GET(self) -> None:
        """A call without parameters, or a file."""
        if not self.path.startswith("/file/bot"):
            self.do_POST()
            return
        token, _slash, path = self.path.removeprefix("/file/bot").partition("/")
        found = self.telegram.file(path) if token == self.telegram.token else Failure(401, "Unauthorized")
        if isinstance(found, bytes):
            self._send(200, found, "application/octet-stream")
        elif found.is_reset:
            self._break()
        else:
            self._answer(found.status, {"ok": False, "error_code": found.status, "description": found.description})

    def log_message(self, *_args: Any) -> None:
        """Keep quiet."""

    def _answer(self, status: int, payload: dict[str, Any] | bytes) -> None:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._send(status, body, "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def _break(self) -> None:
        """End the connection with a reset, without an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


def _params(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters of a call; a file is its name and its content."""
    if "json" in content_type:
        return dict(json.loads(body or b"{}"))
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    params: dict[str, Any] = {}
    for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        params[str(name)] = (part.get_filename(), content) if part.get_filename() else content.decode()
    return params


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
