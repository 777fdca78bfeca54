"""The library's periods: read by region staff, a new version entered by supervisors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError
from shared_apps.suppliers import services
from shared_apps.suppliers.permissions import REGION_READERS, TERMS_WRITERS
from shared_apps.suppliers.selectors.terms import shipped_terms, terms_of, terms_versions
from shared_apps.suppliers.serializers import TermsInput
from shared_apps.suppliers.wording import PERIODS
from webkit.answers import again, see_other


def _context(request: HttpRequest) -> dict[str, Any]:
    current, shipped = terms_of(local_date(utc_now())), shipped_terms()
    typed = request.POST if request.method == "POST" else {}
    return {
        "current": current,
        "is_shipped": current == shipped,
        "rows": [(label, getattr(current, name), getattr(shipped, name)) for name, label in PERIODS.items()],
        "fields": [(name, label, str(typed.get(name, getattr(current, name)))[:10]) for name, label in PERIODS.items()],
        "versions": terms_versions(),
        "may_write": bool(actor_of(request).posts & TERMS_WRITERS),
    }


@page("suppliers.terms", posts=REGION_READERS)
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "suppliers/terms.html", _context(request))


@page("suppliers.enter_terms", posts=TERMS_WRITERS, methods=("POST",))
def enter_terms(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(TermsInput, request.POST)
        services.enter_terms(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "suppliers/terms.html", error, _context(request))
    messages.success(request, _("The version is entered; it begins on its day."))
    return see_other(reverse("suppliers:terms"))
