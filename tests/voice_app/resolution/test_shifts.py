"""A task moved by so much from its own due, and what is said where there is nothing to count from."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tasks_app.commands import UpdateTask
from tasks_app.context import Actor
from tasks_app.intents import Intent
from tasks_app.models import Task
from voice_app.resolution import Plan, Unresolved, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.shifts import Shift
from voice_app.types import SpokenCommand, Understanding

BERLIN = ZoneInfo("Europe/Berlin")
BEFORE_SUMMER_TIME = dt.datetime(2026, 3, 28, 9, tzinfo=BERLIN)


@pytest.mark.parametrize("text", ["PT1H", "-PT30M", "P2D", "P1M", "-P7D", "P1DT2H5M"])
def test_a_shift_reads_as_it_is_written(text: str) -> None:
    assert str(Shift.read(text)) == text


@pytest.mark.parametrize(
    ("shift", "moved"),
    [
        ("P1D", "2026-03-29T09:00:00+02:00"),
        ("PT24H", "2026-03-29T10:00:00+02:00"),
        ("-P1M", "2026-02-28T09:00:00+01:00"),
    ],
)
def test_days_keep_the_time_of_day_and_hours_their_length(shift: str, moved: str) -> None:
    assert Shift.read(shift).of_moment(BEFORE_SUMMER_TIME, BERLIN).isoformat() == moved


def test_a_month_ends_where_it_is_shorter() -> None:
    assert Shift.read("P1M").of_day(dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)


def planned(actor: Actor, shift: str) -> Plan:
    spoken = SpokenCommand(intent=Intent.UPDATE_TASK, shift=shift, task="dentist")
    understanding = Understanding(text="", language="en", engine="local", confidence=0.95, commands=(spoken,))
    return plan_utterance(Scene(actor, understanding, {}, []))


def test_it_counts_from_the_due_of_the_task_in_its_zone(actor: Actor) -> None:
    due = dt.datetime(2026, 3, 28, 9, tzinfo=BERLIN)
    Task.objects.create(owner=actor.user, title="Dentist", due_on=due.date(), due_at=due, zone="Europe/Berlin")
    (command,) = planned(actor, "P1D").commands
    assert isinstance(command, UpdateTask)
    assert isinstance(command.due, dt.datetime)
    assert command.due.isoformat() == "2026-03-29T09:00:00+02:00"


@pytest.mark.parametrize(("due_on", "problem"), [(None, "due_missing"), (dt.date(2026, 3, 28), "time_missing")])
def test_hours_are_not_counted_from_nothing(actor: Actor, due_on: dt.date | None, problem: str) -> None:
    Task.objects.create(owner=actor.user, title="Dentist", due_on=due_on, zone="Europe/Berlin")
    (entry,) = planned(actor, "PT1H").entries
    assert isinstance(entry, Unresolved)
    assert (entry.problem, entry.phrase) == (problem, "Dentist")


def test_a_day_moves_by_days(actor: Actor) -> None:
    Task.objects.create(owner=actor.user, title="Dentist", due_on=dt.date(2026, 3, 28), zone="Europe/Berlin")
    (command,) = planned(actor, "-P2D").commands
    assert isinstance(command, UpdateTask)
    assert command.due == dt.date(2026, 3, 26)
