"""Finds the person's own rows behind the words, answers an open question, or asks one."""

from __future__ import annotations

from voice_app import replies, selectors
from voice_app.answering import answer_open_question
from voice_app.models import VoiceCommand
from voice_app.resolution import Question, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.types import FROM_MENU
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Plan the utterance; a question makes the command wait, an answer hands over to the command that asked."""
    command = work.command
    is_chosen = work.understanding.engine == FROM_MENU
    if not is_chosen and (answered := answer_open_question(work)):
        command.state, command.success = VoiceCommand.State.DONE, True
        command.reply = replies.answered_reply(answered)
        return StageReport(detail={"answers": str(answered.pk)})
    scene = Scene(work.actor, work.understanding, command.answers, selectors.find_recent_results(command))
    work.plan = plan_utterance(scene)
    if work.plan.question:
        _ask(command, work.plan.question)
    return StageReport(detail={"commands": len(work.plan.commands)})


def _ask(command: VoiceCommand, question: Question) -> None:
    text = replies.question_text(question)
    command.state = VoiceCommand.State.WAITING
    command.question = question.to_json(text=text, expires_at=selectors.question_expiry())
    command.reply = text
