"""The region's front page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_query
from shared_apps.inbox.live import stream_url
from shared_apps.inbox.selectors import inbox_page
from shared_apps.inbox.words import to_do
from shared_apps.portal.selectors import malls, my_malls
from shared_apps.portal.serializers import MallQuery
from webkit import navigation

INBOX_ROWS = 5
MY_MALLS_SHOWN = 12
_ROBOTS = "User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n"


@page("portal.front", public=True)
def front(request: HttpRequest) -> HttpResponse:
    """What the network is and which malls there are; for the signed-in, their malls and their inbox above it."""
    text = read_query(MallQuery, request).get("q", "")
    actor = actor_of(request)
    context: dict[str, object] = {"found": malls(text=text), "text": text, "search_url": reverse("portal:front")}
    if actor.signed_in:
        inbox = inbox_page(actor=actor, now=utc_now(), rows_max=INBOX_ROWS, urgent_first=True)
        mine = my_malls(actor=actor)
        context |= {
            "my_malls": mine[:MY_MALLS_SHOWN],
            "my_malls_more": max(0, len(mine) - MY_MALLS_SHOWN),
            "inbox_rows": [(item, to_do(item.step)) for item in inbox.items],
            "inbox_count": inbox.open_count,
            "live_url": stream_url(actor=actor, origin=f"{request.scheme}://{request.get_host()}")
            if settings.YZ_LIVE_URL
            else "",
            "consoles": [
                link
                for link in navigation.links(room="region", posts=actor.posts, signed_in=True, path=request.path)
                if link.key not in {"portal", "inbox"}
            ],
        }
    return render(request, "portal/front.html", context)


@page("portal.robots", public=True)
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


@page("portal.favicon", public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it whatever the page says."""
    return HttpResponseRedirect(staticfiles_storage.url("webkit/mark.svg"))
