"""What the API costs a person with very many tasks, and beside a bare viewset over the same table, in one run.

Usage, from the project's root:
    .venv/bin/python -m bench.api [--many 100000] [--rounds 30]

It starts throw-away servers, gives one person 1,000 tasks in 5 projects and another one 100,000 in 500, and sends both
the same requests, in turns, through the whole of Django's middleware, without a network. Half of the tasks are done.
The bare viewset is a plain ``ModelViewSet`` with a ``ModelSerializer`` of a task's own columns, cursor pages of as
many rows and the token class of the library; it reads and writes the rows of the same person. It keeps no history, no
undo, no labels, no reminders, no sparse fields, no rates. The picture goes to ``docs/images/api.svg``.
Exports and the calendar feed are made once for each, in a process of their own, whose greatest memory counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.plots import Curve, draw
from tests.servers import throw_away_servers

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "api.svg"
FEW = 1000
TASKS = "/api/v1/tasks/"
BARE = "/bare/tasks/"
_VERBS = ("Call", "Buy", "Pay", "Send", "Fix", "Plan", "Book", "Write", "Clean", "Return")
_THINGS = ("dentist", "milk", "rent", "invoice", "bike", "party", "flight", "report", "kitchen", "library books")
_ABOUT = ("mum", "Anna", "office", "garden", "school", "car", "bank", "doctor", "neighbour", "team")


@dataclass
class Person:
    """Somebody with so many tasks, and a program that acts for them."""

    count: int
    user: Any
    client: Any
    times: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds by what was asked for."""


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with throw_away_servers(os.environ):
        os.environ["API_REQUESTS_PER_MINUTE"] = "10000000"
        os.environ["LOG_LEVEL"] = "ERROR"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        settings.ROOT_URLCONF = "bench.bare_api"
        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("migrate", verbosity=0)
        people = [new_person(FEW, 5), new_person(options.many, 500)]
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        for number in range(-3, options.rounds):
            for person in people:
                measure(person, number)
        report(people)
        for person in people:
            report_files(person)
        connection.close()


def new_person(count: int, projects: int) -> Person:
    """A person with tasks of all kinds, half of them done, and a token."""
    from knox.models import AuthToken
    from rest_framework.test import APIClient

    from tasks_app.models import Label, Project, ProjectMember, Task, User

    chance, now = random.Random(count), dt.datetime.now(dt.UTC)
    user = User.objects.create_user(f"with-{count}", language="en", timezone="Europe/Berlin")
    places = Project.objects.bulk_create(Project(owner=user, name=f"Project {n}") for n in range(projects))
    ProjectMember.objects.bulk_create(
        ProjectMember(project=place, user=user, role="owner", joined_at=now) for place in places
    )
    labels = Label.objects.bulk_create(Label(owner=user, name=f"label {n}") for n in range(20))
    rows = [
        Task(
            owner=user,
            title=f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} {chance.choice(_ABOUT)} {chance.randrange(count)}",
            notes="Bring the papers." if n % 10 == 0 else "",
            project=chance.choice([None, *places]),
            priority=chance.choice([None, None, 1, 2, 3, 4]),
            due_on=now.date() + dt.timedelta(days=chance.randrange(-60, 365)) if n % 3 else None,
            completed_at=now if n % 2 else None,
            zone="Europe/Berlin",
        )
        for n in range(count)
    ]
    tasks = Task.objects.bulk_create(rows, batch_size=2000)
    through = Task.labels.through
    through.objects.bulk_create(
        (through(task_id=task.pk, label_id=chance.choice(labels).pk) for task in tasks[::5]), batch_size=5000
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user=user)[1]}")
    return Person(count, user, client)


def requests(person: Person, number: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    """All that is measured, by name."""
    get, post = person.client.get, person.client.post
    today = dt.datetime.now(dt.UTC).date()
    yield "list", lambda: get(TASKS)
    yield "list, second page", lambda: get(get(TASKS).json()["next"])
    for order in ("due", "-due", "priority", "title", "updated_at"):
        yield f"list by {order}", lambda order=order: get(TASKS, {"ordering": order})
    yield "list of one project", lambda: get(TASKS, {"project": "Project 3"})
    yield "filter overdue and urgent", lambda: get(TASKS, {"filter": "overdue and urgent in inbox"})
    yield "filter label or text", lambda: get(TASKS, {"filter": '(label "label 3" or "dentist") and not low'})
    yield "search two words", lambda: get("/api/v1/search/", {"q": "dentist anna"})
    yield "search common word", lambda: get("/api/v1/search/", {"q": "milk"})
    yield "search rare word", lambda: get("/api/v1/search/", {"q": f"call {number + 5}"})
    yield "search misspelt", lambda: get("/api/v1/search/", {"q": "libary"})
    yield "agenda", lambda: get("/api/v1/agenda/", {"from": str(today), "to": str(today + dt.timedelta(days=6))})
    yield "create", lambda: post(TASKS, {"title": f"Call mum {number}", "due": "2027-01-04", "priority": "high"})
    yield "bare list", lambda: get(BARE)
    yield "bare create", lambda: post(BARE, {"title": f"Call mum {number}", "due_on": "2027-01-04", "priority": 2})


def measure(person: Person, number: int) -> None:
    """One of each; a round with a number below 0 is to get warm."""
    for name, ask in requests(person, number):
        began = time.perf_counter()
        answer = ask()
        spent = (time.perf_counter() - began) * 1000
        if answer.status_code not in {200, 201}:
            raise SystemExit(f"{name}: {answer.status_code} {answer.content[:500]}")
        if number >= 0:
            person.times.setdefault(name, []).append(spent)


def report(people: list[Person]) -> None:
    """Medians side by side, their ratio, and the ratio to the bare viewset."""
    few, many = ({name: statistics.median(times) for name, times in person.times.items()} for person in people)
    print(f"{'median ms':28s}{people[0].count:>12,}{people[1].count:>12,}{'times':>8s}")
    for name, value in few.items():
        print(f"{name:28s}{value:12.1f}{many[name]:12.1f}{many[name] / value:8.2f}")
    for name in ("list", "create"):
        for person, times in zip(people, (few, many), strict=True):
            ours, bare = 1000 / times[name], 1000 / times[f"bare {name}"]
            rates = f"{ours:.0f} requests a second, bare {bare:.0f}: {bare / ours:.2f} times"
            print(f"{name}, {person.count:,} tasks: {rates}")
    PICTURE.write_text(picture(people), encoding="utf-8")


def report_files(person: Person) -> None:
    """What it costs to make each kind of file of all that a person has."""
    from django.utils import timezone

    from tasks_app.calendar_feed.content import write_feed
    from tasks_app.models import CalendarFeed, Export
    from tasks_app.transfer.exports import ExportFormat
    from tasks_app.transfer.kept import KEEP_FOR, write_export

    now = timezone.now()

    def write(file_format: ExportFormat) -> int:
        export = Export.objects.create(user=person.user, format=file_format.value, expires_at=now + KEEP_FOR)
        write_export(export.pk, now=now)
        export.refresh_from_db()
        return export.size

    acts = {f"export {each}": lambda each=each: write(each) for each in ExportFormat}
    acts["calendar feed"] = lambda: len(write_feed(CalendarFeed(user=person.user, has_alarms=True), now))
    for name, act in acts.items():
        seconds, more, size = cost_of(act)
        print(
            f"{name}, {person.count:,} tasks: {seconds:.1f} s, {more:.0f} MB more memory, file of {size / 1e6:.1f} MB"
        )


def cost_of(act: Callable[[], int]) -> tuple[float, float, int]:
    """Seconds, by how many MB the memory grew at most, and what it returned, of an act in a process of its own."""
    from django.db import connection

    connection.close()
    connection.close_pool()
    reading, writing = os.pipe()
    process_id = os.fork()
    if process_id == 0:
        try:
            before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
            result, spent = act(), time.perf_counter() - began
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            os.write(writing, f"{spent} {grown / 1024} {result}".encode())
        finally:
            os._exit(0)
    os.waitpid(process_id, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        seconds, more, size = answer.read().split()
    return float(seconds), float(more), int(size)


def picture(people: list[Person]) -> str:
    """The share of requests that were answered within so many times the median of the person with few tasks."""
    colours = {"list": "#1f77b4", "search two words": "#d62728", "agenda": "#2ca02c", "create": "#9467bd"}
    curves = []
    for name, colour in colours.items():
        base = statistics.median(people[0].times[name])
        values = sorted(people[1].times[name])
        points = [(min(value / base / 4, 1.0), 100 * (n + 1) / len(values)) for n, value in enumerate(values)]
        curves.append(Curve(f"{name}: {base:.0f} ms with {people[0].count:,} tasks", points, colour))
    return draw(
        curves,
        title=f"Answers to a person with {people[1].count:,} tasks",
        across=f"time, as a part of 4 times the median with {people[0].count:,} tasks",
        up="percent answered",
        mark=(0.75, "3 times"),
    )


if __name__ == "__main__":
    main()
