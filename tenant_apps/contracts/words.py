"""Words of contract states, sides and refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.contracts.rules import AnnouncementState, Side, SignatureState, VersionKind, VersionState, Withheld
from webkit import problem_words, states

S, G = VersionState, SignatureState

STATES: dict[str, tuple[Promise, str]] = {
    S.DRAFT: (pgettext_lazy("contract", "Draft"), "secondary"),
    S.OFFERED: (pgettext_lazy("contract", "To be signed"), "warning"),
    S.PART_SIGNED: (pgettext_lazy("contract", "Signed by one side"), "warning"),
    S.SIGNED: (pgettext_lazy("contract", "Signed, to be published"), "primary"),
    S.PUBLISHED: (pgettext_lazy("contract", "Published, to be filed"), "info"),
    S.FILED: (pgettext_lazy("contract", "Filed"), "success"),
    S.WITHDRAWN: (pgettext_lazy("contract", "Withdrawn"), "secondary"),
    S.SUPERSEDED: (pgettext_lazy("contract", "Replaced by a later version"), "secondary"),
}
SIGNATURE_STATES: dict[str, tuple[Promise, str]] = {
    G.REQUESTED: (pgettext_lazy("signature", "Being sent"), "warning"),
    G.SENT: (pgettext_lazy("signature", "With the signature service"), "warning"),
    G.SIGNED: (pgettext_lazy("signature", "Signed"), "success"),
    G.REFUSED: (pgettext_lazy("signature", "Refused"), "danger"),
    G.LAPSED: (pgettext_lazy("signature", "Not needed any more"), "secondary"),
}
ANNOUNCEMENT_STATES: dict[str, tuple[Promise, str]] = {
    AnnouncementState.WAITING: (_("Being sent to the designated medium"), "warning"),
    AnnouncementState.SENT: (_("With the designated medium"), "warning"),
    AnnouncementState.PUBLISHED: (_("Announced by the designated medium"), "success"),
    AnnouncementState.REFUSED: (_("Refused by the designated medium"), "danger"),
}
KINDS: dict[str, Promise] = {
    VersionKind.MAIN: pgettext_lazy("contract", "Contract"),
    VersionKind.SUPPLEMENT: pgettext_lazy("contract", "Supplementary contract"),
}
SIDES: dict[str, Promise] = {
    Side.BUYER: pgettext_lazy("contract", "Purchaser"),
    Side.SUPPLIER: pgettext_lazy("contract", "Supplier"),
}
WITHHELD: dict[str, Promise] = {
    Withheld.MODELS: _("Brands, models and specifications"),
    Withheld.PRICES: _("Unit prices and amounts of the lines"),
    Withheld.TERMS: _("Other terms"),
}
# What the contract's history shows of its events: words, icon, colour.
EVENTS: dict[str, tuple[Promise, str, str]] = {
    "contracts.drafted": (_("Draft written"), "file-text", "secondary"),
    "contracts.reworked": (_("Draft changed"), "pencil", "secondary"),
    "contracts.offered": (_("Offered for signature"), "send", "primary"),
    "contracts.superseded": (_("Taken back to be reworked"), "refresh", "secondary"),
    "contracts.withdrawn": (_("Contract withdrawn"), "ban", "danger"),
    "contracts.signing_asked": (_("Signature asked for"), "edit", "secondary"),
    "contracts.signing_refused": (_("Signature service refused"), "circle-x", "danger"),
    "contracts.signing_confirmed": (_("Signed by one side"), "certificate", "primary"),
    "contracts.signed": (_("Signed by both sides"), "file-certificate", "success"),
    "contracts.published": (_("Published"), "external-link", "success"),
    "contracts.announced": (_("Announced by the designated medium"), "external-link", "success"),
    "contracts.announcing_refused": (_("Refused by the designated medium"), "circle-x", "danger"),
    "contracts.supplement_ordered": (_("What the supplement adds is ordered"), "shopping-cart", "primary"),
    "contracts.filed": (_("Filed with the bureau"), "folder", "success"),
}


def register() -> None:
    """Called once, at app start."""
    states.register("contracts", STATES)
    states.register("signatures", SIGNATURE_STATES)
    states.register("announcements", ANNOUNCEMENT_STATES)
    problem_words.register(
        "not-to-announce", advice=_("Publish it first; what the medium has is not sent again unless it was refused.")
    )
    problem_words.register("contract-changed", advice=_("Open the contract again and look at it as it is now."))
    problem_words.register("contract-open", advice=_("Open the contract from the page of its order."))
    problem_words.register("contract-not-filed", advice=_("Publish the contract and file its copy first."))
    problem_words.register(
        "supplement-too-large",
        facts={
            "left": (_("May still be added"), "money"),
            "most": (_("A tenth of the contract"), "money"),
            "asked": (_("Asked for"), "money"),
        },
        advice=_("Add less, or buy the rest as a purchase of its own (Government Procurement Law art. 49)."),
    )
    problem_words.register(
        "order-not-of-supplement",
        facts={"order_number": (_("Order"), "text")},
        advice=_("Name an order of the same unit and supplier, placed after signing, with the goods that were added."),
    )
    problem_words.register("supplement-ordered", facts={"order_number": (_("Order"), "text")})
    problem_words.register(
        "order-under-supplement", advice=_("Open the supplementary contract: it is this order's contract.")
    )
    problem_words.register(
        "signed-already", advice=_("Wait for the other side, or for the signature service's answer.")
    )
    problem_words.register("signer-wrote-it", advice=_("Ask another approver of the unit to sign."))
    problem_words.register(
        "contract-needed", advice=_("Draft the contract on the order's page and have both sides sign it.")
    )
    problem_words.register(
        "contract-offered", advice=_("Withdraw the contract first, then the order can be cancelled.")
    )
    problem_words.register(
        "characters-missing",
        facts={"characters": (_("Characters"), "text")},
        advice=_("Write these characters another way; only those of the national standard table can be printed."),
    )
