"""Finds the person's own rows behind the words, answers an open question, or asks one."""

from __future__ import annotations

from voice_app import replies, selectors
from voice_app.answering import answer_open_question
from voice_app.correcting import take_back_corrected
from voice_app.models import VoiceCommand
from voice_app.proposing import propose, proposed_text
from voice_app.resolution import Question, plan_utterance
from voice_app.resolution.scene import Scene
from voice_app.types import FROM_MENU
from voice_app.work import StageReport, Work


def run(work: Work) -> StageReport:
    """Plan the utterance; a question makes the command wait, an answer hands over to the command that asked."""
    command = work.command
    if not _stands_alone(work) and (answered := answer_open_question(work)):
        command.state, command.success = VoiceCommand.State.DONE, True
        command.reply = replies.answered_reply(answered)
        return StageReport(detail={"answers": str(answered.pk)})
    take_back_corrected(work)
    recent = [] if command.within_project_id else selectors.find_recent_results(command)
    answers, about_id, within_id = command.answers, command.about_task_id, command.within_project_id
    scene = Scene(work.actor, work.understanding, answers, recent, about_id, within_id)
    plan = plan_utterance(scene)
    work.plan = propose(work, plan) if command.said_by else plan
    if question := work.plan.question:
        text = proposed_text(work, work.plan) if command.said_by else replies.question_text(question)
        _ask(command, question, text)
    return StageReport(detail={"commands": len(work.plan.commands)})


def _stands_alone(work: Work) -> bool:
    """Whether it surely answers no open question: it was chosen, is about something else, or is somebody else's."""
    command = work.command
    is_chosen = work.understanding.engine == FROM_MENU
    is_about = command.corrects_id or command.about_task_id
    return bool(is_chosen or is_about or command.said_by)


def _ask(command: VoiceCommand, question: Question, text: str) -> None:
    command.state = VoiceCommand.State.WAITING
    command.question = question.to_json(text=text, expires_at=selectors.question_expiry())
    command.reply = text
