"""Words for kinds of prices, states of tariffs and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.fees.rules.pricing import PriceKind
from shared_apps.fees.rules.states import TariffState
from tenants.divisions.models import Level
from webkit import problem_words, states

PRICE_KINDS = {
    PriceKind.FLAT: _("a month, flat"),
    PriceKind.PER_UNIT: _("yuan a unit"),
    PriceKind.PER_MILLE: _("yuan a thousand"),
    PriceKind.GRADUATED: _("tiers, each part at its own price"),
    PriceKind.VOLUME: _("tiers, the whole at one price"),
    PriceKind.PACKAGE: _("yuan a package begun"),
}
LEVELS = {
    Level.PROVINCE.value: _("Region"),
    Level.PREFECTURE.value: _("Prefecture"),
    Level.COUNTY.value: _("County"),
}

states.register(
    "tariff",
    {
        TariffState.ENTERED: (_("Waiting for verification"), "warning"),
        TariffState.VERIFIED: (_("Verified"), "success"),
        TariffState.SUPERSEDED: (_("Superseded"), "secondary"),
        TariffState.WITHDRAWN: (_("Taken back"), "secondary"),
        TariffState.DEMO: (_("Demonstration"), "info"),
    },
)
problem_words.register(
    "tariff-document-mismatch",
    facts={"typed": (_("Typed"), "text")},
    advice=_("Copy the number from the document once more. When the entry is wrong, take it back and enter it again."),
)
problem_words.register(
    "tariff-too-late",
    facts={
        "valid_from": (_("The tariff begins on"), "date"),
        "notice_days": (_("Days of notice"), "text"),
        "earliest": (_("Verified today it can begin on"), "date"),
    },
    advice=_("Bureaus know a tariff its notice period before it charges. Take the entry back and enter a later month."),
)
problem_words.register(
    "tariff-exists",
    facts={"valid_from": (_("The tariff begins on"), "date")},
    advice=_("Two tariffs cannot begin on one day. Take the waiting one back, or choose another month."),
)
