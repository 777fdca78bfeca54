"""Serving a product's drawing so that it can do nothing but be looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from shared_apps.products.selectors import picture

# The drawing is our own, and still gets no rights: opened by itself it can neither run nor fetch anything.
_POLICY = "default-src 'none'; sandbox"
_YEAR_SECONDS = 31_536_000


def picture_response(request: HttpRequest, *, code: str) -> HttpResponse:
    """The SVG; kept for a year when the address names its version. Raises NotFound."""
    svg, version = picture(code=code)
    tag = f'"{code}-{version}"'
    kept = f"public, max-age={_YEAR_SECONDS}, immutable" if request.GET.get("v") == str(version) else "public, no-cache"
    headers = {"Cache-Control": kept, "ETag": tag, "Content-Security-Policy": _POLICY}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(svg.encode(), content_type="image/svg+xml", headers=headers)
