"""Somebody else's words: they become tasks to propose, whatever they command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tasks_app.commands import TITLE_MAX_LENGTH, CreateTask
from tasks_app.intents import Intent
from voice_app.replies import proposal_text
from voice_app.resolution import Planned, Question
from voice_app.resolution.plan import Plan
from voice_app.types import SpokenCommand, Understanding

if TYPE_CHECKING:
    from voice_app.models import VoiceCommand
    from voice_app.work import Work

FORWARDED = "forwarded"
"""The reason of the question that a proposal is."""
CERTAIN = 1.0


def as_proposal(understanding: Understanding) -> Understanding:
    """The same words as new tasks alone: those that they name, else one that is called by the words themselves.

    What would list, change or delete anything of the person's is left out: the words are not theirs.
    """
    made = tuple(
        command.model_copy(update={"task": None, "filters": None, "assignee": None})
        for command in understanding.commands
        if command.intent is Intent.CREATE_TASK and command.title
    )
    commands = made or (_in_their_words(understanding),)
    return understanding.model_copy(update={"commands": commands, "confidence": CERTAIN, "needs": None})


def _in_their_words(understanding: Understanding) -> SpokenCommand:
    due = next((command for command in understanding.commands if command.due), None)
    return SpokenCommand(
        intent=Intent.CREATE_TASK,
        title=understanding.text[:TITLE_MAX_LENGTH],
        due=due.due if due else None,
        due_has_time=due.due_has_time if due else False,
    )


def propose(work: Work, plan: Plan) -> Plan:
    """The plan with each task saying whom it is from; until the person agreed, as a question."""
    command = work.command
    entries = tuple(_signed(entry, command) if isinstance(entry, Planned) else entry for entry in plan.entries)
    if command.answers.get("0", {}).get("confirmed"):
        return Plan(entries)
    return Plan(entries, Question("confirmation", 0, FORWARDED, Intent.CREATE_TASK))


def proposed_text(work: Work, plan: Plan) -> str:
    """What is asked about a proposal."""
    tasks = [command for command in plan.commands if isinstance(command, CreateTask)]
    return proposal_text(tasks, work.actor)


def _signed(entry: Planned, command: VoiceCommand) -> Planned:
    note = _("From %(name)s") % {"name": command.said_by}
    signed = tuple(
        one.model_copy(update={"notes": note}) if isinstance(one, CreateTask) else one for one in entry.commands
    )
    return Planned(entry.spoken, signed, entry.remarks)
