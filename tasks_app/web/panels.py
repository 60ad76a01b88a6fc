"""The home page's panels; layers above the domain add their own without the domain knowing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """A box beside the task list."""

    title: str
    template: str
    """Name of the template of its body, which finds the context as ``panel.context``."""
    context: dict[str, Any] = field(default_factory=dict)


PanelBuilder = Callable[[HttpRequest], Panel | None]

_BUILDERS: list[PanelBuilder] = []


def register_panel(builder: PanelBuilder) -> None:
    """Add a panel, in the order of registration; called once, when the application is ready.

    Args:
        builder: Makes the panel for a request of a signed-in person; None leaves it out.
    """
    if builder not in _BUILDERS:
        _BUILDERS.append(builder)


def panels_for(request: HttpRequest) -> list[Panel]:
    """The panels that a person sees."""
    return [panel for panel in (build(request) for build in _BUILDERS) if panel]
