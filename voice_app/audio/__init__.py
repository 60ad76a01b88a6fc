"""From the bytes that somebody sent to samples, without trusting a single one of them.

``sniff`` tells what the bytes are, ``mp4`` puts an index where a stream can use it, ``ffmpeg`` runs the
decoder inside its limits, ``decode`` ties them together, ``levels`` measures the result.
"""

from voice_app.audio.decode import DecodeLimits, decode
from voice_app.audio.ffmpeg import find_ffmpeg
from voice_app.audio.levels import is_near_silent, level_dbfs
from voice_app.audio.sniff import Container, sniff

__all__ = ["Container", "DecodeLimits", "decode", "find_ffmpeg", "is_near_silent", "level_dbfs", "sniff"]
