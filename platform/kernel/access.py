"""Who may call a route. Every route of both URL confs declares it; the middleware enforces it before the view runs.

A page declares with `@page(...)`, an API view with the class attribute `access`, somebody else's view by
`declare(view, access)`. What of a permitted route a person may reach is not decided here: selectors start from
the actor and raise NotFound for strangers.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from kernel.actor import ANONYMOUS, Actor
from kernel.authentication import bearer_token, token_actor
from kernel.http import as_domain_error, is_api, is_htmx, problem_response
from kernel.posts import Post
from kernel.problems import DomainError, MethodNotAllowed, NotPermitted, SignInRequired, UnsupportedMedia

security_log = logging.getLogger("yz.security")

View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)

_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@dataclass(frozen=True, slots=True)
class Access:
    """Exactly one of: `posts` (any one of them), `signed_in` (everybody who is), `public`."""

    name: str
    posts: frozenset[Post] | None = None
    public: bool = False
    signed_in: bool = False
    methods: tuple[str, ...] = ()  # empty: whatever the view class handles
    # Answers in a suspended and in an archived mall too: it changes nothing of the mall.
    always: bool = False
    # Programs may call it with an API token of this scope, instead of a session.
    token_scope: str = ""

    def __post_init__(self) -> None:
        if self.posts is not None:
            object.__setattr__(self, "posts", frozenset(Post(post) for post in self.posts))
        if (bool(self.posts), self.public, self.signed_in).count(True) != 1 or self.posts == frozenset():
            raise ImproperlyConfigured(f"{self.name}: declare exactly one of posts, public and signed_in")

    def permits(self, actor: Actor) -> bool:
        if self.public:
            return True
        if self.posts is None:
            return actor.signed_in
        return actor.signed_in and bool(self.posts & actor.posts)


def page(
    name: str,
    *,
    posts: Collection[Post] | None = None,
    public: bool = False,
    signed_in: bool = False,
    methods: Collection[str] = ("GET",),
    always: bool = False,
) -> Callable[[View], View]:
    """Declare a page. HEAD comes with GET. A refusal raised inside is shown as the problem page or alert."""
    access = Access(
        name,
        posts=None if posts is None else frozenset(posts),
        public=public,
        signed_in=signed_in,
        methods=tuple(method.upper() for method in methods),
        always=always,
    )

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _has_body(request) and request.content_type not in _FORM_TYPES:
                return problem_response(UnsupportedMedia(), request)
            try:
                return view(request, *args, **kwargs)
            except Exception as raised:
                error = as_domain_error(raised)
                if error is None:
                    raise
                return problem_response(error, request)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def declare(view: View, access: Access) -> View:
    """The same view with a declaration: for views that are not ours (static files, the schema)."""

    @functools.wraps(view)
    def declared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    declared.access = access  # type: ignore[attr-defined]
    return declared


def access_of(view: Any) -> Access | None:
    """The declaration of a view function, or of the class behind it."""
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        access = getattr(holder, "access", None)
        if isinstance(access, Access):
            return access
    return None


def methods_of(view: Any) -> tuple[str, ...]:
    """Methods a route answers; HEAD is not named, it comes with GET."""
    access = access_of(view)
    if access is not None and access.methods:
        return access.methods
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is None:
        return ("GET",)
    names = (name for name in cls.http_method_names if name not in {"head", "options", "trace"})
    return tuple(name.upper() for name in names if hasattr(cls, name))


class AccessMiddleware:
    """Reads `request.actor`, which the accounts middleware has set, and refuses before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # One address answers pages and problem+json alike, and a fragment to htmx.
        patch_vary_headers(response, ["Accept", "HX-Request"])
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        access = access_of(view)
        if access is None:
            raise ImproperlyConfigured(f"{request.path}: the route declares no access (yz.E001)")
        methods = methods_of(view)
        if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
            return problem_response(MethodNotAllowed(allowed=list(methods)), request)
        if is_api(request) and bearer_token(request):
            # A token is all or nothing: with one, a session that comes along counts for nothing.
            try:
                request.actor = token_actor(request, access.token_scope)  # type: ignore[attr-defined]
            except DomainError as refusal:
                return problem_response(refusal, request)
        actor: Actor = getattr(request, "actor", ANONYMOUS)
        if access.permits(actor):
            return None
        if not actor.signed_in:
            return _ask_to_sign_in(request)
        security_log.warning(
            "access denied", extra={"route": access.name, "user_id": actor.user_id, "tenant": actor.tenant}
        )
        return problem_response(NotPermitted(route=access.name), request)


def sign_in_address(request: HttpRequest) -> str:
    """Where this visitor signs in, and comes back from.

    `settings.YZ_SIGN_IN_URL` is a path, an absolute URL (then `next` is absolute as well), or the dotted path of a
    function of the request that returns the whole address.
    """
    setting: str = settings.YZ_SIGN_IN_URL
    if "/" not in setting:
        address: str = import_string(setting)(request)
        return address
    if request.method not in {"GET", "HEAD"}:
        return setting
    back = request.get_full_path() if setting.startswith("/") else request.build_absolute_uri()
    return f"{setting}?{urlencode({'next': back})}"


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if is_api(request):
        return problem_response(SignInRequired(), request)
    if is_htmx(request):
        # A redirect would be followed by the script and the sign-in page put into the fragment's place.
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in_address(request)})
    return HttpResponseRedirect(sign_in_address(request))


def _has_body(request: HttpRequest) -> bool:
    return request.META.get("CONTENT_LENGTH") not in {None, "", "0"}


@dataclass(frozen=True, slots=True)
class Route:
    """One line of a URL conf. `access` is None where the declaration is missing."""

    pattern: str
    name: str
    access: Access | None
    methods: tuple[str, ...]
    callback: Callable[..., Any]


def routes(urlconf: str | None) -> list[Route]:
    """All routes of a URL conf, includes walked through, in the order they are tried."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", ""))


def _walk(patterns: Collection[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, path, inner)
        else:
            callback = entry.callback
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield Route(path, name, access_of(callback), methods_of(callback), callback)
