"""Pages of the inbox, on the region's host."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from shared_apps.inbox import selectors, services
from shared_apps.inbox.live import stream_url
from shared_apps.inbox.rules import ItemState
from shared_apps.inbox.serializers import InboxQuery
from shared_apps.inbox.words import KINDS, TO_DO, to_do


def _address(**query: object) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{reverse('inbox:inbox')}?{urlencode(kept)}" if kept else reverse("inbox:inbox")


def origin_of(request: HttpRequest) -> str:
    """The page's origin as the browser will name it to the live process."""
    return f"{request.scheme}://{request.get_host()}"


@page("inbox.inbox", signed_in=True)
def inbox(request: HttpRequest) -> HttpResponse:
    """The steps that wait for the person, over all malls; `?state=done` shows those taken."""
    query = read_query(InboxQuery, request)
    actor = actor_of(request)
    wanted = {name: query.get(name) for name in ("tenant", "kind")}
    found = selectors.inbox_page(
        actor=actor,
        now=utc_now(),
        state=ItemState(query["state"]),
        before=query.get("before"),
        tenant=wanted["tenant"],
        kind=wanted["kind"],
    )
    is_open = query["state"] == ItemState.OPEN
    state = None if is_open else query["state"]
    tabs = [(state_label, _address(**wanted, state=value), query["state"] == (value or "open"), count)
            for state_label, value, count in _states(found.open_count)]  # fmt: skip
    return render(
        request,
        "inbox/inbox.html",
        {
            "page": found,
            "query": query,
            "is_open": is_open,
            "tabs": tabs,
            "tenant_choices": found.tenants,
            "kind_choices": list(KINDS.items()),
            "rows": [(item, to_do(item.step) if item.step in TO_DO else "") for item in found.items],
            "is_filtered": any(wanted.values()),
            "next_url": _address(**wanted, state=state, before=found.next_before) if found.next_before else "",
            "first_url": _address(**wanted, state=state) if query.get("before") else "",
            "live_url": stream_url(actor=actor, origin=origin_of(request)) if settings.YZ_LIVE_URL else "",
        },
    )


def _states(open_count: int) -> list[tuple[str, str | None, int | None]]:
    from webkit.states import label_of

    return [
        (str(label_of("inbox", "open").label), None, open_count),
        (str(label_of("inbox", "done").label), "done", None),
    ]


@page("inbox.badge", signed_in=True)
def badge(request: HttpRequest) -> HttpResponse:
    """The bare figure for the menu; nothing when nothing waits."""
    count = selectors.open_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/html; charset=utf-8")


@page("inbox.enter", signed_in=True, methods=("POST",))
def enter(request: HttpRequest, item_id: int) -> HttpResponse:
    """Crosses over to the item's page in its mall."""
    read_input(StrictSerializer, request.POST)
    url = services.enter_item(actor=actor_of(request), item_id=item_id, now=utc_now())
    return HttpResponse(status=303, headers={"Location": url})
