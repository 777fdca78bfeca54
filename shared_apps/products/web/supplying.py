"""A supplier's products: proposed, changed, taken back; certificates and pictures with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput, NotFound
from shared_apps.classification.selectors import attributes_of, catalogue, category
from shared_apps.products import proposals
from shared_apps.products.inputs import (
    AmendInput,
    CertificateInput,
    ImageInput,
    NewQuery,
    OwnQuery,
    ProposeInput,
    RemoveImageInput,
    content_of,
    draft_of,
)
from shared_apps.products.permissions import SUPPLIER_POSTS
from shared_apps.products.pictures import images
from shared_apps.products.rules import PRODUCT_LIFECYCLE, VAT_RATES, ProductState
from shared_apps.products.rules.images import IMAGES_MAX
from shared_apps.products.services.images import add_image, remove_image
from shared_apps.products.services.papers import certify
from shared_apps.products.services.proposing import (
    amend_product,
    propose_product,
    withdraw_product,
)
from shared_apps.products.wording import LABELS
from webkit import states
from webkit.answers import again, see_other

PRODUCT = "products/supplier_product.html"
FORM = "products/propose.html"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # a field's name
_OF_ATTRIBUTE = "attr_"


@page("products.own_products", posts=SUPPLIER_POSTS)
def own_products(request: HttpRequest) -> HttpResponse:
    wanted = read_query(OwnQuery, request)
    rows = proposals.own_products(actor=actor_of(request), **wanted)
    here = reverse("products:own_products")
    tabs = [(_("All"), here, not wanted["state"])] + [
        (states.label_of("product", state).label, f"{here}?state={state}", wanted["state"] == state)
        for state in ProductState
    ]
    return render(request, "products/supplier_products.html", {"rows": rows, "wanted": wanted, "tabs": tabs})


@page("products.propose", posts=SUPPLIER_POSTS, methods=("GET", "POST"))
def propose(request: HttpRequest) -> HttpResponse:
    """GET asks for the category first, then for the product; POST proposes it."""
    if request.method != "POST":
        code = read_query(NewQuery, request)["category"]
        if not code:
            return render(request, "products/choose_category.html", {"categories": catalogue()})
        return render(request, FORM, _form(request, code, {"category_code": code}))
    try:
        given = read_input(ProposeInput, as_input(request.POST))
        supplier_id = proposals.supplier_of(actor_of(request), given.pop("supplier_id", None))
        product = propose_product(
            actor=actor_of(request), supplier_id=supplier_id, content=content_of(given), now=utc_now()
        )
    except DomainError as error:
        code = str(request.POST.get("category_code", ""))
        if category(code=code) is None:
            return again(request, "products/choose_category.html", error, {"categories": catalogue()})
        return again(request, FORM, error, _form(request, code, request.POST, error=error))
    messages.success(request, _("Proposed. Add certificates and pictures below; reviewers see them with it."))
    return see_other(reverse("products:own_product", args=[product.code]))


@page("products.own_product", posts=SUPPLIER_POSTS)
def own_product(request: HttpRequest, proposal_code: str) -> HttpResponse:
    return render(request, PRODUCT, _context(request, proposal_code))


@page("products.amend", posts=SUPPLIER_POSTS, methods=("GET", "POST"))
def amend(request: HttpRequest, proposal_code: str) -> HttpResponse:
    view = proposals.own_product(actor=actor_of(request), code=proposal_code, on=local_date(utc_now()))
    if request.method != "POST":
        if "amend" not in _possible(view.row.state):
            raise NotFound(product_code=proposal_code)
        return render(request, FORM, _form(request, view.row.category_id, _typed_before(view), view))
    try:
        given = read_input(AmendInput, as_input(request.POST))
        version = given.pop("version")
        amend_product(
            actor=actor_of(request), code=proposal_code, version=version, content=content_of(given), now=utc_now()
        )
    except DomainError as error:
        return again(request, FORM, error, _form(request, view.row.category_id, request.POST, view, error))
    messages.success(request, _("Changed and proposed again."))
    return see_other(reverse("products:own_product", args=[proposal_code]))


@page("products.withdraw", posts=SUPPLIER_POSTS, methods=("POST",))
def withdraw(request: HttpRequest, proposal_code: str) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        withdraw_product(actor=actor_of(request), code=proposal_code, now=utc_now())
    except DomainError as error:
        return again(request, PRODUCT, error, _context(request, proposal_code))
    messages.success(request, _("The proposal is taken back."))
    return see_other(reverse("products:own_product", args=[proposal_code]))


@page("products.add_certificate", posts=SUPPLIER_POSTS, methods=("POST",))
def add_certificate(request: HttpRequest, proposal_code: str) -> HttpResponse:
    """A certificate with the paper that shows it."""
    actor = actor_of(request)
    try:
        given = read_input(CertificateInput, request.POST)
        name, content = _file(request)
        certify(
            actor=actor, product_code=proposal_code, draft=draft_of(given), name=name, content=content, now=utc_now()
        )
    except DomainError as error:
        return again(request, PRODUCT, error, _context(request, proposal_code))
    messages.success(request, _("The certificate waits for review; its label shows once it is approved."))
    return see_other(reverse("products:own_product", args=[proposal_code]))


@page("products.add_own_image", posts=SUPPLIER_POSTS, methods=("POST",))
def add_own_image(request: HttpRequest, proposal_code: str) -> HttpResponse:
    try:
        alt = read_input(ImageInput, request.POST)["alt"]
        name, content = _file(request)
        add_image(
            actor=actor_of(request), product_code=proposal_code, name=name, content=content, alt=alt, now=utc_now()
        )
    except DomainError as error:
        return again(request, PRODUCT, error, _context(request, proposal_code))
    messages.success(request, _("The picture is added."))
    return see_other(reverse("products:own_product", args=[proposal_code]))


@page("products.remove_own_image", posts=SUPPLIER_POSTS, methods=("POST",))
def remove_own_image(request: HttpRequest, proposal_code: str) -> HttpResponse:
    try:
        place = read_input(RemoveImageInput, request.POST)["place"]
        remove_image(actor=actor_of(request), product_code=proposal_code, place=place, now=utc_now())
    except DomainError as error:
        return again(request, PRODUCT, error, _context(request, proposal_code))
    messages.success(request, _("The picture is taken off."))
    return see_other(reverse("products:own_product", args=[proposal_code]))


# -- parts ------------------------------------------------------------------------------------------------------------
def as_input(sent: QueryDict) -> dict[str, Any]:
    """What the input serializer reads: attributes come as attr_<key>, empty ones are left out.

    Raises InvalidInput for a field of the API's form.
    """
    if "attribute_values" in sent:
        raise InvalidInput(errors={"attribute_values": [_("This field is not known.")]})
    rest: dict[str, Any] = {}
    values = []
    for name in sent:
        given = sent.getlist(name)
        if name == _TOKEN:
            continue
        if name.startswith(_OF_ATTRIBUTE):
            values += [{"key": name.removeprefix(_OF_ATTRIBUTE), "value": one} for one in given if one.strip()]
        else:
            rest[name] = given if len(given) > 1 else given[0]
    return {**rest, "attribute_values": values}


def _file(request: HttpRequest) -> tuple[str, bytes]:
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise InvalidInput(errors={"file": [_("Choose one file.")]})
    return str(files[0].name), bytes(files[0].read())


def _possible(state: str) -> set[str]:
    return {move.action for move in PRODUCT_LIFECYCLE.actions(state, list(SUPPLIER_POSTS))}


def _context(request: HttpRequest, code: str) -> dict[str, Any]:
    view = proposals.own_product(actor=actor_of(request), code=code, on=local_date(utc_now()))
    shown = images(product_ids=[view.row.pk]).get(view.row.pk, ())
    may = _possible(view.row.state)
    return {
        "view": view,
        "row": view.row,
        "images": shown,
        "may_amend": "amend" in may,
        "may_withdraw": "withdraw" in may,
        "may_add_image": "amend" in may and len(shown) < IMAGES_MAX,
        "may_certify": view.row.state in {ProductState.PROPOSED, ProductState.RETURNED, ProductState.LISTED},
        "labels": LABELS.items(),
    }


def _typed_before(view: proposals.ReviewView) -> dict[str, str]:
    row = view.row
    names = ("name", "model", "spec", "unit", "item_id")
    values = {name: str(getattr(row, name)) for name in names}
    for one in attributes_of(category_code=row.category_id):
        if one.key in row.attributes:
            value = row.attributes[one.key]
            values[f"{_OF_ATTRIBUTE}{one.key}"] = str(value).lower() if isinstance(value, bool) else str(value)
    brand = view.brand
    return {
        **values,
        "item_code": row.item_id,
        "vat_rate": str(row.vat_rate),
        "brand": row.brand,
        "brand_owner": brand.owner if brand else "",
        "trademark_number": brand.trademark_number if brand else "",
        "category_code": row.category_id,
    }


def _form(
    request: HttpRequest,
    code: str,
    typed: Any,
    view: proposals.ReviewView | None = None,
    error: DomainError | None = None,
) -> dict[str, Any]:
    """The form of one category. Raises NotFound for a category that is none."""
    shown = category(code=code)
    if shown is None:
        raise NotFound(category=code)
    errors = error.errors if isinstance(error, InvalidInput) else {}
    answers = [("true", _("Yes")), ("false", _("No"))]
    return {
        "category": shown,
        "view": view,
        "typed": {key: str(typed.get(key, ""))[:400] for key in typed},
        "suppliers": [(one.id, one.name) for one in proposals.own_suppliers(actor=actor_of(request))],
        "rates": [(str(rate), f"{rate * 100:.0f}%") for rate in VAT_RATES],
        "attributes": [
            {
                "name": f"{_OF_ATTRIBUTE}{one.key}",
                "errors": errors.get(f"attributes.{one.key}", ()),
                "label": one.name,
                "unit": one.unit,
                "required": one.is_required,
                "is_number": one.type == "number",
                "value": str(typed.get(f"{_OF_ATTRIBUTE}{one.key}", ""))[:400],
                "choices": answers if one.type == "yes_no" else [(word, word) for word in one.choices],
            }
            for one in attributes_of(category_code=code)
        ],
    }
