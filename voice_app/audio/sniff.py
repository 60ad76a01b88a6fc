"""What a file is by its content; its name and its declared type are not looked at."""

from __future__ import annotations

import re
from enum import StrEnum

from voice_app.errors import AudioEmpty, AudioFormatUnsupported, AudioIsPlaylist


class Container(StrEnum):
    """An accepted container; the value is the one demuxer that may read it."""

    OGG = "ogg"
    MATROSKA = "matroska"
    WAV = "wav"
    MP4 = "mov"
    MP3 = "mp3"
    AAC = "aac"
    FLAC = "flac"
    AMR = "amr"


_HEAD_BYTES = 4096
_ID3_HEADER_BYTES = 10
_MPEG_SYNC, _ADTS_SYNC = 0x7FF, 0xFFF
_RESERVED_BIT_RATE, _RESERVED_RATE = 15, 3
_PLAYLIST = re.compile(
    rb"#EXTM3U|#EXT-X-|#EXTINF|ffconcat\s+version|file\s+['\"]?\S|v=0\s+o=|\[playlist\]|\[reference\]|RTSPtext|SMILtext"
    rb"|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:MPD|asx|smil|playlist|SmoothStreamingMedia)\b"
    rb"|(?:https?|rtsp|rtmp|file|ftp|concat|subfile|data)://?\S",
    re.IGNORECASE | re.DOTALL,
)
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def sniff(data: bytes) -> Container:
    """Name the container.

    Args:
        data: The whole upload.

    Raises:
        AudioEmpty: There are no bytes.
        AudioIsPlaylist: It is a text that points at other files, also behind a mark or a tag.
        AudioFormatUnsupported: It is nothing that is accepted.
    """
    if not data:
        raise AudioEmpty
    tagged = data.startswith(b"ID3")
    head = data[_id3_length(data) :][:_HEAD_BYTES] if tagged else data[:_HEAD_BYTES]
    if _PLAYLIST.match(_as_text(head)):
        raise AudioIsPlaylist
    container = _by_magic(head)
    if container is None and tagged:
        container = Container.MP3
    if container is None:
        raise AudioFormatUnsupported
    return container


def _by_magic(head: bytes) -> Container | None:
    for magic, container in (
        (b"OggS", Container.OGG),
        (b"\x1a\x45\xdf\xa3", Container.MATROSKA),
        (b"fLaC", Container.FLAC),
        (b"#!AMR\n", Container.AMR),
        (b"#!AMR-WB\n", Container.AMR),
    ):
        if head.startswith(magic):
            return container
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return Container.WAV
    if head[4:8] == b"ftyp":
        return Container.MP4
    return _by_mpeg_frame(head)


def _by_mpeg_frame(head: bytes) -> Container | None:
    """An MPEG audio frame starts with eleven set bits; layer 0 marks AAC (ISO/IEC 13818-7 ADTS)."""
    bits = int.from_bytes(head[:4])
    if bits >> 21 != _MPEG_SYNC:
        return None
    version, layer, bit_rate, rate = bits >> 19 & 3, bits >> 17 & 3, bits >> 12 & 15, bits >> 10 & 3
    if layer == 0:
        return Container.AAC if bits >> 20 == _ADTS_SYNC else None
    is_reserved = version == 1 or bit_rate == _RESERVED_BIT_RATE or rate == _RESERVED_RATE
    return None if is_reserved else Container.MP3


def _id3_length(data: bytes) -> int:
    """Bytes of an ID3v2 tag: four times seven bits, after a header of ten bytes."""
    if len(data) < _ID3_HEADER_BYTES:
        return len(data)
    size = 0
    for byte in data[6:_ID3_HEADER_BYTES]:
        size = size << 7 | byte & 0x7F
    return min(len(data), size + _ID3_HEADER_BYTES)


def _as_text(head: bytes) -> bytes:
    """The head as a player would read a text: without byte order mark, wide characters and blank lead."""
    for mark, encoding in _UTF16_MARKS.items():
        if head.startswith(mark):
            head = head[2:].decode(encoding, errors="ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\0")
