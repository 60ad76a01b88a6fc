"""The voice API: say something, see what became of it, answer, undo."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tasks_app.api.callers import caller_of
from tasks_app.errors import ChangesAlreadyUndone, ChangeSetNotFound, NothingToUndo, UndoConflict
from voice_app import dry_run, errors, selectors, services, undoing
from voice_app.api import shapes
from voice_app.api.requests import WAIT, actor_of, external_id_of, wait_seconds_of
from voice_app.api.serializers import AnswerSerializer, ParseSerializer, SubmitSerializer
from voice_app.events import command_to_json
from voice_app.models import VoiceCommand, VoiceSession
from voice_app.providers.errors import ProviderError
from voice_app.waiting import wait_for_outcome
from voicebot.api.base import ApiView
from voicebot.api.idempotency import once
from voicebot.api.operations import Operation, operation
from voicebot.api.pages import Orders, answer_page
from voicebot.errors import ERROR_CODES, AppError, ErrorCategory

SOUND_ERRORS = (
    errors.AudioEmpty,
    errors.AudioTooLarge,
    errors.AudioTooLong,
    errors.AudioFormatUnsupported,
    errors.AudioIsPlaylist,
    errors.AudioDamaged,
    errors.AudioDecodeTimedOut,
    errors.DecoderMissing,
    errors.NoSpeech,
)
TEXT_ERRORS = (errors.TextEmpty, errors.TextTooLong)
PROVIDER_ERRORS: tuple[type[AppError], ...] = (ProviderError, *ProviderError.__subclasses__())
LATER: dict[int, str] = {HTTPStatus.ACCEPTED: "Stored, and not done yet: look at `url`."}
COMMAND_ORDERS = Orders({"-received_at": ("-received_at", "-id")})
SESSION_ORDERS = Orders({"-start_time": ("-start_time", "-id")})


class CommandListView(ApiView):
    """``voice/commands/``."""

    parser_classes = (JSONParser, MultiPartParser)
    keeps_answers = False

    @operation(
        "list_voice_commands",
        "voice",
        Operation("What you said", shapes.Outcome, shapes.OUTCOME_EXAMPLE, orders=COMMAND_ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Your own commands, newest first."""
        return answer_page(request, selectors.list_commands(caller_of(request)), outcome_of, orders=COMMAND_ORDERS)

    @operation(
        "submit_voice_command",
        "voice",
        Operation(
            "Say something",
            shapes.Outcome,
            shapes.OUTCOME_EXAMPLE,
            body={"application/json": shapes.Spoken, "multipart/form-data": SubmitSerializer},
            body_example={"text": "call mum tomorrow at 5"},
            errors=(*SOUND_ERRORS, *TEXT_ERRORS),
            more_statuses=LATER,
            parameters=(WAIT,),
        ),
    )
    def post(self, request: Request) -> Response:
        """A recording or a text; with `?wait=` the outcome comes in the same answer."""
        seconds, external_id = wait_seconds_of(request), external_id_of(request)
        serializer = SubmitSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        submission = _submit(request, serializer.validated_data, external_id)
        response = _answer_with(submission.command, seconds)
        if not submission.is_new:
            response["Idempotency-Replayed"] = "true"
        return response


class CommandView(ApiView):
    """``voice/commands/{command_id}/``."""

    @operation(
        "get_voice_command",
        "voice",
        Operation("One command", shapes.Outcome, shapes.OUTCOME_EXAMPLE, errors=(errors.CommandNotFound,)),
    )
    def get(self, request: Request, command_id: uuid.UUID) -> Response:
        """As it stands."""
        return Response(outcome_of(selectors.get_command(caller_of(request), command_id)))


class AnswerView(ApiView):
    """``voice/commands/{command_id}/answer/``."""

    keeps_answers = False

    @operation(
        "answer_voice_command",
        "voice",
        Operation(
            "Answer a question",
            shapes.Outcome,
            shapes.OUTCOME_EXAMPLE,
            body=AnswerSerializer,
            body_example={"confirm": True},
            errors=(errors.CommandNotFound, errors.QuestionClosed, *SOUND_ERRORS),
            more_statuses=LATER,
            parameters=(WAIT,),
        ),
    )
    def post(self, request: Request, command_id: uuid.UUID) -> Response:
        """The one that a command asks back."""
        seconds = wait_seconds_of(request)
        serializer = AnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        taken = once(request, lambda: _answer_with(_give_answer(request, command_id, given), 0))
        if not seconds:
            return taken
        response = _answer_with(selectors.get_command(caller_of(request), command_id), seconds)
        if "Idempotency-Replayed" in taken:
            response["Idempotency-Replayed"] = "true"
        return response


class UndoView(ApiView):
    """``voice/commands/{command_id}/undo/``."""

    @operation(
        "undo_voice_command",
        "voice",
        Operation(
            "Undo an utterance",
            shapes.Undone,
            {"success": True, "response": "Undone: added “call mum”.", "tasks": [], "command": shapes.COMMAND_ID},
            errors=(errors.CommandNotFound, ChangeSetNotFound, NothingToUndo, ChangesAlreadyUndone, UndoConflict),
        ),
    )
    def post(self, request: Request, command_id: uuid.UUID) -> Response:
        """Everything that it did, as one."""
        command = selectors.get_command(caller_of(request), command_id)
        reply, tasks = undoing.undo(actor_of(request, {}), command.pk)
        return Response({"success": True, "response": reply, "tasks": tasks, "command": str(command.pk)})


class SessionListView(ApiView):
    """``voice/sessions/``."""

    @operation(
        "list_voice_sessions",
        "voice",
        Operation("Your conversations", shapes.Session, shapes.SESSION_EXAMPLE, orders=SESSION_ORDERS),
    )
    def get(self, request: Request) -> Response:
        """Each is a stretch of speaking through one door; newest first."""
        return answer_page(request, selectors.list_sessions(caller_of(request)), session_to_json, orders=SESSION_ORDERS)


class SessionView(ApiView):
    """``voice/sessions/{session_id}/``."""

    @operation(
        "get_voice_session",
        "voice",
        Operation("One conversation", shapes.Session, shapes.SESSION_EXAMPLE, errors=(errors.SessionNotFound,)),
    )
    def get(self, request: Request, session_id: uuid.UUID) -> Response:
        """What it added up to."""
        return Response(session_to_json(selectors.get_session(caller_of(request), session_id)))


class ParseView(ApiView):
    """``parse/``."""

    @operation(
        "parse",
        "voice",
        Operation(
            "What would it mean?",
            shapes.Meaning,
            shapes.MEANING_EXAMPLE,
            body=ParseSerializer,
            body_example={"text": "call mum tomorrow at 5", "timezone": "Europe/Berlin"},
            errors=(*TEXT_ERRORS, *PROVIDER_ERRORS),
            answers_once=False,
        ),
    )
    def post(self, request: Request) -> Response:
        """A dry run: nothing is stored and nothing is done, so it needs no `Idempotency-Key`."""
        serializer = ParseSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        return Response(dry_run.interpret(actor_of(request, given), given["text"], given.get("language")))


def outcome_of(command: VoiceCommand) -> dict[str, Any]:
    """A command as the API shows it; an error in it has the shape that every error here has."""
    outcome = command_to_json(command)
    if outcome["error"]:
        outcome["error"] = {**outcome["error"], "fields": {}}
    return outcome


def session_to_json(session: VoiceSession) -> dict[str, Any]:
    """A session as the API shows it."""
    names = ("source", "status", "commands_processed", "total_duration", "language", "confidence_avg", "error_count")
    moments = ("start_time", "end_time", "last_active_at")
    found = {name: getattr(session, name) for name in moments}
    return {
        "id": str(session.pk),
        **{name: getattr(session, name) for name in names},
        **{name: moment.isoformat() if moment else None for name, moment in found.items()},
    }


def _give_answer(request: Request, command_id: uuid.UUID, given: dict[str, Any]) -> VoiceCommand:
    actor = actor_of(request, {})
    if "choose" in given:
        return services.choose(actor, command_id, given["choose"])
    if "title" in given:
        return services.give_title(actor, command_id, given["title"])
    if "confirm" in given:
        return services.confirm(actor, command_id)
    return services.cancel(actor, command_id)


def _submit(request: Request, given: dict[str, Any], external_id: str) -> services.Submission:
    actor = actor_of(request, given)
    if "text" in given:
        return services.submit_text(actor, given["text"], external_id=external_id)
    file = given["audio"]
    services.check_metadata(file.size, None)
    return services.submit_audio(
        actor,
        file.read(),
        external_id=external_id,
        media_type=file.content_type or "",
        mode=VoiceCommand.Mode(given["mode"]),
    )


def _answer_with(command: VoiceCommand, seconds: float) -> Response:
    """202 while it is worked on, 200 at its end; what failed for its input answers as an error would."""
    if seconds:
        command = wait_for_outcome(command.pk, seconds=seconds)
    outcome = outcome_of(command)
    if command.state in VoiceCommand.WORKING_STATES or not seconds:
        return Response(outcome, status=HTTPStatus.ACCEPTED, headers={"Location": outcome["url"]})
    error = ERROR_CODES.get(command.error_code, AppError)
    is_input_error = command.error_code and error.category == ErrorCategory.INVALID
    status = error.http_status if is_input_error else HTTPStatus.OK
    return Response(outcome, status=status, headers={"Location": outcome["url"]})
