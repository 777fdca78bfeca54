"""Apart from `kernel.api`, because REST framework's settings name it while `rest_framework.views` is being imported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from kernel.actor import ANONYMOUS, Actor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ActorAuthentication(BaseAuthentication):
    """The request's actor is the user; unsafe methods need the CSRF token, as sessions travel in a cookie."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        if request.method not in SAFE_METHODS:
            SessionAuthentication().enforce_csrf(request)
        actor: Actor = getattr(request._request, "actor", ANONYMOUS)
        return actor, None


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call, unused-ignore]
    target_class = "kernel.authentication.ActorAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
