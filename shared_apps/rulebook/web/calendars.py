"""The calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from shared_apps.rulebook import selectors
from shared_apps.rulebook.permissions import READERS


@page("rulebook.calendar", posts=READERS)
def calendar(request: HttpRequest) -> HttpResponse:
    """Years whose working days are loaded; deadlines in any other year are refused."""
    return render(request, "rulebook/calendar.html", {"years": selectors.calendar_years()})
