"""Menu entry, and words for standings and for the refusals of this app."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.suppliers.rules import Standing
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

states.register(
    "supplier",
    {
        Standing.UNDER_REVIEW: (_("Under review"), "warning"),
        Standing.ADMITTED: (_("Admitted"), "success"),
        Standing.REFUSED: (pgettext_lazy("standing", "Refused"), "secondary"),
        Standing.SUSPENDED: (_("Suspended"), "danger"),
        Standing.REMOVED: (_("Removed"), "secondary"),
    },
)
problem_words.register("supplier-exists", facts={"uscc": (_("Credit code"), "text"), "name": (_("Supplier"), "text")})
navigation.register(
    MenuEntry("library_suppliers", _("Supplier library"), "suppliers:suppliers", "building-store", None, "region", 61)
)
