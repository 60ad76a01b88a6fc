"""Who acts, through which door, and when and where it was said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tasks_app.models import User


class Source(StrEnum):
    """The door something came in by."""

    TELEGRAM = "telegram"
    WEB = "web"
    API = "api"
    CLI = "cli"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A person acting at a moment; identity, zone and permission come from here, never from a model."""

    user: User
    source: Source
    tz: ZoneInfo
    """The zone in which the person's words about time are meant."""
    language: str
    """ISO 639-1 code of the language to answer in."""
    said_at: dt.datetime
    """Aware moment at which it was said: relative dates count from here, however late it is processed."""
    spoken_language: str = ""
    """ISO 639-1 code of the language they speak now; empty when it has to be found from what is said."""
