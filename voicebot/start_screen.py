"""The one screen that a person sees when everything runs; each application adds its lines in ``start_lines.py``."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from django.utils.module_loading import autodiscover_modules

_TITLE_WIDTH = 16
_LINE_WIDTH = 110


@dataclass(frozen=True)
class StartLine:
    """Something a person needs to know now."""

    title: str
    text: str
    may_break: bool = True
    """False for what is copied as a whole, such as an address."""


LineMaker: TypeAlias = Callable[[str], Iterable[StartLine]]
"""Given the address of the page, makes lines."""

_MAKERS: list[LineMaker] = []


def start_lines(maker: LineMaker) -> LineMaker:
    """Mark a function in an application's ``start_lines.py`` as one that adds to the screen."""
    _MAKERS.append(maker)
    return maker


def render_start_screen(address: str, log_folder: Path) -> str:
    """The whole screen.

    Args:
        address: Scheme, host and port of the page.
        log_folder: Where the programs write what they do.
    """
    autodiscover_modules("start_lines")
    lines = [StartLine("Address", address, may_break=False)]
    for maker in _MAKERS:
        lines += maker(address)
    lines += _how_to_try(address)
    lines.append(StartLine("Logs", f"{log_folder}; Ctrl-C stops everything."))
    return "\n".join(["", "Voicebot is running.", "", *_layout(lines), ""])


def _how_to_try(address: str) -> Sequence[StartLine]:
    url = f"{address}/api/v1/voice/commands/?wait=10"
    curl = f'curl -H "Authorization: Token $TOKEN" -F audio=@samples/call-mom.ogg "{url}"'
    return (
        StartLine("Try by voice", "sign in, hold the microphone and say “Remind me to call mom tomorrow at five”."),
        StartLine("Try samples", "make try, in another terminal: it sends the notes in samples/, stage by stage."),
        StartLine("Try by curl", "make a token on the page, then TOKEN=… and:"),
        StartLine("", curl, may_break=False),
    )


def _layout(lines: Sequence[StartLine]) -> list[str]:
    laid_out: list[str] = []
    previous = ""
    for line in lines:
        title = "" if line.title == previous else line.title
        previous = line.title
        pieces = textwrap.wrap(line.text, _LINE_WIDTH - _TITLE_WIDTH) if line.may_break else [line.text]
        titles = [title, *[""] * len(pieces)]
        laid_out += [f"  {name:<{_TITLE_WIDTH}}{piece}" for name, piece in zip(titles, pieces, strict=False)]
    return laid_out
