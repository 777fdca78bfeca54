"""What the page shell needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi, get_language_info, to_locale

from webkit import navigation
from webkit.display import is_large

# Pages the shell links to, on the region's host or on a mall's: the first that this host has.
SHELL_PAGES: dict[str, tuple[str, ...]] = {
    "sign_in": ("accounts:sign_in", "access:sign_in"),
    "sign_out": ("accounts:sign_out", "access:sign_out"),
    "account": ("accounts:account", "access:account"),
    "practice": ("practice:board",),
    "display": ("display",),
    "help": ("help",),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Actor, tenant, menu, language. Reads no database: everything is already on the request."""
    actor = getattr(request, "actor", None)
    tenant = getattr(request, "tenant_ref", None)
    signed_in = bool(actor is not None and actor.signed_in)
    pages = {**SHELL_PAGES, **getattr(settings, "YZ_SHELL_PAGES", {})}
    return {
        "actor": actor,
        "tenant": tenant,
        "navigation": navigation.folded(
            navigation.links(
                room="tenant" if tenant else "region",
                posts=actor.posts if actor is not None else (),
                signed_in=signed_in,
                path=request.path,
            )
        ),
        "shell_urls": {key: _first_address(names) for key, names in pages.items()},
        "shell_organisation": _organisation(actor, tenant) if signed_in else "",
        "shell_posts": _post_labels(actor) if signed_in else [],
        "html_dir": "rtl" if get_language_bidi() else "ltr",
        "html_lang": to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-"),
        "elder": is_large(request),
        "uyghur_name": get_language_info("ug")["name_local"],
        "version": getattr(settings, "YZ_VERSION", ""),
    }


def _first_address(names: tuple[str, ...]) -> str:
    return next((url for url in map(navigation.try_reverse, names) if url), "")


def _organisation(actor: Any, tenant: Any) -> str:
    """The organisation the person acts for here: one of this tenant first, else the first of all."""
    code = getattr(tenant, "code", None)
    here = [place for place in actor.belongs if place.tenant_code == code]
    places = here or list(actor.belongs)
    return places[0].organisation_name if places else ""


def _post_labels(actor: Any) -> list[Any]:
    """Labels of the posts held, each once, in the order they were granted."""
    seen: dict[str, Any] = {}
    for held in actor.held:
        seen.setdefault(str(held.post), getattr(held.post, "label", str(held.post)))
    return list(seen.values())
