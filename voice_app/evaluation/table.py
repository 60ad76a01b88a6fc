"""The figures of many results as one table."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from voice_app.evaluation.results import Result

HEADINGS = ("engine", "model", "n", "strict", "accepted", "answered", "p50 ms", "p95 ms", "tokens", "USD", "errors")
_TEXT_COLUMNS = frozenset({"engine", "model", "errors", "answered by"})


@dataclass(frozen=True)
class Figures:
    """What the results of one engine come to."""

    count: int
    strict: float
    """Percent of all utterances whose answer is the one that the label names; no answer is a wrong one."""
    accepted: float
    """Percent with any right answer."""
    answered: float
    """Percent with an answer, right or wrong."""
    median_seconds: float | None
    slow_seconds: float | None
    """The time that one in twenty takes longer than; None in a batch."""
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float
    errors: Mapping[str, int]
    """By code, most frequent first."""
    answered_by: Mapping[str, int]


def figures_of(results: Iterable[Result]) -> Figures:
    """The figures of some results."""
    found = list(results)
    took = sorted(result.seconds for result in found if result.seconds is not None)
    return Figures(
        count=len(found),
        strict=_percent(found, lambda result: result.strict),
        accepted=_percent(found, lambda result: result.accepted),
        answered=_percent(found, lambda result: not result.error),
        median_seconds=statistics.median(took) if took else None,
        slow_seconds=took[min(len(took) - 1, len(took) * 95 // 100)] if took else None,
        input_tokens=sum(result.input_tokens for result in found),
        cached_tokens=sum(result.cached_tokens for result in found),
        output_tokens=sum(result.output_tokens for result in found),
        cost_usd=sum(result.cost_usd for result in found),
        errors=dict(Counter(result.error for result in found if result.error).most_common()),
        answered_by=dict(Counter(result.answered_by for result in found if result.answered_by).most_common()),
    )


def row_of(engine: str, model: str, figures: Figures) -> tuple[str, ...]:
    """The figures under :data:`HEADINGS`."""
    tokens = f"{figures.input_tokens}+{figures.output_tokens}"
    return (
        engine,
        model or "-",
        str(figures.count),
        f"{figures.strict:.1f}",
        f"{figures.accepted:.1f}",
        f"{figures.answered:.1f}",
        _milliseconds(figures.median_seconds),
        _milliseconds(figures.slow_seconds),
        f"{tokens} ({figures.cached_tokens} cached)" if figures.cached_tokens else tokens,
        f"{figures.cost_usd:.4f}",
        ", ".join(f"{code} {count}" for code, count in figures.errors.items()) or "-",
    )


def lines_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in letters of one width: words to the left, numbers to the right."""
    table = [list(headings), *map(list, rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(headings))]
    return [
        "  ".join(
            cell.ljust(width) if heading in _TEXT_COLUMNS else cell.rjust(width)
            for heading, cell, width in zip(headings, row, widths, strict=True)
        ).rstrip()
        for row in table
    ]


def _percent(results: Sequence[Result], holds: Callable[[Result], bool]) -> float:
    return 100.0 * sum(map(holds, results)) / len(results) if results else 0.0


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:.0f}"  # noqa: PLR2004 - a fast one has a decimal
