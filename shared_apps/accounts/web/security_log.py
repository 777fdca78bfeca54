"""The security log as a page with filters, and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local
from kernel.inputs import read_query
from shared_apps.accounts.permissions import LOG_READERS
from shared_apps.accounts.rules import SECURITY_LOG_DAYS
from shared_apps.accounts.security_log import TABLE_ROWS_MAX, log_lines
from shared_apps.accounts.serializers import LogFilter, LogQuery
from shared_apps.accounts.words import LOG_LABELS
from webkit.paging import address_with
from webkit.tables import csv_response


@never_cache
@page("accounts.security_log", posts=LOG_READERS)
def log(request: HttpRequest) -> HttpResponse:
    wanted = read_query(LogQuery, request)
    before = wanted.pop("before")
    lines, more = log_lines(actor=actor_of(request), before=before, **wanted)
    here = reverse("accounts:security_log")
    context = {
        "lines": lines,
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "kinds": [(str(kind), label) for kind, label in LOG_LABELS.items()],
        "next_url": address_with(here, {**wanted, "before": lines[-1].id}) if more else "",
        "table_url": address_with(reverse("accounts:security_log_csv"), wanted),
        "table_rows_max": TABLE_ROWS_MAX,
        "kept_days": SECURITY_LOG_DAYS,
    }
    return render(request, "accounts/security_log.html", context)


@never_cache
@page("accounts.security_log_csv", posts=LOG_READERS)
def log_csv(request: HttpRequest) -> HttpResponse:
    """The newest lines that fit; more are fetched by their days."""
    wanted = read_query(LogFilter, request)
    lines, _more = log_lines(actor=actor_of(request), rows_max=TABLE_ROWS_MAX, **wanted)
    header = [
        _("Number"), _("Time"), _("What happened"), _("Person"), _("Sign-in name"), _("Host"),
        _("Address, unreadable"), _("Details noted"),
    ]  # fmt: skip
    rows = (
        [
            str(line.id), f"{local(line.at):%Y-%m-%d %H:%M:%S}", line.label, line.name, line.username, line.host,
            line.address, line.facts,
        ]
        for line in lines
    )  # fmt: skip
    return csv_response("security-log.csv", header, rows)
