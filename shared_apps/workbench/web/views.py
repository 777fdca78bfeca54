"""The supplier's work in all malls."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_query
from shared_apps.workbench import selectors
from shared_apps.workbench.rules import SUPPLIER_POSTS, WINDOW_DAYS, Tab
from shared_apps.workbench.serializers import WorkQuery
from shared_apps.workbench.words import STATES, TABS
from webkit.paging import address_with
from webkit.tables import csv_response


@page("workbench.work", posts=SUPPLIER_POSTS)
def work_page(request: HttpRequest) -> HttpResponse:
    query = read_query(WorkQuery, request)
    found = selectors.work(actor=actor_of(request), now=utc_now(), **query)
    here = reverse("workbench:work")
    kept = {name: query.get(name, "") for name in ("tab", "tenant", "search")}
    return render(
        request,
        "workbench/work.html",
        {
            "found": found,
            "query": query,
            "tab": query["tab"],
            "tabs": [
                (label, address_with(here, {"tab": tab}), tab == query["tab"], found.sums[tab].orders)
                for tab, label in TABS.items()
            ],
            "paying": query["tab"] in {Tab.TO_BE_PAID, Tab.OVERDUE, Tab.TO_INVOICE, Tab.PAID_LATE},
            "filtered": bool(kept["tenant"] or kept["search"]),
            "tab_url": address_with(here, {"tab": query["tab"]}),
            "first_url": address_with(here, kept) if query.get("after") else "",
            "next_url": address_with(here, {**kept, "after": found.next_after}) if found.next_after else "",
            "export_url": address_with(reverse("workbench:export"), kept),
            "window_days": WINDOW_DAYS,
        },
    )


@page("workbench.export", posts=SUPPLIER_POSTS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(WorkQuery, request)
    query.pop("after", None)
    rows = (
        (
            row.tenant_name, row.order_number, STATES[row.state][0] if row.state in STATES else row.state,
            row.unit_name, row.total, row.promised_on, local_date(row.late_from) if row.late_from else "",
            row.late.days, row.late.interest, row.interest_paid,
        )
        for row in selectors.work_to_export(actor=actor_of(request), now=utc_now(), **query)
    )  # fmt: skip
    heads = (
        _("Mall"), _("Order number"), _("What is next"), _("Unit"), _("Amount"), _("Promised for"),
        _("Late from"), _("Days late"), _("Late interest"), _("Interest paid"),
    )  # fmt: skip
    return csv_response(f"supplier-work-{local_date(utc_now()):%Y%m%d}.csv", heads, rows)
