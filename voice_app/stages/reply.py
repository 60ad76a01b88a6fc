"""Writes the answer that the person gets."""

from __future__ import annotations

from tasks_app.intents import Intent
from voice_app import replies
from voice_app.asking.spending import remark_on_budget
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """The results go onto the command, and the sentence about them."""
    command = work.command
    command.results = work.results
    command.reply = "\n".join(filter(None, [replies.reply_text(work.results, work.actor), remark_on_budget(command)]))
    command.success = command.intent != Intent.NONE and any("problem" not in result for result in work.results)
    return StageReport()
