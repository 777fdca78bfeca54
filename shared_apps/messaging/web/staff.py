"""For the region's staff: what went out of the house, what did not and why, the caps, and how texts read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from shared_apps.inbox.words import TO_DO
from shared_apps.messaging import selectors, services, texts
from shared_apps.messaging.news import NEWS
from shared_apps.messaging.rules import KEEPERS, WATCHERS, Channel, DeliveryState, Topic
from shared_apps.messaging.serializers import CapInput, DeliveryQuery
from shared_apps.messaging.words import CHANNELS, TOPICS, reason_words
from webkit.answers import again, see_other
from webkit.paging import address_with
from webkit.states import label_of
from webkit.tables import csv_response

PAGE = "messaging/deliveries.html"
_FILTERS = ("state", "channel", "tenant")


@page("messaging.deliveries", posts=WATCHERS)
def deliveries(request: HttpRequest) -> HttpResponse:
    return render(request, PAGE, _context(request, read_query(DeliveryQuery, request)))


def _context(request: HttpRequest, query: dict[str, Any]) -> dict[str, Any]:
    actor = actor_of(request)
    found = selectors.deliveries(actor=actor, **query)
    kept = {name: query.get(name) for name in _FILTERS}
    address = reverse("messaging:deliveries")
    return {
        "rows": [(one, CHANNELS[Channel(one.channel)], reason_words(one.reason)) for one in found.items],
        "caps": [(one, CHANNELS[one.channel]) for one in selectors.caps(actor=actor)],
        "may_keep": bool(actor.posts & KEEPERS),
        "query": query,
        "is_filtered": any(kept.values()),
        "state_choices": [(state.value, label_of("message-delivery", state).label) for state in DeliveryState],
        "channel_choices": list(CHANNELS.items()),
        "export_url": address_with(reverse("messaging:deliveries_export"), kept),
        "next_url": address_with(address, {**kept, "before": found.next_before}) if found.next_before else "",
        "first_url": address_with(address, kept) if query.get("before") else "",
    }


@page("messaging.deliveries_export", posts=WATCHERS)
def export(request: HttpRequest) -> HttpResponse:
    """The list under its filter; addresses masked as on the page."""
    query = read_query(DeliveryQuery, request)
    found = selectors.deliveries(actor=actor_of(request), rows_max=selectors.EXPORT_ROWS, **query)
    header = (
        _("Number"), _("Way"), _("State"), _("What"), _("Mall"), _("Sent to"), _("Attempts"), _("Cause"), _("Made at"),
        _("Sent out at"),
    )  # fmt: skip
    rows = (
        (
            one.number, CHANNELS[Channel(one.channel)], label_of("message-delivery", one.state).label,
            one.title or _("Verification code"), one.tenant_name, one.address, one.attempts, reason_words(one.reason),
            f"{local(one.made_at):%Y-%m-%d %H:%M}", f"{local(one.sent_at):%Y-%m-%d %H:%M}" if one.sent_at else "",
        )
        for one in found.items
    )  # fmt: skip
    return csv_response(_("deliveries.csv"), header, rows)


@page("messaging.retry", posts=KEEPERS, methods=("POST",))
def retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.retry_delivery(actor=actor_of(request), delivery_id=delivery_id, now=utc_now())
    notes.success(request, _("It is sent once more, under the same number."))
    return see_other(reverse("messaging:deliveries"))


@page("messaging.set_cap", posts=KEEPERS, methods=("POST",))
def set_cap(request: HttpRequest) -> HttpResponse:
    try:
        data = read_input(CapInput, request.POST)
        channel = Channel(data.pop("channel"))
        services.set_cap(actor=actor_of(request), channel=channel, now=utc_now(), **data)
    except DomainError as error:
        return again(request, PAGE, error, _context(request, {}))
    notes.success(request, _("The cap holds from now on."))
    return see_other(reverse("messaging:deliveries"))


@page("messaging.texts", posts=WATCHERS)
def texts_page(request: HttpRequest) -> HttpResponse:
    """Every text as it goes out, with an invented object; a whole letter of each topic."""
    read_query(StrictSerializer, request)
    due_at = utc_now() + timedelta(days=2)
    samples = [(Topic.TO_DO, step, 0) for step in TO_DO]
    samples += [(Topic.DEADLINE, "placed", percent) for percent in (50, 80, 100)]
    samples += [(Topic.NEWS, event, 0) for event in NEWS]
    shown: list[tuple[Topic, str, str]] = []
    letters: dict[Topic, tuple[Promise, str, str]] = {}
    for topic, word, percent in samples:
        facts = {"order_number": "DD65010020260101000001"}
        told = texts.Told(topic, word, percent, facts, _("A mall"), due_at if topic != Topic.NEWS else None)
        subject, body = texts.letter(told)
        shown.append((topic, subject, texts.short(told)))
        letters.setdefault(topic, (TOPICS[topic], subject, body.replace(texts.list_address(), "").strip()))
    subject, body = texts.code_letter("000000")
    return render(
        request,
        "messaging/texts.html",
        {
            "shown": shown,
            "letters": list(letters.values()),
            "code": (subject, body.strip(), texts.code_short("000000")),
            "address": texts.list_address(),
        },
    )
