"""Hears the words, and learns a person's language the first time they speak at any length."""

from __future__ import annotations

from tasks_app.accounts import remember_language
from voice_app.asking.on_terms import hear_for
from voice_app.progress import ProgressTeller
from voice_app.providers.stt.sharing import told_to
from voice_app.work import StageReport, Work

MIN_WORDS_TO_LEARN_LANGUAGE = 3


def run(work: Work) -> StageReport:
    """Ask the speech engines in order; the text goes onto the command."""
    if work.clip is None:
        raise RuntimeError("the decode stage runs first")
    command = work.command
    known_language = command.language or None
    names = work.vocabulary
    with told_to(ProgressTeller(command.pk)):
        transcript = hear_for(
            work.terms,
            work.clip,
            language=known_language,
            hints=(*names.projects, *names.labels, *names.people),
            deadline=work.deadline,
            record=work.attempts.append,
        )
    command.command_text = transcript.text
    command.language = transcript.language
    if known_language is None and len(transcript.text.split()) >= MIN_WORDS_TO_LEARN_LANGUAGE:
        remember_language(command.user, transcript.language)
    return StageReport(provider=transcript.engine, detail={"confidence": transcript.confidence})
