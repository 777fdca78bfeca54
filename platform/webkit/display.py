"""How a visitor wants pages shown: the language and the size of the text, remembered in this browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.problems import InvalidInput
from webkit.answers import again, see_other

SIZE_COOKIE = "yz_size"
USUAL, LARGE = "usual", "large"
SIZES = (USUAL, LARGE)
KEPT_SECONDS = 365 * 24 * 3600


def is_large(request: HttpRequest) -> bool:
    """The elders' version (长者版): larger type and targets."""
    return request.COOKIES.get(SIZE_COOKIE) == LARGE


def _next(request: HttpRequest, given: str) -> str:
    """A path of this host, never another's."""
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/")
    return given if safe else "/"


def _context(request: HttpRequest, back: str) -> dict[str, object]:
    return {
        "next": _next(request, back),
        # Each by its own name, as those who look for it know it.
        "languages": [(code, get_language_info(code)) for code, _name in settings.LANGUAGES],
        "large": is_large(request),
    }


@page("webkit.display", public=True, always=True, methods=("GET", "POST"))
def display(request: HttpRequest) -> HttpResponse:
    """The form, and its answer: two cookies of this browser. Nobody's account changes."""
    if request.method != "POST":
        return render(request, "webkit/display.html", _context(request, request.GET.get("next", "/")))
    language, size = request.POST.get("language", ""), request.POST.get("size", "")
    back = request.POST.get("next", "/")
    errors = {}
    if language not in dict(settings.LANGUAGES):
        errors["language"] = [_("Choose one of the languages.")]
    if size not in SIZES:
        errors["size"] = [_("Choose one of the sizes.")]
    if errors:
        return again(request, "webkit/display.html", InvalidInput(errors=errors), _context(request, back))
    answer = see_other(_next(request, back))
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (SIZE_COOKIE, size)):
        answer.set_cookie(
            name,
            value,
            max_age=KEPT_SECONDS,
            # One choice for the region and its malls; a browser takes no cookie for `.localhost`.
            domain=settings.YZ_BASE_HOST if "." in settings.YZ_BASE_HOST else None,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer
