"""Proposing, reviewing and merging: states, whose turn it is, and what the database keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from kernel.actor import Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.classification.attribute_rules import AttributeView
from shared_apps.classification.attributes import set_attributes
from shared_apps.products import proposals
from shared_apps.products.certificates import CertificateDraft, valid_labels
from shared_apps.products.library import surviving_code
from shared_apps.products.models import Brand, Offer, Product, ProductMerge, ReviewStep, Spu
from shared_apps.products.pictures import images
from shared_apps.products.read_models import ShelfView
from shared_apps.products.selectors import product_page
from shared_apps.products.services import ProductDuplicate
from shared_apps.products.services.identity import NotApproved
from shared_apps.products.services.merging import NotMergeable, merge_product
from shared_apps.products.services.named import OtherCategory
from shared_apps.products.services.proposing import (
    CertificateExists,
    NotAdmitted,
    ProposalChanged,
    amend_product,
    propose_certificate,
    propose_product,
    withdraw_product,
)
from shared_apps.products.services.reviewing import decide
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.services import change_standing
from tenants.database.context import region_as
from tests.factories.goods import make_catalogue, make_offer, make_product, make_shelf, make_supplier
from tests.factories.proposals import approve_all, content, make_reviewer, make_seller, propose

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def catalogue() -> None:
    make_catalogue()


@pytest.fixture
def seller() -> tuple[Actor, int]:
    return make_seller()


@pytest.fixture
def reviewer() -> Actor:
    return make_reviewer()


def say(actor: Actor, thing: Product | Brand | Spu, action: str, reason: str = "", version: int = 0) -> object:
    return decide(
        actor=actor, subject=type(thing).__name__.lower(), subject_id=thing.pk, action=action,
        version=version or thing.version, reason=reason, now=utc_now(),
    )  # fmt: skip


def events() -> list[str]:
    return list(RegionJournalEntry.objects.filter(event__startswith="products.").values_list("event", flat=True))


def test_brand_spu_and_product_are_approved_in_this_order(seller: tuple[Actor, int], reviewer: Actor) -> None:
    product = propose(seller)
    assert (product.code, product.state) == (f"S{product.pk:07d}", "proposed")
    assert events() == ["products.proposed"]
    assert product.attributes == {"paper_size": "A4", "grammage_gsm": 70}
    brand, spu = Brand.objects.get(), Spu.objects.get()
    for thing in (product, spu):
        with pytest.raises(NotApproved):
            say(reviewer, thing, "approve")
    for thing in (brand, spu, product):
        say(reviewer, thing, "approve")
    product.refresh_from_db()
    assert product.state == "listed"
    assert events() == ["products.proposed", *["products.decided"] * 3]
    assert ReviewStep.objects.filter(product=product).count() == 2
    # The next specification needs neither brand nor SPU again.
    second = propose(seller, model=product.model, spec="A3 70克 500张")
    assert (Brand.objects.count(), Spu.objects.count()) == (1, 1)
    say(reviewer, second, "approve")


def test_a_proposal_goes_back_and_comes_again(seller: tuple[Actor, int], reviewer: Actor) -> None:
    product = propose(seller)
    with pytest.raises(InvalidInput):
        say(reviewer, product, "return", reason=" ")
    say(reviewer, product, "return", reason="规格不全")
    with pytest.raises(WrongState):
        say(reviewer, product, "approve", version=2)
    again = amend_product(
        actor=seller[0],
        code=product.code,
        version=2,
        content=content(model=product.model, spec="A4 80克"),
        now=utc_now(),
    )
    assert (again.state, again.version, again.spec) == ("proposed", 3, "A4 80克")
    with pytest.raises(ProposalChanged):
        say(reviewer, product, "refuse", reason="旧", version=2)
    say(reviewer, again, "refuse", reason="不符")
    # Refused is not taken: it may be proposed anew.
    assert propose(seller, model=product.model, spec="A4 80克").pk != product.pk


def test_another_brand_drops_the_one_nobody_needs(seller: tuple[Actor, int]) -> None:
    product = propose(seller, brand="错名")
    amend_product(
        actor=seller[0], code=product.code, version=1, content=content(model=product.model, brand="对名"), now=utc_now()
    )
    assert dict(Brand.objects.values_list("name", "state")) == {"错名": "refused", "对名": "proposed"}
    assert sorted(Spu.objects.values_list("state", flat=True)) == ["proposed", "refused"]
    withdraw_product(actor=seller[0], code=product.code, now=utc_now())
    assert set(Brand.objects.values_list("state", flat=True)) == {"refused"}
    assert events() == ["products.proposed", "products.amended", "products.withdrawn"]


def test_who_may_do_what(seller: tuple[Actor, int], reviewer: Actor) -> None:
    product, stranger = propose(seller), make_seller()
    for actor in (seller[0], stranger[0]):
        with pytest.raises(NotPermitted):
            say(actor, product, "approve")
    with pytest.raises(NotFound):
        amend_product(actor=stranger[0], code=product.code, version=1, content=content(), now=utc_now())
    with pytest.raises(NotFound):
        proposals.own_product(actor=stranger[0], code=product.code, on=local_date(utc_now()))
    with pytest.raises(NotPermitted):
        propose_product(actor=seller[0], supplier_id=stranger[1], content=content(), now=utc_now())
    with pytest.raises(NotPermitted):
        propose_product(actor=reviewer, supplier_id=seller[1], content=content(), now=utc_now())
    assert proposals.waiting(actor=seller[0], subject="product") == ()
    change_standing(actor=reviewer, supplier_id=seller[1], action="suspend", reason="测试", now=utc_now())
    with pytest.raises(NotAdmitted):
        propose(seller)


def test_what_is_wrong_is_named_field_by_field(seller: tuple[Actor, int], reviewer: Actor) -> None:
    typed = (AttributeView("paper_size", "幅面", "choice", "", True, is_required=True, choices=("A4", "A3")),)
    set_attributes(actor=reviewer, category_code="C-01", attributes=typed, version=0, reason="测试", now=utc_now())
    with pytest.raises(InvalidInput) as caught:
        propose(seller, attributes={"paper_size": "B5", "grammage_gsm": "70"}, item_code="A99", brand="——")
    assert set(caught.value.errors) == {"attributes.paper_size", "attributes.grammage_gsm", "item_code", "brand"}
    with pytest.raises(InvalidInput) as caught:
        propose(seller, attributes={}, category_code="C-99")
    assert set(caught.value.errors) == {"category_code"}
    assert (Product.objects.count(), events()) == (0, [])


def test_a_duplicate_is_refused_with_the_code_of_what_there_is(seller: tuple[Actor, int]) -> None:
    there = make_product(brand="天峰")
    with pytest.raises(ProductDuplicate) as caught:
        propose(seller, brand="天 峰", model=there.model.lower(), spec="")
    assert caught.value.facts == {"product_code": there.code}
    with pytest.raises(OtherCategory):
        propose(seller, brand="天峰", model=there.model, category_code="C-02", spec="别的", attributes={})
    assert Product.objects.count() == 1


def test_a_certificate_counts_when_it_is_approved(seller: tuple[Actor, int], reviewer: Actor) -> None:
    product = approve_all(propose(seller), reviewer)
    today = local_date(utc_now())
    draft = CertificateDraft("energy", "CQC-TEST-1", "测试认证", today, today + timedelta(days=30))
    given = {"actor": seller[0], "supplier_id": seller[1], "product_code": product.code, "now": utc_now()}
    paper = propose_certificate(draft=draft, **given)  # type: ignore[arg-type]
    with pytest.raises(CertificateExists):
        propose_certificate(draft=draft, **given)  # type: ignore[arg-type]
    for wrong in (
        CertificateDraft("energy", "2", "测试", today, today - timedelta(days=1)),
        CertificateDraft("energy", "2", "测试", today - timedelta(days=9), today - timedelta(days=1)),
    ):
        with pytest.raises(InvalidInput):
            propose_certificate(draft=wrong, **given)  # type: ignore[arg-type]
    other = make_seller()
    with pytest.raises(NotFound):
        propose_certificate(actor=other[0], supplier_id=other[1], product_code=product.code, draft=draft, now=utc_now())
    assert valid_labels(product_ids=[product.pk], on=today) == {product.pk: frozenset()}
    decide(actor=reviewer, subject="certificate", subject_id=paper.pk, action="approve", version=1, now=utc_now())
    product.refresh_from_db()
    assert product.labels == ["energy"]
    decide(
        actor=reviewer, subject="certificate", subject_id=paper.pk, action="revoke", version=2, reason="伪造",
        now=utc_now(),
    )  # fmt: skip
    product.refresh_from_db()
    assert product.labels == []


def test_a_merge_moves_offers_and_leads_on(reviewer: Actor) -> None:
    old, into, both, one = make_product(), make_product(), make_supplier(), make_supplier()
    clash, stays, moves = make_offer(old, both), make_offer(into, both), make_offer(old, one, listed=False)
    for target in ("NONE", old.code, make_product(category="C-02").code):
        with pytest.raises(NotMergeable):
            merge_product(
                actor=reviewer, product_id=old.pk, version=old.version, into_code=target, reason="同款", now=utc_now()
            )
    merge_product(
        actor=reviewer, product_id=old.pk, version=old.version, into_code=into.code, reason="同款", now=utc_now()
    )
    rows = {row.pk: (row.product_id, row.state, row.state_reason) for row in Offer.objects.all()}
    assert rows == {
        clash.pk: (old.pk, "delisted", "同款"), stays.pk: (into.pk, "listed", ""), moves.pk: (into.pk, "draft", ""),
    }  # fmt: skip
    old.refresh_from_db()
    assert old.state == "merged"
    merge = ProductMerge.objects.get()
    assert (merge.into_id, merge.offers_moved, merge.offers_delisted) == (into.pk, 1, 1)
    facts = RegionJournalEntry.objects.get(event="products.merged").facts
    assert (facts["moved"], facts["delisted"]) == ([moves.pk], [clash.pk])
    with pytest.raises(WrongState):
        merge_product(actor=reviewer, product_id=old.pk, version=2, into_code=into.code, reason="再", now=utc_now())


def test_near_duplicates_are_suggested(seller: tuple[Actor, int]) -> None:
    cpb = make_reviewer(Post.CPB_OPERATOR)
    first = propose(seller, model="TF-O100")
    looks = propose(seller, model="TF-0100")
    spec = propose(seller, model="TF-O100", spec="A3")
    brand = propose(seller, model="TF-O100", brand="雪岭")
    found = proposals.review(actor=cpb, subject="product", subject_id=first.pk, on=local_date(utc_now()))
    assert [(one.code, one.why) for one in found.suggestions] == [
        (looks.code, "看起来相同"), (spec.code, "同一型号，规格不同"), (brand.code, "型号相同，品牌不同"),
    ]  # fmt: skip
    assert set(found.actions) == {"approve", "return", "refuse", "merge"}


def test_a_mall_shows_no_proposal(seller: tuple[Actor, int]) -> None:
    listed, proposed = make_product(), propose(seller)
    shelf = ShelfView(frozenset({"C-01"}), frozenset(), "650000")
    with region_as("yz_mall"):
        assert product_page(code=listed.code, shelf=shelf).state == "listed"
        with pytest.raises(NotFound):
            product_page(code=proposed.code, shelf=shelf)
        assert surviving_code(code=proposed.code) == proposed.code
        assert images(product_ids=[listed.pk]) == {}


def test_a_merged_products_code_leads_on_in_a_mall(reviewer: Actor) -> None:
    old, into = make_product(), make_product()
    make_shelf("990001")
    merge_product(
        actor=reviewer, product_id=old.pk, version=old.version, into_code=into.code, reason="同款", now=utc_now()
    )
    answer = Client(HTTP_HOST="990001.localhost").get(f"/products/{old.code}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/products/{into.code}/")
