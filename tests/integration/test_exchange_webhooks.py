"""Webhooks: addresses that are refused, what is told and how it is signed, retries, replay, and the end of patience."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound
from shared_apps.exchange import sending, services, targets, told
from shared_apps.exchange.models import Delivery, Webhook
from shared_apps.exchange.services import webhooks
from shared_apps.exchange.services.webhooks import NewWebhook
from shared_apps.exchange.targets import Target, TargetRefused
from shared_apps.inbox.selectors import inbox_page
from shared_apps.inbox.services import enter_item
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.journaling.relay import drain
from tests.database import wait_until_settled
from tests.factories.exchange import Seller, make_seller
from tests.factories.goods import make_offer, make_product
from tests.factories.orders import make_shop
from tests.factories.people import actor_of, join, make_user, sign_in
from tests.factories.relayed import relay_tenant

URL = "https://shop.example.com/events?a=1"
PUBLIC = "203.0.114.7"
A = "990001"


class Receiver(HTTPServer):
    """A real machine that answers with what it is told to, and keeps what it was sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.got.append((self.path, dict(self.headers), body))
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:1/stolen")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def receiver(room: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The one name that tests resolve leads to this machine, without TLS; every other rule stands."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(targets, "resolve", lambda _host, _port: [PUBLIC])

    def here(url: str) -> Target:
        judged = targets.target_of(url)
        return Target(judged.host, server.server_port, "127.0.0.1", judged.path)

    monkeypatch.setattr(sending, "target_of", here)
    monkeypatch.setattr(sending, "secured", lambda plain, _host: plain)
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def seller(room: None) -> Seller:
    return make_seller()


def made(seller: Seller, *events: str) -> NewWebhook:
    return services.make_webhook(actor=seller.actor, url=URL, events=events or tuple(told.EVENTS), now=utc_now())


def queued(seller: Seller, number: str = "e1") -> None:
    webhooks.queue_event(
        event=told.ORDER_PLACED, event_id=number, data={"order_number": "甲-1"}, at=utc_now(),
        supplier_id=seller.supplier.pk,
    )  # fmt: skip


def due_now() -> None:
    Delivery.objects.filter(state="waiting").update(next_at=utc_now())


BAD_URLS = (
    "http://shop.example.com/", "https://shop.example.com:8080/", "https://shop.example.com:22/", "ftp://x.example.com",
     "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://localhost/",
     "https://user:pass@shop.example.com/", "https://shop.example.com\\@127.0.0.1/", "https://shop.example.com/#x",
     "https://shop.example.com/a b", "https://例子.cn/", "javascript:alert(1)", "https://shop.example.com:99999/",
     "https://shop.example.com/\r\nHost: x", "https://" + "a" * 300 + ".cn/", "https://10.0.0.1.:443/", "",
)  # fmt: skip


def test_an_address_of_another_form_is_refused_before_any_name_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "resolve", lambda *_: pytest.fail("no name is to be asked"))
    for url in BAD_URLS:
        with pytest.raises(TargetRefused):
            targets.target_of(url)


PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.1",
    "168.63.129.16", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00:ec2::254", "ff02::1",
    "192.0.0.192", "nonsense",
)  # fmt: skip


def test_addresses_that_are_not_of_the_public_internet() -> None:
    assert [address for address in PRIVATE if targets.is_public(address)] == []
    assert targets.is_public(PUBLIC)
    assert targets.is_public("2400:3200::1")


def test_one_private_address_among_public_ones_is_enough(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "resolve", lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(InvalidInput) as refused:
        made(seller)
    assert set(refused.value.errors) == {"url"}
    assert Webhook.objects.count() == 0


def test_a_name_that_changes_after_registration_is_not_followed(
    seller: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "resolve", lambda *_: [PUBLIC])
    made(seller)
    queued(seller)
    monkeypatch.setattr(targets, "resolve", lambda *_: ["169.254.169.254"])
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("nothing may be connected to"))
    assert services.send_due() == 1
    row = Delivery.objects.get()
    assert (row.state, row.last_error, row.attempts) == ("waiting", "target-address", 1)


def test_a_message_arrives_once_signed_and_fresh(seller: Seller, receiver: Receiver) -> None:
    new = made(seller)
    queued(seller)
    queued(seller)  # the journal read again
    queued(make_seller())  # another supplier's
    assert services.send_due() == 1
    assert services.send_due() == 0
    ((path, headers, body),) = receiver.got
    assert path == "/events?a=1"
    assert headers["Host"].startswith("shop.example.com")
    said = dict(part.split("=", 1) for part in headers["X-Yizhang-Signature"].split(","))
    expected = hmac.new(new.secret.encode(), f"{said['t']}.{body}".encode(), hashlib.sha256).hexdigest()
    assert said["v1"] == expected
    assert abs(int(said["t"]) - utc_now().timestamp()) < 60
    assert json.loads(body)["data"] == {"order_number": "甲-1"}
    assert headers["X-Yizhang-Event-Id"] == json.loads(body)["id"] == "e1"
    assert Delivery.objects.get().state == "arrived"
    assert new.secret not in str(Webhook.objects.values().get())


def test_errors_and_redirects_are_tried_again_ever_later_and_then_given_up(seller: Seller, receiver: Receiver) -> None:
    made(seller)
    queued(seller)
    receiver.answers = [500, 302, 404] + [503] * 20
    waits = []
    for _ in range(10):
        before = utc_now()
        due_now()
        assert services.send_due() == 1
        row = Delivery.objects.get()
        if row.next_at is not None:
            waits.append(round((row.next_at - before).total_seconds() / 10) * 10)
    assert waits == [10, 60, 300, 1800, 7200, 21600, 43200, 86400, 86400]
    assert (row.state, row.attempts, row.last_status, row.last_error) == ("failed", 10, 503, "status")
    assert len(receiver.got) == 10  # no redirect was followed
    receiver.answers = []
    services.replay_delivery(actor=seller.actor, delivery_id=row.pk, now=utc_now())
    assert services.send_due() == 1
    row.refresh_from_db()
    assert (row.state, receiver.got[-1][1]["X-Yizhang-Event-Id"]) == ("arrived", "e1")


def test_a_webhook_that_fails_for_days_is_disabled_and_set_going_by_its_supplier(
    seller: Seller, receiver: Receiver
) -> None:
    hook = made(seller).row
    queued(seller)
    receiver.answers = [500, 500]
    services.send_due()
    Webhook.objects.update(failing_since=utc_now() - timedelta(days=3))
    due_now()
    services.send_due()
    hook.refresh_from_db()
    assert hook.state == "disabled"
    assert RegionJournalEntry.objects.filter(event="exchange.webhook_disabled").count() == 1
    due_now()
    assert services.send_due() == 0
    with pytest.raises(NotFound):
        services.enable_webhook(actor=make_seller().actor, webhook_id=hook.pk, now=utc_now())
    services.enable_webhook(actor=seller.actor, webhook_id=hook.pk, now=utc_now())
    assert services.send_due() == 1
    hook.refresh_from_db()
    assert (hook.state, hook.failing_since) == ("active", None)


def to_do(actor: Actor) -> list[tuple[str, str]]:
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    items = inbox_page(actor=actor, now=utc_now()).items
    return [(item.step, enter_item(actor=actor, item_id=item.id, now=utc_now())) for item in items]


def test_a_disabled_webhook_waits_for_the_administrators_until_it_goes_or_is_removed(
    seller: Seller, receiver: Receiver
) -> None:
    hook, other = made(seller).row, make_seller()
    sales = make_user(name="测试丑")
    join(sales, seller.organisation, [Post.SUPPLIER_SALES])
    step = ("webhook_disabled", f"/supplier/programs/webhooks/{hook.pk}/")
    for mended in (services.enable_webhook, services.remove_webhook):
        queued(seller, number=mended.__name__)
        receiver.answers = [500]
        Webhook.objects.update(failing_since=utc_now() - timedelta(days=3))
        services.send_due()
        assert to_do(seller.actor) == [step]
        assert to_do(other.actor) == to_do(actor_of(sales)) == []
        mended(actor=seller.actor, webhook_id=hook.pk, now=utc_now())
        assert to_do(seller.actor) == []


def test_a_machine_that_never_answers_costs_seconds_only(
    seller: Seller, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.2)
        address = Target("shop.example.com", silent.getsockname()[1], "127.0.0.1", "/")
        monkeypatch.setattr(sending, "target_of", lambda _url: address)
        assert sending.post(url=URL, body="{}", headers={}).error == "timeout"


def test_orders_of_every_mall_and_reviews_are_told(receiver: Receiver) -> None:
    shop = make_shop(A)
    supplier = shop.supplier
    Webhook.objects.create(
        organisation_id=supplier.organisation_id, supplier_id=supplier.pk, supplier_code=supplier.uscc, url=URL,
        events=[told.ORDER_PLACED, told.OFFER_REVIEWED], salt="x", state="active",
        made_by_id=shop.people[Post.SUPPLIER_SALES].pk, made_by_name="x", made_at=utc_now(),
    )  # fmt: skip
    order = shop.place()
    relay_tenant(A)
    make_offer(make_product(), supplier)
    wait_until_settled()
    drain(room="region", schema="public", now=utc_now())
    services.send_due()
    found = [json.loads(body) for _path, _headers, body in receiver.got]
    assert sorted(one["event"] for one in found) == [told.OFFER_REVIEWED, told.OFFER_REVIEWED, told.ORDER_PLACED]
    placed = next(one for one in found if one["event"] == told.ORDER_PLACED)
    assert (placed["data"]["order_number"], placed["data"]["mall"]) == (str(order.number), A)
    assert A not in placed["id"]


def test_the_pages_of_a_webhook(seller: Seller, receiver: Receiver) -> None:
    browser = sign_in(Client(), seller.user)
    form = {"url": URL, "events": [told.ORDER_PLACED]}
    answer = browser.post("/supplier/programs/webhooks/new/", form)
    assert "yzw_" in answer.content.decode()
    hook = Webhook.objects.get()
    queued(seller)
    receiver.answers = [500]
    services.send_due()
    page = f"/supplier/programs/webhooks/{hook.pk}/"
    assert "对方系统返回错误" in browser.get(page).content.decode()
    assert browser.post(f"/supplier/programs/deliveries/{Delivery.objects.get().pk}/replay/").status_code == 303
    assert services.send_due() == 1
    other = sign_in(Client(), make_seller().user)
    assert other.get(page).status_code == 404
    again = f"/supplier/programs/deliveries/{Delivery.objects.get().pk}/replay/"
    for path in (f"{page}remove/", f"{page}enable/", again):
        assert other.post(path).status_code == 404
    assert browser.post(f"{page}remove/").status_code == 303
    assert browser.get(page).status_code == 404
    for bad in ("https://localhost/", "http://shop.example.com/", "https://10.0.0.1/", ""):
        assert browser.post("/supplier/programs/webhooks/new/", {**form, "url": bad}).status_code == 400
    assert Webhook.objects.count() == 1
