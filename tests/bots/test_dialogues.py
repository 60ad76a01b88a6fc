"""Plays the dialogues under ``tests/flows/telegram``: what a person does, and what their chat then shows.

A script has a ``title`` and says which ``feature`` it is about. It may name the person's ``language`` and the tasks
that they have already (``has``). Each step does one thing (``writes``, ``speaks``, ``sends``, ``edits``, ``presses``),
lets reminders of tasks come due (``comes_due``) or the hour of an agenda or a review (``morning``, ``week``), deletes
a task on the page (``deletes``) or starts bot and worker anew (``restarts``). What is written may answer a message
that has some text (``answers``). A step may say what the newest messages of the chat then are (``shows``) or what the
newest one has in it (``holds``), what the press is answered with (``told``), and which tasks are open (``tasks``). Who
acts and in which chat stands in ``who`` and ``where``; see :mod:`tests.bots.company`.

What the chats showed stands in ``docs/telegram.md``; ``WRITE_TRANSCRIPTS=1`` writes it there instead of comparing it.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from bots import accounts
from tasks_app.commands import CreateProject, CreateTask, DeleteTask
from tasks_app.context import Source
from tasks_app.models import Briefing, NotificationPreference, Reminder, Task, User
from tasks_app.reminders import briefings, telling
from tasks_app.selectors import find_project
from tasks_app.services import execute
from tests.bots import transcripts
from tests.bots.company import Company
from tests.bots.conftest import ADA, RunningBot, RunningWorker
from tests.bots.transcripts import Transcript
from tests.fakes.telegram_server import Shown, TelegramServer
from tests.voice_app.conftest import SAMPLES
from voice_app.actors import actor_for
from voicebot.redis import redis_client

FLOWS = Path(__file__).resolve().parents[1] / "flows" / "telegram"
ZONE = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
"""A Sunday; when a step does not say another moment."""


class Dialogue:
    """One script at play."""

    def __init__(self, telegram: TelegramServer, script: dict[str, Any], restart: Callable[[], None]) -> None:
        self.telegram = telegram
        self.restart = restart
        self.script = script
        self.transcript = Transcript(script["name"], script["title"])
        language = script.get("language", "en")
        self.user = User.objects.create_user("ada", first_name="Ada", timezone=ZONE.key, language=language)
        self.code = accounts.make_link_code(self.user)
        self.company = Company(telegram, script, self.user)

    def play(self) -> None:
        if self.script.get("linked", True):
            accounts.link_chat(ADA, self.code, language="en")
        self._prepare(self.script.get("has", []))
        self.company.gather()
        for number, step in enumerate(self.script["steps"], 1):
            _let_a_second_pass()
            self.company.enter(step)
            self.transcript.act(step)
            self._let_happen(step)
            self._act(step)
            self._check(step, f"step {number}: {step}")

    def _prepare(self, tasks: list[dict[str, Any]]) -> None:
        """Tasks that the person has already, each given as the fields of a command."""
        actor = actor_for(self.user, Source.WEB, said_at=NOON)
        for task in tasks:
            fields = {name: _aware(value) for name, value in task.items()}
            if name := fields.pop("project", None):
                if find_project(self.user, name) is None:
                    execute(actor, [CreateProject(name=name)], cause_id=uuid.uuid4())
                fields["project_id"] = find_project(self.user, name).pk
            execute(actor, [CreateTask.model_validate(fields)], cause_id=uuid.uuid4())

    def _act(self, step: dict[str, Any]) -> None:
        at = step["at"].replace(tzinfo=ZONE) if "at" in step else NOON
        extra = {**step.get("message", {}), "by": self.company.person}
        chat_id = self.company.chat
        if "answers" in step:
            extra["reply_to_message"] = self.telegram.message_with(chat_id, step["answers"])
        if "writes" in step:
            words = self.company.fill(step["writes"].replace("CODE", self.code))
            self.telegram.write(chat_id, words, at=at, **extra, **self.company.mention(words))
        if "speaks" in step:
            sound = (SAMPLES / step["speaks"]).read_bytes()
            self.telegram.speak(chat_id, sound, kind=step.get("as", "voice"), at=at, **extra)
        if "sends" in step:
            self.telegram.send(chat_id, step["sends"], at=at, by=self.company.person)
        if "edits" in step:
            self.telegram.edit(chat_id, step["edits"], at=at)
        if "presses" in step:
            self.telegram.press(chat_id, step["presses"], under=step.get("under", ""), by=self.company.person)

    def _let_happen(self, step: dict[str, Any]) -> None:
        """What comes without a word of the person."""
        self.company.act(step)
        if "comes_due" in step:
            self._remind(step["comes_due"], late=dt.timedelta(minutes=step.get("minutes_late", 0)))
        for kind in Briefing.Kind:
            if kind in step:
                self._brief(kind, step[kind].replace(tzinfo=ZONE))
        if "restarts" in step:
            self.restart()
        if "deletes" in step:
            task = Task.objects.get(title=step["deletes"])
            execute(actor_for(self.user, Source.WEB), [DeleteTask(task_id=task.pk)], cause_id=uuid.uuid4())

    def _remind(self, titles: list[str], *, late: dt.timedelta) -> None:
        """Let reminders of tasks come due, and do what beat and a worker do about them."""
        now = timezone.now()
        for number, title in enumerate(titles):
            moment = now - late + dt.timedelta(microseconds=number)
            Reminder.objects.create(task=Task.objects.get(title=title), remind_at=moment)
        telling.tell_person(self.user.pk, now + dt.timedelta(seconds=1))

    def _brief(self, kind: Briefing.Kind, now: dt.datetime) -> None:
        """Let the hour of an agenda or a review come, and do what beat and a worker do about it."""
        chosen: dict[str, object] = {"morning_agenda_at": now.time()}
        if kind is Briefing.Kind.WEEK:
            chosen = {"weekly_review_on": now.weekday(), "weekly_review_at": now.time()}
        NotificationPreference.objects.update_or_create(user=self.user, defaults=chosen)
        with transaction.atomic():
            briefings.take_due_briefings(now)
        briefings.tell_briefings(self.user.pk, now)

    def _check(self, step: dict[str, Any], where: str) -> None:
        if "told" in step:
            told = step["told"]
            seen = self.telegram.wait_until(lambda: any(answer.get("text") == told for answer in self.telegram.answers))
            assert seen, f"{where}\n{self.telegram.answers}"
            self.transcript.tell(told)
        if "shows" in step:
            wanted = [self._wanted(item) for item in step["shows"]]
            seen = self.telegram.wait_until(lambda: _fit(self._newest(len(wanted)), wanted))
            found = [_shown(item) for item in self._newest(len(wanted))]
            assert seen, f"{where}\nwanted {wanted}\nfound  {found}\n{self.telegram.transcript(self.company.chat)}"
            self.transcript.show(self._newest(len(wanted)), [labels for _text, labels in wanted])
        if "holds" in step:
            part = step["holds"]
            seen = self.telegram.wait_until(lambda: any(part in message.text for message in self._newest(1)))
            assert seen, f"{where}\n{self.telegram.transcript(self.company.chat)}"
            self.transcript.hold(part)
        if "tasks" in step:
            titles = Task.objects.filter(completed_at=None, deleted_at=None).order_by("created_at")
            assert list(titles.values_list("title", flat=True)) == step["tasks"], where

    def _newest(self, count: int) -> list[Shown]:
        return self.telegram.chat(self.company.chat)[-count:]

    def _wanted(self, item: str | dict[str, Any]) -> tuple[str, list[str]]:
        text, labels = (item, []) if isinstance(item, str) else (item["text"], item.get("buttons", []))
        return text.strip(), labels


def _fit(messages: list[Shown], wanted: list[tuple[str, list[str]]]) -> bool:
    return len(messages) == len(wanted) and all(map(_fits, messages, wanted))


def _fits(message: Shown, wanted: tuple[str, list[str]]) -> bool:
    """Buttons that end with "…" are only the first ones."""
    text, labels = wanted
    shown_text, shown_labels = _shown(message)
    if labels and labels[-1] == "…":
        labels, shown_labels = labels[:-1], shown_labels[: len(labels) - 1]
    return (shown_text, shown_labels) == (text, labels)


def _aware(value: object) -> object:
    return value.replace(tzinfo=ZONE) if isinstance(value, dt.datetime) else value


def _let_a_second_pass() -> None:
    """A person takes at least as long as the pace of their chat; nobody has to wait for it here."""
    redis_client().delete(*redis_client().keys("*:telegram:*") or ["none"])


def _shown(message: Shown) -> tuple[str, list[str]]:
    return message.text.strip(), message.labels


def _read_scripts() -> list[dict[str, Any]]:
    scripts = [{"name": path.stem, **yaml.safe_load(path.read_text(encoding="utf-8"))} for path in FLOWS.glob("*.yaml")]
    return sorted(scripts, key=lambda script: (script["feature"], script["name"]))


SCRIPTS = _read_scripts()


def _params() -> list[object]:
    spoken = [any("speaks" in step for step in script["steps"]) for script in SCRIPTS]
    marks = [[pytest.mark.speech] if is_spoken else [] for is_spoken in spoken]
    return [pytest.param(script, id=script["name"], marks=own) for script, own in zip(SCRIPTS, marks, strict=True)]


@pytest.mark.parametrize("script", _params())
def test_dialogue(
    script: dict[str, Any],
    transactional_db: None,
    telegram: TelegramServer,
    start_bot: Callable[[], RunningBot],
    worker: RunningWorker,
    settings: Settings,
) -> None:
    settings.SIGN_UP = script.get("sign_up", "invitation")
    settings.TELEGRAM_LATE_AFTER_SECONDS = script.get("late_after", settings.TELEGRAM_LATE_AFTER_SECONDS)
    running = [start_bot()]

    def restart() -> None:
        running.pop().stop()
        worker.stop()
        worker.start()
        running.append(start_bot())

    dialogue = Dialogue(telegram, script, restart)
    dialogue.play()
    if os.environ.get("WRITE_TRANSCRIPTS"):
        transcripts.keep_section(dialogue.transcript, {each["name"]: each["feature"] for each in SCRIPTS})
    assert transcripts.kept_section(script["name"]) == dialogue.transcript.text(), (
        "docs/telegram.md shows another dialogue: WRITE_TRANSCRIPTS=1 pytest tests/bots/test_dialogues.py"
    )


def test_the_page_shows_all_dialogues_and_no_others() -> None:
    assert transcripts.kept_names() == [script["name"] for script in SCRIPTS]
