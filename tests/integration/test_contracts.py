"""Contracts of orders: drafted, offered, signed by both, published, filed; supplements, refusals, the mall's rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error
from django.test import Client

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.lifecycle import WrongState
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from kernel.sm3 import sm3_hex
from shared_apps.inbox.models import InboxItem
from shared_apps.rulebook.selectors import calendar
from tenant_apps.contracts import needing, papers, selectors
from tenant_apps.contracts.models import ContractDocument, ContractVersion, Signature
from tenant_apps.contracts.rules import VERSION_LIFECYCLE
from tenant_apps.contracts.services import drafting, publishing, signing
from tenant_apps.contracts.services.holding import ContractChanged
from tenant_apps.contracts.simulator import SimulatedSigner
from tenant_apps.files.services import open_file
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.deadlines import Used
from tenant_apps.orders.models import AcceptanceCertificate, Order
from tenant_apps.orders.services import ending
from tenants.database.context import region_as, tenant_selected
from tenants.journaling.files import FileNotFound
from tests.factories import contracts as made
from tests.factories import fulfilment
from tests.factories.orders import Shop, make_shop
from tests.factories.people import actor_of, sign_in
from tests.factories.relayed import relay_tenant
from tests.factories.statements import counted
from webkit.documents import CharactersMissing
from webkit.latin import latin_words


@pytest.fixture(scope="module")
def kept_shop(kept_world: Callable[[], None]) -> Shop:
    shop = make_shop()
    kept_world()
    return shop


@pytest.fixture
def shop(kept_shop: Shop) -> Iterator[Shop]:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        yield kept_shop


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def told() -> list[str]:
    events = JournalEntry.objects.filter(event__startswith="contracts.").order_by("id")
    return [event.removeprefix("contracts.") for event in events.values_list("event", flat=True)]


def test_a_contract_goes_from_draft_to_the_register(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.signed(shop, order)
    assert (row.state, state(order)) == ("signed", "contracted")
    days = calendar()
    today = local_date(row.signed_at)
    assert local_date(row.publish_due_at) == days.add_working_days(today, 2) + timedelta(days=1)
    assert local_date(row.file_due_at) == days.add_working_days(today, 7) + timedelta(days=1)
    made.publish(shop, row)
    publishing.file(actor=shop.clerk, version_id=row.pk, now=utc_now())
    assert made.again(row).state == "filed"
    assert told() == [
        "drafted", "offered", "signing_asked", "signing_asked", "signing_sent", "signing_sent", "signing_confirmed",
        "part_signed", "signing_confirmed", "signed", "published", "announcing_asked", "filed",
    ]  # fmt: skip
    assert JournalEntry.objects.filter(event="orders.contract_signed").count() == 1
    offered = JournalEntry.objects.get(event="contracts.offered").facts
    assert offered["sm3"] == made.again(row).document.sm3
    fulfilment.ship(shop, order)


def test_the_document_is_kept_and_can_be_made_again(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.offered(shop, order)
    document = ContractDocument.objects.get()
    for reader in (shop.seller, shop.approver, shop.clerk, made.bureau(shop)):
        _file, content = open_file(actor=reader, key=document.file_key)
        assert sm3_hex(content) == document.sm3
    again = papers.pdf_of(
        content=document.content, kind=row.kind, number=row.number, is_simulated=True, at=document.made_at
    )
    assert sm3_hex(again) == document.sm3
    stranger = actor_of(shop.hire("测试辛"), shop.tenant)
    with pytest.raises(FileNotFound):
        open_file(actor=stranger, key=document.file_key)
    for change in (
        lambda: ContractDocument.objects.update(wording="x"),
        lambda: ContractDocument.objects.all().delete(),
    ):
        with pytest.raises(Error):
            change()


def test_the_mark_of_a_reserved_order(shop: Shop) -> None:
    row = made.drafted(shop, fulfilment.accepted(shop))
    assert row.content["reserved_for_sme"] is False
    pdf: dict[bool, bytes] = {
        reserved: papers.pdf_of(
            content=row.content | {"reserved_for_sme": reserved},
            kind="main",
            number="HT1",
            is_simulated=True,
            at=utc_now(),
        )
        for reserved in (True, False)
    }
    assert len(pdf[True]) > len(pdf[False])


def test_a_draft_is_reworked_and_an_offer_only_replaced(shop: Shop) -> None:
    row = made.drafted(shop, fulfilment.accepted(shop))
    with pytest.raises(NotFound):
        selectors.version_for(actor=shop.seller, version_id=row.pk)
    reworked = drafting.rework(
        actor=shop.clerk,
        version_id=row.pk,
        payment_days=45,
        delivery_on=None,
        terms="质保三年",
        now=utc_now(),
        version=1,
    )
    assert (reworked.content["payment_days"], reworked.content["terms"]) == (45, "质保三年")
    with pytest.raises(ContractChanged):
        drafting.offer(actor=shop.clerk, version_id=row.pk, now=utc_now(), version=1)
    made.offer(shop, row)
    with pytest.raises(WrongState):
        drafting.rework(actor=shop.clerk, version_id=row.pk, payment_days=30, delivery_on=None, terms="", now=utc_now())
    signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    made.follow()
    assert made.again(row).state == "part_signed"
    second = drafting.supersede(actor=shop.clerk, version_id=row.pk, now=utc_now())
    assert (made.again(row).state, second.state, second.ordinal) == ("superseded", "draft", 2)
    assert second.number == f"{row.number}-2"
    assert second.content == made.again(row).document.content
    assert not Signature.objects.filter(contract_version=second).exists()
    assert made.sign(shop, made.offer(shop, second)).state == "signed"
    # What both signed is the order's term of payment.
    assert Order.objects.get(pk=row.contract.order_id).payment_days == 45


@pytest.mark.parametrize(("days", "field"), [(61, "payment_days"), (0, "payment_days"), (30, "delivery_on")])
def test_terms_beyond_the_law_are_refused(shop: Shop, days: int, field: str) -> None:
    order = fulfilment.accepted(shop)
    row = made.drafted(shop, order)
    ContractVersion.objects.update(content=row.content | {"supplier": row.content["supplier"] | {"is_sme": True}})
    with pytest.raises(InvalidInput) as refused:
        drafting.rework(
            actor=shop.clerk, version_id=row.pk, payment_days=days, terms="", now=utc_now(),
            delivery_on=local_date(utc_now()) - timedelta(days=1) if field == "delivery_on" else None,
        )  # fmt: skip
    assert list(refused.value.errors) == [field]


def test_a_text_the_font_cannot_set_is_not_offered(shop: Shop) -> None:
    row = made.drafted(shop, fulfilment.accepted(shop))
    drafting.rework(
        actor=shop.clerk, version_id=row.pk, payment_days=30, delivery_on=None, terms="质保😀", now=utc_now()
    )
    with pytest.raises(CharactersMissing) as refused:
        made.offer(shop, row)
    assert refused.value.facts["characters"] == "😀"
    assert made.again(row).state == "draft"


def test_each_side_signs_once_and_not_who_wrote_it(shop: Shop) -> None:
    row = made.offered(shop, fulfilment.accepted(shop))
    signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    with pytest.raises(signing.SignedAlready):
        signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    for post in (Post.BUYER_CLERK, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER):
        with pytest.raises(NotPermitted):
            signing.ask_to_sign(actor=shop.actor(post), version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    ContractVersion.objects.update(drafted_by_id=shop.people[Post.BUYER_APPROVER].pk)
    with pytest.raises(signing.SignerWroteIt):
        signing.ask_to_sign(actor=shop.approver, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    for wrong in ("1234567", "1" * 33, "１２３４５６７８", "12345678a"):
        with pytest.raises(InvalidInput):
            signing.ask_to_sign(actor=shop.approver, version_id=row.pk, certificate=wrong, now=utc_now())


@pytest.mark.parametrize(
    ("ending", "minutes", "expected"),
    [
        ("01", 2, "refused"), ("02", 2, "sent"), ("02", 12, "signed"), ("03", 1, "requested"), ("03", 15, "signed"),
        ("04", 2, "signed"),
    ],
)  # fmt: skip
def test_a_service_that_refuses_delays_is_away_or_repeats(shop: Shop, ending: str, minutes: int, expected: str) -> None:
    row = made.offered(shop, fulfilment.accepted(shop))
    signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=made.CERTIFICATE[:-2] + ending, now=utc_now())
    made.follow(minutes=minutes)
    signature = Signature.objects.get()
    assert signature.state == expected
    assert made.again(row).state == ("part_signed" if expected == "signed" else "offered")
    if expected == "refused":
        assert signature.state_reason
        signing.ask_to_sign(actor=shop.seller, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())


def test_a_withdrawn_text_binds_nobody(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.part_signed(shop, order)
    signing.ask_to_sign(actor=shop.approver, version_id=row.pk, certificate=made.CERTIFICATE, now=utc_now())
    signing.follow_due(now=utc_now() + timedelta(seconds=1), provider=SimulatedSigner())
    with pytest.raises(InvalidInput):
        drafting.withdraw(actor=shop.seller, version_id=row.pk, reason=" ", now=utc_now())
    drafting.withdraw(actor=shop.seller, version_id=row.pk, reason="交付期限不同意", now=utc_now())
    done = made.follow()
    assert (done.lapsed, done.signed) == (1, 0)
    assert (made.again(row).state, state(order)) == ("withdrawn", "accepted")
    # Another may follow.
    assert made.drafted(shop, order).ordinal == 2
    with pytest.raises(drafting.ContractOpen):
        made.drafted(shop, order)


def test_an_order_is_not_cancelled_while_its_contract_can_be_signed(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.offered(shop, order)
    ending.ask_to_cancel(actor=shop.clerk, order_id=order.pk, reason="需求变化", now=utc_now())
    with pytest.raises(needing.ContractOffered):
        ending.cancel(actor=shop.seller, order_id=order.pk, now=utc_now())
    drafting.withdraw(actor=shop.clerk, version_id=row.pk, reason="需求变化", now=utc_now())
    assert ending.cancel(actor=shop.seller, order_id=order.pk, now=utc_now()).state == "cancelled"
    with pytest.raises(WrongState):
        made.drafted(shop, order)


def test_goods_may_be_sent_before_the_signatures_come(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.offered(shop, order)
    fulfilment.ship(shop, order)
    assert made.sign(shop, row).state == "signed"
    assert state(order) == "shipped"
    assert JournalEntry.objects.get(event="orders.contract_signed").facts["state"] == "shipped"


def test_the_mall_may_have_goods_wait_for_the_contract(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        needing.decide(actor=shop.clerk, needed=True, from_amount=Decimal(40), reason="会议", now=utc_now())
    office = made.bureau(shop)
    needing.decide(actor=office, needed=True, from_amount=Decimal("40.01"), reason="会议纪要", now=utc_now())
    fulfilment.ship(shop, fulfilment.accepted(shop))  # 40.00
    needing.decide(actor=office, needed=True, from_amount=Decimal(40), reason="会议纪要", now=utc_now())
    order = fulfilment.accepted(shop)
    with pytest.raises(needing.ContractNeeded):
        fulfilment.ship(shop, order)
    made.signed(shop, order)
    with counted() as statements:
        fulfilment.ship(shop, order)
    assert len(statements) <= 12
    assert state(order) == "shipped"


def test_supplements_stay_within_a_tenth(shop: Shop) -> None:
    order = fulfilment.accepted(shop, quantity=40)
    row = made.published(shop, order)
    with pytest.raises(drafting.ContractNotFiled):
        drafting.draft_supplement(
            actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 1)], reason="增加", now=utc_now()
        )
    made.file(shop, row)
    with pytest.raises(drafting.SupplementTooLarge) as refused:
        drafting.draft_supplement(
            actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 5)], reason="增加", now=utc_now()
        )
    assert refused.value.facts["left"] == Decimal("80.00")
    for lines in ([], [(2, 1)], [(1, 0)], [(1, 1), (1, 1)]):
        with pytest.raises(InvalidInput):
            drafting.draft_supplement(
                actor=shop.clerk, contract_id=row.contract_id, lines=lines, reason="增加", now=utc_now()
            )
    first = drafting.draft_supplement(
        actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 3)], reason="新增一个班", now=utc_now()
    )
    assert (first.kind, first.amount, first.number) == ("supplement", Decimal("60.00"), f"{row.contract.number}-2")
    with pytest.raises(ContractChanged):
        drafting.rework(
            actor=shop.clerk, version_id=first.pk, payment_days=30, delivery_on=None, terms="", now=utc_now()
        )
    assert made.sign(shop, made.offer(shop, first)).state == "signed"
    assert state(order) == "contracted"
    made.file(shop, made.publish(shop, first))
    clerk = sign_in(Client(), shop.people[Post.BUYER_CLERK], shop.tenant)
    page = clerk.get(f"/contracts/{row.contract_id}/").content.decode()
    assert "/products/?q=" in page  # what was added is ordered from here
    assert latin_words(page) == []
    with tenant_selected(shop.tenant), region_as("yz_mall"), pytest.raises(drafting.SupplementTooLarge):
        drafting.draft_supplement(
            actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 2)], reason="增加", now=utc_now()
        )
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        dossier = selectors.contract_for(actor=shop.clerk, contract_id=row.contract_id)
    assert dossier.room is not None
    assert dossier.room.left == Decimal("20.00")


def test_what_the_public_reads(shop: Shop, client: Client) -> None:
    order = fulfilment.accepted(shop)
    row = made.signed(shop, order)
    with pytest.raises(InvalidInput):
        publishing.publish(actor=shop.clerk, version_id=row.pk, withheld=["models"], reason="", now=utc_now())
    # Of one line the published total tells the price: nothing is withheld by hiding it.
    with pytest.raises(InvalidInput) as told:
        publishing.publish(actor=shop.clerk, version_id=row.pk, withheld=["prices"], reason="秘密", now=utc_now())
    assert list(told.value.errors) == ["withhold_prices"]
    with pytest.raises(NotFound):
        selectors.published_version(version_id=row.pk)
    publishing.publish(
        actor=shop.clerk, version_id=row.pk, withheld=["terms", "models"], reason="供应商商业秘密", now=utc_now()
    )
    text = selectors.public_text(selectors.published_version(version_id=row.pk))
    assert (text["lines"][0]["price"], text["terms"]) == (Decimal("20.00"), None)
    assert text["lines"][0]["detail"] is None
    host = {"HTTP_HOST": f"{shop.tenant}.localhost"}
    for path in (f"/notices/contracts/{row.pk}/", "/notices/contracts/", f"/api/v1/notices/contracts/{row.pk}/"):
        answer = client.get(path, **host)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert row.number in page
        for secret in (order.contact_phone, order.contact_name, order.delivery_address):
            assert secret not in page
        if not path.startswith("/api"):
            assert latin_words(page) == []
    assert "供应商商业秘密" in client.get(f"/notices/contracts/{row.pk}/", **host).content.decode()


def test_warnings_and_the_register_of_the_bureau(shop: Shop) -> None:
    row = made.signed(shop, fulfilment.accepted(shop))
    limit = selectors.limit_of(row)
    assert limit is not None
    whole = limit.due_at - limit.begins_at
    for share, used in ((0.4, Used.NONE), (0.6, Used.HALF), (0.9, Used.MOST), (1.0, Used.OVER)):
        assert limit.used(limit.begins_at + whole * share) == used
    judge = made.bureau(shop)

    def found(tab: str, days: int = 0) -> list[int]:
        rows = selectors.filings_for(actor=judge, now=utc_now() + timedelta(days=days), tab=tab)
        return [one.pk for one in rows.versions]

    assert (found("waiting"), found("late"), found("filed")) == ([row.pk], [], [])
    assert found("late", days=20) == [row.pk]
    made.publish(shop, row)
    publishing.file(actor=shop.clerk, version_id=row.pk, now=utc_now())
    assert (found("waiting"), found("late", days=60), found("filed")) == ([], [], [row.pk])
    assert selectors.limit_of(made.again(row)) is None


def test_every_step_wants_its_post(shop: Shop) -> None:
    """Whoever may not take a step is refused whatever the state; nothing changes."""
    order = fulfilment.accepted(shop)
    row = made.offered(shop, order)
    stranger = actor_of(shop.hire("测试壬"), shop.tenant)
    steps: dict[str, Callable[[Actor], Any]] = {
        "supersede": lambda actor: drafting.supersede(actor=actor, version_id=row.pk, now=utc_now()),
        "withdraw": lambda actor: drafting.withdraw(actor=actor, version_id=row.pk, reason="不", now=utc_now()),
        "publish": lambda actor: publishing.publish(
            actor=actor, version_id=row.pk, withheld=(), reason="", now=utc_now()
        ),
        "file": lambda actor: publishing.file(actor=actor, version_id=row.pk, now=utc_now()),
    }
    before = JournalEntry.objects.count()
    for action, take in steps.items():
        posts = {post for move in VERSION_LIFECYCLE.transitions if move.action == action for post in move.posts}
        for post in (Post.BUYER_PAYER, Post.BUYER_ACCEPTOR, Post.BUYER_APPROVER):
            assert post not in posts
            with pytest.raises(NotPermitted):
                take(shop.actor(post))
        with pytest.raises(NotFound):
            take(stranger)
    with pytest.raises(WrongState):
        steps["publish"](shop.clerk)
    assert JournalEntry.objects.count() == before


def test_pages_speak_chinese_and_cost_few_statements(shop: Shop, client: Client) -> None:
    order = fulfilment.accepted(shop, quantity=40)
    row = made.filed(shop, order)
    drafting.draft_supplement(
        actor=shop.clerk, contract_id=row.contract_id, lines=[(1, 1)], reason="增加", now=utc_now()
    )
    sign_in(client, shop.people[Post.BUYER_CLERK], shop.tenant)
    for path in (
        f"/contracts/{row.contract_id}/", "/contracts/", f"/orders/{order.pk}/",
        f"/contracts/versions/{row.pk}/publish/",
        f"/contracts/versions/{row.pk}/withdraw/", "/contracts/?search=没有",
    ):  # fmt: skip
        with counted() as statements:
            answer = client.get(path)
        assert answer.status_code == (409 if "versions" in path else 200), path
        assert latin_words(answer.content.decode()) == []
        assert len(statements) <= 12, (path, len(statements))


def test_the_to_do_lists_follow_a_contract(kept_shop: Shop) -> None:
    with tenant_selected(kept_shop.tenant), region_as("yz_mall"):
        row = made.signed(kept_shop, fulfilment.accepted(kept_shop))
    relay_tenant(kept_shop.tenant)
    with region_as("yz_region"):
        items = InboxItem.objects.filter(kind="contract", object_id=str(row.contract_id)).order_by("journal_id")
        assert [(item.step, item.audience_post, item.state) for item in items] == [
            ("contract_draft", "buyer_clerk", "done"),
            ("contract_offered", "supplier_sales", "done"),
            ("contract_part_signed", "buyer_approver", "done"),
            ("contract_signed", "buyer_clerk", "open"),
        ]
        assert items[3].due_at == row.publish_due_at
        assert items[3].facts["order_number"] == row.number


def test_an_acceptance_certificate_is_one_paper(shop: Shop, client: Client) -> None:
    order = fulfilment.partly_accepted(shop)
    certificate = AcceptanceCertificate.objects.get(order=order)
    path = f"/orders/{order.pk}/certificates/{certificate.pk}/certificate.pdf"
    sign_in(client, shop.people[Post.SUPPLIER_SALES], shop.tenant)
    first, second = client.get(path), client.get(path)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    assert client.get(path.replace(f"/{certificate.pk}/", f"/{certificate.pk + 1}/")).status_code == 404
    assert path in client.get(f"/orders/{order.pk}/certificates/{certificate.pk}/").content.decode()
