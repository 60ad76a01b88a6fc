"""How this program speaks to a provider: kept-alive connections, a total time, and a bound on what is read.

The time-outs of an HTTP client start anew with every read, so a server that sends a byte now and then holds a call
for ever; here the deadline covers everything from the name's look-up to the last byte.
"""

from __future__ import annotations

import contextvars
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import lru_cache, partial
from typing import TypeVar

import httpx2

from voice_app.providers.base import Deadline
from voice_app.providers.errors import ProviderTimedOut

MAX_ANSWER_BYTES = 262_144
"""Far more than any answer needs: ten minutes of speech are 15 KB of text."""

_Answer = TypeVar("_Answer")


class AnswerTooLarge(httpx2.DecodingError):
    """More bytes came than any answer has, or they came packed; a kind that every SDK passes on."""


def shared_client(provider: str, *, max_answer_bytes: int = MAX_ANSWER_BYTES) -> httpx2.Client:
    """This process's client for a provider; connections stay open between calls, and its threads may share it."""
    return _client(os.getpid(), provider, max_answer_bytes)


@lru_cache(maxsize=16)
def _client(_process: int, _provider: str, max_answer_bytes: int) -> httpx2.Client:
    """A fork must not share its parent's connections, hence one for each process."""
    return new_client(max_answer_bytes=max_answer_bytes)


def new_client(
    transport: httpx2.BaseTransport | None = None, *, max_answer_bytes: int = MAX_ANSWER_BYTES
) -> httpx2.Client:
    """A client that takes a call's read time-out for the whole answer and reads no more than it should.

    Redirects are not followed, since they would carry the key elsewhere.

    Args:
        transport: What carries the requests; None for a pool of connections, by the environment's proxies.
        max_answer_bytes: What is read of one answer.
    """
    return httpx2.Client(
        transport=transport,
        headers={"Accept-Encoding": "identity"},
        limits=httpx2.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=60),
        event_hooks={"request": [_start_clock], "response": [partial(_bound_answer, max_bytes=max_answer_bytes)]},
    )


def within(deadline: Deadline, provider: str, call: Callable[[], _Answer]) -> _Answer:
    """What ``call`` returns or raises, given up at the deadline wherever it hangs.

    It runs in a thread of its own, since a look-up of a name and a slow handshake cannot be interrupted; one that is
    given up ends by itself and its answer is dropped.

    Raises:
        ProviderTimedOut: The deadline passed first.
    """
    if deadline.remaining_seconds <= 0:
        raise ProviderTimedOut(provider=provider)
    answer: Future[_Answer] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            answer.set_result(context.run(call))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            answer.set_exception(error)

    threading.Thread(target=run, name=f"provider-{provider}", daemon=True).start()
    try:
        return answer.result(timeout=deadline.remaining_seconds)
    except TimeoutError:
        raise ProviderTimedOut(provider=provider) from None


def _start_clock(request: httpx2.Request) -> None:
    seconds = request.extensions.get("timeout", {}).get("read")
    if seconds is not None:
        request.extensions["deadline"] = Deadline.after(seconds)


def _bound_answer(response: httpx2.Response, max_bytes: int) -> None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise AnswerTooLarge("packed, which was not asked for", request=response.request)
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(response.stream, response.request, max_bytes)


class _BoundedStream(httpx2.SyncByteStream):
    """A body that ends with an error when it is too large or comes too late."""

    def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request, max_bytes: int) -> None:
        self._stream, self._request, self._max_bytes = stream, request, max_bytes
        self._deadline: Deadline | None = request.extensions.get("deadline")

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for part in self._stream:
            count += len(part)
            if count > self._max_bytes:
                raise AnswerTooLarge("too many bytes", request=self._request)
            if self._deadline is not None and self._deadline.remaining_seconds <= 0:
                raise httpx2.ReadTimeout("not whole in time", request=self._request)
            yield part

    def close(self) -> None:
        self._stream.close()
