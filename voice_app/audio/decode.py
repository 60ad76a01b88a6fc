"""Any accepted recording to 16 kHz mono."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voice_app.audio.ffmpeg import RunLimits, run_ffmpeg
from voice_app.audio.mp4 import move_index_to_front
from voice_app.audio.sniff import Container, sniff
from voice_app.errors import AudioDamaged, AudioTooLarge, AudioTooLong
from voice_app.types import SAMPLE_RATE, AudioClip

MIN_SECONDS = 0.1
"""Less than this is no recording but what a damaged file left over."""

_SAMPLE_BYTES = 2
_MARGIN_SECONDS = 1.0
_MEASURE_ABOVE_BYTES = 64 * 1024
"""Counting packets costs a tenth of decoding but a process of its own; a short note decodes as fast."""

_OPUS_RATE = 48_000

_CODECS = (
    "opus,libopus,vorbis,libvorbis,flac,aac,aac_fixed,alac,mp1,mp1float,mp2,mp2float,mp3,mp3float,"
    "amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,"
    "pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm,gsm_ms,"
    "libgsm,libgsm_ms,speex,libspeex"
)


@dataclass(frozen=True)
class DecodeLimits:
    """What a recording may cost."""

    max_bytes: int = 25 * 1024 * 1024
    max_seconds: float = 600.0
    timeout_seconds: float = 20.0
    memory_bytes: int = 512 * 1024 * 1024
    """Address space of the decoder."""

    @classmethod
    def from_settings(cls) -> DecodeLimits:
        """The limits that the operator set."""
        from django.conf import settings

        return cls(max_bytes=settings.VOICE_MAX_AUDIO_BYTES, max_seconds=settings.VOICE_MAX_AUDIO_SECONDS)


DEFAULT_LIMITS = DecodeLimits()


def decode(data: bytes, *, limits: DecodeLimits = DEFAULT_LIMITS) -> AudioClip:
    """Turn an upload into samples; half a file gives its first half.

    Args:
        data: OGG, WebM, WAV, MP4/M4A/3GP/MOV, MP3, AAC, FLAC or AMR, told by content.
        limits: Bounds on the upload and on the work.

    Raises:
        AudioTooLarge: More bytes than allowed.
        AudioEmpty: No bytes.
        AudioFormatUnsupported: None of the accepted containers.
        AudioIsPlaylist: It points at other files.
        AudioTooLong: More sound than allowed.
        AudioDamaged: Nothing, or next to nothing, can be decoded.
        AudioDecodeTimedOut: Decoding used up its time.
        DecoderMissing: There is no ffmpeg.
    """
    if len(data) > limits.max_bytes:
        raise AudioTooLarge(limit_bytes=limits.max_bytes, limit_megabytes=limits.max_bytes // 2**20)
    container = sniff(data)
    if container is Container.MP4:
        data = move_index_to_front(data)
    run = RunLimits(limits.timeout_seconds, limits.memory_bytes)
    too_long = AudioTooLong(limit_seconds=round(limits.max_seconds))
    until = limits.max_seconds + _MARGIN_SECONDS
    if _may_be_long(data, container, limits) and _packet_seconds(data, container, until, run) > limits.max_seconds:
        raise too_long
    raw = run_ffmpeg(_sound_arguments(container, until), data, run)
    samples = np.frombuffer(raw, dtype="<i2", count=len(raw) // _SAMPLE_BYTES)
    seconds = len(samples) / SAMPLE_RATE
    if seconds > limits.max_seconds:
        raise too_long
    if seconds < MIN_SECONDS:
        raise AudioDamaged
    return AudioClip(samples.astype(np.float32) / 32768.0)


def _may_be_long(data: bytes, container: Container, limits: DecodeLimits) -> bool:
    """Whether it is worth to count first: many bytes, or an OGG whose last page has a late position (RFC 3533)."""
    if len(data) > _MEASURE_ABOVE_BYTES or container is not Container.OGG:
        return len(data) > _MEASURE_ABOVE_BYTES
    position = data.rfind(b"OggS") + 6
    return int.from_bytes(data[position : position + 8], "little") > limits.max_seconds * _OPUS_RATE


def _input_arguments(container: Container) -> list[str]:
    """The pipe, read by the one demuxer that belongs to the content, and no decoder but those for sound."""
    options = ["-protocol_whitelist", "pipe", "-format_whitelist", container.value, "-codec_whitelist", _CODECS]
    if container is Container.MP4:
        options += ["-enable_drefs", "0", "-use_absolute_path", "0"]
    return ["-threads", "1", *options, "-f", container.value, "-i", "pipe:0"]


def _sound_arguments(container: Container, seconds: float) -> list[str]:
    limit = ["-t", f"{seconds:.3f}", "-fs", str(int(seconds * SAMPLE_RATE * _SAMPLE_BYTES))]
    shape = ["-vn", "-sn", "-dn", "-map_metadata", "-1", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le"]
    return [*_input_arguments(container), *limit, *shape, "pipe:1"]


def _packet_seconds(data: bytes, container: Container, until: float, run: RunLimits) -> float:
    """Length by the durations of the packets, which costs no decoding; stops soon after ``until``.

    A file that lies about its time stamps gains nothing: durations are added up, stamps are not believed.
    """
    listing = ["-map", "0:a:0", "-c", "copy", "-t", f"{until:.3f}", "-fs", str(16 * 2**20), "-f", "framecrc", "pipe:1"]
    seconds_per_tick = 0.0
    ticks = 0
    for line in run_ffmpeg([*_input_arguments(container), *listing], data, run).splitlines():
        if line.startswith(b"#tb 0:"):
            numerator, _, denominator = line.removeprefix(b"#tb 0:").partition(b"/")
            seconds_per_tick = int(numerator) / int(denominator)
        elif not line.startswith(b"#"):
            ticks += int(line.split(b",")[3])
    return ticks * seconds_per_tick
