"""Dates, times, ranges, durations, recurrences and reminders, read from what a person said.

:func:`find_times` gives every expression in a text; :func:`read_times` puts those of one command together.
Everything is computed in the speaker's zone at the moment of speaking. A text is cut into words once, the words get
classes from the language's file (``languages/<code>.toml``), and a fixed set of rules that knows no language combines
the classes. Nothing raises, and the work is bounded by the number of words.
"""

from voice_app.understanding.dates.engine import find_times, read_times
from voice_app.understanding.dates.reading import Alternative, DateOrTime, TimeReading, Timing

__all__ = ["Alternative", "DateOrTime", "TimeReading", "Timing", "find_times", "read_times"]
