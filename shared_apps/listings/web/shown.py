"""What templates of offers read, for suppliers and for those who look at offers alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from shared_apps.classification.selectors import catalogue
from shared_apps.listings.models import ListingAppeal, OfferFreeze, OfferReview
from shared_apps.listings.selectors.files import OfferFile
from shared_apps.listings.web.form import division_names
from shared_apps.listings.words import BREACHES, KINDS, shown_findings
from shared_apps.products.offered import Area, OfferedOffer, OfferedPage
from shared_apps.products.rules import OfferState
from webkit import states

# A file holds a page of the list at a time; further ones are asked for with `before`.
TABLE_ROWS_MAX = 5000


def state_tabs(domain: str, names: list[str], counts: Mapping[str, int], here: str, kept: Mapping[str, Any],
               current: str, *, with_all: bool = True) -> list[tuple[Any, str, bool, int]]:  # fmt: skip
    """Tabs by state under the other filters; states without a row are left out."""

    def address(state: str) -> str:
        query = {key: value for key, value in {**kept, "state": state}.items() if value}
        return f"{here}?{urlencode(query)}" if query else here

    tabs: list[tuple[Any, str, bool, int]] = []
    if with_all:
        tabs.append((_("All"), address(""), not current, sum(counts.values())))
    for name in names:
        if counts.get(name) or name == current:
            tabs.append((states.label_of(domain, name).label, address(name), name == current, counts.get(name, 0)))
    return tabs


def offer_list_context(*, here: str, found: OfferedPage, counts: Mapping[str, int], wanted: Mapping[str, Any]
                       ) -> dict[str, Any]:  # fmt: skip
    """A list of offers by state at the address `here`: a supplier's own, or everybody's. `asked` is its query."""
    kept = {key: wanted[key] for key in ("q", "category") if wanted[key]}
    asked = urlencode({**kept, **({"state": wanted["state"]} if wanted["state"] else {})})
    more = "&" if asked else ""
    return {
        "found": found,
        "wanted": wanted,
        "tabs": state_tabs("offer", [state.value for state in OfferState], counts, here, kept, wanted["state"]),
        "categories": [(one.code, one.name) for one in catalogue()],
        "next_url": f"?{asked}{more}before={found.next_before}" if found.next_before else "",
        "first_url": f"{here}?{asked}" if wanted["before"] else "",
        "asked": asked,
    }


def areas_shown(areas: tuple[Area, ...] | None) -> list[dict[str, Any]]:
    names = division_names()
    return [
        {"code": code, "name": names.get(code, code), "freight": freight, "surcharge": surcharge}
        for code, freight, surcharge in areas or ()
    ]


def review_shown(review: OfferReview) -> dict[str, Any]:
    return {"row": review, "kind": KINDS[review.kind], "findings": shown_findings(review.findings)}


def freeze_shown(freeze: OfferFreeze) -> dict[str, Any]:
    return {"row": freeze, "kind": BREACHES[freeze.kind]}


def appeal_shown(appeal: ListingAppeal) -> dict[str, Any]:
    against = _("The freeze") if appeal.freeze_id is not None else _("The rejection")
    return {"row": appeal, "against": against}


def file_context(file: OfferFile) -> dict[str, Any]:
    """Everything of one offer."""
    offer = file.offer
    return {
        "file": file,
        "offer": offer,
        "supplier": file.supplier,
        "areas": areas_shown(file.areas),
        "pending_areas": areas_shown(offer.pending_areas),
        "open_review": review_shown(file.review) if file.review else None,
        "reviews": [review_shown(review) for review in file.reviews if review != file.review],
        "freeze": freeze_shown(file.freeze) if file.freeze else None,
        "freezes": [freeze_shown(one) for one in file.freezes if one != file.freeze],
        "appeals": [appeal_shown(one) for one in file.appeals],
        "warnings": [{"row": one, "kind": BREACHES[one.kind]} for one in file.warnings],
        "vat_percent": f"{int(offer.vat_rate * 100)}%",
        **stage_of(offer),
    }


_STAGES = {
    OfferState.DRAFT: 1,
    OfferState.SUBMITTED: 2,
    OfferState.MACHINE_CHECKED: 3,
    OfferState.LISTED: 4,
}


def stage_of(offer: OfferedOffer) -> dict[str, Any]:
    """The way to the shelf as steps; an offer that left it has none."""
    stage = _STAGES.get(OfferState(offer.state))
    return {"stages": [_("Draft"), _("Machine checks"), _("Review by a person"), _("On sale")], "stage": stage}
