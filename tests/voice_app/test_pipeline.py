"""Utterances from their receipt to their end, on the real database."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.db import connection

from tasks_app.context import Actor
from tasks_app.models import ChangeSet, Task
from tests.voice_app.conftest import SAMPLES, Say, finish
from voice_app import jobs, selectors, services
from voice_app.errors import QuestionClosed, TextEmpty, TextTooLong
from voice_app.events import command_progressed
from voice_app.locks import hold_person
from voice_app.models import StageRecord, VoiceCommand, VoiceSession
from voicebot.api.errors import IdempotencyKeyReused

State = VoiceCommand.State


def test_a_typed_task_with_a_date_is_done_and_told(say: Say) -> None:
    command = say("Call mum tomorrow at 5 pm")

    task = Task.objects.get()
    assert (task.title, task.due_at.isoformat()) == ("Call mum", "2026-11-23T16:00:00+00:00")
    assert (command.state, command.success, command.intent) == (State.DONE, True, "create_task")
    assert command.reply == "Added “Call mum” for tomorrow, Mon 23 Nov, 17:00."


def test_an_errand_said_alone_is_asked_about_and_made_on_yes(say: Say) -> None:
    asked = say("laundry")
    assert (asked.state, asked.question["kind"], asked.question["text"]) == (
        State.WAITING,
        "confirmation",
        "Add “laundry”?",
    )
    assert not Task.objects.exists()

    say("yes")

    assert Task.objects.get().title == "laundry"


def test_every_stage_leaves_a_record(say: Say) -> None:
    command = say("Buy milk")

    assert [stage.stage for stage in command.stages.whole()] == ["understand", "resolve", "execute", "reply"]
    assert {stage.outcome for stage in command.stages.all()} == {StageRecord.Outcome.OK}
    assert command.processing_time is not None


def test_several_commands_of_one_utterance_are_undone_as_one(say: Say) -> None:
    say("Add the report to my list")
    command = say("Mark the report as done and remind me to call Tom on Friday")
    assert Task.objects.filter(completed_at=None, deleted_at=None).get().title == "call Tom"

    undone = say("undo")

    assert undone.success is True
    assert Task.objects.filter(deleted_at=None, completed_at=None).get().title.casefold() == "report"
    assert ChangeSet.objects.get(pk=undone.pk).undoes_id == command.pk


def test_the_same_external_id_is_the_same_command(actor: Actor) -> None:
    first = services.submit_text(actor, "Buy milk", external_id="k1")
    second = services.submit_text(actor, "Buy milk", external_id="k1")

    assert (first.is_new, second.is_new) == (True, False)
    assert first.command.pk == second.command.pk


def test_one_external_id_cannot_stand_for_two_requests(actor: Actor) -> None:
    services.submit_text(actor, "Buy milk", external_id="k1")
    with pytest.raises(IdempotencyKeyReused):
        services.submit_text(actor, "Buy bread", external_id="k1")


def test_a_second_delivery_of_the_job_changes_nothing(say: Say) -> None:
    command = say("Buy milk")
    jobs.process_command(str(command.pk))
    assert Task.objects.count() == 1


@pytest.mark.parametrize(("text", "error"), [("  \x00 ", TextEmpty), ("x" * 5000, TextTooLong)])
def test_text_that_cannot_be_read_is_refused_before_it_is_stored(
    actor: Actor, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.submit_text(actor, text, external_id="k1")
    assert not VoiceCommand.objects.exists()


def test_what_is_not_about_tasks_changes_nothing_and_says_so(say: Say) -> None:
    command = say("What is the weather like in Paris?")

    assert (command.state, command.success, command.intent) == (State.DONE, False, "none")
    assert "changed nothing" in command.reply
    assert not Task.objects.exists()


def test_notes_of_one_person_are_done_in_order(actor: Actor) -> None:
    first = services.submit_text(actor, "Buy milk", external_id="k1").command
    second = services.submit_text(actor, "undo", external_id="k2").command

    finish(second)

    first.refresh_from_db()
    assert (first.state, second.state) == (State.DONE, State.DONE)
    assert not Task.objects.filter(deleted_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_person_in_work_elsewhere_is_left_to_that_worker(actor: Actor) -> None:
    command = services.submit_text(actor, "Buy milk", external_id="k1").command
    with hold_person(actor.user.pk) as held:
        assert held
        other_worker = threading.Thread(target=_process_and_disconnect, args=(command.pk,))
        other_worker.start()
        other_worker.join()
        command.refresh_from_db()
        assert command.state == State.TRANSCRIBED

    assert finish(command).state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_worker_gives_a_person_free_though_it_has_another_connection_by_then(actor: Actor) -> None:
    with hold_person(actor.user.pk):
        holder, connection.connection = connection.connection, None
        connection.ensure_connection()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [actor.user.pk])
        assert cursor.fetchone() == (0,)
    connection.pool.putconn(holder)


def _process_and_disconnect(command_id: uuid.UUID) -> None:
    jobs.process_command(str(command_id))
    connection.close()


@pytest.fixture
def mend_follower() -> Iterator[Callable[[], object]]:
    """A follower that raises when a command ends, as a full disk or a bug would, until it is mended."""

    def fail(command: VoiceCommand, **_kwargs: object) -> None:
        if command.state == State.DONE:
            raise RuntimeError("the follower is broken")

    command_progressed.connect(fail)
    yield lambda: command_progressed.disconnect(fail)
    command_progressed.disconnect(fail)


def test_a_fault_at_the_end_leaves_no_half_done_command(say: Say, mend_follower: Callable[[], object]) -> None:
    command = say("Buy milk")

    assert not Task.objects.exists()
    assert (command.state, command.error_code, command.success) == (State.FAILED, "internal_error", False)
    assert command.error_ref
    assert "broken" not in command.reply + command.error_message


def test_a_failed_command_can_be_tried_again(say: Say, mend_follower: Callable[[], object]) -> None:
    command = say("Buy milk")
    mend_follower()

    services.retry(command)
    finish(command)

    assert (command.state, command.error_code) == (State.DONE, "")
    assert Task.objects.get().title == "Buy milk"


def test_a_command_that_kills_its_worker_again_and_again_is_given_up(actor: Actor) -> None:
    command = services.submit_text(actor, "Buy milk", external_id="k1").command
    VoiceCommand.objects.filter(pk=command.pk).update(attempts=1000)

    assert (finish(command).state, command.error_code) == (State.FAILED, "command_given_up")


def test_stalled_commands_are_found_once_for_each_person(actor: Actor) -> None:
    import datetime as dt

    from django.utils import timezone

    for number in range(3):
        services.submit_text(actor, f"Buy {number} eggs", external_id=f"k{number}")
    assert selectors.list_stalled_commands() == []

    VoiceCommand.objects.update(run_after=timezone.now() - dt.timedelta(minutes=1))

    assert [command.external_id for command in selectors.list_stalled_commands()] == ["k0"]


def test_the_session_adds_up_its_commands(say: Say) -> None:
    say("Buy milk")
    say("What is the weather like in Paris?")

    session = VoiceSession.objects.get()
    assert (session.commands_processed, session.error_count, session.status) == (2, 0, "active")
    assert session.confidence_avg is not None


class TestQuestions:
    """What is unclear or dangerous is asked about first, and answered by voice or by button."""

    @pytest.fixture
    def asked(self, say: Say) -> VoiceCommand:
        say("Call Anna about the car")
        say("Call Anna about the house")
        command = say("Mark call Anna as done")
        assert command.state == State.WAITING
        return command

    def test_the_options_are_the_persons_own_tasks(self, asked: VoiceCommand) -> None:
        assert asked.question is not None
        titles = {option["label"] for option in asked.question["options"]}
        assert titles == {"Call Anna about the car", "Call Anna about the house"}
        assert not Task.objects.exclude(completed_at=None).exists()

    def test_answered_by_a_button(self, actor: Actor, asked: VoiceCommand) -> None:
        assert asked.question is not None
        services.choose(actor, asked.pk, [asked.question["options"][0]["id"]])
        assert finish(asked).state == State.DONE
        assert str(Task.objects.exclude(completed_at=None).get().pk) == asked.answers["0"]["ids"][0]

    @pytest.mark.parametrize("answer", ["the one about the house", "call Anna about the house"])
    def test_answered_by_voice(self, say: Say, asked: VoiceCommand, answer: str) -> None:
        say(answer)
        asked.refresh_from_db()
        assert asked.state == State.DONE
        assert Task.objects.exclude(completed_at=None).get().title == "Call Anna about the house"

    def test_no_by_voice_changes_nothing(self, say: Say, asked: VoiceCommand) -> None:
        assert say("no").reply == "All right, I changed nothing."
        asked.refresh_from_db()
        assert asked.state == State.CANCELLED
        assert not Task.objects.exclude(completed_at=None).exists()

    def test_an_answer_that_was_not_offered_is_refused(self, actor: Actor, asked: VoiceCommand) -> None:
        with pytest.raises(QuestionClosed):
            services.choose(actor, asked.pk, [str(uuid.uuid4())])

    def test_another_command_leaves_the_question_open(self, say: Say, asked: VoiceCommand) -> None:
        say("Buy three light bulbs tomorrow")
        asked.refresh_from_db()
        assert asked.state == State.WAITING

    def test_deleting_several_is_asked_about(self, say: Say) -> None:
        say("Buy milk today")
        say("Buy bread today")
        command = say("Delete everything from today")
        assert command.state == State.WAITING
        assert command.question is not None
        assert command.question["kind"] == "confirmation"

        say("yes")

        assert not Task.objects.filter(deleted_at=None).exists()


@pytest.mark.speech
def test_a_recording_is_heard_understood_and_done(actor: Actor) -> None:
    note = SAMPLES / "call-mom.ogg"
    command = services.submit_audio(actor, note.read_bytes(), external_id="k1").command

    finish(command)

    assert command.state == State.DONE
    assert [stage.stage for stage in command.stages.whole()][:2] == ["decode", "transcribe"]
    assert Task.objects.exists()
    assert note.read_bytes() not in bytes(command.recording.ciphertext)


def test_the_same_recording_with_another_wish_needs_another_id(actor: Actor) -> None:
    note = (SAMPLES / "call-mom.ogg").read_bytes()
    services.submit_audio(actor, note, external_id="k1")
    with pytest.raises(IdempotencyKeyReused):
        services.submit_audio(actor, note, external_id="k1", mode=VoiceCommand.Mode.TRANSCRIBE)


def test_a_reply_is_in_the_spoken_language_when_the_person_has_set_none(actor: Actor) -> None:
    actor.user.language = ""
    actor.user.save(update_fields=["language"])
    spanish = replace(actor, spoken_language="es")
    command = finish(services.submit_text(spanish, "comprar leche mañana", external_id="k1").command)
    assert command.language == "es"
    assert command.reply == "Añadido: «comprar leche» para mañana, lun, 23 nov."


def test_a_reply_is_in_the_persons_own_language_whatever_they_speak(actor: Actor) -> None:
    actor.user.language = "de"
    actor.user.save(update_fields=["language"])
    spanish = replace(actor, spoken_language="es")
    command = finish(services.submit_text(spanish, "comprar leche mañana", external_id="k1").command)
    assert command.reply == "Hinzugefügt: „comprar leche“ für morgen, Mo., 23. Nov."
