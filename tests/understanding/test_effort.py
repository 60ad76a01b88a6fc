"""How much work a text may make, counted in calls of functions: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from functools import cache
from types import FrameType

from tests.understanding.hostile import LONGEST, repetitions, rows_of_commands
from tests.understanding.speech import understand

MOST_CALLS = 36_000
"""The hardest texts known make 25,000; a plain sentence makes 800 to 3,000."""
MOST_GROWTH = 10
"""What four times the text may come to; work that grew with the square would be 16 times as much."""


def test_500_characters_of_anything_make_bounded_work() -> None:
    calls = {name: _calls(*asked) for name, asked in (repetitions() | rows_of_commands()).items()}
    assert {name: count for name, count in calls.items() if count > MOST_CALLS} == {}


def test_work_does_not_grow_with_the_square_of_the_text() -> None:
    quarters = repetitions(LONGEST // 4)
    growth = {name: _calls(*asked) / _calls(*quarters[name]) for name, asked in repetitions().items()}
    assert {name: times for name, times in growth.items() if times > MOST_GROWTH} == {}


@cache
def _calls(text: str, language: str) -> int:
    """How many functions are called, Python's own and C's, once what is kept between answers is there."""
    understand(text, language)
    count = 0

    def tell(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tell)
    try:
        understand(text, language)
    finally:
        sys.setprofile(None)
    return count
