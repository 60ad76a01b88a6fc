"""A plain picture of a few curves as SVG, without a library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 440
LEFT, TOP, RIGHT, BOTTOM = 60, 40, 20, 150
"""Margins; the names of the curves stand below."""


@dataclass(frozen=True)
class Curve:
    """Points from left to right: 0 to 1 across, 0 to 100 up."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    is_dashed: bool = False


def draw(curves: Sequence[Curve], *, title: str, across: str, up: str, mark: tuple[float, str]) -> str:
    """The picture.

    Args:
        curves: At most four.
        title: Above it.
        across: Name of the axis across.
        up: Name of the axis up.
        mark: A place across, and what to write there.
    """
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12" role="img">'
    )
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    parts = [head, f"<title>{escape(title)}</title>", back, _text(WIDTH / 2, 22, title, "middle", size=14)]
    parts += _axes(across, up)
    place, words = mark
    parts += [_line([(place, 0), (place, 100)], "#888", dash="2 3"), _text(_x(place) - 5, _y(3), words, "end")]
    for number, curve in enumerate(curves):
        dash = "6 4" if curve.is_dashed else ""
        height = HEIGHT - BOTTOM + 62 + 20 * number
        parts.append(_line(curve.points, curve.colour, dash=dash, width=2))
        stroke = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="M{LEFT} {height - 4}h34" stroke="{curve.colour}" stroke-width="2"{stroke}/>')
        parts.append(_text(LEFT + 42, height, curve.name, "start"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(across: str, up: str) -> Iterator[str]:
    for step in range(11):
        yield _line([(0, step * 10), (1, step * 10)], "#ddd")
        yield _text(LEFT - 8, _y(step * 10) + 4, str(step * 10), "end")
        yield _text(_x(step / 10), _y(0) + 18, f"{step / 10:.1f}", "middle")
    yield _text(_x(0.5), _y(0) + 38, across, "middle")
    yield f'<g transform="translate(16 {_y(50):.0f}) rotate(-90)">{_text(0, 0, up, "middle")}</g>'


def _line(points: Sequence[tuple[float, float]], colour: str, *, dash: str = "", width: float = 1) -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    stroke = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{stroke}/>'


def _text(x: float, y: float, words: str, anchor: str, *, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="#222">{escape(words)}</text>'


def _x(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - RIGHT)


def _y(value: float) -> float:
    return HEIGHT - BOTTOM - value / 100 * (HEIGHT - TOP - BOTTOM)
