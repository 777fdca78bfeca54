"""What a suspended or archived mall still answers: the one place where requests meet the state of their tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel.access import access_of, methods_of
from kernel.actor import ANONYMOUS, Actor
from kernel.http import problem_response
from kernel.problems import DomainError
from tenants.database.context import TenantRef
from tenants.registry.rules import TenantState
from tenants.registry.shutting import READERS_OF_ARCHIVED, is_shut, refusal_behind, refusal_of

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TenantStateMiddleware:
    """Suspended: reads stay, every write is 403. Archived: 410, but for the reads of supervisors and auditors.

    Routes declared `always` (coming in, going out, the health checks) answer in every state. A process may remember
    a state for two seconds: until then the database refuses the write, with the same answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        ref: TenantRef | None = getattr(request, "tenant_ref", None)
        if ref is None or not is_shut(ref):
            return None
        access = access_of(view)
        if access is None or access.always:
            return None
        if request.method in _SAFE:
            if ref.state != TenantState.ARCHIVED or _reads_archived(request):
                return None
        elif request.method not in methods_of(view):
            return None  # the access middleware says 405
        return _refused(request, refusal_of(ref))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A write that the database refused because the tenant was shut a moment ago."""
        if getattr(request, "tenant_ref", None) is None:
            return None
        return _refused(request, refusal_behind(exception))


def _reads_archived(request: HttpRequest) -> bool:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor.signed_in and bool(actor.posts & READERS_OF_ARCHIVED)


def _refused(request: HttpRequest, error: DomainError | None) -> HttpResponseBase | None:
    if error is None:
        return None
    # Nobody was denied a right: nothing for the security log.
    request.refused_by_state = True  # type: ignore[attr-defined]
    return problem_response(error, request)
