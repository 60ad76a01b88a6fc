"""The schema, the protocol of the sockets, and two pages that show the schema; open to everybody."""

from __future__ import annotations

from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from voicebot.api.schema import schema_document

ASYNCAPI_FILE = settings.BASE_DIR / "docs" / "asyncapi.yaml"


class SchemaAsYaml(OpenApiYamlRenderer):
    """YAML, made once in each process."""

    def render(self, data: Any, *_: object, **__: object) -> bytes:  # noqa: ANN401  # DRF's signature
        """The schema; an error as it is."""
        return _schema_as_yaml() if data is schema_document() else super().render(data)  # type: ignore[no-untyped-call]  # untyped


class SchemaView(APIView):
    """``/api/schema/``: JSON, or YAML where ``Accept`` or ``?format=yaml`` says so."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer, OpenApiJsonRenderer, SchemaAsYaml)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:  # noqa: ARG002  # DRF's signature
        """OpenAPI 3.1."""
        return Response(schema_document())


@require_safe
def asyncapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """``/api/asyncapi/``: the messages of the sockets, in AsyncAPI 3."""
    return HttpResponse(ASYNCAPI_FILE.read_bytes(), content_type="application/yaml; charset=utf-8")


@require_safe
def swagger(request: HttpRequest) -> HttpResponse:
    """``/docs``: the schema in Swagger UI, to try it out."""
    return render(request, "api/swagger.html")


@csp_update({"style-src": ["'self'", "'unsafe-inline'"]})
@require_safe
def redoc(request: HttpRequest) -> HttpResponse:
    """``/redoc``: the schema in ReDoc, to read it; its program makes its style sheets as it goes."""
    return render(request, "api/redoc.html")


@cache
def _schema_as_yaml() -> bytes:
    made: bytes = OpenApiYamlRenderer().render(schema_document())  # type: ignore[no-untyped-call]  # untyped
    return made
