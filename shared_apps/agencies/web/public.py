"""Public pages: the name list, its file, one agency, and beginning a registration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.accounts.security import address_of
from shared_apps.agencies import services
from shared_apps.agencies.provinces import provinces
from shared_apps.agencies.selectors import public as selectors
from shared_apps.agencies.selectors.agreements import purchasers
from shared_apps.agencies.serializers import SORTS, AgencyFilter, AgencyQuery, OpeningInput
from shared_apps.agencies.web.shown import all_places, change_rows, content_rows, division_choices, division_label
from shared_apps.agencies.wording import ITEMS, METHODS, ROLES
from webkit.answers import again, see_other
from webkit.tables import csv_response

CSV_ROWS_MAX = 10_000


def _query(wanted: dict[str, Any], **changes: Any) -> str:
    kept = {**wanted, **changes}
    usual = {"sort": "name", "page": 1}
    text = urlencode({key: value for key, value in kept.items() if value != "" and usual.get(key) != value})
    return f"?{text}" if text else ""


@page("agencies.agencies", public=True)
def agencies(request: HttpRequest) -> HttpResponse:
    """The name list with search, filters and order."""
    wanted = read_query(AgencyQuery, request)
    found = selectors.name_list(**wanted)
    known = all_places()
    number = wanted.pop("page")
    here = reverse("agencies:agencies")
    labels = {
        "name": _("By name"), "newest": _("Newest registrations first"), "staff": _("Most staff first"),
        "score": _("Best evaluated first"),
    }  # fmt: skip
    context = {
        "wanted": wanted,
        "rows": [
            {"row": row, "division": division_label(row.division_code, known), "home": provinces()[row.home_province]}
            for row in found.rows
        ],
        "total": found.total,
        "divisions": division_choices(known),
        "homes": [("here", _("At home in this region")), ("elsewhere", _("From another province"))],
        "sorts": [(sort, labels[sort]) for sort in SORTS],
        "csv_url": reverse("agencies:agencies_csv") + _query(wanted),
        "previous_url": here + _query(wanted, page=number - 1) if number > 1 else "",
        "next_url": here + _query(wanted, page=found.next_page) if found.next_page else "",
        "is_filtered": any(wanted[key] for key in ("q", "division", "home")),
    }
    return render(request, "agencies/agencies.html", context)


@page("agencies.agencies_csv", public=True)
def agencies_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets."""
    found = selectors.name_list(**read_query(AgencyFilter, request), rows_max=CSV_ROWS_MAX)
    header = [
        _("Credit code"), _("Name of the agency"), _("Home province"), _("Division"), _("Full-time staff"),
        _("On the list since"), _("Average evaluation"), _("Number of evaluations"), _("Banned"), _("Demonstration"),
    ]  # fmt: skip
    return csv_response("agencies.csv", header, _cells(found.rows))


def _cells(rows: Sequence[selectors.AgencyRow]) -> Iterator[list[object]]:
    known = all_places()
    for row in rows:
        yield [
            row.uscc, row.name, provinces()[row.home_province], division_label(row.division_code, known),
            row.staff_count, f"{local(row.published_at):%Y-%m-%d}" if row.published_at else "",
            "" if row.score is None else f"{row.score:.1f}", row.score_count,
            _("Yes") if row.is_banned else _("No"), _("Yes") if row.is_demo else _("No"),
        ]  # fmt: skip


@page("agencies.agency", public=True)
def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """What is public of one agency."""
    found = selectors.agency_page(agency_id=agency_id)
    known = all_places()
    context = {
        "agency": found,
        "content": content_rows(found.content, known),
        "changes": change_rows(found.changes, known),
        "averages": [{"row": one, "label": ROLES[one.role]} for one in found.averages],
        "checks": [
            {"row": row, "method": METHODS[row.method], "findings": [ITEMS[code] for code in row.findings]}
            for row in found.checks
        ],
        "bans": found.bans,
        "may_file": bool(purchasers(actor=actor_of(request))),
    }
    return render(request, "agencies/agency.html", context)


@page("agencies.register", public=True, methods=("GET", "POST"))
def register(request: HttpRequest) -> HttpResponse:
    """Begins a registration: nobody needs an account for it, the letter leads to one."""
    if request.method != "POST":
        return render(request, "agencies/register.html")
    try:
        wanted = read_input(OpeningInput, request.POST)
        services.open_registration(address=address_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "agencies/register.html", error, {})
    messages.success(request, _("A letter is on its way to the contact's mailbox. Its link leads to the registration."))
    return see_other(reverse("agencies:agencies"))
