"""The one place where refusals and errors become responses: problem+json for the API, the problem page for people."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from rest_framework import exceptions as drf

from kernel.logs import said
from kernel.problems import (
    Busy,
    CsrfFailed,
    DomainError,
    InvalidInput,
    MalformedInput,
    MethodNotAllowed,
    NotFound,
    NotPermitted,
    ServerFault,
    SignInRequired,
    TooManyRequests,
    Unavailable,
    UnsupportedMedia,
    as_problem,
)

log = logging.getLogger("yz.http")

PROBLEM_JSON = "application/problem+json"
# lock_not_available, deadlock_detected, serialization_failure: the same request will do in a moment.
BUSY_SQLSTATES = frozenset({"55P03", "40P01", "40001"})
# Class 08, admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections.
AWAY_SQLSTATES = ("08", "57P01", "57P02", "57P03", "53300")
AWAY_RETRY_SECONDS = 1
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, RawPostDataException)

_BARE_PAGE = (
    '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1></body></html>"
)


def is_api(request: HttpRequest) -> bool:
    """Asked by a program: an API path, or JSON preferred to HTML."""
    if request.path.startswith("/api/"):
        return True
    try:
        preferred = request.get_preferred_type(["text/html", "application/json", PROBLEM_JSON])
    except ValueError:
        # Django's reader of header parameters raises it for encodings it does not know.
        return False
    return preferred in {"application/json", PROBLEM_JSON}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def problem_response(error: DomainError, request: HttpRequest) -> HttpResponse:
    """The answer to a refusal, in the form the caller reads."""
    problem = as_problem(error, instance=request.path)
    if is_api(request):
        response = HttpResponse(json.dumps(problem, ensure_ascii=False), content_type=PROBLEM_JSON, status=error.status)
    elif is_htmx(request):
        response = render(request, "webkit/_problem_alert.html", {"problem": problem}, status=error.status)
        response["HX-Retarget"] = "#problem"
        response["HX-Reswap"] = "innerHTML"
    else:
        response = render(request, "webkit/problem.html", {"problem": problem}, status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    response.problem_code = error.code  # type: ignore[attr-defined]  # counted by config.metrics
    return response


def as_domain_error(error: BaseException) -> DomainError | None:
    """The refusal that an exception of Django, REST framework or the database stands for; None for our own faults."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, drf.APIException):
        return _from_rest_framework(error)
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return NotPermitted()
    if isinstance(error, DjangoValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {"body": error.messages}
        return InvalidInput(errors=fields)
    if isinstance(error, UNREADABLE):
        return MalformedInput()
    if isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", None) in BUSY_SQLSTATES:
        return Busy(retry_after_seconds=1)
    if database_away(error):
        return Unavailable(retry_after_seconds=AWAY_RETRY_SECONDS)
    return None


def database_away(error: BaseException) -> bool:
    """Whether the database said that it goes, or the driver that there is no connection, or no longer one."""
    cause = error.__cause__
    if not isinstance(error, OperationalError | InterfaceError) or cause is None:
        return False  # without a cause it is a mistake of ours: no room selected, a room left inside its transaction
    code = getattr(cause, "pgcode", None)
    if code is not None:
        return str(code).startswith(AWAY_SQLSTATES)
    return isinstance(error, OperationalError) or "connection already closed" in str(cause)


def _from_rest_framework(error: drf.APIException) -> DomainError | None:
    if isinstance(error, drf.ValidationError):
        return InvalidInput(errors=flat_errors(error.detail))
    if isinstance(error, drf.ParseError):
        return MalformedInput()
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return SignInRequired()
    if isinstance(error, drf.PermissionDenied):
        # Routes refuse posts before REST framework sees the request: what is left is its CSRF check.
        return CsrfFailed() if "CSRF" in str(error.detail) else NotPermitted()
    if isinstance(error, drf.NotFound):
        return NotFound()
    if isinstance(error, drf.MethodNotAllowed):
        return MethodNotAllowed()
    if isinstance(error, drf.UnsupportedMediaType):
        return UnsupportedMedia()
    if isinstance(error, drf.Throttled):
        return TooManyRequests(retry_after_seconds=int(getattr(error, "wait", None) or 1))
    return None


def flat_errors(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """REST framework's nested errors as dotted names: {"lines.0.quantity": ["..."]}; the whole body is "body"."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for key, value in detail.items():
            name = prefix if key == "non_field_errors" else f"{prefix}.{key}" if prefix else str(key)
            for inner, messages in flat_errors(value, name).items():
                flat.setdefault(inner, []).extend(messages)
        return flat
    if isinstance(detail, list | tuple):
        flat = {}
        for index, item in enumerate(detail):
            nested = isinstance(item, dict | list)
            for inner, messages in flat_errors(item, f"{prefix}.{index}" if nested and prefix else prefix).items():
                flat.setdefault(inner, []).extend(messages)
        return flat
    return {prefix or "body": [str(detail)]}


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(MalformedInput(), request)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(NotPermitted(), request)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(NotFound(), request)


def handler500(request: HttpRequest) -> HttpResponse:
    """Never fails itself: when even the page cannot be rendered (no database), a bare page says so.

    Called while the exception is handled: one that is no mistake of ours is told as what it is.
    """
    raised, number = sys.exception(), said("request_id")
    error: DomainError = ServerFault(request_id=number) if number else ServerFault()
    if raised is not None and isinstance(known := as_domain_error(raised), Unavailable):
        error = known
    try:
        return problem_response(error, request)
    except Exception:
        log.exception("the problem page could not be rendered")
        return HttpResponse(_BARE_PAGE.format(title=error.title), status=error.status, headers=error.headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW."""
    return problem_response(CsrfFailed(), request)
