"""One sentence that says why words mean a moment, for the receipt and for ``interpret --explain``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.reading import Alternative, DateOrTime


def explain(words: str, start: DateOrTime, others: list[Alternative], context: Context) -> str:
    """For example: '"next Friday" said on Sunday 22 Nov is Friday 27 Nov'."""
    said = f"{context.said_at:%A} {context.said_at.day} {context.said_at:%b}"
    sentence = f'"{words}" said on {said} is {_name(start)}'
    if others:
        sentence += f" (could be {_name(others[0].start)}: {others[0].reason})"
    return sentence


def _name(start: DateOrTime) -> str:
    day = f"{start:%A} {start.day} {start:%b}"
    return f"{day} at {start:%H:%M}" if isinstance(start, dt.datetime) else day
