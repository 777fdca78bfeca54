"""What is sent to me, where, and when not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, NotFound
from shared_apps.accounts.selectors import user_by_id
from shared_apps.messaging import selectors, services
from shared_apps.messaging.rules import Channel, Topic
from shared_apps.messaging.serializers import ADDRESS_INPUT, ChoicesInput, VerificationCodeField
from shared_apps.messaging.words import CHANNELS, TOPICS
from webkit.answers import again, see_other

PAGE = "messaging/settings.html"


class CodeInput(StrictSerializer):
    code = VerificationCodeField()


@page("messaging.settings", signed_in=True)
def settings(request: HttpRequest) -> HttpResponse:
    read_query(StrictSerializer, request)
    return render(request, PAGE, _context(request))


@page("messaging.choices", signed_in=True, methods=("POST",))
def choices(request: HttpRequest) -> HttpResponse:
    try:
        data = read_input(ChoicesInput, request.POST)
        wanted = {(Topic(topic), Channel(way)) for topic, way in (wish.split(":") for wish in data["wanted"])}
        services.change_choices(
            actor=actor_of(request),
            wanted=wanted,
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            now=utc_now(),
        )
    except DomainError as error:
        return again(request, PAGE, error, _context(request, failed="choices"))
    notes.success(request, _("Your choices are kept."))
    return see_other(reverse("messaging:settings"))


@page("messaging.ask_code", signed_in=True, methods=("POST",))
def ask_code(request: HttpRequest, channel: str) -> HttpResponse:
    way = _way(channel)
    try:
        address = read_input(ADDRESS_INPUT[way], request.POST)["address"]
        services.ask_code(actor=actor_of(request), channel=way, address=address, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, failed=way))
    notes.success(request, _("A code is on its way. Type it here within ten minutes."))
    return see_other(reverse("messaging:settings"))


@page("messaging.confirm_code", signed_in=True, methods=("POST",))
def confirm_code(request: HttpRequest, channel: str) -> HttpResponse:
    way = _way(channel)
    try:
        code = read_input(CodeInput, request.POST)["code"]
        services.confirm_code(actor=actor_of(request), channel=way, code=code, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, failed=way))
    notes.success(request, _("The address is verified."))
    return see_other(reverse("messaging:settings"))


@page("messaging.remove_contact", signed_in=True, methods=("POST",))
def remove_contact(request: HttpRequest, channel: str) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.remove_contact(actor=actor_of(request), channel=_way(channel), now=utc_now())
    notes.success(request, _("Nothing is sent there any more."))
    return see_other(reverse("messaging:settings"))


def _way(channel: str) -> Channel:
    if channel not in set(Channel):
        raise NotFound(channel=channel)
    return Channel(channel)


def _context(request: HttpRequest, failed: str = "") -> dict[str, Any]:
    actor = actor_of(request)
    found = selectors.settings_of(actor=actor, now=utc_now())
    user = user_by_id(user_id=actor.user_id or 0)
    known = {Channel.EMAIL: user.email if user else "", Channel.SMS: user.phone if user else ""}
    return {
        "found": found,
        "failed": failed,
        "contacts": [(one, CHANNELS[one.channel], known[one.channel], failed == one.channel) for one in found.contacts],
        "channels": list(CHANNELS.items()),
        "topics": [
            (label, [(f"{topic}:{way}", words, (topic, way) in found.wanted) for way, words in CHANNELS.items()])
            for topic, label in TOPICS.items()
        ],
        "quiet_from": f"{found.quiet_from:%H:%M}" if found.quiet_from is not None else "",
        "quiet_until": f"{found.quiet_until:%H:%M}" if found.quiet_until is not None else "",
    }
