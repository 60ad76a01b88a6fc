"""Inline mode: from any chat, ``@bot words`` offers to add a task of these words, and the tasks that have them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from bots import accounts, followers
from bots.telegram.handlers.adding import understand_new_task
from bots.telegram.handlers.incoming import Article, Incoming, InlineAnswer, Taken
from tasks_app.clock import wire_form
from tasks_app.selectors import TaskFilters, list_tasks
from voice_app.moments import moment_text
from voice_app.services import submit_understood
from voicebot.errors import RateLimited
from voicebot.one_line import one_line
from voicebot.throttling import Rate, check_rate

if TYPE_CHECKING:
    from telegram import ChosenInlineResult, InlineQuery

    from bots.models import ChatAccount
    from tasks_app.context import Actor

MOST_FOUND = 8
LONGEST_CHOICE = dt.timedelta(hours=1)
"""Between an offer and its choice; the words of a later one count from when it came."""
_QUERIES = Rate("telegram-inline", 120, 60)
"""Each letter that a person types may be one."""
_ADDS = re.compile(r"a:(\d{1,10}):\d{1,32}")


def offer(account: ChatAccount | None, query: InlineQuery) -> Taken:
    """Answer what is typed so far; a stranger gets a button that leads to the bot."""
    if account is None:
        return Taken(inline=InlineAnswer(query.id, way_in=_("Connect with me first")))
    words = one_line(query.query)
    try:
        check_rate(_QUERIES, str(account.user_id))
    except RateLimited:
        return Taken(inline=InlineAnswer(query.id))
    actor = accounts.actor_of(account, timezone.now())
    adding = (_adding(actor, words, query.id),) if words else ()
    return Taken(inline=InlineAnswer(query.id, (*adding, *_found(actor, words))))


def choose(incoming: Incoming, account: ChatAccount | None, chosen: ChosenInlineResult) -> Taken:
    """Add the task that was offered, once, however often its choice is told; a found task needs nothing.

    Raises:
        voicebot.errors.AppError: See :func:`voice_app.services.submit_understood`.
    """
    adds = _ADDS.fullmatch(chosen.result_id)
    words = one_line(chosen.query)
    if account is None or adds is None or not words:
        return Taken()
    now = timezone.now()
    offered = dt.datetime.fromtimestamp(int(adds[1]), dt.UTC)
    actor = accounts.actor_of(account, offered if now - LONGEST_CHOICE <= offered <= now else now)
    external_id = f"{incoming.bot_id}:{incoming.chat_id}:{chosen.result_id}"
    submission = submit_understood(actor, understand_new_task(actor, words), external_id=external_id)
    if submission.is_new:
        followers.begin_message(submission.command, incoming.chat_id, None)
    return Taken()


def _adding(actor: Actor, words: str, query_id: str) -> Article:
    tasks = understand_new_task(actor, words).commands
    named = ", ".join(_line(task.title or words, _when(actor, task.due)) for task in tasks)
    title = _("Add: %(task)s") % {"task": named}
    return Article(f"a:{int(actor.said_at.timestamp())}:{query_id}", title, _("To your own tasks"), f"📝 {named}")


def _found(actor: Actor, words: str) -> list[Article]:
    filters = TaskFilters(text=words or None)
    tasks = list_tasks(actor.user, filters=filters, now=actor.said_at, tz=actor.tz)[:MOST_FOUND]
    found = []
    for task in tasks:
        when = _when(actor, wire_form(task.due_on, task.due_at, task.zone))
        found.append(Article(f"t:{task.pk}", task.title, when, f"☐ {_line(task.title, when)}"))
    return found


def _when(actor: Actor, due: str | None) -> str:
    return moment_text(due, None, actor.tz, actor.said_at) if due else ""


def _line(title: str, when: str) -> str:
    return f"{title} — {when}" if when else title
