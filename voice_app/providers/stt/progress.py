"""How far a download is: one line that moves on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import TextIOBase

_EVERY_SECONDS = 5.0
_EVERY_SECONDS_ON_TERMINAL = 0.2
_UNITS = (("GB", 10**9, 2), ("MB", 10**6, 1), ("kB", 10**3, 0))


class ProgressLine:
    """Says how much of a download is here, how fast it comes and how long it will take.

    Args:
        out: Where it is written.
        total: Bytes of the whole.
        clock: Seconds that only grow.
    """

    def __init__(self, out: TextIOBase, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._total = total
        self._clock = clock
        self._is_terminal = out.isatty()
        self._started: tuple[float, int] | None = None
        self._written = clock()
        self._width = 0

    def at(self, count: int) -> None:
        """That many bytes are here."""
        now = self._clock()
        if self._started is None or count < self._started[1]:
            self._started = now, count
        wait = _EVERY_SECONDS_ON_TERMINAL if self._is_terminal else _EVERY_SECONDS
        if now - self._written >= wait:
            self._written = now
            self._write(self._line(now, count))

    def end(self) -> None:
        """Clear the line on a terminal, for what is written next."""
        if self._is_terminal and self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._out.flush()

    def _line(self, now: float, count: int) -> str:
        since, before = self._started or (now, count)
        line = f"{size_text(count)} of {size_text(self._total)}, {count * 100 // self._total} %"
        if now > since and count > before:
            speed = (count - before) / (now - since)
            line += f", {size_text(int(speed))}/s, {duration_text((self._total - count) / speed)} left"
        return line

    def _write(self, line: str) -> None:
        if self._is_terminal:
            self._out.write("\r" + line.ljust(self._width))
            self._width = max(self._width, len(line))
        else:
            self._out.write(line + "\n")
        self._out.flush()


def size_text(count: int) -> str:
    """Bytes as people read them: ``486.2 MB``."""
    for unit, one, places in _UNITS:
        if count >= one:
            return f"{count / one:.{places}f} {unit}"
    return f"{count} bytes"


def duration_text(seconds: float) -> str:
    """Seconds as people read them: ``2 min 5 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
