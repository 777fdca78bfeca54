"""A write under a key: done once, answered alike, refused for another body. Its own little API on both hosts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from rest_framework import serializers

from config.urls_region import urlpatterns as region_routes
from config.urls_tenant import urlpatterns as tenant_routes
from kernel import events
from kernel.access import Access
from kernel.actor import SYSTEM
from kernel.api import WriteView, actor_of
from kernel.clock import utc_now
from kernel.inputs import QuantityField, StrictSerializer, TextField
from kernel.posts import Post
from kernel.problems import Conflict
from shared_apps.region_idempotency.models import RegionIdempotencyKey
from shared_apps.region_idempotency.services import purge as purge_region
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.region_journal.services import record as record_in_region
from tenant_apps.idempotency.models import IdempotencyKey
from tenant_apps.idempotency.services import purge
from tenant_apps.journal.models import JournalEntry
from tenant_apps.journal.services import record
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tests.factories.people import join, make_organisation, make_user, sign_in

A, B = "990001", "990002"
EVENT = "tests.idempotency_tried"
if EVENT not in events._declared:
    events.declare(events.EventType(EVENT, 1, {"note": str}))


class Refused(Conflict):
    code = "tests-refused"


def note(text: str) -> None:
    with tenant_atomic():
        record(actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": text}, now=utc_now())


class Input(StrictSerializer):
    quantity = QuantityField()
    text = TextField(max_length=20, required=False)


class Output(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField()
    who = serializers.CharField()


class NoteInTenant(WriteView):
    access = Access("tests.note", signed_in=True)
    input_serializer = Input
    output_serializer = Output
    success_status = 201

    def post(self, request: Any, **path: Any) -> Any:
        """As orders keeps a refusal by rule: outside, after the roll-back."""
        try:
            return super().post(request, **path)
        except Refused:
            note("refusal kept")
            raise

    def perform(self, request: Any, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        with tenant_atomic():
            note(f"{data['quantity']}")
            if data["quantity"] == 666:
                raise Refused(quantity=666)
        return {"number": JournalEntry.objects.count(), "who": actor_of(request).name}


class NoteInRegion(WriteView):
    access = Access("tests.note_region", signed_in=True)
    input_serializer = Input

    def perform(self, request: Any, data: dict[str, Any], **kwargs: Any) -> None:
        with region_atomic():
            record_in_region(
                actor=SYSTEM, event=EVENT, object_type="t", object_id=1, facts={"note": "region"}, now=utc_now()
            )


urlpatterns = [
    path("api/v1/note/", NoteInTenant.as_view()),
    path("api/v1/note/<int:one>/", NoteInTenant.as_view()),
    path("api/v1/region-note/", NoteInRegion.as_view()),
    *region_routes,
    *tenant_routes,
]


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    settings.ROOT_URLCONF = settings.TENANT_URLCONF = __name__


@pytest.fixture
def clients() -> dict[str, Client]:
    """One buyer on two malls' hosts and on the region's."""
    organisation = make_organisation("supplier")
    user = make_user(name="测试甲")
    join(user, organisation, [Post.SUPPLIER_SALES])
    return {host: sign_in(Client(), user, None if host == "region" else host) for host in ("region", A, B)}


def post(client: Client, body: dict[str, Any], key: str | None = "k-1", address: str = "/api/v1/note/") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    client.get("/healthz")
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def notes(tenant: str = A) -> list[str]:
    with tenant_selected(tenant):
        return [row.facts["note"] for row in JournalEntry.objects.filter(event=EVENT).order_by("id")]


def test_the_second_answer_is_the_first(clients: dict[str, Client]) -> None:
    first = post(clients[A], {"quantity": 1})
    second = post(clients[A], {"quantity": 1})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replay" not in first.headers
    assert second.headers["Idempotent-Replay"] == "true"
    assert notes() == ["1"]


def test_another_body_or_address_is_refused(clients: dict[str, Client]) -> None:
    post(clients[A], {"quantity": 1})
    for answer in (post(clients[A], {"quantity": 2}), post(clients[A], {"quantity": 1}, address="/api/v1/note/7/")):
        assert answer.status_code == 422
        assert answer.json()["code"] == "idempotency-key-reused"
        assert answer["Content-Type"] == "application/problem+json"
    assert notes() == ["1"]


def test_the_order_of_fields_does_not_matter(clients: dict[str, Client]) -> None:
    post(clients[A], {"quantity": 1, "text": "纸"})
    again = clients[A].post(
        "/api/v1/note/", '{"text": "纸", "quantity": 1}', content_type="application/json",
        headers={"Idempotency-Key": "k-1"},
    )  # fmt: skip
    assert again.headers["Idempotent-Replay"] == "true"


def test_a_refusal_is_not_kept_but_what_it_leaves_behind_is(clients: dict[str, Client]) -> None:
    first = post(clients[A], {"quantity": 666})
    assert (first.status_code, first.json()["code"]) == (409, "tests-refused")
    assert notes() == ["refusal kept"], "the effect is undone, the refusal's own record is not"
    with tenant_selected(A):
        assert IdempotencyKey.objects.count() == 0
    assert post(clients[A], {"quantity": 1}).status_code == 201


def test_malformed_input_is_not_kept(clients: dict[str, Client]) -> None:
    assert post(clients[A], {"quantity": 0}).status_code == 400
    assert post(clients[A], {"quantity": 1}).status_code == 201


def test_keys_belong_to_a_tenant_and_a_person(clients: dict[str, Client]) -> None:
    post(clients[A], {"quantity": 1})
    assert "Idempotent-Replay" not in post(clients[B], {"quantity": 1}).headers
    other = make_user(name="测试乙")
    join(other, make_organisation("supplier"), [Post.SUPPLIER_SALES])
    answer = post(sign_in(Client(), other, A), {"quantity": 1})
    assert answer.json()["who"] == "测试乙"
    assert (len(notes(A)), len(notes(B))) == (2, 1)


def test_without_a_key_every_request_counts(clients: dict[str, Client]) -> None:
    for _ in range(2):
        assert post(clients[A], {"quantity": 1}, key=None).status_code == 201
    assert len(notes()) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 81, "钥匙", "a\u200bb", "a\tb"])
def test_bad_keys(clients: dict[str, Client], key: str) -> None:
    answer = clients[A].post(
        "/api/v1/note/", '{"quantity": 1}', content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert notes() == []


def test_the_regions_room_keeps_its_own(clients: dict[str, Client]) -> None:
    first = post(clients["region"], {"quantity": 1}, address="/api/v1/region-note/")
    second = post(clients["region"], {"quantity": 1}, address="/api/v1/region-note/")
    assert (first.status_code, second.status_code) == (204, 204)
    assert second.headers["Idempotent-Replay"] == "true"
    with region_as("yz_region"):
        assert RegionIdempotencyKey.objects.count() == 1
        assert RegionJournalEntry.objects.filter(event=EVENT).count() == 1


def test_answers_are_kept_seven_days(clients: dict[str, Client]) -> None:
    post(clients[A], {"quantity": 1})
    post(clients["region"], {"quantity": 1}, address="/api/v1/region-note/")
    now = utc_now()
    with tenant_selected(A):
        assert purge(now=now + timedelta(days=6, hours=23)) == 0
        assert purge(now=now + timedelta(days=7, seconds=1)) == 1
    with region_as("yz_region"):
        assert purge_region(now=now + timedelta(days=8)) == 1
    assert post(clients[A], {"quantity": 2}).status_code == 201


def test_a_stranger_runs_directly(clients: dict[str, Client]) -> None:
    answer = Client(HTTP_HOST="990001.localhost").post(
        "/api/v1/note/", '{"quantity": 1}', content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 401
