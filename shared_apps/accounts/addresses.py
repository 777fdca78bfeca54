"""Where a visitor of either host signs in, and comes back from."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from shared_apps.accounts.rules import is_safe_path

SIGN_IN = "/sign-in/"


def entry_path(*, tenant_code: str, next_path: str = "") -> str:
    """The page on the region's host that hands a signed-in person over to a mall."""
    path = f"/malls/{tenant_code}/enter/"
    return f"{path}?{urlencode({'next': next_path})}" if next_path and is_safe_path(next_path) else path


def sign_in_address(request: HttpRequest) -> str:
    """settings.YZ_SIGN_IN_URL: from a mall the region's sign-in, with a way back through the hand-off."""
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    ref = getattr(request, "tenant_ref", None)
    if ref is None:
        return f"{SIGN_IN}?{urlencode({'next': here})}" if here and is_safe_path(here) else SIGN_IN
    back = urlencode({"next": entry_path(tenant_code=ref.code, next_path=here)})
    return f"{settings.YZ_REGION_URL}{SIGN_IN}?{back}"
