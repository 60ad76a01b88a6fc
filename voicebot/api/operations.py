"""One line above a method of a view says all that the schema tells of it and that every request is checked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel, create_model
from rest_framework.serializers import Serializer

from voicebot.api.errors import IdempotencyKeyReused, VersionChanged
from voicebot.api.pages import MAX_PAGE_SIZE, PAGE_SIZE, Orders
from voicebot.api.scopes import ScopeMissing, Scopes, usual_scopes
from voicebot.errors import AppError, InputInvalid, NotAllowed, NotSignedIn, RateLimited

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What one method at one address is."""

    summary: str
    answer: type[BaseModel] | None = None
    """The body of the answer; None for one without."""
    example: Any = None
    status: int = 200
    body: type[BaseModel | Serializer[Any]] | Mapping[str, type[BaseModel | Serializer[Any]]] | None = None
    """One, or one for each media type."""
    body_example: Any = None
    query: type[BaseModel] | None = None
    orders: Orders | None = None
    """Of a list: in which orders it comes. ``answer`` is then one row."""
    errors: tuple[type[AppError], ...] = ()
    """What it can refuse for, beyond what its kind can."""
    is_public: bool = False
    scopes: Scopes | None = None
    """What a token needs, one of them; None is what is usual for its group and method."""
    checks_version: bool = False
    answers_once: bool | None = None
    """Whether an ``Idempotency-Key`` is heeded; None is yes for POST."""
    more_statuses: Mapping[int, str] = field(default_factory=dict)
    """Other good ends with the same body."""
    parameters: tuple[OpenApiParameter, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """What ``?fields=`` may name."""
        return frozenset(self.answer.model_fields) if self.answer else frozenset()


def operation(operation_id: str, tag: str, about: Operation) -> Callable[[Method], Method]:
    """Describe a method of an :class:`voicebot.api.base.ApiView`.

    Args:
        operation_id: Its name in generated clients, such as ``create_task``.
        tag: The group under which the documents show it.
        about: The rest.
    """

    def describe(method: Method) -> Method:
        scopes = scopes_of(method.__name__, tag, about)
        answer = page_of(about.answer) if about.orders and about.answer else about.answer
        responses: dict[Any, Any] = {about.status: _response(about, answer, "")}
        responses.update({status: _response(about, answer, text) for status, text in about.more_statuses.items()})
        described = extend_schema(
            operation_id=operation_id,
            tags=[tag],
            summary=about.summary,
            description=_description(method),
            request=about.body,
            responses=responses,
            parameters=[*_parameters(method.__name__, about), *about.parameters],
            examples=_body_examples(about),
            extensions={
                "x-errors": sorted({error.code for error in errors_of(method.__name__, about, scopes)}),
                "x-scopes": [scope.value for scope in scopes],
            },
            auth=cast("list[str] | None", [] if about.is_public else None),
        )(method)
        described.operation = about  # type: ignore[attr-defined]  # read by ApiView, as DRF does with ``@action``
        described.scopes = scopes  # type: ignore[attr-defined]  # read by TokenMayDoThis
        return described

    return describe


def page_of(row: type[BaseModel]) -> type[BaseModel]:
    """The model of a page of such rows."""
    made: type[BaseModel] = create_model(
        f"{row.__name__}Page",
        __doc__="One page of a list; ``next`` and ``previous`` are addresses.",
        next=(str | None, ...),
        previous=(str | None, ...),
        results=(list[row], ...),  # type: ignore[valid-type]  # a type that is made here
    )
    return made


def scopes_of(method: str, tag: str, about: Operation) -> Scopes:
    """What a token needs for an operation; nothing where nobody needs one."""
    if about.is_public:
        return ()
    return usual_scopes(method, tag) if about.scopes is None else about.scopes


def errors_of(method: str, about: Operation, scopes: Scopes) -> Iterable[type[AppError]]:
    """All that an operation can refuse for, apart from what every one can."""
    yield from about.errors
    if not about.is_public:
        yield from (NotSignedIn, RateLimited)
        if method not in {"get", "head"}:
            yield NotAllowed
    if scopes:
        yield ScopeMissing
    if about.body or about.query or about.orders or about.answer or method == "post":
        yield InputInvalid
    if heeds_key(method, about):
        yield IdempotencyKeyReused
    if about.checks_version:
        yield VersionChanged


def heeds_key(method: str, about: Operation) -> bool:
    """Whether the operation heeds an ``Idempotency-Key``."""
    return not about.is_public and (method == "post" if about.answers_once is None else about.answers_once)


def _description(method: Callable[..., Any]) -> str:
    return " ".join((method.__doc__ or "").split("Raises:")[0].split())


def _response(about: Operation, answer: type[BaseModel] | None, text: str) -> OpenApiResponse:
    if answer is None:
        return OpenApiResponse(description=text or "Done; the answer has no body.")
    example = about.example
    if about.orders:
        example = {"next": None, "previous": None, "results": [about.example]}
    return OpenApiResponse(
        answer,
        description=text or "Done.",
        examples=[OpenApiExample("example", value=example, response_only=True)],
    )


def _body_examples(about: Operation) -> list[OpenApiExample]:
    if about.body is None:
        return []
    kinds = about.body if isinstance(about.body, Mapping) else ("application/json",)
    return [
        OpenApiExample(f"request {number}", value=about.body_example, request_only=True, media_type=kind)
        for number, kind in enumerate(kinds, 1)
    ]


def _parameters(method: str, about: Operation) -> list[OpenApiParameter]:
    found = [*_query_parameters(about)]
    if about.orders:
        found += _paging_parameters(about.orders)
    if method == "get" and about.answer:
        names = ", ".join(f"`{name}`" for name in about.answer.model_fields)
        text = f"Only these of each object's fields, separated by commas: {names}."
        found.append(OpenApiParameter("fields", str, description=text))
    if heeds_key(method, about):
        text = "Chosen by you. The same request sent again with the same key is done once and answered alike."
        schema = {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"}
        found.append(OpenApiParameter("Idempotency-Key", schema, OpenApiParameter.HEADER, description=text))
    if about.checks_version:
        text = 'The `ETag` that you saw, such as `"3"`: refused when somebody changed it since.'
        found.append(OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=text))
    return found


def _paging_parameters(orders: Orders) -> list[OpenApiParameter]:
    size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
    return [
        OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
        OpenApiParameter("page_size", size),
        OpenApiParameter("ordering", str, enum=orders.names, default=orders.default),
    ]


def _query_parameters(about: Operation) -> list[OpenApiParameter]:
    if about.query is None:
        return []
    schema = about.query.model_json_schema()
    required = schema.get("required", [])
    return [
        OpenApiParameter(
            name,
            _flat(part, schema.get("$defs", {})),
            description=part.get("description", ""),
            required=name in required,
        )
        for name, part in schema["properties"].items()
    ]


def _flat(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema on its own; a parameter cannot be null, it is left out."""
    kinds = [each for each in part.get("anyOf", [part]) if each.get("type") != "null"]
    kind = definitions[kinds[0]["$ref"].rpartition("/")[2]] if "$ref" in kinds[0] else kinds[0]
    return {name: value for name, value in kind.items() if name not in {"title", "description", "default"}}
