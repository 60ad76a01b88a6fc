"""Keeping what was built from data files, so that the next process need not build it again.

It stands beside the bytecode of the package, in the same form and under the same trust, and is as dispensable: a file
that is missing, stale, damaged or in a folder that cannot be written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import threading
from collections.abc import Callable, Sequence
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_DIGEST_BYTES = 32


def kept(name: str, data: Path, code: Sequence[str], build: Callable[[], Any]) -> Any:  # noqa: ANN401 - as it was built
    """What was built from a data file, from an earlier process where that is still true.

    Args:
        name: What it is, as a file may be built into several things.
        data: The file that it is built from.
        code: Paths of the modules that build it: when one changes, it is built again.
        build: Builds it from plain values only: numbers, strings, lists, tuples, mappings and frozen sets.

    Raises:
        FileNotFoundError: When there is no data file.
    """
    key = b"".join(hashlib.sha256(Path(path).read_bytes()).digest() for path in (str(data), *code))
    place = Path(cache_from_source(str(data))).with_suffix(f".{name}")
    with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
        digest, payload = _halves(place.read_bytes())
        if digest == hashlib.sha256(key + payload).digest():
            return marshal.loads(payload)  # noqa: S302 - as trusted as the bytecode that it lies beside
    built = build()
    payload = marshal.dumps(built)
    with contextlib.suppress(OSError):
        _write(place, hashlib.sha256(key + payload).digest() + payload)
    return built


def _halves(content: bytes) -> tuple[bytes, bytes]:
    return content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]


def _write(place: Path, content: bytes) -> None:
    """Put a file in place as a whole, so that nobody reads half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f"{place.suffix}-{os.getpid()}-{threading.get_ident()}")
    try:
        draft.write_bytes(content)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
