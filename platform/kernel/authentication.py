"""Apart from `kernel.api`, because REST framework's settings name it while `rest_framework.views` is being imported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from kernel.actor import ANONYMOUS, Actor
from kernel.problems import SignInRequired

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What programs may be allowed (`Access.token_scope`): offers and tables of them; pictures, certificates, licences.
CATALOGUE_SCOPE = "catalogue"
PAPERS_SCOPE = "papers"


class TokenRefused(SignInRequired):
    """Not known, ended, withdrawn, or not for this address: which of them is nobody's business."""

    code = "token-refused"
    title = _("This API token is not accepted here")


def bearer_token(request: HttpRequest) -> str:
    """The API token a program sends as `Authorization: Bearer ...`, or an empty text."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def token_actor(request: HttpRequest, scope: str) -> Actor:
    """Who the token lets act on a route of this scope. Raises TokenRefused, TooManyRequests.

    `settings.YZ_TOKEN_ACTOR` names `(*, request, token, scope) -> Actor`; without it, and on a route without a scope,
    no token is accepted.
    """
    if not scope or not settings.YZ_TOKEN_ACTOR:
        raise TokenRefused
    actor: Actor = import_string(settings.YZ_TOKEN_ACTOR)(request=request, token=bearer_token(request), scope=scope)
    # What no browser sends by itself needs no proof that a page of ours has sent it.
    request.by_token = True  # type: ignore[attr-defined]
    return actor


class ActorAuthentication(BaseAuthentication):
    """The request's actor is the user; unsafe methods need the CSRF token where a session travels in a cookie."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        if request.method not in SAFE_METHODS and not getattr(request._request, "by_token", False):
            SessionAuthentication().enforce_csrf(request)
        actor: Actor = getattr(request._request, "actor", ANONYMOUS)
        return actor, None


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call, unused-ignore]
    target_class = "kernel.authentication.ActorAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
