"""Chinese first: the browser's preference does not decide, the visitor's choice does."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language

from webkit.middleware import LanguageMiddleware


def spoken(**headers: str) -> str:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(get_language() or "")

    request = RequestFactory().get("/", **headers)
    return LanguageMiddleware(view)(request).content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "zh-hans"),
        ({"HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9"}, "zh-hans"),
        ({"HTTP_COOKIE": "django_language=en"}, "en"),
        ({"HTTP_COOKIE": "django_language=tlh"}, "zh-hans"),
    ],
)
def test_the_page_speaks(headers: dict[str, str], language: str) -> None:
    assert spoken(**headers) == language
