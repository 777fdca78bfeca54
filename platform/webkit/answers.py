"""Answers that pages of every app give after a form was sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.problems import DomainError, as_problem


def see_other(address: str) -> HttpResponse:
    """303: the browser fetches the next page with GET."""
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def again(request: HttpRequest, template: str, error: DomainError, context: Mapping[str, object]) -> HttpResponse:
    """The same page with the refusal above it and what was typed kept as `form`, under the refusal's status."""
    problem = as_problem(error, instance=request.path)
    typed = {name: value[:400] for name, value in request.POST.items() if isinstance(value, str)}
    response = render(request, template, {**context, "problem": problem, "form": typed}, status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response
