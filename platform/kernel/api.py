"""Bases of the API: JSON only, strict input, problems as answers, idempotent writes. A view makes one domain call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.access import Access
from kernel.actor import ANONYMOUS, Actor
from kernel.authentication import SAFE_METHODS, ActorAuthentication
from kernel.clean_request import check_form
from kernel.http import as_domain_error, problem_response
from kernel.inputs import StrictJSONParser, StrictSerializer, read_input
from kernel.problems import UnsupportedMedia, json_ready
from kernel.sm3 import sm3_hex
from kernel.uploads import FILE_BYTES_MAX, one_file

__all__ = [
    "ActorAuthentication",
    "ApiView",
    "ProblemSerializer",
    "ReadView",
    "UploadView",
    "WriteView",
    "actor_of",
    "documented",
    "problem_responses",
]

ViewT = TypeVar("ViewT", bound=type[APIView])


class JsonOnly(BaseContentNegotiation):
    """Always JSON: neither Accept nor ?format= changes what the API speaks."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        return next((parser for parser in parsers if _media_type(request) == parser.media_type), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


def _media_type(request: Request) -> str:
    return (request.content_type or "").split(";", 1)[0].strip().lower()


class ApiView(APIView):
    """Base of both. `access` is enforced by the access middleware, so there are no permission classes here."""

    access: ClassVar[Access]
    authentication_classes = (ActorAuthentication,)
    permission_classes = ()
    throttle_classes = ()
    parser_classes: Sequence[type[BaseParser]] = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JsonOnly
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    media_type: ClassVar[str] = "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
        if request.method not in SAFE_METHODS and has_body and _media_type(request) != self.media_type:
            raise UnsupportedMedia
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        error = as_domain_error(exc)
        if error is None:
            raise exc
        return problem_response(error, self.request._request)


class ReadView(ApiView):
    """GET. `output_serializer` shows what `read` returns; `query_serializer` describes the query string."""

    output_serializer: ClassVar[type[serializers.BaseSerializer[Any]]]
    query_serializer: ClassVar[type[StrictSerializer] | None] = None
    many: ClassVar[bool] = False

    def get(self, request: Request, **path: Any) -> Response:
        result = self.read(request, **path)
        if isinstance(result, Response):
            return result
        if self.many:
            return Response(self.output_serializer(result, many=True, context={"request": request}).data)
        return Response(represented(self.output_serializer, result, request))

    def read(self, request: Request, **path: Any) -> Any:
        """One selector call, starting from `request.actor`."""
        raise NotImplementedError

    def query(self, request: Request) -> dict[str, Any]:
        """The validated query string; an unknown parameter is refused."""
        if self.query_serializer is None:
            raise TypeError(f"{type(self).__name__} declares no query_serializer")
        return read_input(self.query_serializer, request.query_params)


class WriteView(ApiView):
    """POST. Parses strictly, then runs `perform` under the caller's idempotency key.

    `settings.YZ_IDEMPOTENCY` names `run(*, request, body, perform) -> Response`; None runs `perform` directly.
    Without `output_serializer` the answer is 204.
    """

    input_serializer: ClassVar[type[StrictSerializer] | None] = None
    output_serializer: ClassVar[type[serializers.BaseSerializer[Any]] | None] = None
    success_status: ClassVar[int] = 200  # 201 where something is created

    def post(self, request: Request, **path: Any) -> Response:
        # Without an input serializer an empty one still refuses stray fields.
        data = read_input(self.input_serializer or StrictSerializer, request.data)

        def perform() -> Response:
            return self._respond(request, self.perform(request, data, **path))

        return self._once(request, json_ready(request.data), perform)

    def _once(self, request: Request, body: Any, perform: Callable[[], Response]) -> Response:
        """Under the caller's idempotency key, where one was sent."""
        if not settings.YZ_IDEMPOTENCY:
            return perform()
        run: Callable[..., Response] = import_string(settings.YZ_IDEMPOTENCY)
        return run(request=request, body=body, perform=perform)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        """One service call."""
        raise NotImplementedError

    def _respond(self, request: Request, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        if self.output_serializer is None:
            return Response(status=204)
        return Response(represented(self.output_serializer, result, request), status=self.success_status)


class UploadView(WriteView):
    """POST of one file as multipart/form-data, in the field `file`, beside what `input_serializer` reads.

    The form is held to what pages' forms are held to; what the file is, is the service's to check.
    """

    media_type = "multipart/form-data"
    parser_classes = (MultiPartParser,)
    success_status = 201
    file_bytes_max: ClassVar[int] = FILE_BYTES_MAX

    def post(self, request: Request, **path: Any) -> Response:
        form = request._request
        check_form(form)
        name, content = one_file(form, bytes_max=self.file_bytes_max)
        data = read_input(self.input_serializer or StrictSerializer, form.POST)

        def perform() -> Response:
            return self._respond(request, self.receive(request, name, content, data, **path))

        # What is remembered under the key is which file it was, not the file.
        body = {"fields": form.POST.dict(), "file": {"name": name, "sm3": sm3_hex(content)}}
        return self._once(request, body, perform)

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        """One service call."""
        raise NotImplementedError


class _Kept(threading.local):
    """One instance of each output serializer, of this thread alone: it is lent the request while it is used."""

    def __init__(self) -> None:
        self.instances: dict[type[serializers.BaseSerializer[Any]], serializers.BaseSerializer[Any]] = {}


_kept = _Kept()


def represented(serializer_class: type[serializers.BaseSerializer[Any]], value: Any, request: Request) -> Any:
    """`serializer_class(value).data` without copying its declared fields, which costs more than filling them."""
    serializer = _kept.instances.get(serializer_class)
    if serializer is None:
        serializer = _kept.instances[serializer_class] = serializer_class()
    serializer._context = {"request": request}
    try:
        return serializer.to_representation(value)
    finally:
        serializer._context = {}


def actor_of(request: HttpRequest | Request) -> Actor:
    """The request's actor, typed."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 body of every refusal."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    instance = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    facts = serializers.DictField()
    errors = serializers.DictField(  # type: ignore[assignment]  # fields leave the class body: no property is hidden
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


_PROBLEMS: dict[int, str] = {
    400: "The input is not valid",
    401: "Sign in first",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    409: "Refused in the current state",
    415: "Not JSON, or not a form where a file is sent",
    422: "The idempotency key was used with another body",
    429: "Too many requests",
}


def problem_responses(*statuses: int) -> dict[Any, OpenApiResponse]:
    """Responses for `extend_schema`: the problem body under each status."""
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, description=_PROBLEMS[status])
        for status in statuses
    }


@extend_schema_field({"type": "string", "format": "binary"})
class _File(serializers.FileField):
    """For the description of the API alone: files are read by `kernel.uploads`."""


def _body_of(view: type[APIView]) -> Any:
    """What a POST carries, with the file where it takes one."""
    fields = view.input_serializer  # type: ignore[attr-defined]  # a WriteView
    if not issubclass(view, UploadView):
        return fields
    return {view.media_type: type(f"{view.__name__}Form", (fields or StrictSerializer,), {"file": _File()})}


def documented(
    *,
    summary: str | Promise,
    description: str | Promise = "",
    tags: tuple[str, ...] = (),
    problems: tuple[int, ...] = (),
    response: Any = None,
) -> Callable[[ViewT], ViewT]:
    """Describe a ReadView, a WriteView or both: the operation is named after the route's access.

    Refusals every route can give are added by themselves; `problems` names further ones. `response` stands in for
    the output serializer where `read` answers by itself.
    """

    def decorate(view: ViewT) -> ViewT:
        access: Access = view.access  # type: ignore[attr-defined]  # every ApiView has one
        operation = access.name.replace(".", "_").replace("-", "_")
        app = access.name.split(".", 1)[0]
        reads, writes = issubclass(view, ReadView), issubclass(view, WriteView)
        common: dict[str, Any] = {
            "summary": summary,
            "description": description or None,
            "tags": list(tags or (app,)),
        }
        general = () if access.public else (401, 403)
        described: dict[str, Any] = {}
        if reads:
            shown = response or view.output_serializer(many=view.many)  # type: ignore[attr-defined]
            query = view.query_serializer  # type: ignore[attr-defined]
            described["get"] = extend_schema(
                operation_id=f"{operation}_read" if writes else operation,
                parameters=[query] if query else None,
                request=None,
                responses={200: shown, **problem_responses(*sorted({400, 404, 405, *general, *problems}))},
                **common,
            )
        if writes:
            output = response or view.output_serializer  # type: ignore[attr-defined]
            good = {view.success_status: output} if output else {204: None}  # type: ignore[attr-defined]
            statuses = {400, 403, 404, 405, 409, 415, 422, 429, *general, *problems}
            described["post"] = extend_schema(
                operation_id=operation,
                request=_body_of(view),
                responses={**good, **problem_responses(*sorted(statuses))},
                **common,
            )
        return extend_schema_view(**described)(view)

    return decorate
