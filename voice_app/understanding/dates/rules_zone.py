"""Rules for times that were said in another time zone than the speaker's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_app.understanding.dates.grammar import Stage
from voice_app.understanding.dates.rules_clock import clock_senses

if TYPE_CHECKING:
    from voice_app.understanding.dates.context import Context
    from voice_app.understanding.dates.lexicon import Senses
    from voice_app.understanding.dates.values import Clock


zones = Stage("zones")


@zones.rule("clock zone", "weak_clock|hour_clock zone")
def clock_in_zone(_: Context, clock: Clock, zone: str) -> Senses:
    """3 pm Eastern time; 15:00 UTC."""
    return clock_senses(replace(clock, zone=zone))
