"""More than one person, chat and group in a dialogue: who acts, where, and what only happens among several."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.test import Client, override_settings

from bots import accounts, groups
from tasks_app.accounts.sign_up import invite
from tasks_app.commands import CreateProject
from tasks_app.context import Source
from tasks_app.models import Project, ProjectMember, User
from tasks_app.services import execute
from tests.bots.conftest import ADA
from tests.fakes.telegram_server import USERNAME
from voice_app.actors import actor_for

if TYPE_CHECKING:
    from tests.fakes.telegram_server import TelegramServer

PEOPLE = {"Ada": ADA, "Bob": 5002, "Eve": 5003, "Ada at work": 5004}
"""Whose private chat has which number; Eve is a stranger."""
GROUP = -4001
SUPERGROUP = -1_000_000_004_001


class Company:
    """The people of a script, and the chat that is looked at.

    Args:
        telegram: Where they are.
        script: May name the ``phone`` (the language of Ada's), the ``members`` of a project with their roles, and
            whether the bot is in a ``group`` that is linked to it.
        ada: Ada's account, if she has one.
    """

    def __init__(self, telegram: TelegramServer, script: dict[str, Any], ada: User) -> None:
        self.telegram = telegram
        self.script = script
        self.ada = ada
        self.who, self.chat, self.group = "Ada", ADA, GROUP
        self._typed = ""
        for name, number in PEOPLE.items():
            telegram.set_name(number, "Ada" if name.startswith("Ada") else name)
            telegram.set_language(number, script.get("phone", "en"))

    @property
    def person(self) -> int:
        """The number of who acts."""
        return PEOPLE[self.who]

    def enter(self, step: dict[str, Any]) -> None:
        """Look at the chat in which a step takes place."""
        self.who = step.get("who", "Ada")
        self.chat = self.group if step.get("where") == "group" else self.person

    def gather(self) -> None:
        """Make what the script says of others, once Ada's own things are there."""
        if self.script.get("sharing"):
            execute(actor_for(self.ada, Source.WEB), [CreateProject(name=self.script["sharing"])], cause_id=uuid4())
        for project_name, roles in self.script.get("members", {}).items():
            project = Project.objects.get(name=project_name)
            for name, role in roles.items():
                user = User.objects.create_user(
                    name.lower(), first_name=name, timezone=self.ada.timezone, language=self.ada.language
                )
                accounts.link_chat(PEOPLE[name], accounts.make_link_code(user), language="en")
                ProjectMember.objects.create(project=project, user=user, role=role, joined_at=project.created_at)
        if "group_of" in self.script:
            groups.link_group(self.ada, GROUP, Project.objects.get(name=self.script["group_of"]).pk)

    def act(self, step: dict[str, Any]) -> None:
        """What is none of writing, speaking and pressing."""
        if "connects" in step:
            accounts.link_chat(PEOPLE[step["connects"]], accounts.make_link_code(self.ada), language="en")
        if step.get("blocks"):
            self._change_membership("member", "kicked")
        if step.get("unblocks"):
            self._change_membership("kicked", "member")
        if step.get("joins"):
            self._change_membership("left", "member")
        if step.get("sends_away"):
            self._change_membership("member", "kicked")
        if step.get("grows"):
            self.telegram.migrate(GROUP, SUPERGROUP)
            self.group = SUPERGROUP
            self.enter(step)
        self._act_inline(step)
        if step.get("opens_link"):
            self._open_link()

    def _act_inline(self, step: dict[str, Any]) -> None:
        if "types" in step:
            self._typed = step["types"]
            query = self.telegram.ask_inline(self.person, self._typed)
            answers = self.telegram.inline_answers
            assert self.telegram.wait_until(lambda: any(answer["inline_query_id"] == query for answer in answers))
        if "offers" in step:
            assert self.offers() == step["offers"]
        if "chooses" in step:
            self.telegram.choose_inline(self.person, step["chooses"], self._typed)

    def offers(self) -> list[str]:
        """What was offered last while somebody typed, and the way in for strangers."""
        answer = self.telegram.inline_answers[-1]
        assert (answer["cache_time"], answer["is_personal"]) in {("0", "true"), (0, True)}
        way_in = json.loads(answer.get("button", "null") or "null")
        return [one["title"] for one in json.loads(answer["results"])] + ([f"→ {way_in['text']}"] if way_in else [])

    def mention(self, words: str) -> dict[str, Any]:
        """What Telegram adds to a message that names the bot."""
        at = words.find(f"@{USERNAME}")
        if at < 0 or words.startswith("/"):
            return {}
        return {"entities": [{"type": "mention", "offset": at, "length": len(USERNAME) + 1}]}

    def fill(self, words: str) -> str:
        """Put what a script cannot know into its words."""
        words = words.replace("@bot", f"@{USERNAME}")
        return words.replace("INVITATION", invite()[1]) if "INVITATION" in words else words

    def _change_membership(self, before: str, now: str) -> None:
        """And wait until the bot knows."""
        self.telegram.change_membership(self.chat, before, now, by=self.person)
        assert self.telegram.wait_until(lambda: not self.telegram.updates)

    def _open_link(self) -> None:
        """Ada opens the newest link of the chat on the page, and agrees."""
        address = re.findall(r"https://\S+", self.telegram.chat(self.chat)[-1].text)[-1]
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
            self._agree(urlsplit(address).path)

    def _agree(self, path: str) -> None:
        page = Client()
        page.force_login(self.ada)
        assert page.get(path).status_code == 200
        assert page.post(path).status_code == 302
