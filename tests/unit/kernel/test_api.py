from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import Access
from kernel.actor import ANONYMOUS, Actor
from kernel.api import ReadView, WriteView, documented
from kernel.http import flat_errors, handler400, handler403, handler404, handler500
from kernel.inputs import AmountField, KeyField, QuantityField, StrictSerializer, TextField
from kernel.problems import Conflict

CLERK = Actor(1, "clerk")


class OrderInput(StrictSerializer):
    title = TextField(max_length=10)
    price = AmountField()
    quantity = QuantityField()


class OrderOutput(StrictSerializer):
    id = KeyField()
    price = AmountField()


class OrderQuery(StrictSerializer):
    quantity = QuantityField(required=False)


@documented(summary="Place an order", problems=(409,))
class PlaceOrder(WriteView):
    access = Access("orders.place", public=True)
    input_serializer = OrderInput
    output_serializer = OrderOutput
    success_status = 201
    raised: BaseException | None = None

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        if self.raised is not None:
            raise self.raised
        return SimpleNamespace(id=path.get("id", 7), price=data["price"])


@documented(summary="Orders")
class ListOrders(ReadView):
    access = Access("orders.list", signed_in=True)
    output_serializer = OrderOutput
    query_serializer = OrderQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return [SimpleNamespace(id=self.query(request).get("quantity", 1), price=Decimal("2.5"))]


@documented(summary="Close an order")
class CloseOrder(WriteView):
    access = Access("orders.close", signed_in=True)

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> None:
        assert data == {}


urlpatterns = [
    path("api/v1/orders/place", PlaceOrder.as_view()),
    path("api/v1/orders", ListOrders.as_view()),
    path("api/v1/orders/<int:id>/close", CloseOrder.as_view()),
]

GOOD = {"title": "纸", "price": "12.30", "quantity": 2}


def ask(view: Any, method: str, body: bytes = b"", **extra: Any) -> tuple[int, Any, HttpResponse]:
    content_type = extra.pop("content_type", "application/json" if body else "")
    csrf = extra.pop("enforce_csrf", False)
    request = RequestFactory().generic(method, extra.pop("url", "/api/v1/orders"), body, content_type, **extra)
    request.actor = CLERK  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = not csrf  # type: ignore[attr-defined]
    response = view.as_view()(request)
    if hasattr(response, "render"):
        response.render()
    return response.status_code, json.loads(response.content or b"null"), response


def post(body: Any, view: Any = PlaceOrder, **extra: Any) -> tuple[int, Any, HttpResponse]:
    return ask(view, "POST", body if isinstance(body, bytes) else json.dumps(body).encode(), **extra)


def test_a_write_is_read_strictly_and_answered_with_its_serializer() -> None:
    status, answer, response = post(GOOD)
    assert (status, answer, response["Content-Type"]) == (201, {"id": 7, "price": "12.30"}, "application/json")


def test_neither_accept_nor_format_changes_the_language() -> None:
    assert post(GOOD, url="/api/v1/orders?format=xml", HTTP_ACCEPT="text/html")[0] == 201


def test_a_write_without_output_says_nothing() -> None:
    assert post(b"", CloseOrder)[:2] == (204, None)
    assert post({}, CloseOrder)[:2] == (204, None)
    status, answer, _ = post({"stray": 1}, CloseOrder)
    assert (status, list(answer["errors"])) == (400, ["stray"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid-input"),
        (b"[]", 400, "malformed-input"),
        (b"{", 400, "malformed-input"),
        (b'{"a":1,"a":2}', 400, "malformed-input"),
        (b"[" * 100_000, 400, "malformed-input"),
        (b'{"a":"\\u0000"}', 400, "malformed-input"),
        (b'{"a":"\\ud800"}', 400, "malformed-input"),
        (b'{"price":1e999}', 400, "malformed-input"),
        (b'{"price":NaN}', 400, "malformed-input"),
        (b'"' + b"x" * 10_000_000 + b'"', 400, "malformed-input"),
        ({**GOOD, "quantity": 0}, 400, "invalid-input"),
        ({**GOOD, "quantity": -1}, 400, "invalid-input"),
        ({**GOOD, "price": "1_000"}, 400, "invalid-input"),
        ({**GOOD, "price": 0.001}, 400, "invalid-input"),
        ({**GOOD, "stray": 1}, 400, "invalid-input"),
        ({**GOOD, "title": {"a": 1}}, 400, "invalid-input"),
    ],
)
def test_bad_bodies_are_problems(body: Any, status: int, code: str) -> None:
    found, answer, response = post(body)
    assert (found, answer["code"], answer["status"]) == (status, code, status)
    assert response["Content-Type"] == "application/problem+json"
    assert answer["instance"] == "/api/v1/orders"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "x", ""],
)
def test_other_content_types_are_415(content_type: str) -> None:
    assert post(GOOD, content_type=content_type)[0] == 415


def test_parameters_of_the_content_type_are_allowed() -> None:
    assert post(GOOD, content_type="Application/JSON; charset=utf-8")[0] == 201


def failing(error: BaseException) -> type[PlaceOrder]:
    return type("Failing", (PlaceOrder,), {"raised": error})


class Cause(Exception):
    def __init__(self, pgcode: str | None, said: str) -> None:
        super().__init__(said)
        self.pgcode = pgcode


def database_error(
    pgcode: str | None, kind: type[DatabaseError | InterfaceError] = OperationalError, said: str = "canceled"
) -> Exception:
    error = kind(said)
    error.__cause__ = Cause(pgcode, said)
    return error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict(), 409, "conflict"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "not-permitted"),
        (ValidationError({"title": ["no"]}), 400, "invalid-input"),
        (ValidationError("no"), 400, "invalid-input"),
        (SuspiciousOperation(), 400, "malformed-input"),
        (drf.ParseError(), 400, "malformed-input"),
        (drf.NotAuthenticated(), 401, "sign-in-required"),
        (drf.Throttled(wait=3), 429, "too-many-requests"),
        (database_error("55P03"), 409, "busy"),
        (database_error("40P01"), 409, "busy"),
        (database_error("40001"), 409, "busy"),
        (database_error("57P01"), 503, "service-unavailable"),
        (database_error("57P02"), 503, "service-unavailable"),
        (database_error("57P03"), 503, "service-unavailable"),
        (database_error("08P01"), 503, "service-unavailable"),
        (database_error(None), 503, "service-unavailable"),
        (database_error(None, InterfaceError, "connection already closed"), 503, "service-unavailable"),
    ],
)
def test_errors_become_problems(error: BaseException, status: int, code: str) -> None:
    found, answer, response = post(GOOD, failing(error))
    assert (found, answer["code"]) == (status, code)
    waits = {"busy": "1", "service-unavailable": "1", "too-many-requests": "3"}
    assert response.get("Retry-After") == waits.get(code)


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        database_error("57014"),  # a statement that took too long
        OperationalError("no room selected"),
        InterfaceError("another room was selected inside a transaction"),
        database_error(None, InterfaceError, "cursor already closed"),
    ],
)
def test_our_own_faults_are_not_dressed_up(error: BaseException) -> None:
    with pytest.raises(type(error)):
        post(GOOD, failing(error))


def test_unsafe_methods_need_the_csrf_token() -> None:
    status, answer, _ = post(GOOD, enforce_csrf=True)
    assert (status, answer["code"]) == (403, "csrf-failed")
    assert ask(ListOrders, "GET", enforce_csrf=True)[0] == 200


def test_reads_show_lists_and_refuse_unknown_parameters() -> None:
    assert ask(ListOrders, "GET")[:2] == (200, [{"id": 1, "price": "2.50"}])
    assert ask(ListOrders, "GET", url="/api/v1/orders?quantity=3")[:2] == (200, [{"id": 3, "price": "2.50"}])
    for query in ("quantity=NaN", "quantity=1&quantity=2", "stray=1", "quantity=٣"):
        assert ask(ListOrders, "GET", url=f"/api/v1/orders?{query}")[0] == 400
    status, answer, _ = ask(ListOrders, "PUT")
    assert (status, answer["code"]) == (405, "method-not-allowed")


seen: list[dict[str, Any]] = []


def remember(*, request: Request, body: dict[str, Any], perform: Callable[[], Response]) -> Response:
    seen.append(body)
    response = perform()
    response["Idempotent-Replay"] = "true"
    return response


def test_writes_run_through_the_idempotency_hook_after_validation() -> None:
    seen.clear()
    with override_settings(YZ_IDEMPOTENCY=f"{__name__}.remember"):
        response = post(b'{"title":"a","price":12.30,"quantity":2}')[2]
        refused = post({"title": "a"})[0]
    assert response["Idempotent-Replay"] == "true"
    assert seen == [{"title": "a", "price": "12.30", "quantity": 2}]
    assert refused == 400


@pytest.mark.parametrize(
    ("handler", "status", "code"),
    [(handler400, 400, "malformed-input"), (handler403, 403, "not-permitted"), (handler404, 404, "not-found")],
)
def test_handlers_answer_programs_with_problems(
    handler: Callable[[HttpRequest, Exception], HttpResponse], status: int, code: str
) -> None:
    response = handler(RequestFactory().get("/api/v1/x"), Exception())
    assert (response.status_code, json.loads(response.content)["code"]) == (status, code)


def test_the_last_handler_never_fails() -> None:
    assert json.loads(handler500(RequestFactory().get("/api/v1/x")).content)["code"] == "server-fault"
    with override_settings(TEMPLATES=[]):
        response = handler500(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"<h1>" in response.content


@pytest.mark.parametrize("path", ["/api/v1/x", "/"])
def test_the_last_handler_tells_a_database_that_is_away_from_our_own_fault(path: str) -> None:
    """It is reached from the middlewares, where no view's guard stands between; the page has no database either."""

    def away(*_: Any, **__: Any) -> None:
        raise database_error(None)

    with mock.patch("kernel.http.render", away):
        try:
            away()
        except OperationalError:
            response = handler500(RequestFactory().get(path))
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert ("service-unavailable" if "api" in path else "<h1>") in response.content.decode()


def test_errors_are_flattened() -> None:
    detail = {"non_field_errors": ["a"], "lines": [{}, {"quantity": ["b"]}], "tags": {1: ["c"]}, "name": ["d", "e"]}
    assert flat_errors(detail) == {
        "body": ["a"],
        "lines.1.quantity": ["b"],
        "tags.1": ["c"],
        "name": ["d", "e"],
    }


def test_the_schema_is_made_without_warnings() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator(urlconf=__name__).get_schema(request=None, public=True)
    assert not GENERATOR_STATS, dict(GENERATOR_STATS._warn_cache) | dict(GENERATOR_STATS._error_cache)
    place = schema["paths"]["/api/v1/orders/place"]["post"]
    assert (place["operationId"], place["summary"], sorted(place["responses"])) == (
        "orders_place",
        "Place an order",
        ["201", "400", "403", "404", "405", "409", "415", "422", "429"],
    )
    assert list(place["responses"]["409"]["content"]) == ["application/problem+json"]
    listed = schema["paths"]["/api/v1/orders"]["get"]
    assert [parameter["name"] for parameter in listed["parameters"]] == ["quantity"]
    assert "401" in listed["responses"]
    assert next(iter(schema["paths"]["/api/v1/orders/{id}/close"]["post"]["responses"])) == "204"
    assert schema["components"]["schemas"]["OrderOutput"]["properties"]["price"]["pattern"]


def test_an_unknown_visitor_is_a_user_like_actor() -> None:
    request = RequestFactory().get("/api/v1/orders")
    response = ListOrders.as_view()(request)
    assert response.status_code == 200
    assert request.user is ANONYMOUS
