"""Adding a note or a paper to an order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import read_input
from kernel.problems import DomainError, InvalidInput, as_problem
from kernel.uploads import one_file
from tenant_apps.supermarket import notes
from tenant_apps.supermarket.notes import Paper
from tenant_apps.supermarket.serializers import NoteInput


@page("supermarket.note_page", posts=notes.WRITERS, methods=("GET", "POST"))
def note(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            data = read_input(NoteInput, request.POST)
            paper = Paper(*one_file(request, field="paper")) if request.FILES else None
            notes.add_note(actor=actor, order_id=order_id, paper=paper, now=utc_now(), **data)
        except (InvalidInput, FileRefused) as refused:
            problem = refused
        else:
            messages.success(request, _("Added to the order."))
            return HttpResponseRedirect(reverse("orders:order", args=[order_id]), status=303)
    order, found = notes.notes_of(actor=actor, order_id=order_id)
    return render(
        request,
        "supermarket/note.html",
        {
            "order": order,
            "notes": found,
            "typed": request.POST,
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200,
    )
