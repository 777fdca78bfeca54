"""Menu entry, and words for offers' states and for the refusals of this app."""

from django.utils.translation import gettext_lazy as _

from shared_apps.products.rules import OfferState, ProductState
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

states.register(
    "offer",
    {
        OfferState.DRAFT: (_("Draft"), "secondary"),
        OfferState.SUBMITTED: (_("Submitted"), "info"),
        OfferState.MACHINE_CHECKED: (_("Waiting for review"), "warning"),
        OfferState.LISTED: (_("On sale"), "success"),
        OfferState.FROZEN: (_("Frozen"), "danger"),
        OfferState.SUSPENDED: (_("Suspended"), "danger"),
        OfferState.REJECTED: (_("Rejected"), "secondary"),
        OfferState.DELISTED: (_("Delisted"), "secondary"),
        OfferState.EXPIRED: (_("Expired"), "secondary"),
    },
)
states.register(
    "product",
    {ProductState.LISTED: (_("Listed"), "success"), ProductState.RETIRED: (_("Retired"), "secondary")},
)
problem_words.register("offer-exists", facts={"product_code": (_("Product"), "text")})
navigation.register(
    MenuEntry("library_products", _("Product library"), "products:products", "packages", None, "region", 60)
)
