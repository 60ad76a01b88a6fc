"""REST framework, its tokens, and the description of the API."""

import datetime as dt

from voicebot.env import read_int

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "voicebot.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "voicebot.api.scopes.TokenMayDoThis",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "voicebot.api.problems.ProblemsAccepted",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "voicebot.api_errors.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105  # the name of a model
REST_KNOX = {
    "TOKEN_TTL": dt.timedelta(days=365),
    "AUTH_HEADER_PREFIX": "Token",
}

API_TOKENS_FOR_EACH = 20
WEBHOOKS_FOR_EACH = 20
SOCKET_CHECK_SECONDS = 10.0
"""How often it is looked at whether the token or the session that opened a socket still lets somebody in."""
API_REQUESTS_PER_MINUTE = read_int("API_REQUESTS_PER_MINUTE", 1200, minimum=0)
"""Of one person, through REST; 0 is no limit."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Voice AI Task Manager API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Tasks by voice and by hand: say something, or do it yourself. One vocabulary behind both.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["voicebot.api.schema.add_errors"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
