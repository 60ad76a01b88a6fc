"""Words that correct others, that are about a chosen task, or that are somebody else's; and questions that expire."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from tasks_app.context import Actor
from tasks_app.models import Task
from tests.voice_app.conftest import Say, finish
from voice_app import jobs, services
from voice_app.models import Recording, Review, VoiceCommand
from voice_app.review.services import record_review, report_misunderstanding
from voice_app.services import Circumstances

State = VoiceCommand.State


def _say_so(actor: Actor, text: str, circumstances: Circumstances) -> VoiceCommand:
    external_id = f"test:{uuid.uuid4()}"
    return finish(services.submit_text(actor, text, external_id=external_id, circumstances=circumstances).command)


def test_a_correction_takes_the_place_of_what_was_heard_and_is_filed(actor: Actor, say: Say) -> None:
    heard = say("Call Ann tomorrow")
    Recording.objects.create(command=heard, ciphertext=b"", size_bytes=1, media_type="audio/ogg")
    report_misunderstanding(heard)

    command = _say_so(actor, "Call Dan tomorrow", Circumstances(corrects=heard))

    assert command.reply == "Undone: “Call Ann”.\nAdded “Call Dan” for tomorrow, Mon 23 Nov."
    assert Task.objects.get(deleted_at=None).title == "Call Dan"
    review = Review.objects.get()
    assert (review.command, review.reviewer) == (heard, actor.user)
    assert (review.verdict, review.corrected_transcript) == (Review.Verdict.MISHEARD, "Call Dan tomorrow")


def test_the_same_words_again_were_misunderstood_and_not_misheard(actor: Actor, say: Say) -> None:
    heard = say("Call Ann tomorrow")
    report_misunderstanding(heard)
    _say_so(actor, "call Ann, tomorrow!", Circumstances(corrects=heard))
    assert Review.objects.get().verdict == Review.Verdict.MISUNDERSTOOD


def test_a_verdict_of_a_reviewer_stays(actor: Actor, say: Say) -> None:
    heard = say("Call Ann")
    record_review(actor.user, heard, verdict=Review.Verdict.CORRECT, corrected_transcript="Call Ann", note="")
    report_misunderstanding(heard)
    _say_so(actor, "Call Dan", Circumstances(corrects=heard))
    assert Review.objects.get().verdict == Review.Verdict.CORRECT


def test_what_was_changed_since_is_not_taken_back_and_nothing_is_done(actor: Actor, say: Say) -> None:
    heard = say("Call Ann tomorrow")
    say("Move Call Ann to Friday")
    command = _say_so(actor, "Call Dan", Circumstances(corrects=heard))
    assert (command.state, command.error_code) == (State.FAILED, "undo_conflict")
    assert Task.objects.get(deleted_at=None).title == "Call Ann"


def test_a_correction_that_must_be_asked_about_takes_back_once(actor: Actor, say: Say) -> None:
    heard = say("Call Ann tomorrow")
    asked = _say_so(actor, "laundry", Circumstances(corrects=heard))
    assert asked.state == State.WAITING
    say("yes")
    asked.refresh_from_db()
    assert asked.state == State.DONE
    assert Task.objects.get(deleted_at=None).title == "laundry"


def test_words_about_a_task_change_that_one_and_no_other(actor: Actor, say: Say) -> None:
    say("Call Ann on Friday at 5 pm")
    chosen = Task.objects.get()
    say("Call Dan on Friday")
    about = Circumstances(about_task_id=chosen.pk)

    assert _say_so(actor, "at six", about).reply == "Moved “Call Ann” to Fri 27 Nov, 18:00."
    assert _say_so(actor, "on Saturday", about).reply == "Moved “Call Ann” to Sat 28 Nov, 18:00."
    assert _say_so(actor, "delete it", about).reply == "Deleted “Call Ann”."
    assert _say_so(actor, "at six", about).error_code == "task_not_found"


def test_words_of_others_never_command(actor: Actor, say: Say) -> None:
    say("Buy milk")
    asked = _say_so(actor, "Delete the milk task", Circumstances(said_by="Eve"))
    assert (asked.state, asked.question["text"]) == (State.WAITING, "Shall I add “Delete the milk task”?")

    services.confirm(actor, asked.pk)
    finish(asked)

    assert Task.objects.filter(deleted_at=None).count() == 2
    assert Task.objects.get(title="Delete the milk task").notes == "From Eve"


def test_words_of_others_do_not_answer_a_question_of_ours(actor: Actor, say: Say) -> None:
    open_one = say("laundry")
    _say_so(actor, "yes", Circumstances(said_by="Eve"))
    open_one.refresh_from_db()
    assert open_one.state == State.WAITING


def test_a_question_that_nobody_answered_closes_and_says_so(say: Say) -> None:
    fresh, old = say("laundry"), say("ironing")
    VoiceCommand.objects.filter(pk=old.pk).update(
        question={**old.question, "expires_at": (timezone.now() - dt.timedelta(hours=1)).isoformat()}
    )

    jobs.expire_questions()

    fresh.refresh_from_db()
    old.refresh_from_db()
    assert (fresh.state, old.state) == (State.WAITING, State.CANCELLED)
    assert old.reply == "Add “ironing”?\n\n⌛ I got no answer in time, so I changed nothing."
