"""The edge: path, query string and form fields hold only text that can be stored and seen."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters

from kernel.http import UNREADABLE, problem_response
from kernel.problems import MalformedInput
from kernel.texts import forbidden_character

WsgiApplication = Callable[[dict[str, Any], Any], Any]
PARAMETERS_MAX = 1000
PARAMETER_NAME_LENGTH_MAX = 200
QUERY_BYTES_MAX = 8192
# The largest file that any purpose takes is 20 MiB; beside it stands a form. Nothing larger is read at all.
REQUEST_BYTES_MAX = 22 * 1024 * 1024

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def readable_content_type(application: WsgiApplication) -> WsgiApplication:
    """Wraps the WSGI application: a Content-Type that Django's request cannot even be made with is told as such.

    `charset*=utf-8''%00` raises ValueError there, before any middleware; here it becomes a charset the middleware
    refuses.
    """

    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            codecs.lookup(parse_header_parameters(environ.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8"))
        except LookupError:
            pass  # an unknown charset: refused by the middleware, with the reason
        except ValueError:
            environ = {**environ, "CONTENT_TYPE": "application/octet-stream; charset=unreadable"}
        return application(environ, start_response)

    return wrapped


class CleanRequestMiddleware:
    """Answers 400 `malformed-input` before any view, session or form sees the request. Early in the list.

    JSON bodies are read later, by `StrictJSONParser`. Forms sent to the API are left unread: it refuses them by type,
    and checks them with `check_form` where it takes a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            check_request(request)
        except MalformedInput as error:
            return problem_response(error, request)
        except UNREADABLE:
            return problem_response(MalformedInput(), request)
        return self.get_response(request)


def check_request(request: HttpRequest) -> None:
    """Raises MalformedInput, or what Django raises for a body it cannot read."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if len(length) > 12 or (length.isdigit() and int(length) > REQUEST_BYTES_MAX):
        _refuse("the request is larger than 22 MiB")
    raw_path = str(request.META.get("PATH_INFO", "")).encode("latin-1", "replace")
    _check_bytes(raw_path, "path")
    _check_text(request.path, "path")
    raw_query = str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")
    if len(raw_query) > QUERY_BYTES_MAX:
        _refuse("the query string is too long")
    _check_bytes(raw_query, "query string")
    _check_charset(request)
    _check_fields(request.GET, "query string")
    if request.method in {"GET", "HEAD"} or request.path.startswith("/api/"):
        return
    if request.content_type == _FORM:
        _check_bytes(request.body, "form")
    if request.content_type in {_FORM, _MULTIPART}:
        check_form(request)


def check_form(request: HttpRequest) -> None:
    """Raises MalformedInput, or what Django raises for a form it cannot read."""
    _check_fields(request.POST, "form")
    # Django has taken paths and invisible characters out of the file names already, and cut them to 255.
    for name in request.FILES:
        _check_name(name, "form")


def _check_charset(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset")
    if charset is not None and charset.strip("\"'").lower() not in {"utf-8", "utf8"}:
        _refuse("the charset is not UTF-8")


def _check_fields(fields: QueryDict, where: str) -> None:
    if sum(len(values) for _, values in fields.lists()) > PARAMETERS_MAX:
        _refuse(f"too many parameters in the {where}")
    for name, values in fields.lists():
        _check_name(name, where)
        for value in values:
            _check_text(value, where)


def _check_name(name: str, where: str) -> None:
    if len(name) > PARAMETER_NAME_LENGTH_MAX:
        _refuse(f"a name in the {where} is too long")
    _check_text(name, where)


def _check_bytes(raw: bytes, where: str) -> None:
    """Django decodes with replacement characters, or as Latin-1; invalid and overlong UTF-8 is refused instead."""
    try:
        unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        _refuse(f"the {where} is not UTF-8")


def _check_text(text: str, where: str) -> None:
    if char := forbidden_character(text):
        _refuse(f"forbidden character {char} in the {where}")


def _refuse(reason: str) -> NoReturn:
    raise MalformedInput(reason=reason)
