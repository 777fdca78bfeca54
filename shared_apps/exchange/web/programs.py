"""A supplier's own systems: API tokens and webhooks. Secrets are shown on the answer that makes them only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError
from shared_apps.exchange import selectors, services
from shared_apps.exchange.models import Webhook
from shared_apps.exchange.rules import SIGNATURE_HEADER, TOKEN_DAYS_MAX, WebhookState
from shared_apps.exchange.serializers import TokenInput, WebhookInput
from shared_apps.exchange.told import EVENTS
from shared_apps.exchange.words import DELIVERY_ERRORS, SCOPES
from webkit.answers import again, see_other

PAGE = "exchange/programs.html"
ADMINS = frozenset({Post.SUPPLIER_ADMIN})


@page("exchange.programs", posts=ADMINS)
def programs(request: HttpRequest) -> HttpResponse:
    """The supplier's tokens and webhooks."""
    read_query(StrictSerializer, request)
    return render(request, PAGE, _context(request))


@page("exchange.make_token", posts=ADMINS, methods=("POST",))
def make_token(request: HttpRequest) -> HttpResponse:
    """The one answer that shows the token."""
    try:
        made = services.make_token(actor=actor_of(request), now=utc_now(), **read_input(TokenInput, request.POST))
    except DomainError as error:
        return again(request, PAGE, error, _context(request, "token"))
    return _shown_once(request, token=made.secret)


@page("exchange.revoke_token", posts=ADMINS, methods=("POST",))
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.revoke_token(actor=actor_of(request), token_id=token_id, now=utc_now())
    messages.success(request, _("The API token is refused from now on."))
    return see_other(reverse("exchange:programs"))


@page("exchange.make_webhook", posts=ADMINS, methods=("POST",))
def make_webhook(request: HttpRequest) -> HttpResponse:
    """The one answer that shows the webhook's secret."""
    try:
        made = services.make_webhook(actor=actor_of(request), now=utc_now(), **read_input(WebhookInput, request.POST))
    except DomainError as error:
        return again(request, PAGE, error, _context(request, "webhook"))
    return _shown_once(request, webhook_secret=made.secret)


@page("exchange.webhook", posts=ADMINS)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """What was sent there lately."""
    row = selectors.access_webhook(actor=actor_of(request), webhook_id=webhook_id)
    deliveries = [
        {"row": one, "event": EVENTS.get(one.event, one.event), "error": _error(one.last_error, one.last_status)}
        for one in selectors.deliveries_of(webhook=row)
    ]
    return render(request, "exchange/webhook.html", {"hook": _shown(row), "deliveries": deliveries})


@page("exchange.remove_webhook", posts=ADMINS, methods=("POST",))
def remove_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.remove_webhook(actor=actor_of(request), webhook_id=webhook_id, now=utc_now())
    return see_other(reverse("exchange:programs"))


@page("exchange.enable_webhook", posts=ADMINS, methods=("POST",))
def enable_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.enable_webhook(actor=actor_of(request), webhook_id=webhook_id, now=utc_now())
    return see_other(reverse("exchange:webhook", args=[webhook_id]))


@page("exchange.replay", posts=ADMINS, methods=("POST",))
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    webhook_id = services.replay_delivery(actor=actor_of(request), delivery_id=delivery_id, now=utc_now())
    return see_other(reverse("exchange:webhook", args=[webhook_id]))


def _shown_once(request: HttpRequest, **secret: str) -> HttpResponse:
    response = render(request, PAGE, {**_context(request), **secret})
    response["Cache-Control"] = "no-store"
    return response


def _error(code: str, status: int) -> str:
    if not code:
        return ""
    words = str(DELIVERY_ERRORS.get(code, code))
    return f"{words} ({status})" if status else words


def _shown(row: Webhook) -> dict[str, Any]:
    return {
        "row": row,
        "events": [EVENTS[name] for name in row.events if name in EVENTS],
        "disabled": row.state == WebhookState.DISABLED,
    }


def _context(request: HttpRequest, failed: str = "") -> dict[str, Any]:
    actor, now = actor_of(request), utc_now()
    return {
        "tokens": [
            {
                "row": row,
                "scopes": [SCOPES[name] for name in row.scopes],
                "alive": row.revoked_at is None and row.expires_at > now,
            }
            for row in selectors.tokens_of(actor=actor)
        ],
        "webhooks": [_shown(row) for row in selectors.webhooks_of(actor=actor)],
        "scopes": list(SCOPES.items()),
        "events": list(EVENTS.items()),
        "days_max": TOKEN_DAYS_MAX,
        "signature_header": SIGNATURE_HEADER,
        "failed": failed,
    }
