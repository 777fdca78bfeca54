"""Answers that several pages give."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.problems import DomainError, as_problem


def see_other(address: str) -> HttpResponse:
    """303: the browser fetches the next page with GET."""
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def again(request: HttpRequest, template: str, error: DomainError, **context: object) -> HttpResponse:
    """The same page with the refusal above it, under the refusal's status."""
    problem = as_problem(error, instance=request.path)
    response = render(request, template, {"problem": problem, **context}, status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response
