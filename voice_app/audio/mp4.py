"""Puts the index of an MP4, M4A, 3GP or MOV file in front of the sound, for a decoder that reads a pipe.

Recorders write the index (``moov``) last, when they know it; a reader that cannot go back then finds nothing.
Box layout: ISO/IEC 14496-12. Everything is read with bounds, since a box may claim any length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from voice_app.errors import AudioDamaged, AudioIsPlaylist

_NESTED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf"})
_MAX_BOXES = 50_000
"""In one file. A recorder writes two a fragment, and a few dozen beside; each costs us a microsecond or two."""
_MAX_DEPTH = 8
_HEAD_BYTES = 8
"""A length and a kind, four bytes each."""
_OFFSET_KINDS = {b"stco": ">u4", b"co64": ">u8"}


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    """Where the content starts."""
    end: int


def move_index_to_front(data: bytes) -> bytes:
    """The same file with its index before its sound; other files come back as they are.

    Raises:
        AudioIsPlaylist: The index says that the sound is in another file.
        AudioDamaged: It has more boxes than any recording.
    """
    seen = count()
    top = list(_boxes(data, 0, len(data), seen))
    index = next((box for box in top if box.kind == b"moov"), None)
    sound = next((box for box in top if box.kind == b"mdat"), None)
    if index is None:
        return data
    _refuse_references(data, index, seen)
    if sound is None or index.start < sound.start:
        return data
    moved = bytearray(data[index.start : index.end])
    _shift_offsets(moved, sound.start, index.start, index.end - index.start)
    return data[: sound.start] + moved + data[sound.start : index.start] + data[index.end :]


def _boxes(data: bytes | bytearray, start: int, end: int, seen: Iterator[int]) -> Iterator[_Box]:
    while end - start >= _HEAD_BYTES:
        if next(seen) >= _MAX_BOXES:
            raise AudioDamaged
        size, kind, body = int.from_bytes(data[start : start + 4]), bytes(data[start + 4 : start + 8]), start + 8
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16]), start + 16
        stop = end if size == 0 else min(end, start + size)
        if stop < body:
            return
        yield _Box(kind, start, body, stop)
        start = stop


def _inner(data: bytes | bytearray, box: _Box, seen: Iterator[int], depth: int = 0) -> Iterator[_Box]:
    """All boxes inside, however deep, as far as real files nest."""
    for inner in _boxes(data, box.body, box.end, seen):
        yield inner
        if inner.kind in _NESTED and depth < _MAX_DEPTH:
            yield from _inner(data, inner, seen, depth + 1)


def _shift_offsets(index: bytearray, first: int, last: int, by: int) -> None:
    """Add ``by`` to every chunk offset of the index that points into ``[first, last)``."""
    for box in _inner(index, _Box(b"moov", 0, 8, len(index)), count()):
        kind = _OFFSET_KINDS.get(box.kind)
        if kind is None:
            continue
        width = int(kind[-1])
        table = box.body + 8
        entries = min(int.from_bytes(index[box.body + 4 : table]), max(0, box.end - table) // width)
        offsets = np.frombuffer(index, dtype=kind, count=entries, offset=table)
        moved = (offsets >= first) & (offsets < last)
        offsets[moved] += by


def _refuse_references(data: bytes, index: _Box, seen: Iterator[int]) -> None:
    for box in _inner(data, index, seen):
        if box.kind == b"rmra":
            raise AudioIsPlaylist
        if box.kind != b"dref":
            continue
        for entry in _boxes(data, box.body + 8, box.end, seen):
            is_elsewhere = not int.from_bytes(data[entry.body + 1 : entry.body + 4]) & 1
            if is_elsewhere and entry.end > entry.body + 4:
                raise AudioIsPlaylist
