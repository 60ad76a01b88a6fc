"""One POST to an address that somebody typed: to a checked address, once, in time, and with little of its answer.

No redirect is followed, no proxy of the environment is asked, no connection is kept.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpcore2
from httpcore2 import NetworkBackend, NetworkStream, SyncBackend

from voicebot.errors import AppError, ErrorCategory
from voicebot.outward.addresses import Guard

ANSWER_BYTES = 1000
MOST_TRIED = 3
"""Addresses of one name to which a connection is tried."""


class OutwardUnreachable(AppError):
    """The server cannot be connected to, or broke off, or does not speak HTTP."""

    code = "outward_unreachable"
    http_status = 502
    category = ErrorCategory.UNREACHABLE


class OutwardNotConnected(OutwardUnreachable):
    """No connection was made, so nothing was sent."""


class OutwardTimeout(AppError):
    """The server did not answer in time."""

    code = "outward_timeout"
    http_status = 504
    category = ErrorCategory.TIMEOUT


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    start: str
    """The first :data:`ANSWER_BYTES` of the body, as text."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in small letters."""


def post(guard: Guard, url: str, headers: Mapping[str, str], body: bytes, *, seconds: float) -> Answer:
    """Send a body.

    Args:
        guard: Where it may go.
        url: Read and checked anew.
        headers: Without ``Host`` and ``Content-Length``.
        body: Any bytes.
        seconds: For all of it, from the first connection on.

    Raises:
        OutwardUrlInvalid, OutwardAddressRefused, OutwardUnreachable, OutwardTimeout
        OutwardNotConnected, OutwardNameUnknown: Surely nothing was sent.
    """
    target = guard.read(url)
    backend = _Checked(guard, time.monotonic() + seconds)
    sent = {"Host": target.host_header, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    address = httpcore2.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
    )
    pool = httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=backend, max_keepalive_connections=0)
    try:
        with pool, pool.stream("POST", address, headers=list(sent.items()), content=body) as response:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(response.status, _start_of(response.iter_stream()), headers)
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        raise OutwardNotConnected from error
    except httpcore2.TimeoutException as error:
        raise OutwardTimeout from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise OutwardUnreachable from error


def _start_of(chunks: Iterable[bytes]) -> str:
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= ANSWER_BYTES:
            break
    return start[:ANSWER_BYTES].decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass
class _Checked(NetworkBackend):
    """Connects to nothing but what the guard permits."""

    guard: Guard
    ends_at: float
    """On the monotonic clock."""
    system: NetworkBackend = field(default_factory=SyncBackend)

    def connect_tcp(self, host: str, port: int, *_args: Any, **_kwargs: Any) -> NetworkStream:  # noqa: ANN401  # the library's own
        """To the first of the checked addresses that answers; the name is not looked up again."""
        failure: Exception = httpcore2.ConnectError("no address")
        for address in self.guard.addresses(host, port)[:MOST_TRIED]:
            try:
                return _Timed(self.system.connect_tcp(address, port, timeout=_left(self.ends_at)), self.ends_at)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


@dataclass
class _Timed(NetworkStream):
    """A connection that ends at one moment, however slowly the bytes drip."""

    stream: NetworkStream
    ends_at: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # the moment counts
        """At most so many bytes."""
        return self.stream.read(max_bytes, timeout=_left(self.ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  # the moment counts
        """All of it."""
        self.stream.write(buffer, timeout=_left(self.ends_at))

    def close(self) -> None:
        """End it."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  # the moment counts
    ) -> NetworkStream:
        """The certificate is for the name, not for the address."""
        return _Timed(self.stream.start_tls(ssl_context, server_hostname, _left(self.ends_at)), self.ends_at)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # the library's own
        """What the connection says."""
        return self.stream.get_extra_info(info)


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is over")
    return left
