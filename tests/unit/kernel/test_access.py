from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import include, path

from kernel.access import Access, AccessMiddleware, Route, access_of, declare, page, routes
from kernel.actor import ANONYMOUS, Actor, HeldPost
from kernel.api import ReadView, WriteView
from kernel.checks import check_routes
from kernel.posts import Post
from kernel.problems import Conflict

CLERK = Actor(1, "clerk", held=(HeldPost(Post.BUYER_CLERK, 1),))
AUDITOR = Actor(2, "auditor", held=(HeldPost(Post.AUDITOR, 1),))


@page("orders.order_page", posts={Post.BUYER_CLERK, Post.BUYER_APPROVER}, methods=("GET", "POST"))
def order_page(request: HttpRequest, number: str = "1") -> HttpResponse:
    if number == "lost":
        raise Http404
    if number == "bug":
        raise ZeroDivisionError
    if request.method == "POST":
        raise Conflict("already submitted", number=number)
    return HttpResponse(f"order {number}")


@page("portal.front", public=True)
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("front")


@page("accounts.home", signed_in=True)
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to all")


class Orders(ReadView, WriteView):
    access = Access("orders.orders", posts=frozenset({Post.BUYER_CLERK}))


urlpatterns = [
    path("", front, name="front"),
    path("orders/", include(([path("<str:number>/", order_page, name="order")], "orders"))),
    path("api/v1/orders", Orders.as_view(), name="api_orders"),
    path("static/<path:file>", declare(undeclared, Access("static", public=True))),
    path("undeclared", undeclared, name="undeclared"),
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "webkit/problem.html": "page {{ problem.code }}",
                        "webkit/_problem_alert.html": "alert {{ problem.code }}",
                    },
                )
            ]
        },
    }
]

pytestmark = pytest.mark.usefixtures("templates")


@pytest.fixture
def templates() -> Any:
    with override_settings(TEMPLATES=TEMPLATES, YZ_SIGN_IN_URL="/sign-in/"):
        yield


def call(view: Any, actor: Actor, method: str = "GET", url: str = "/orders/1/", **headers: str) -> HttpResponse:
    request = RequestFactory().generic(method, url, headers=headers)
    request.actor = actor  # type: ignore[attr-defined]
    middleware = AccessMiddleware(lambda request: middleware.process_view(request, view, (), {}) or view(request))
    response = middleware(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(
    ("view", "actor", "status"),
    [
        (front, ANONYMOUS, 200),
        (front, AUDITOR, 200),
        (home, ANONYMOUS, 302),
        (home, AUDITOR, 200),
        (order_page, ANONYMOUS, 302),
        (order_page, AUDITOR, 403),
        (order_page, CLERK, 200),
        # Posts without a signed-in user prove nothing.
        (order_page, Actor(None, "ghost", held=CLERK.held), 302),
    ],
)
def test_pages_open_to_those_declared(view: Any, actor: Actor, status: int) -> None:
    assert call(view, actor).status_code == status


def test_a_request_without_actor_is_anonymous() -> None:
    request = RequestFactory().get("/orders/1/?a=1&b=2")
    response = AccessMiddleware(lambda request: HttpResponse()).process_view(request, order_page, (), {})
    assert response is not None
    assert response["Location"] == "/sign-in/?next=%2Forders%2F1%2F%3Fa%3D1%26b%3D2"


def test_sign_in_on_another_host_is_told_the_whole_address() -> None:
    with override_settings(YZ_SIGN_IN_URL="https://region.test/sign-in/"):
        response = call(home, ANONYMOUS, url="/x/")
    assert response["Location"] == "https://region.test/sign-in/?next=http%3A%2F%2Ftestserver%2Fx%2F"


def sign_in_by_host(request: HttpRequest) -> str:
    return f"https://region.test/?from={request.get_host()}"


def test_settings_may_name_a_function() -> None:
    with override_settings(YZ_SIGN_IN_URL=f"{__name__}.sign_in_by_host"):
        assert call(home, ANONYMOUS)["Location"] == "https://region.test/?from=testserver"


def test_programs_get_problems_and_fragments_are_sent_to_sign_in() -> None:
    response = call(order_page, ANONYMOUS, Accept="application/json")
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert json.loads(response.content)["code"] == "sign-in-required"
    response = call(order_page, ANONYMOUS, **{"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/?next=%2Forders%2F1%2F")
    response = call(order_page, AUDITOR)
    assert (response.status_code, response.content) == (403, b"page not-permitted")
    assert response["Vary"] == "Accept, HX-Request"


@pytest.mark.parametrize(
    ("actor", "status", "code"), [(ANONYMOUS, 401, "sign-in-required"), (AUDITOR, 403, "not-permitted")]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_api_views_are_guarded_by_their_class(actor: Actor, status: int, code: str, method: str) -> None:
    response = call(Orders.as_view(), actor, method, "/api/v1/orders", Accept="text/html")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(response.content)["code"] == code


@pytest.mark.parametrize(
    ("view", "method", "status"),
    [
        (front, "HEAD", 200),
        (front, "POST", 405),
        (front, "OPTIONS", 405),
        (order_page, "DELETE", 405),
        (Orders.as_view(), "PUT", 405),
        (Orders.as_view(), "OPTIONS", 405),
        (Orders.as_view(), "TRACE", 405),
    ],
)
def test_only_declared_methods_are_answered(view: Any, method: str, status: int) -> None:
    response = call(view, CLERK, method)
    assert response.status_code == status
    if status == 405:
        assert response["Allow"] in {"GET", "GET, POST"}


def test_a_view_without_declaration_never_runs() -> None:
    with pytest.raises(ImproperlyConfigured, match="E001"):
        call(undeclared, CLERK)


def test_refusals_inside_a_page_become_the_problem_page_or_alert() -> None:
    response = call(order_page, CLERK, "POST")
    assert (response.status_code, response.content) == (409, b"page conflict")
    response = call(order_page, CLERK, "POST", **{"HX-Request": "true"})
    assert (response.status_code, response.content) == (409, b"alert conflict")
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#problem", "innerHTML")
    assert order_page(RequestFactory().get("/"), number="lost").status_code == 404
    with pytest.raises(ZeroDivisionError):
        order_page(RequestFactory().get("/"), number="bug")


def test_a_page_takes_forms_only() -> None:
    request = RequestFactory().post("/orders/1/", b"{}", content_type="application/json")
    assert order_page(request).status_code == 415
    assert order_page(RequestFactory().post("/orders/1/", {"a": 1})).status_code == 409


@pytest.mark.parametrize(
    "declaration",
    [
        {},
        {"public": True, "signed_in": True},
        {"posts": frozenset()},
        {"posts": {Post.EXPERT}, "public": True},
        {"posts": frozenset(), "public": True},
    ],
)
def test_a_declaration_says_exactly_one_thing(declaration: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured, match="exactly one"):
        Access("orders.order", **declaration)


def test_routes_are_walked_with_names_and_methods() -> None:
    assert [(r.pattern, r.name, r.access.name if r.access else None, r.methods) for r in routes(__name__)] == [
        ("", "front", "portal.front", ("GET",)),
        ("orders/<str:number>/", "orders:order", "orders.order_page", ("GET", "POST")),
        ("api/v1/orders", "api_orders", "orders.orders", ("GET", "POST")),
        ("static/<path:file>", "", "static", ("GET",)),
        ("undeclared", "undeclared", None, ("GET",)),
    ]
    assert all(isinstance(route, Route) for route in routes(__name__))
    assert access_of(undeclared) is None  # declare() wraps, it does not mark somebody else's view


def test_the_check_finds_the_undeclared_route_of_both_url_confs() -> None:
    with override_settings(ROOT_URLCONF=__name__, TENANT_URLCONF=__name__):
        found = check_routes(None)
    assert [(error.id, error.msg) for error in found] == [
        ("yz.E001", f"the route 'undeclared' of {__name__} declares no access")
    ]
