"""Bad input in every form and in the address of every page: explained in Chinese, and nothing changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from rest_framework import serializers

from kernel.access import Route
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer
from shared_apps.accounts import rules as account_rules
from shared_apps.classification.web.attributes import COLUMNS
from shared_apps.fees.rules.months import next_month
from shared_apps.listings.web.form import ROWS as OFFER_ROWS
from shared_apps.onboarding.web.form import ROWS as APPLICATION_ROWS
from shared_apps.suppliers.web.form import ROWS as SUPPLIER_ROWS
from tests.database import admin
from tests.factories.bodies import FORM, unreadable_forms, valid_body, wrong_form_texts
from tests.factories.crowd import Crowd, make_crowd
from tests.matrix import rooms
from tests.rows import RowCounter, moved_by
from tests.sampling import Turns
from webkit.latin import latin_words

HOSTS = ("region", "tenant")
# Lists of the API that a form sends as repeated fields, one a column.
ROWS = {**APPLICATION_ROWS, **OFFER_ROWS, **SUPPLIER_ROWS, "attributes": {name: name for name in COLUMNS}}
# Takes nothing and refuses nothing: whoever wants to leave, leaves.
SIGN_OUT = frozenset({"accounts:sign_out"})
# Answers every form with a fragment that says what is missing, and writes nothing.
ONLY_SHOWS = frozenset({"supermarket:preview"})
# Names and codes of the tests' own people and organisations.
OWN_WORDS = frozenset({"U990001S"})
PAIR = "buyer_clerk+buyer_approver"
HINTS: dict[str, dict[str, Any]] = {
    "agencies:content": {"home_province": "650000", "division_code": "650102"},
    "agencies:change": {"home_province": "650000", "division_code": "650102"},
    "fees:new_tariff": {
        "valid_from": next_month(local_date(utc_now()).replace(day=1)).isoformat(),
        "bundles": [],
        "discounts": [],
    },
    "fees:issue_statements": {"statements": ["FY990001202607"]},
    "fees:dispute_line": {"uses": []},
    "fees:answer_dispute": {"decision": "refuse", "credit": ""},
    "fees:record_receipt": {"payer": "990001", "amount": "1.00"},
    "fees:enter_period": {"value": "5", "valid_from": local_date(utc_now()).isoformat()},
    "accounts:change_posts": {"posts": ["supplier_sales"]},
    "access:pairs": {"pairs": [PAIR, "buyer_acceptor+buyer_payer"]},
    "products:propose": {"item_code": "A05040101", "key": "paper_size", "vat_rate": "0.13"},
    "products:amend": {"item_code": "A05040101", "key": "paper_size", "vat_rate": "0.13"},
    "products:new_profile": {"key": "paper_size", "operator": "one_of", "value": "A4"},
    "products:edit_profile": {"key": "paper_size", "operator": "one_of", "value": "A4"},
    "products:decide": {"action": "approve"},
    "classification:category": {"key": "width_mm", "choices": []},
    "contracts:rework": {"payment_days": 30, "delivery_on": ""},
    "contracts:sign": {"certificate": "6501000000000088"},
    "contracts:link_order": {"order_id": 1},
    "contracts:supplement": {"line": 1, "quantity": 1},
    "takeover:map_code": {"kind": "person", "our_code": "-"},
    "accounts:reset": {"again": "Kashi-2026!people"},
    "orders:approve": {"next": ""},
    "approvals:flow": {
        "from_amount": ["0"],
        "stage": ["1"],
        "name": ["审批"],
        "post": ["buyer_approver"],
        "person": [""],
    },
    "approvals:decide": {"verdict": "approve", "picked": ["1:1"]},
    "access:lend": {"last_day": local_date(utc_now()).isoformat()},
    "listings:new_patrol": {"scope": "category", "scope_code": "C-01", "due_on": local_date(utc_now()).isoformat()},
    "listings:note_finding": {"outcome": "warning", "kind": "price"},
    "listings:enter_parameter": {"value": "5", "valid_from": local_date(utc_now()).isoformat()},
    "listings:decide_batch": {"review_ids": [1]},
    "listings:renew_offers": {"offer_ids": [1]},
}
# The edge refuses all of bodies.BAD_ESCAPES in the same place; these stand for them.
REFUSED = ("%00", "%ff", "%ed%a0%80", "%e2%80%ae")
QUERIES = (
    *(f"q=a{bad}" for bad in REFUSED), *(f"{bad}=1" for bad in REFUSED), "q=%27%22%3C", "q=%25_%5C", "q=%F0%9F%98%80",
    "q=" + quote("长" * 500), "page=NaN", "page=-1", "after=garbage", f"after={10**30}", "next=//x.cn",
    "next=javascript:alert(1)", "next=/%5Cx.cn", "a=1&a=2", "state[]=x", "=", "&&&", "%", "%zz", "q", "unknown=1",
    "&".join(f"p{n}=1" for n in range(1001)), "x=" + "y" * 10_000,
    # Read by hand on pages that begin a form with what the address says.
    f"unit_id={2**63}", "unit_id=NaN", "kind=%27", "amount=1e999", "amount=-1", "v=NaN", "month=2026-13",
)  # fmt: skip


@pytest.fixture(scope="module")
def signed_in(kept_world: Callable[[], None]) -> Crowd:
    crowd = make_crowd()
    for host in HOSTS:
        crowd.sign_in_for(rooms()[host], host)
    kept_world()
    return crowd


@pytest.fixture
def crowd(
    signed_in: Crowd, room: None, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Crowd:
    settings.YZ_WRITES_PER_MINUTE = 10**9
    monkeypatch.setattr(account_rules, "ANONYMOUS_WRITES_PER_MINUTE", 10**9)
    caplog.set_level(logging.ERROR)  # thousands of refusals, each with its line
    return signed_in.again()


@pytest.fixture
def count() -> Iterator[RowCounter]:
    with admin() as connection:
        yield RowCounter(connection)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[type[StrictSerializer]]:
    """The input serializers that a request was read with, in order."""
    seen: list[type[StrictSerializer]] = []
    original = StrictSerializer.to_internal_value

    def noted(self: StrictSerializer, data: Any) -> Any:
        if self.parent is None:
            seen.append(type(self))
        return original(self, data)

    monkeypatch.setattr(StrictSerializer, "to_internal_value", noted)
    return seen


def pages(host: str, method: str) -> list[Route]:
    return [route for route in rooms()[host] if not route.pattern.startswith("api/") and method in route.methods]


def fault_of(answer: Any, *, may_pass: bool = False) -> str:
    """What is wrong with the answer; a page in Latin words counts."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {getattr(answer, 'exc_info', [None, answer.content[:200]])[1]!r}"
    if not may_pass and not 400 <= answer.status_code < 500:
        return f"{answer.status_code} {answer.get('Location', '')}"
    return ""


def in_latin(answer: Any) -> list[str]:
    return [word for word in latin_words(answer.content.decode()) if word not in OWN_WORDS]


def form_of(body: dict[str, Any], crowd: Crowd) -> list[tuple[str, str]]:
    """The body as a browser sends it; funding is written amount_<budget line>."""
    found: list[tuple[str, str]] = []
    for name, value in body.items():
        if name in ROWS:
            found += [(ROWS[name][column], str(cell)) for row in value for column, cell in row.items()]
            continue
        if name == "attribute_values":
            found += [(f"attr_{row['key']}", str(row["value"])) for row in value]
        elif name == "criteria":
            found += [(f"words_{row['key']}", str(row["value"])) for row in value]
        elif name == "funding":
            found.append((f"amount_{crowd.ids['line_id']}", "40.00"))
        elif name == "parts":
            found += [(f"percent-{row['payer_code']}", str(row["percent"])) for row in value]
        elif name == "prices" and value and "offer_id" in value[0]:
            found.append((f"price_{crowd.ids['offer_id']}", "18.00"))
        elif name == "prices":
            found += [("kind-orders_placed", "per_unit"), ("unit_price-orders_placed", "1.50")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found += [(f"{name}[{n}]{key}", str(cell)) for n, row in enumerate(value) for key, cell in row.items()]
        elif isinstance(value, list):
            found += [(name, str(item)) for item in value]
        elif value is not None:
            found.append((name, {True: "true", False: "false"}.get(value, str(value)) if value is not None else ""))
    return found


def post(client: Client, path: str, form: list[tuple[str, str]]) -> Any:
    return client.generic("POST", path, urlencode(form), FORM)


def reader_of(client: Client, path: str, read: list[type[StrictSerializer]]) -> type[StrictSerializer] | None:
    """The serializer of the page's form, seen at work on a form that it must refuse."""
    read.clear()
    post(client, path, [("stranger", "1")])
    return read[0] if read else None


@pytest.mark.parametrize("host", HOSTS)
def test_forms_that_cannot_be_read_are_refused(crowd: Crowd, count: RowCounter, host: str, whole: bool) -> None:
    faults: list[str] = []
    turns = Turns(4, whole=whole)
    cases = 0

    def check(route: Route) -> None:
        nonlocal cases
        client, path = crowd.client(route, host), crowd.path(route)
        for label, content_type, body in turns.of(unreadable_forms(b"version=1")):
            cases += 1
            answer = client.generic("POST", path, body, content_type)
            if fault := fault_of(answer):
                faults.append(f"{route.name}: {label}: {fault}")
            elif cases % 7 == 0 and (words := in_latin(answer)):
                faults.append(f"{route.name}: {label}: {answer.status_code} in Latin: {words[:8]}")

    faults += moved_by(count, tries(pages(host, "POST"), check), each_alone=whole)
    assert not faults, f"{len(faults)} of {cases} cases:\n" + "\n".join(faults[:60])
    assert cases >= (40 if whole else 4) * len(pages(host, "POST"))


def tries(routes: list[Route], check: Callable[[Route], None]) -> Iterator[tuple[str, Callable[[], None]]]:
    for route in routes:
        yield route.name, partial(check, route)


@pytest.mark.parametrize("host", HOSTS)
def test_one_wrong_field_is_refused(
    crowd: Crowd, count: RowCounter, read: list[type[StrictSerializer]], host: str, whole: bool
) -> None:
    """A form's fields are the API's, which are all tried there; here some a form, and all of them in the whole run."""
    faults: list[str] = []
    unread: set[str] = set()
    turns = Turns(5, whole=whole)
    cases = 0
    tried: set[str] = set()

    def check(route: Route) -> None:
        nonlocal cases
        client, path = crowd.client(route, host), crowd.path(route)
        serializer_class = reader_of(client, path, read)
        if serializer_class is None:
            unread.add(route.name)
            return
        for label, form in turns.of(_wrong_forms(serializer_class(), crowd, HINTS.get(route.name, {}), tried)):
            cases += 1
            answer = post(client, path, form)
            if fault := fault_of(answer, may_pass=route.name in ONLY_SHOWS):
                faults.append(f"{route.name}: {label}: {fault}")
            elif label.endswith("missing") and (words := in_latin(answer)):
                faults.append(f"{route.name}: {label}: {answer.status_code} in Latin: {words[:8]}")

    forms = [route for route in pages(host, "POST") if route.name not in SIGN_OUT]
    faults += moved_by(count, tries(forms, check), each_alone=whole)
    assert not faults, f"{len(faults)} of {cases} cases:\n" + "\n".join(faults[:60])
    # Whose object was not found before the form was read; their forms are the API's, which is tried with all fields.
    assert len(unread) <= 12, unread


def _wrong_forms(
    serializer: StrictSerializer, crowd: Crowd, hints: dict[str, Any], tried: set[str]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    body = valid_body(serializer, crowd.ids | hints)
    right = form_of(body, crowd)
    yield "one field too many", [*right, ("stranger", "1")]
    for name, field in serializer.fields.items():
        if name in {"attribute_values", "criteria"}:  # judged by the service, attribute by attribute
            continue
        rest = [(key, value) for key, value in right if key != name]
        if name == "funding":
            rest = [(key, value) for key, value in right if not key.startswith("amount_")]
            yield "funding missing", rest
            for text in wrong_form_texts(name, field.child.fields["amount"]):
                yield f"amount = {text[:40]!r}", [*rest, (f"amount_{crowd.ids['line_id']}", text)]
            yield "a budget line outside the range", [*rest, (f"amount_{10**18}9", "1.00")]
            continue
        if name == "prices" and "offer_id" in field.child.fields:
            rest = [(key, value) for key, value in right if not key.startswith("price_")]
            yield "prices missing", rest
            for text in wrong_form_texts(name, field.child.fields["price"]):
                yield f"price = {text[:40]!r}", [*rest, (f"price_{crowd.ids['offer_id']}", text)]
            continue
        if name == "prices":
            rest = [(key, value) for key, value in right if not key.startswith("unit_price-")]
            yield "prices missing", rest
            for text in wrong_form_texts(name, field.child.fields["unit_price"]):
                yield f"unit_price = {text[:40]!r}", [*rest, ("unit_price-orders_placed", text)]
            continue
        if name in ROWS:
            yield from _wrong_rows(name, field.child, right)
            continue
        if isinstance(field, serializers.ListSerializer):  # rows as a browser sends them: name[0]column
            for column, cell in field.child.fields.items():
                key = f"{name}[0]{column}"
                others = [(one, value) for one, value in right if one != key]
                for text in wrong_form_texts(column, cell):
                    yield f"{key} = {text[:40]!r}", [*others, (key, text)]
            continue
        if field.required and not isinstance(field, serializers.BooleanField):  # an unticked box is not sent
            yield f"{name} missing", rest
        if (name, "") not in right and not isinstance(body[name], list):
            yield f"{name} twice", [*right, *((key, value) for key, value in right if key == name)][: len(right) + 1]
        listed = field.child if isinstance(body[name], list) else field
        texts = list(wrong_form_texts(name, listed))
        # One class of field reads them all: it is tried in full once a host, and the API tries every field in full.
        kind = type(listed).__name__
        for text in texts[:4] if kind in tried else texts:
            tried.add(kind)
            if isinstance(body[name], list) and not text.strip():
                continue
            yield f"{name} = {text[:40]!r}", [*rest, (name, text)]


def _wrong_rows(
    name: str, row: StrictSerializer, right: list[tuple[str, str]]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Rows of the application's form: repeated fields, one a column. A row left empty is none, so all are missing."""
    columns = ROWS[name]
    yield f"{name} missing", [(key, value) for key, value in right if key not in columns.values()]
    for column, key in columns.items():
        rest = [(one, value) for one, value in right if one != key]
        yield f"{key} missing", rest
        for text in wrong_form_texts(column, row.fields[column]):
            yield f"{key} = {text[:40]!r}", [*rest, (key, text)]


@pytest.mark.parametrize("host", HOSTS)
def test_addresses_with_bad_queries_are_no_fault(
    crowd: Crowd, count: RowCounter, read: list[type[StrictSerializer]], host: str, whole: bool
) -> None:
    """A value that a page does not know is refused or passed over; either way nothing breaks and nothing is written."""
    faults: list[str] = []
    tried: set[str] = set()
    general, own = Turns(3, whole=whole), Turns(4, whole=whole)

    def check(route: Route) -> None:
        client, path = crowd.client(route, host), crowd.path(route)
        read.clear()
        client.get(f"{path}?stranger=1")
        for query in (*general.of(QUERIES), *own.of(_wrong_queries(read[0](), tried) if read else ())):
            answer = client.get(f"{path}?{query}")
            if fault := fault_of(answer, may_pass=True):
                faults.append(f"{route.name}: {query[:60]}: {fault}")
            if any(bad in query for bad in REFUSED) and answer.status_code != 400:
                faults.append(f"{route.name}: {query[:60]}: {answer.status_code}, not refused")

    read_ones = [one for one in rooms()[host] if "GET" in one.methods and one.name not in {"readyz", "schema"}]
    faults += moved_by(count, tries(read_ones, check), each_alone=whole)
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults[:60])


def _wrong_queries(serializer: StrictSerializer, tried: set[str]) -> Iterator[str]:
    for name, field in serializer.fields.items():
        yield urlencode([(name, "1"), (name, "1")])
        listed = getattr(field, "child", field)
        texts = list(wrong_form_texts(name, listed))
        kind = type(listed).__name__
        for text in texts[:4] if kind in tried else texts:
            tried.add(kind)
            if len(text) < 2000:
                yield urlencode({name: text})
