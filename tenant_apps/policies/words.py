"""Words for modules, states and refusals of local configuration, registered at start."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenant_apps.policies.rules import ModuleName, ModuleStatus
from webkit import problem_words, states

MODULES: dict[str, Promise] = {
    ModuleName.ONLINE_SUPERMARKET: _("Online supermarket"),
    ModuleName.AGREEMENT_SUPPLY: _("Agreement supply"),
    ModuleName.DESIGNATED_SERVICE: _("Designated services"),
    ModuleName.ONLINE_INQUIRY: _("Online inquiry"),
    ModuleName.REVERSE_AUCTION: _("Online reverse auction"),
}

states.register(
    "mall_module",
    {
        ModuleStatus.CLOSED: (pgettext_lazy("module", "Closed"), "secondary"),
        ModuleStatus.CHOSEN: (pgettext_lazy("module", "Chosen"), "info"),
        ModuleStatus.OPEN: (pgettext_lazy("module", "Open"), "success"),
    },
)
problem_words.register(
    "checklist-open",
    facts={"reasons": (_("What is missing"), "text")},
    advice=_("Work through the checklist; each line says who mends it and where."),
)
problem_words.register(
    "rule-outside-bounds",
    facts={"most": (_("At most"), "money"), "least": (_("At least"), "text")},
    advice=_("Choose a value inside the region's bounds."),
)
problem_words.register(
    "rule-version-not-in-force", advice=_("Open the rules again and acknowledge the version in force.")
)
