"""Reading proposals: a supplier its own, reviewers everybody's, with what they need to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.classification.attribute_rules import checked_values, shown_value
from shared_apps.classification.selectors import attributes_of
from shared_apps.products.certificates import CertificateView, certificates
from shared_apps.products.models import Brand, Product, ProductCertificate, ReviewStep, Spu
from shared_apps.products.permissions import LIBRARIANS, REVIEW_READERS, REVIEWERS, sells_for
from shared_apps.products.read_models import picture_address
from shared_apps.products.rules import CertificateState, ProductState, ProposalState, Subject
from shared_apps.products.services.identity import aliases_of
from shared_apps.products.services.reviewing import DECISIONS, KINDS, name_of
from shared_apps.suppliers.selectors import SupplierView, supplier_of_organisations, suppliers_by_id

ROWS_MAX = 200
SUGGESTIONS_MAX = 10
_HEAVY = ("tokens", "haystack")
_STANDING = (ProductState.LISTED, ProductState.PROPOSED, ProductState.RETURNED)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line of a list: a brand, an SPU, a product or a certificate."""

    subject: str
    id: int
    code: str
    name: str
    category: str
    supplier: str
    state: str
    version: int
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Step:
    action: str
    at: Any
    by_name: str
    organisation_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product that may be the same, and why it is shown."""

    code: str
    title: str
    model: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One thing with all that a decision needs. `actions` are those the reader may take now."""

    subject: str
    row: Any
    name: str
    supplier: SupplierView | None
    steps: tuple[Step, ...]
    actions: tuple[str, ...]
    brand: Brand | None = None
    spu: Spu | None = None
    product: Product | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    wrong_attributes: tuple[str, ...] = ()
    certificates: tuple[CertificateView, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    drawing_url: str = ""
    products: tuple[Product, ...] = field(default=())
    # Names merged into its brand and model: it is found by them.
    aliases: tuple[str, ...] = ()


# -- a supplier's own -------------------------------------------------------------------------------------------------
def own_suppliers(*, actor: Actor) -> tuple[SupplierView, ...]:
    """The suppliers the actor sells for."""
    return supplier_of_organisations(organisation_ids=sells_for(actor))


def supplier_of(actor: Actor, supplier_id: int | None) -> int:
    """The supplier meant: the one named, else the only one. Raises InvalidInput, NotPermitted."""
    if supplier_id is not None:
        return supplier_id
    own = own_suppliers(actor=actor)
    if len(own) > 1:
        raise InvalidInput(errors={"supplier_id": [_("Say for which supplier.")]})
    if not own:
        raise NotPermitted(action="propose")
    return own[0].id


def own_products(*, actor: Actor, state: str = "", q: str = "") -> tuple[ProposalRow, ...]:
    """Products that the actor's suppliers proposed, newest first."""
    suppliers = {one.id: one for one in own_suppliers(actor=actor)}
    rows = Product.objects.filter(proposal__supplier_id__in=suppliers).select_related("category", "proposal")
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(model__icontains=q) | Q(code__iexact=q))
    return tuple(
        _product_row(row, suppliers[row.proposal.supplier_id].name)
        for row in rows.order_by("-pk").defer(*_HEAVY)[:ROWS_MAX]
    )


def own_product(*, actor: Actor, code: str, on: date) -> ReviewView:
    """One of them, with what happened to it. Raises NotFound for a stranger's."""
    row = (
        Product.objects.select_related("spu__brand", "category", "item", "proposal", "picture")
        .defer(*_HEAVY, "picture__svg")
        .filter(code=code, proposal__isnull=False)
        .first()
    )
    supplier = suppliers_by_id(ids=[row.proposal.supplier_id]).get(row.proposal.supplier_id) if row else None
    if row is None or supplier is None or supplier.organisation_id not in sells_for(actor):
        raise NotFound(product_code=code)
    return _whole(row, supplier, actor, on)


# -- the reviewers' ---------------------------------------------------------------------------------------------------
def waiting(*, actor: Actor, subject: str, state: str = "", q: str = "") -> tuple[ProposalRow, ...]:
    """What is to be reviewed of one kind, oldest first; `state` names another state. Nobody else sees any."""
    if not actor.posts & REVIEW_READERS:
        return ()
    state = state or ProposalState.PROPOSED
    if subject == Subject.BRAND:
        rows = Brand.objects.filter(state=state, name__icontains=q).order_by("pk")[:ROWS_MAX]
        names = _names(row.supplier_id for row in rows)
        return tuple(_row(Subject.BRAND, row, "", row.name, "", names.get(row.supplier_id, "")) for row in rows)
    if subject == Subject.SPU:
        found = Spu.objects.filter(Q(model__icontains=q) | Q(name__icontains=q), state=state)
        spus = found.select_related("brand", "category").order_by("pk")[:ROWS_MAX]
        names = _names(row.supplier_id for row in spus)
        return tuple(
            _row(Subject.SPU, row, "", f"{name_of(row)} {row.name}", row.category.name, names.get(row.supplier_id, ""))
            for row in spus
        )
    if subject == Subject.CERTIFICATE:
        papers = ProductCertificate.objects.filter(Q(number__icontains=q) | Q(product__code__iexact=q), state=state)
        papers = papers.select_related("product__category").order_by("pk")[:ROWS_MAX]
        names = _names(row.supplier_id for row in papers)
        return tuple(
            _row(
                Subject.CERTIFICATE, row, row.product.code, f"{row.product.title} {row.number}",
                row.product.category.name, names.get(row.supplier_id, ""),
            )
            for row in papers
        )  # fmt: skip
    return _waiting_products(state, q)


def duplicates(*, actor: Actor) -> tuple[ProposalRow, ...]:
    """Products without a key: another one had it when keys were introduced. To be merged."""
    if not actor.posts & REVIEW_READERS:
        return ()
    rows = Product.objects.filter(identity_key__isnull=True, spu__isnull=False, state=ProductState.LISTED)
    return tuple(
        _product_row(row, "") for row in rows.select_related("category").order_by("pk").defer(*_HEAVY)[:ROWS_MAX]
    )


def waiting_counts(*, actor: Actor) -> dict[str, int]:
    """How many wait, by subject. Five statements."""
    if not actor.posts & REVIEW_READERS:
        return {}
    return {
        Subject.BRAND.value: Brand.objects.filter(state=ProposalState.PROPOSED).count(),
        Subject.SPU.value: Spu.objects.filter(state=ProposalState.PROPOSED).count(),
        Subject.PRODUCT.value: Product.objects.filter(state=ProductState.PROPOSED).count(),
        Subject.CERTIFICATE.value: ProductCertificate.objects.filter(state=CertificateState.PROPOSED).count(),
    }


def is_any_proposed() -> bool:
    """Whether anything at all waits for the reviewers. Four statements at most."""
    return any(
        model.objects.filter(state=ProposalState.PROPOSED).exists()
        for model in (Product, Spu, Brand, ProductCertificate)
    )


def suppliers_with_returned() -> set[int]:
    """Whose proposals came back to be mended. Three statements."""
    products = Product.objects.filter(state=ProductState.RETURNED, proposal__isnull=False)
    found = set(products.values_list("proposal__supplier_id", flat=True).distinct())
    for model in (Spu, Brand):
        names = model.objects.filter(state=ProposalState.RETURNED, supplier_id__isnull=False)
        found |= set(names.values_list("supplier_id", flat=True).distinct())
    return found


def review(*, actor: Actor, subject: str, subject_id: int, on: date) -> ReviewView:
    """One thing for a reviewer. Raises NotFound, also for those who do not review."""
    kind = KINDS.get(subject)
    if kind is None or not actor.posts & REVIEW_READERS:
        raise NotFound(subject=subject, id=subject_id)
    if subject == Subject.PRODUCT:
        row = (
            Product.objects.select_related("spu__brand", "category", "item", "proposal", "picture")
            .defer(*_HEAVY, "picture__svg")
            .filter(pk=subject_id)
            .first()
        )
        if row is None:
            raise NotFound(subject=subject, id=subject_id)
        proposal = getattr(row, "proposal", None)
        supplier = suppliers_by_id(ids=[proposal.supplier_id]).get(proposal.supplier_id) if proposal else None
        return _whole(row, supplier, actor, on)
    thing: Any = kind.model.objects.select_related(*kind.above).filter(pk=subject_id).first()
    if thing is None:
        raise NotFound(subject=subject, id=subject_id)
    supplier = suppliers_by_id(ids=[thing.supplier_id]).get(thing.supplier_id) if thing.supplier_id else None
    below: Any = ()
    if subject != Subject.CERTIFICATE:
        place = {"spu": thing} if subject == Subject.SPU else {"spu__brand": thing}
        below = tuple(Product.objects.filter(**place).order_by("pk").defer(*_HEAVY)[:SUGGESTIONS_MAX])
    return ReviewView(
        subject=subject,
        row=thing,
        name=name_of(thing),
        supplier=supplier,
        steps=_steps(**{subject: thing}),
        actions=_actions(subject, thing.state, actor),
        brand=thing if subject == Subject.BRAND else getattr(thing, "brand", None),
        spu=thing if subject == Subject.SPU else None,
        product=getattr(thing, "product", None),
        products=below,
        aliases=_aliases(thing if subject == Subject.BRAND else None, thing if subject == Subject.SPU else None),
    )


# -- parts ------------------------------------------------------------------------------------------------------------
def _whole(row: Product, supplier: SupplierView | None, actor: Actor, on: date) -> ReviewView:
    typed = attributes_of(category_code=row.category_id)
    _values, errors = checked_values(typed, row.attributes)
    picture = getattr(row, "picture", None)
    every = certificates(product_ids=[row.pk], on=on, states=list(CertificateState))
    return ReviewView(
        subject=Subject.PRODUCT,
        row=row,
        name=row.title,
        supplier=supplier,
        steps=_steps(product=row),
        actions=_actions(Subject.PRODUCT, row.state, actor),
        brand=row.spu.brand if row.spu else None,
        spu=row.spu,
        aliases=_aliases(None, row.spu),
        product=row,
        attributes=tuple(
            (one.name, shown_value(one, row.attributes[one.key])) for one in typed if one.key in row.attributes
        ),
        wrong_attributes=tuple(reason for reasons in errors.values() for reason in reasons),
        certificates=every.get(row.pk, ()),
        suggestions=suggestions(product=row) if actor.posts & REVIEW_READERS else (),
        drawing_url=picture_address(code=row.code, version=picture.version if picture else None),
    )


def _aliases(brand: Brand | None, spu: Spu | None) -> tuple[str, ...]:
    if spu is not None:
        return aliases_of(spus=(spu,))[spu.pk]
    return tuple(brand.merged.order_by("name").values_list("name", flat=True)) if brand else ()


def suggestions(*, product: Product) -> tuple[Suggestion, ...]:
    """Products worth a second look: looks the same, same model with another specification or under another brand."""
    alike = Q(look_key=product.look_key) if product.look_key else Q(pk__in=())
    model_key = product.spu.model_key if product.spu else ""
    if product.spu is not None:
        alike |= Q(spu_id=product.spu_id) | Q(spu__model_key=model_key)
    rows = (
        Product.objects.filter(alike, state__in=_STANDING).exclude(pk=product.pk).select_related("spu").order_by("pk")
    )
    return tuple(
        Suggestion(row.code, row.title, row.model, row.state, _why(product, row))
        for row in rows.defer(*_HEAVY)[:SUGGESTIONS_MAX]
    )


def _why(product: Product, other: Product) -> str:
    if product.look_key and other.look_key == product.look_key:
        return _("Looks the same")
    if other.spu_id == product.spu_id:
        return _("The same model, another specification")
    return _("The same model under another brand")


def _actions(subject: str, state: str, actor: Actor) -> tuple[str, ...]:
    if not actor.posts & (REVIEWERS | LIBRARIANS):
        return ()
    moves = KINDS[subject].lifecycle.actions(state, list(actor.posts & (REVIEWERS | LIBRARIANS)))
    return tuple(move.action for move in moves if move.action in {*DECISIONS, "merge"})


def _steps(**of: Any) -> tuple[Step, ...]:
    rows = ReviewStep.objects.filter(**of).order_by("pk")
    return tuple(Step(row.action, row.at, row.by_name, row.organisation_name, row.reason) for row in rows)


def _waiting_products(state: str, q: str) -> tuple[ProposalRow, ...]:
    found = Product.objects.filter(state=state)
    if q:
        found = found.filter(Q(title__icontains=q) | Q(model__icontains=q) | Q(code__iexact=q))
    rows = found.select_related("category", "proposal").order_by("pk").defer(*_HEAVY)[:ROWS_MAX]
    names = _names(row.proposal.supplier_id for row in rows if hasattr(row, "proposal"))
    return tuple(
        _product_row(row, names.get(row.proposal.supplier_id, "") if hasattr(row, "proposal") else "") for row in rows
    )


def _names(ids: Any) -> dict[int | None, str]:
    wanted = {one for one in ids if one is not None}
    return {pk: one.name for pk, one in suppliers_by_id(ids=wanted).items()} if wanted else {}


def _product_row(row: Product, supplier: str) -> ProposalRow:
    return _row(Subject.PRODUCT, row, row.code, row.title, row.category.name, supplier)


def _row(subject: Subject, row: Any, code: str, name: str, category: str, supplier: str) -> ProposalRow:
    return ProposalRow(subject.value, row.pk, code, name, category, supplier, row.state, row.version, bool(row.is_demo))
