"""One file from a server to the disk: goes on where it stopped, and is what it should be or is not kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from voice_app.providers.stt.catalogue import ModelFile
from voice_app.providers.stt.fetch_errors import (
    ModelChecksumUnknown,
    ModelChecksumWrong,
    ModelNotAtSource,
    ModelRedirectRefused,
    ModelSizeWrong,
    ModelSourceFailed,
    ModelSourceUnreachable,
)
from voice_app.providers.stt.fetched import FileRecord

_BLOCK = 2**20
_MOST_REDIRECTS = 5
_MOST_INTERRUPTIONS = 50
_STORES = ("huggingface.co", "hf.co")
"""Hugging Face sends to hosts below these for large files."""
_DIGEST = re.compile(r'(?:W/)?"?([0-9a-f]{64}|[0-9a-f]{40})"?')


@dataclass
class _Part:
    """A file on its way."""

    client: httpx.Client
    address: str
    file: ModelFile
    path: Path
    report: Callable[[int], None]
    published: str = ""
    """What the source says that it is: SHA-256, or what Git calls the file."""

    @property
    def have(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def host(self) -> str:
        return httpx.URL(self.address).host


def new_client(timeout_seconds: float = 30.0) -> httpx.Client:
    """A client for downloads; redirects are followed by hand, packed answers are not asked for.

    Args:
        timeout_seconds: Without a byte, before the connection counts as broken.
    """
    return httpx.Client(headers={"Accept-Encoding": "identity", "User-Agent": "voicebot"}, timeout=timeout_seconds)


def download(
    client: httpx.Client, address: str, file: ModelFile, path: Path, report: Callable[[int], None]
) -> FileRecord:
    """Bring a file to ``path``, where a part of it may lie already.

    Args:
        client: See :func:`new_client`.
        address: Where it is.
        file: What it should be.
        path: Where it goes; what came stays there when the connection breaks.
        report: Told how many bytes of the file are here, again and again.

    Returns:
        What came, and what it was compared with.

    Raises:
        ModelSourceUnreachable: No connection; another try goes on from there.
        ModelNotAtSource, ModelSourceFailed, ModelRedirectRefused: The server does not give it.
        ModelSizeWrong, ModelChecksumWrong, ModelChecksumUnknown: It is not the file that it should be.
    """
    part = _Part(client, address, file, path, report)
    if part.have > file.size:
        path.unlink()
    if part.have < file.size or not file.sha256:
        _bring(part)
    return _checked(part)


def _bring(part: _Part) -> None:
    """Ask again after each interruption that brought something.

    The last byte is always asked for, since the source says with it which file it is.
    """
    for _ in range(_MOST_INTERRUPTIONS):
        before = min(part.have, part.file.size - 1)
        try:
            _stream(part, before)
        except httpx.TransportError as error:
            if part.have <= before:
                raise ModelSourceUnreachable(host=part.host) from error
            continue
        return
    raise ModelSourceUnreachable(host=part.host)


def _stream(part: _Part, start: int) -> None:
    with _open(part, start) as answer:
        at = _offset(part, answer, start)
        with part.path.open("r+b" if part.path.is_file() else "wb") as target:
            target.truncate(at)
            target.seek(at)
            for block in answer.iter_raw():
                at += len(block)
                if at > part.file.size:
                    raise ModelSizeWrong(file=part.file.name)
                target.write(block)
                part.report(at)
    if at < part.file.size:
        raise httpx.ReadError("it ended too early")


@contextmanager
def _open(part: _Part, start: int) -> Iterator[httpx.Response]:
    """The answer to the request for the bytes from ``start`` on, wherever the source keeps them."""
    headers = {"Range": f"bytes={start}-"} if start else {}
    url = httpx.URL(part.address)
    for _ in range(_MOST_REDIRECTS):
        answer = part.client.send(part.client.build_request("GET", url, headers=headers), stream=True)
        try:
            if url.host == part.host:
                part.published = _published(answer) or part.published
            if answer.next_request is None:
                _refuse_failure(part, answer)
                yield answer
                return
            target = answer.next_request.url
        finally:
            answer.close()
        if not _is_trusted(url, target):
            raise ModelRedirectRefused(host=url.host, target=f"{target.scheme}://{target.host}")
        url = target
    raise ModelSourceFailed(host=part.host, status=310)


def _refuse_failure(part: _Part, answer: httpx.Response) -> None:
    if answer.status_code in {404, 410}:
        raise ModelNotAtSource(host=part.host)
    if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise ModelSizeWrong(file=part.file.name)
    packed = answer.headers.get("Content-Encoding", "identity") != "identity"
    if packed or answer.status_code not in {200, 206}:
        raise ModelSourceFailed(host=part.host, status=answer.status_code)


def _offset(part: _Part, answer: httpx.Response, start: int) -> int:
    """Where in the file the answer begins: a server may send all of it again."""
    size = part.file.size
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        if answer.headers.get("Content-Range", "") != f"bytes {start}-{size - 1}/{size}":
            raise ModelSizeWrong(file=part.file.name)
        return start
    if answer.headers.get("Content-Length", str(size)) != str(size):
        raise ModelSizeWrong(file=part.file.name)
    return 0


def _is_trusted(source: httpx.URL, target: httpx.URL) -> bool:
    """Whether bytes may come from there: the same host, or a store of Hugging Face, and never with less protection."""
    if target.scheme != "https" and (target.scheme != "http" or source.scheme != "http"):
        return False
    if target.host == source.host:
        return target.port == source.port or source.scheme != target.scheme
    return target.scheme == "https" and any(
        target.host.endswith(f".{store}") or target.host == store for store in _STORES
    )


def _published(answer: httpx.Response) -> str:
    for name in ("X-Linked-Etag", "ETag"):
        found = _DIGEST.fullmatch(answer.headers.get(name, ""))
        if found:
            return found[1]
    return ""


def _checked(part: _Part) -> FileRecord:
    """Compare with the catalogue, else with what the source published."""
    wanted = part.file.sha256 or part.published
    if not wanted:
        raise ModelChecksumUnknown(file=part.file.name)
    size = part.file.size
    with part.path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        is_git_name = len(wanted) != len(sha256)
        found = _git_name(content, size) if is_git_name else sha256
    if part.have != size or found != wanted:
        raise ModelChecksumWrong(file=part.file.name)
    part.report(size)
    source = "the catalogue" if part.file.sha256 else f"the {'Git name' if is_git_name else 'SHA-256'} from {part.host}"
    return FileRecord(size=size, sha256=sha256, compared_with=source)


def _git_name(content: BinaryIO, size: int) -> str:
    """What Git calls a file of this content: Hugging Face publishes it for small files."""
    content.seek(0)
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while block := content.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()
