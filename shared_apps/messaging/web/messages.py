"""One's own messages: the list, reading, going where they lead, and a table to keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from shared_apps.messaging import selectors, services
from shared_apps.messaging.serializers import MessageQuery, UptoInput
from shared_apps.messaging.words import TOPICS
from webkit.answers import see_other
from webkit.paging import address_with
from webkit.tables import csv_response


@page("messaging.messages", signed_in=True)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; `?state=unread` those not read yet."""
    query = read_query(MessageQuery, request)
    found = selectors.message_page(actor=actor_of(request), before=query.get("before"), **_filter(query))
    kept = {name: query.get(name) for name in ("topic", "tenant", "q")}
    unread = query["state"] == "unread"
    address, state = reverse("messaging:messages"), "unread" if unread else None
    return render(
        request,
        "messaging/messages.html",
        {
            "page": found,
            "query": query,
            "unread": unread,
            "tabs": [
                (_("All"), address_with(address, kept), not unread, None),
                (_("Unread"), address_with(address, {**kept, "state": "unread"}), unread, found.unread_count),
            ],
            "topic_choices": list(TOPICS.items()),
            "tenant_choices": found.tenants,
            "is_filtered": any(kept.values()),
            "export_url": address_with(reverse("messaging:export"), {**kept, "state": state}),
            "next_url": address_with(address, {**kept, "state": state, "before": found.next_before})
            if found.next_before
            else "",
            "first_url": address_with(address, {**kept, "state": state}) if query.get("before") else "",
        },
    )


def _filter(query: dict[str, Any]) -> dict[str, Any]:
    return {
        "topic": query.get("topic"),
        "tenant": query.get("tenant"),
        "unread": query["state"] == "unread",
        "search": query["q"],
    }


@page("messaging.badge", signed_in=True)
def badge(request: HttpRequest) -> HttpResponse:
    """The bare figure for the menu; nothing when everything is read."""
    count = selectors.unread_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/html; charset=utf-8")


@page("messaging.export", signed_in=True)
def export(request: HttpRequest) -> HttpResponse:
    """The list under its filter as a table."""
    query = read_query(MessageQuery, request)
    found = selectors.message_page(actor=actor_of(request), rows_max=selectors.EXPORT_ROWS, **_filter(query))
    header = (_("Time"), _("Kind"), _("What"), _("Mall"), _("Number"), _("Due"), _("Read at"))
    rows = (
        (
            f"{local(one.created_at):%Y-%m-%d %H:%M}",
            dict(TOPICS)[one.topic],  # type: ignore[index]  # a topic is its own word
            one.title,
            one.tenant_name,
            one.number,
            f"{local(one.due_at):%Y-%m-%d %H:%M}" if one.due_at else "",
            f"{local(one.read_at):%Y-%m-%d %H:%M}" if one.read_at else "",
        )
        for one in found.items
    )
    return csv_response(_("messages.csv"), header, rows)


@page("messaging.read_all", signed_in=True, methods=("POST",))
def read_all(request: HttpRequest) -> HttpResponse:
    data = read_input(UptoInput, request.POST)
    count = services.read_all(actor=actor_of(request), upto=data["upto"], now=utc_now())
    notes.success(
        request, ngettext("%(count)d message is read.", "%(count)d messages are read.", count) % {"count": count}
    )
    return see_other(reverse("messaging:messages"))


@page("messaging.read", signed_in=True, methods=("POST",))
def read(request: HttpRequest, message_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.read_message(actor=actor_of(request), message_id=message_id, now=utc_now())
    return see_other(reverse("messaging:messages"))


@page("messaging.open", signed_in=True, methods=("POST",))
def open_one(request: HttpRequest, message_id: int) -> HttpResponse:
    """Goes to what the message is about, in its mall."""
    read_input(StrictSerializer, request.POST)
    return see_other(services.open_message(actor=actor_of(request), message_id=message_id, now=utc_now()))
