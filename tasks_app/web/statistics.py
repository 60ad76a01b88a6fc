"""The panel of what was done: numbers, and a plot that is drawn here and needs no script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks_app import selectors
from tasks_app.models import User
from tasks_app.statistics import DayCount, get_statistics
from tasks_app.web.panels import Panel
from voicebot import dates

DAYS = 14
STEP, BAR = 20, 8
"""Widths in the plot's own units: of a day, and of one of its two bars."""
HEIGHT = 60


@dataclass(frozen=True)
class PlotDay:
    """A day's two bars, from the plot's upper left corner."""

    label: str
    done: int
    created: int
    x: int
    created_x: int
    done_y: int
    done_height: int
    created_y: int
    created_height: int


def statistics_panel(request: HttpRequest) -> Panel | None:
    """The last two weeks."""
    if not isinstance(request.user, User):
        return None
    found = get_statistics(request.user, selectors.zone_of(request.user), now=timezone.now(), days=DAYS)
    context = {
        "found": found,
        "days": plot_days(found.days),
        "width": DAYS * STEP,
        "height": HEIGHT,
        "bar": BAR,
        "is_empty": not found.done and not found.created,
        "projects": [(each.name or _("Inbox"), each) for each in found.projects[:5]],
    }
    return Panel(_("What you have done"), "tasks/_statistics_panel.html", context)


def plot_days(days: tuple[DayCount, ...]) -> list[PlotDay]:
    """The bars, the highest as high as the plot."""
    most = max((max(day.done, day.created) for day in days), default=0) or 1
    plotted = []
    for number, day in enumerate(days):
        done, created = round(day.done * HEIGHT / most), round(day.created * HEIGHT / most)
        x, label = number * STEP + 1, dates.day_text(day.day)
        plotted.append(
            PlotDay(label, day.done, day.created, x, x + BAR + 1, HEIGHT - done, done, HEIGHT - created, created)
        )
    return plotted
