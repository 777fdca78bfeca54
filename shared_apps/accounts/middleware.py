"""Who is asking, on both hosts; and how often they may write."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from kernel.actor import ANONYMOUS, Actor
from kernel.clock import utc_now
from kernel.http import problem_response
from kernel.logs import say
from kernel.problems import TooManyRequests
from shared_apps.accounts import rules, security
from shared_apps.accounts.counting import counted
from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.secret import hash_of, keyed_hash
from shared_apps.accounts.selectors import Visitor, mall_visitor, visitor_of
from shared_apps.accounts.web.sessions import session_user

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]

MALL_COOKIE = "yz_mall"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ActorMiddleware:
    """Sets `request.actor` and `request.seats` (open memberships, for the tenant's own posts).

    On the region's host at most three statements (session, person, memberships), on a tenant's one. A denied
    person is written to the security log.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visitor = self._tenant_visitor(request) if request.room == "tenant" else self._region_visitor(request)  # type: ignore[attr-defined]
        request.actor = visitor.actor  # type: ignore[attr-defined]
        request.seats = visitor.seats  # type: ignore[attr-defined]
        if visitor.actor.user_id is not None:
            say(user=visitor.actor.user_id)
        response = self.get_response(request)
        refused_by_state = getattr(request, "refused_by_state", False)
        if response.status_code == 403 and visitor.actor.signed_in and not refused_by_state:
            _note_denied(request, visitor.actor)
        return response

    def _region_visitor(self, request: HttpRequest) -> Visitor:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return Visitor(ANONYMOUS, ())
        user = session_user(request)
        return Visitor(ANONYMOUS, ()) if user is None else visitor_of(user=user)

    def _tenant_visitor(self, request: HttpRequest) -> Visitor:
        code: str = request.tenant_ref.code  # type: ignore[attr-defined]
        secret = request.COOKIES.get(MALL_COOKIE, "")
        found = mall_visitor(session_hash=hash_of(secret), tenant=code) if secret else None
        return found or Visitor(Actor(None, "", code), ())


def _note_denied(request: HttpRequest, actor: Actor) -> None:
    try:
        security.record(
            kind=SecurityKind.ACCESS_DENIED,
            now=utc_now(),
            user_id=actor.user_id,
            address=security.address_of(request),
            host=request.get_host(),
            facts={"method": request.method, "path": request.path[:200]},
        )
    except DatabaseError:
        # The refusal stands whether or not it can be written down.
        logger.exception("a denied access was not logged")


class ThrottleMiddleware:
    """Counts unsafe requests per person and room in the present minute; 429 with Retry-After beyond the figure.

    Counted in Valkey. Without it nothing is refused: the limit protects against noise, not against guessing,
    which is counted in the database (`services.signing_in`).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in _SAFE and (wait := self._wait(request)):
            return problem_response(TooManyRequests(retry_after_seconds=wait), request)
        return self.get_response(request)

    def _wait(self, request: HttpRequest) -> int:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if actor.signed_in:
            who, allowed = str(actor.user_id), settings.YZ_WRITES_PER_MINUTE or rules.WRITES_PER_MINUTE
        else:
            who = "address-" + keyed_hash("address", security.address_of(request))[:32]
            allowed = rules.ANONYMOUS_WRITES_PER_MINUTE
        minute, second = divmod(int(time.time()), 60)
        try:
            written = counted(f"writes:{actor.tenant or 'region'}:{who}:{minute}")
        except RedisError:
            logger.warning("writes are not counted: no answer from the cache")
            return 0
        return 60 - second if written > allowed else 0
