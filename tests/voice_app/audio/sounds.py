"""Sound files for tests, made on the spot: every container from a real note, and files that mean harm."""

from __future__ import annotations

import random
import struct
import subprocess
from functools import lru_cache
from pathlib import Path

import numpy as np

from voice_app.audio import find_ffmpeg
from voice_app.types import SAMPLE_RATE, AudioClip

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
NOTE = SAMPLES / "plants-and-gym.ogg"
VOICE = ["-i", str(NOTE)]
TONE = ["-f", "lavfi", "-i", "sine=f=1000:d=2"]

CONTAINERS: dict[str, tuple[str, list[str]]] = {
    "telegram voice": ("ogg", ["-c:a", "libopus", "-ar", "48000"]),
    "ogg vorbis": ("ogg", ["-c:a", "libvorbis"]),
    "browser webm without duration": ("webm", ["-c:a", "libopus", "-live", "1"]),
    "mp3 with tag": ("mp3", ["-metadata", "title=A note", "-id3v2_version", "3"]),
    "mp3 without tag": ("mp3", ["-id3v2_version", "0", "-write_xing", "0"]),
    "m4a, index last": ("m4a", ["-c:a", "aac"]),
    "m4a, index first": ("m4a", ["-c:a", "aac", "-movflags", "+faststart"]),
    "m4a in fragments": ("m4a", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
    "quicktime, index last": ("mov", ["-c:a", "aac"]),
    "aac stream": ("aac", ["-c:a", "aac"]),
    "wav": ("wav", ["-c:a", "pcm_s16le", "-ar", "44100"]),
    "wav in floats": ("wav", ["-c:a", "pcm_f32le", "-ar", "16000"]),
    "telephone wav": ("wav", ["-c:a", "pcm_mulaw", "-ar", "8000"]),
    "flac": ("flac", ["-c:a", "flac"]),
    "amr": ("amr", ["-c:a", "libopencore_amrnb", "-ar", "8000", "-b:a", "12.2k"]),
    "3gp": ("3gp", ["-c:a", "libopencore_amrnb", "-ar", "8000", "-b:a", "12.2k"]),
}


def convert(folder: Path, suffix: str, options: list[str], source: list[str] = VOICE) -> bytes:
    """A file made by the real ffmpeg, as bytes; it may seek, so an index comes where recorders put it."""
    target = folder / f"made.{suffix}"
    command = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y", *source, "-ac", "1", *options, str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target.read_bytes()


def video_note(folder: Path) -> bytes:
    """A square MP4 with pictures and voice, its index last."""
    picture = ["-f", "lavfi", "-i", "testsrc=s=240x240:r=15:d=6"]
    codecs = ["-c:v", "mpeg4", "-c:a", "aac", "-shortest"]
    return convert(folder, "mp4", codecs, [*picture, *VOICE])


def silence_ogg(seconds: int) -> bytes:
    """Opus packets of 120 ms that hold nothing: about 25 bytes for a second of silence."""
    silent_packet = bytes([19 << 3 | 3, 6])
    pages = [
        _ogg_page([b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48000, 0, 0)], 0, 0, flags=2),
        _ogg_page([b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)], 0, 1),
    ]
    packets = round(seconds / 0.12)
    for number, first in enumerate(range(0, packets, 250), 2):
        count = min(250, packets - first)
        pages.append(_ogg_page([silent_packet] * count, (first + count) * 5760, number))
    return b"".join(pages)


def _ogg_page(packets: list[bytes], granule: int, number: int, flags: int = 0) -> bytes:
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 7, number, 0, len(packets))
    page = head + bytes(len(packet) for packet in packets) + b"".join(packets)
    return page[:22] + struct.pack("<I", _crc(page)) + page[26:]


@lru_cache(maxsize=1)
def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


def _crc(page: bytes) -> int:
    table = _crc_table()
    value = 0
    for byte in page:
        value = (value << 8) & 0xFFFFFFFF ^ table[value >> 24 ^ byte]
    return value


def flipped(data: bytes, count: int = 200) -> bytes:
    """The file with that many bytes turned round, the magic at its start left alone."""
    damaged = bytearray(data)
    for place in random.Random(7).sample(range(8, len(data)), count):
        damaged[place] ^= 0xFF
    return bytes(damaged)


def playlists(neighbour: Path, url: str) -> dict[str, bytes]:
    """Texts that make a careless player open the neighbour or the address."""
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{neighbour}\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n"
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x00"
    dash = f'<?xml version="1.0"?>\n<MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>'
    return {
        "hls": hls.encode(),
        "hls after a mark": b"\xef\xbb\xbf" + hls.encode(),
        "hls in wide characters": hls.encode("utf-16"),
        "hls behind a tag": tag + hls.encode(),
        "hls after blank lines": b"\r\n \n" + hls.encode(),
        "concat list": f"ffconcat version 1.0\nfile '{neighbour.name}'\n".encode(),
        "concat list without head": f"file '{neighbour}'\n".encode(),
        "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n",
        "dash": dash.encode(),
        "pls": f"[playlist]\nFile1={url}\n".encode(),
        "asx": f'<asx version="3.0"><entry><ref href="{url}"/></entry></asx>'.encode(),
        "bare address": url.encode(),
    }


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of an MP4 file."""
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4_of(index: bytes) -> bytes:
    """An MP4 file with next to no sound and this inside its index, which comes last."""
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", bytes(10)) + box(b"moov", index)


def referring_mov(neighbour: Path) -> bytes:
    """A movie whose sound is in another file, as QuickTime allows."""
    reference = box(b"url ", b"\0\0\0\0", f"file://{neighbour}".encode() + b"\0")
    data = box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), reference))
    media = box(b"mdia", box(b"minf", data))
    return box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", box(b"trak", media))


def noise_clips() -> dict[str, AudioClip]:
    """Sound in which nobody speaks."""
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    rng = np.random.default_rng(3)
    white = rng.standard_normal(len(time))
    clicks = np.zeros(len(time))
    clicks[:: SAMPLE_RATE // 2] = 0.9
    waves = {
        "silence": np.zeros(len(time)),
        "white noise": 0.1 * white,
        "brown noise": np.cumsum(white) / np.abs(np.cumsum(white)).max(),
        "tone": 0.3 * np.sin(2 * np.pi * 440 * time),
        "two tones": 0.2 * np.sin(2 * np.pi * 697 * time) + 0.2 * np.sin(2 * np.pi * 1209 * time),
        "mains hum": 0.2 * np.sin(2 * np.pi * 50 * time) + 0.05 * np.sin(2 * np.pi * 150 * time),
        "clicks": clicks,
        "a moment": np.zeros(40),
    }
    return {name: AudioClip(wave.astype(np.float32)) for name, wave in waves.items()}
