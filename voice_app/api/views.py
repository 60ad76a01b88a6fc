"""The voice API: say something, see what became of it, answer, undo."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tasks_app.api.callers import caller_of
from voice_app import dry_run, selectors, services, undoing
from voice_app.api.requests import actor_of, external_id_of, wait_seconds_of
from voice_app.api.serializers import AnswerSerializer, ParseSerializer, SubmitSerializer
from voice_app.events import command_to_json
from voice_app.models import VoiceCommand
from voice_app.waiting import wait_for_outcome
from voicebot.errors import ERROR_CODES, AppError, ErrorCategory


class NewestFirst(CursorPagination):
    """Pages of commands that stay right while new ones come in."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-received_at"


class CommandListView(APIView):
    """``voice/commands/``."""

    def get(self, request: Request) -> Response:
        """The caller's own commands, newest first."""
        pages = NewestFirst()
        page = pages.paginate_queryset(selectors.list_commands(caller_of(request)), request, view=self) or []
        return pages.get_paginated_response([outcome_of(command) for command in page])

    def post(self, request: Request) -> Response:
        """Take a recording or a text; with ``?wait=`` the outcome comes in the same response."""
        seconds, external_id = wait_seconds_of(request), external_id_of(request)
        serializer = SubmitSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        submission = _submit(request, serializer.validated_data, external_id)
        response = _answer_with(submission.command, seconds)
        if not submission.is_new:
            response["Idempotency-Replayed"] = "true"
        return response


class CommandView(APIView):
    """``voice/commands/{id}/``."""

    def get(self, request: Request, command_id: uuid.UUID) -> Response:
        """One of the caller's own commands as it stands."""
        return Response(outcome_of(selectors.get_command(caller_of(request), command_id)))


class AnswerView(APIView):
    """``voice/commands/{id}/answer/``."""

    def post(self, request: Request, command_id: uuid.UUID) -> Response:
        """Answer the question that a command asks back."""
        seconds = wait_seconds_of(request)
        serializer = AnswerSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        actor, given = actor_of(request, {}), serializer.validated_data
        if "choose" in given:
            command = services.choose(actor, command_id, given["choose"])
        elif "title" in given:
            command = services.give_title(actor, command_id, given["title"])
        elif "confirm" in given:
            command = services.confirm(actor, command_id)
        else:
            command = services.cancel(actor, command_id)
        return _answer_with(command, seconds)


class UndoView(APIView):
    """``voice/commands/{id}/undo/``."""

    def post(self, request: Request, command_id: uuid.UUID) -> Response:
        """Revert everything that the utterance did, as one."""
        command = selectors.get_command(caller_of(request), command_id)
        reply, tasks = undoing.undo(actor_of(request, {}), command.pk)
        return Response({"success": True, "response": reply, "tasks": tasks, "command": str(command.pk)})


class ParseView(APIView):
    """``parse/``."""

    def post(self, request: Request) -> Response:
        """What a text would mean; nothing is stored and nothing is done."""
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
