"""The voice on this machine: eSpeak NG with its data, as ``espeakng-loader`` ships them; nothing is downloaded."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

from voice_app.audio.ffmpeg import RunLimits, run_ffmpeg
from voice_app.errors import AudioDecodeTimedOut, DecoderMissing
from voice_app.speaking.errors import SpeechNotMade

LONGEST_SECONDS = 10.0
"""For the voice, and again for the encoder."""
_PROCESS = Path(__file__).with_name("espeak_process.py")
_VOICES = {"pt": "pt-br"}
"""Where the language alone names another voice than the one of our translations."""
_MEMORY_BYTES = 2**30
_HEADER = struct.Struct("<I")


def speak(text: str, language: str) -> bytes:
    """The text as OGG with Opus.

    Args:
        text: Plain.
        language: ISO 639-1 code.

    Raises:
        SpeechNotMade: There is no voice for the language, or the library or ffmpeg is not there or fails.
    """
    command = [sys.executable, "-I", str(_PROCESS), _VOICES.get(language, language)]
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and a language is two letters
            command, input=text.encode(), capture_output=True, timeout=LONGEST_SECONDS, check=True
        )
        rate = _HEADER.unpack_from(done.stdout)[0]
        sound = ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
        encoder = ["-c:a", "libopus", "-b:a", "24k", "-f", "ogg", "pipe:1"]
        limits = RunLimits(LONGEST_SECONDS, _MEMORY_BYTES)
        spoken = run_ffmpeg([*sound, *encoder], done.stdout[_HEADER.size :], limits)
    except (subprocess.SubprocessError, OSError, struct.error, DecoderMissing, AudioDecodeTimedOut) as error:
        raise SpeechNotMade from error
    if not spoken.startswith(b"OggS"):
        raise SpeechNotMade
    return spoken
