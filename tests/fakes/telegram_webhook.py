"""How the test server brings updates to a webhook: one at a time for each chat, again until it is taken."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

RETRY_SECONDS = 0.2
ANSWER_SECONDS = 60.0


@dataclass(eq=False)
class Webhook:
    """Where updates go; an empty URL is nowhere."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    allowed_updates: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """What was answered, oldest first; 0 is no answer."""
    last_error: tuple[int, str] | None = None

    def info(self, pending: int) -> dict[str, Any]:
        """The Bot API's ``WebhookInfo``."""
        shown: dict[str, Any] = {
            "url": self.url, "has_custom_certificate": False, "pending_update_count": pending,
        }  # fmt: skip
        if self.url:
            shown |= {"max_connections": self.max_connections, "allowed_updates": self.allowed_updates}
        if self.last_error:
            shown |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        return shown


class Deliverer(threading.Thread):
    """Brings what waits until the webhook's URL is taken away.

    Args:
        webhook: Where to.
        changed: The server's lock, notified at each change.
        waiting: The list of updates; what was taken is removed from it.
    """

    def __init__(
        self, webhook: Webhook, changed: threading.Condition, waiting: Callable[[], list[dict[str, Any]]]
    ) -> None:
        super().__init__(daemon=True)
        self._webhook, self._changed, self._waiting = webhook, changed, waiting
        self._busy: set[int] = set()
        self._pauses: dict[int, float] = {}

    def run(self) -> None:
        while self._webhook.url:
            with self._changed:
                update = self._next()
                if update is None:
                    self._changed.wait(RETRY_SECONDS)
                    continue
                self._busy.add(chat_of(update))
            threading.Thread(target=self._bring, args=(update,), daemon=True).start()

    def _next(self) -> dict[str, Any] | None:
        if not self._webhook.url or len(self._busy) >= self._webhook.max_connections:
            return None
        blocked = self._busy | {chat for chat, until in self._pauses.items() if until > time.monotonic()}
        return next((update for update in self._waiting() if chat_of(update) not in blocked), None)

    def _bring(self, update: dict[str, Any]) -> None:
        status = post(self._webhook.url, json.dumps(update).encode(), self._webhook.secret)
        chat, waiting = chat_of(update), self._waiting()
        with self._changed:
            self._webhook.statuses.append(status)
            if status // 100 == 2:
                place = next((place for place, other in enumerate(waiting) if other is update), None)
                if place is not None:
                    del waiting[place]
            else:
                problem = f"Wrong response from the webhook: {status}" if status else "Connection refused"
                self._webhook.last_error = (int(time.time()), problem)
                self._pauses[chat] = time.monotonic() + RETRY_SECONDS
            self._busy.discard(chat)
            self._changed.notify_all()


def post(url: str, body: bytes, secret: str) -> int:
    """Bring it once; the answer's status, or 0."""
    address = urlsplit(url)
    headers = {"Content-Type": "application/json", **({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})}
    try:
        with closing(HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_SECONDS)) as connection:
            connection.request("POST", address.path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
    except (OSError, HTTPException):
        return 0


def chat_of(update: dict[str, Any]) -> int:
    """Whose turn it is: the chat, or the person where there is none."""
    content = next(value for key, value in update.items() if key != "update_id")
    chat = content.get("chat") or content.get("message", {}).get("chat") or content["from"]
    return int(chat["id"])
