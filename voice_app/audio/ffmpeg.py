"""Runs the ffmpeg program on bytes, with pipes alone and inside hard limits."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voice_app.errors import AudioDecodeTimedOut, DecoderMissing

logger = logging.getLogger(__name__)

_ENVIRONMENT = {"LC_ALL": "C", **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}}
_OPEN_FILES = 8
"""Room for the pipes, doubled inside ffmpeg; it has no business with any other file or socket."""


@dataclass(frozen=True)
class RunLimits:
    """What one run may use."""

    timeout_seconds: float
    memory_bytes: int


@lru_cache(maxsize=1)
def find_ffmpeg() -> Path | None:
    """The program that comes with ``imageio-ffmpeg``, else the system's, else None."""
    try:
        import imageio_ffmpeg

        found = shutil.which(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = shutil.which("ffmpeg")
    return Path(found).resolve() if found else None


def run_ffmpeg(arguments: Sequence[str], data: bytes, limits: RunLimits) -> bytes:
    """Feed bytes to ffmpeg and collect what it writes; the caller's arguments bound how much that is.

    A machine that is short of memory or of processes makes ffmpeg end as a damaged file does, with nothing
    written. No recording is called damaged for that: what fails without a byte is run a second time.

    Raises:
        DecoderMissing: There is no ffmpeg.
        AudioDecodeTimedOut: It used up its time.
    """
    program = find_ffmpeg()
    if program is None:
        raise DecoderMissing
    command = [str(program), "-nostdin", "-hide_banner", "-v", "quiet", "-max_alloc", str(limits.memory_bytes)]
    output, code = _run([*command, *arguments], data, limits)
    if code and not output:
        output, again = _run([*command, *arguments], data, limits)
        logger.warning("ffmpeg wrote nothing: it ended with %d, then with %d", code, again)
    return output


def _run(command: Sequence[str], data: bytes, limits: RunLimits) -> tuple[bytes, int]:
    """What the program wrote and its exit status, negative for a signal.

    The limits are set between the start of the program and the first byte of input, so nothing hostile
    runs without them. Where the system cannot set them from outside, time and output still are bounded.
    """
    with subprocess.Popen(  # noqa: S603  # no shell, and no argument comes from outside
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/" if os.name == "posix" else None,
    ) as process:
        try:
            _limit(process.pid, limits)
            output, _ = process.communicate(data, timeout=limits.timeout_seconds)
        except subprocess.TimeoutExpired:
            raise AudioDecodeTimedOut from None
        finally:
            process.kill()
    return output, process.returncode


def _limit(pid: int, limits: RunLimits) -> None:
    if sys.platform != "linux":
        return
    import resource

    seconds = int(limits.timeout_seconds) + 1
    for what, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        try:
            resource.prlimit(pid, what, (bound, bound))
        except ProcessLookupError:
            return
