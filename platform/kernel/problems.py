"""Refusals with a stable code and facts, told to the outside as RFC 9457 problems.

A refusal is a subclass of `DomainError`, raised beside the service that decides it. One handler (`kernel.http`)
answers all of them, for the API as problem+json and for pages as the problem page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_prefix = "urn:yizhang:problem:"


class DomainError(Exception):
    """A refusal: `code` is stable and part of the API, `facts` say what was found."""

    code: str = "refused"
    status: int = 409
    title: str | Promise = _("The request was refused")

    def __init__(self, detail: str | Promise = "", **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts

    def __str__(self) -> str:
        return str(self.detail) or str(self.title)

    @property
    def headers(self) -> dict[str, str]:
        """Response headers that belong to the refusal: Retry-After when the facts name a wait."""
        wait = self.facts.get("retry_after_seconds")
        return {} if wait is None else {"Retry-After": str(int(wait))}


class InvalidInput(DomainError):
    """The fields were read, and some are wrong. `errors` maps a dotted field name to its messages."""

    code = "invalid-input"
    status = 400
    title = _("Some of the input is not valid")

    def __init__(
        self, detail: str | Promise = "", *, errors: Mapping[str, Sequence[str]] | None = None, **facts: Any
    ) -> None:
        super().__init__(detail, **facts)
        self.errors: dict[str, list[str]] = {name: [str(m) for m in found] for name, found in (errors or {}).items()}

    def __str__(self) -> str:
        if self.detail or not self.errors:
            return super().__str__()
        return "; ".join(f"{name}: {' '.join(found)}" for name, found in self.errors.items())


class MalformedInput(InvalidInput):
    """The request could not be read at all: broken JSON, forbidden characters, too deep, too large.

    The fact `reason` says which, in English for programs: it is not a text for pages.
    """

    code = "malformed-input"
    title = _("The request cannot be read")


class SignInRequired(DomainError):
    code = "sign-in-required"
    status = 401
    title = _("Please sign in first")


class NotPermitted(DomainError):
    code = "not-permitted"
    status = 403
    title = _("You do not have permission to do this")


class CsrfFailed(NotPermitted):
    code = "csrf-failed"
    title = _("The form has expired, please load the page again")


class NotFound(DomainError):
    """Also the answer for what exists but is a stranger's: existence is not told."""

    code = "not-found"
    status = 404
    title = _("Not found")


class MethodNotAllowed(DomainError):
    code = "method-not-allowed"
    status = 405
    title = _("This address does not accept that method")

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.facts.get("allowed", ()))}


class Conflict(DomainError):
    code = "conflict"
    title = _("The request conflicts with the current state")


class WrongState(Conflict):
    """The action is not possible in the object's present state."""

    code = "wrong-state"
    title = _("This action is not possible in the current state")


class Busy(Conflict):
    """Somebody else holds the rows; the same request will do in a moment."""

    code = "busy"
    title = _("The record is being processed, please try again in a moment")


class CalendarYearMissing(DomainError):
    """The working-day calendar of a year is not loaded: a deadline is refused, never guessed."""

    code = "calendar-year-missing"
    title = _("The working-day calendar of that year is not loaded")


class UnsupportedMedia(DomainError):
    code = "unsupported-media-type"
    status = 415
    title = _("The content type of the request is not supported")


class TooManyRequests(DomainError):
    """Pass `retry_after_seconds=` to tell the caller when to come back."""

    code = "too-many-requests"
    status = 429
    title = _("Too many requests, please try again later")


class Unavailable(DomainError):
    """The database is away, or went away meanwhile: what was asked is done whole or not at all, and nobody knows which.

    Asked again with the same idempotency key, it is done once.
    """

    code = "service-unavailable"
    status = 503
    title = _("The service is not available at the moment, please try again shortly")


class ServerFault(DomainError):
    """Our own mistake. Only the last handler makes one; it carries no detail of what went wrong.

    The fact `request_id` is the number under which the log tells it.
    """

    code = "server-fault"
    status = 500
    title = _("Something went wrong on our side")


def as_problem(error: DomainError, instance: str = "") -> dict[str, Any]:
    """RFC 9457 body of a refusal, JSON-ready."""
    problem: dict[str, Any] = {
        "type": type_prefix + error.code,
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.detail),
        "instance": instance,
        "code": error.code,
        "facts": json_ready(error.facts),
    }
    if isinstance(error, InvalidInput):
        problem["errors"] = error.errors
    return problem


def json_ready(value: Any) -> Any:
    """Plain JSON values: amounts as strings, moments as ISO text, lazy texts translated, sets sorted."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((json_ready(item) for item in value), key=str)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
