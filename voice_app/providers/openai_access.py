"""The way to OpenAI, or to a server that speaks its API: address, key, and one call within a deadline."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx2

from voice_app.providers.addresses import host_of, may_be_key
from voice_app.providers.base import Availability, Deadline
from voice_app.providers.failures import failure_of
from voice_app.providers.http import shared_client, within

if TYPE_CHECKING:
    from openai import OpenAI

NAME = "openai"
OWN_HOST = "api.openai.com"
_NO_KEY = "none"
"""Sent where a server wants no key, since the SDK insists on one."""


class OpenAIAccess:
    """One server; safe to share between threads.

    Args:
        key: May be empty for a server that is not OpenAI's own.
        base_url: With the ``/v1``.
        http_client: Kept-alive connections; this process's own when None.
    """

    def __init__(self, key: str, base_url: str, *, http_client: httpx2.Client | None = None) -> None:
        self._key = key.strip()
        self._base_url = base_url.strip()
        self._http_client = http_client
        self._lock = threading.Lock()
        self._sdk: tuple[int, OpenAI] | None = None
        """With the process that it belongs to: a fork must not share its parent's connections."""

    @classmethod
    def from_settings(cls) -> OpenAIAccess:
        """The server that the operator set."""
        from django.conf import settings

        return cls(settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL)

    @property
    def is_own(self) -> bool:
        """Whether it is OpenAI itself, which knows parameters that others refuse."""
        return host_of(self._base_url) == OWN_HOST

    def availability(self) -> Availability:
        """Whether an address and, where it is needed, a key are set."""
        if not host_of(self._base_url):
            return Availability(
                ok=False, reason="OPENAI_BASE_URL is no web address; it looks like http://host:port/v1."
            )
        if not self._key and self.is_own:
            return Availability(ok=False, reason="OPENAI_API_KEY is not set; get a key at platform.openai.com.")
        if not may_be_key(self._key):
            return Availability(ok=False, reason="OPENAI_API_KEY holds a character that no key has; copy it again.")
        return Availability(ok=True)

    def warm_up(self, part: Callable[[OpenAI], object]) -> None:
        """Load the SDK and the part of it that will be used, which takes longer than many an answer."""
        part(self._client())

    def ask(self, call: Callable[[OpenAI, float], bytes], *, deadline: Deadline) -> bytes:
        """The body of the answer to one call, whole and in time.

        Args:
            call: Makes the call with the SDK and the seconds that are left, and returns the body as it came.
            deadline: When the answer is no longer wanted.

        Raises:
            voice_app.providers.errors.ProviderError: With what kind of trouble it was.
        """
        return within(deadline, NAME, lambda: self._send(call, deadline))

    def _send(self, call: Callable[[OpenAI, float], bytes], deadline: Deadline) -> bytes:
        from openai import OpenAIError

        try:
            return call(self._client(), deadline.remaining_seconds)
        except OpenAIError as error:
            failure = failure_of(error, NAME)
        raise failure  # out of the block, since what the SDK raised holds the key and the person's words

    def _client(self) -> OpenAI:
        from openai import OpenAI

        with self._lock:
            if self._sdk is None or self._sdk[0] != os.getpid():
                client = self._http_client or shared_client(NAME)
                sdk = OpenAI(api_key=self._key or _NO_KEY, base_url=self._base_url, http_client=client, max_retries=0)
                self._sdk = (os.getpid(), sdk)
            return self._sdk[1]
