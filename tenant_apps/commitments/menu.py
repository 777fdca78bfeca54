"""The ledger of the year in the main menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tenant_apps.commitments.permissions import BUREAU_READERS, READERS
from webkit.navigation import MenuEntry, register

register(
    MenuEntry(
        "commitments",
        _("Sums of the year"),
        "commitments:sums",
        "scale",
        posts=READERS,
        room="tenant",
        order=62,
        group="budgets",
    )
)
register(
    MenuEntry(
        "shares",
        _("Policy shares"),
        "commitments:shares",
        "chart-line",
        posts=BUREAU_READERS,
        room="tenant",
        order=72,
        group="bureau",
    )
)
