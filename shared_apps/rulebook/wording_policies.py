"""Words of the rules of policy: split purchases, paid prices, small suppliers, relief areas, green labels, ties."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POLICY_EXPLANATIONS: dict[str, Promise] = {
    "split_tender.allowed": _("This year's sum of %(budget_item)s for %(code)s is %(after)s, inside %(limit)s."),
    "split_tender.warned": _(
        "This year's sum of %(budget_item)s for %(code)s comes to %(after)s and is near the open-tender limit of "
        "%(limit)s."
    ),
    "split_tender.excepted": _(
        "This year's sum of %(budget_item)s for %(code)s comes to %(after)s, above the open-tender limit of %(limit)s; "
        "an accepted exception document allows it."
    ),
    "split_tender.refused": _(
        "%(before)s was committed this year of %(budget_item)s for %(code)s; with %(asked)s it comes to %(after)s, "
        "above the open-tender limit of %(limit)s: buying it in parts evades open tender."
    ),
    "split_decentralised.allowed": _(
        "This year's sum of %(budget_item)s for %(code)s is %(after)s, inside the limit of %(limit)s."
    ),
    "split_decentralised.warned": _(
        "This year's sum of %(budget_item)s for %(code)s comes to %(after)s and is near the limit of decentralised "
        "procurement of %(limit)s."
    ),
    "split_decentralised.excepted": _(
        "This year's sum of %(budget_item)s for %(code)s comes to %(after)s and reaches the limit of %(limit)s; an "
        "accepted exception document allows it."
    ),
    "split_decentralised.refused": _(
        "%(before)s was committed this year of %(budget_item)s for %(code)s; with %(asked)s it comes to %(after)s and "
        "reaches the limit of %(limit)s: this is decentralised procurement, and the mall cannot sell it."
    ),
    "paid_price.allowed": _("No unit price is more than %(deviation_percent)s above what malls paid."),
    "paid_price.warned": _("More than %(deviation_percent)s above what malls paid: %(products)s."),
    "paid_price.refused": _("More than %(deviation_percent)s above what malls paid: %(products)s."),
    "sme_reserve.allowed": _("Up to %(reserve_up_to)s it is for small and medium suppliers, and this is one."),
    "sme_reserve.above": _("Above %(reserve_up_to)s nothing is reserved as a whole; the share of the year counts."),
    "sme_reserve.warned": _(
        "What is fit for small and medium suppliers is bought of them up to %(reserve_up_to)s; this one is large."
    ),
    "sme_reserve.refused": _(
        "What is fit for small and medium suppliers is bought of them up to %(reserve_up_to)s; this one is large."
    ),
    "sme_share.allowed": _("With this order %(share)s of the year goes to small and medium suppliers."),
    "sme_share.warned": _(
        "With this order %(share)s of the year goes to small and medium suppliers; %(share_aim)s is aimed at."
    ),
    "relief.allowed": _("%(share)s of the canteen food planned was bought in relief areas; %(share_aim)s is reserved."),
    "relief.warned": _("%(share)s of the canteen food planned was bought in relief areas; %(share_aim)s is reserved."),
    "relief.no_canteen": _("The unit has declared that it runs no canteen."),
    "green.allowed": _("Every product that must be energy-saving has a valid certificate."),
    "green.warned": _("No valid energy-saving certificate: %(products)s."),
    "green.refused": _("No valid energy-saving certificate: %(products)s."),
    "related.allowed": _("No two suppliers in the comparison are known to be related."),
    "related.warned": _("Suppliers in the comparison are related and count as one: %(pairs)s."),
    "related.refused": _("Suppliers in the comparison are related and count as one: %(pairs)s."),
}

_METHOD = _(
    "Entrust a procurement agency with the statutory method. When the budget was adjusted or another method approved, "
    "file the document; the finance bureau accepts it, and the order can then be submitted."
)
POLICY_REMEDIES: dict[str, Promise] = {
    "split_tender.refused": _METHOD,
    "split_decentralised.refused": _METHOD,
    "split_tender.warned": _("Plan what is still needed this year as one procurement."),
    "split_decentralised.warned": _("Plan what is still needed this year as one procurement."),
    "paid_price.refused": _("Compare other offers of the product, or ask the supplier why."),
    "sme_reserve.refused": _("Choose a small or medium supplier."),
    "sme_share.warned": _("Where offers are equal, small and medium suppliers help to reach the share."),
    "relief.warned": _("Plan the rest of the year's canteen food in relief areas."),
    "green.refused": _("Choose products of the category with a valid energy-saving certificate."),
    "related.refused": _("Compare offers of suppliers that do not belong together."),
}

# Label and kind of the facts, as in wording.FACTS.
POLICY_FACTS: dict[str, tuple[Promise, str]] = {
    "budget_item": (_("Budget item"), "text"),
    "code": (_("Item or class"), "text"),
    "before": (_("Committed before"), "money"),
    "asked": (_("This order"), "money"),
    "after": (_("Together"), "money"),
    "warn_percent": (_("Warning from (proposal, not verified)"), "percent"),
    "deviation_percent": (_("Deviation (proposal, not verified)"), "percent"),
    "reserve_up_to": (_("Reserved up to (not verified)"), "money"),
    "supplier_size": (_("Size of the supplier"), "size"),
    "year_total": (_("Committed this year"), "money"),
    "sme_total": (_("Of it small and medium suppliers"), "money"),
    "share": (_("Share reached"), "percent"),
    "share_aim": (_("Share aimed at (not verified)"), "percent"),
    "small_share": (_("Of it small and micro suppliers"), "percent"),
    "small_share_aim": (_("Small and micro share aimed at (not verified)"), "percent"),
    "food_planned": (_("Canteen food planned"), "money"),
    "bought": (_("Bought in relief areas"), "money"),
    "pairs": (_("Related"), "list"),
}
