"""Menu entry, and words for offers' states and for the refusals of this app."""

from django.utils.translation import gettext_lazy as _

from shared_apps.products.permissions import REVIEW_READERS, SUPPLIER_POSTS
from shared_apps.products.rules import CertificateState, Label, OfferState, ProductState, ProposalState, Subject
from shared_apps.products.rules.profiles import ProfileState
from shared_apps.products.shelf_bounds import BOUND_POSTS
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
    {
        ProductState.PROPOSED: (_("Waiting for review"), "warning"),
        ProductState.RETURNED: (_("Returned for changes"), "info"),
        ProductState.LISTED: (_("Listed"), "success"),
        ProductState.REFUSED: (_("Not accepted"), "secondary"),
        ProductState.RETIRED: (_("Retired"), "secondary"),
        ProductState.MERGED: (_("Merged"), "secondary"),
    },
)
states.register(
    "product_proposal",
    {
        ProposalState.PROPOSED: (_("Waiting for review"), "warning"),
        ProposalState.RETURNED: (_("Returned for changes"), "info"),
        ProposalState.APPROVED: (_("Approved"), "success"),
        ProposalState.REFUSED: (_("Not accepted"), "secondary"),
        ProposalState.MERGED: (_("Merged"), "secondary"),
    },
)
states.register(
    "product_certificate",
    {
        CertificateState.PROPOSED: (_("Waiting for review"), "warning"),
        CertificateState.APPROVED: (_("Approved"), "success"),
        CertificateState.REFUSED: (_("Not accepted"), "secondary"),
        CertificateState.REVOKED: (_("Certificate revoked"), "danger"),
    },
)
SUBJECTS = {
    Subject.PRODUCT: _("Products"),
    Subject.SPU: _("Models"),
    Subject.BRAND: _("Brands"),
    Subject.CERTIFICATE: _("Certificates"),
}
LIFECYCLES = {
    Subject.PRODUCT.value: "product",
    Subject.SPU.value: "product_proposal",
    Subject.BRAND.value: "product_proposal",
    Subject.CERTIFICATE.value: "product_certificate",
}
ACTIONS = {
    "propose": _("Proposed"),
    "amend": _("Changed"),
    "withdraw": _("Taken back"),
    "approve": _("Approved"),
    "return": _("Returned for changes"),
    "refuse": _("Not accepted"),
    "revoke": _("Certificate revoked"),
    "merge": _("Merged"),
}
LABELS = {Label.ENERGY.value: _("Energy-saving product"), Label.ENVIRONMENT.value: _("Environment-label product")}
problem_words.register("product-duplicate", facts={"product_code": (_("Product"), "text")})
problem_words.register("product-not-approved-above", facts={"name": (_("Not approved yet"), "text")})
problem_words.register("spu-in-another-category", facts={"category": (_("Category"), "text")})
problem_words.register(
    "proposal-changed", advice=_("It has been changed since. Read the present version, then decide.")
)
problem_words.register(
    "names-not-mergeable",
    advice=_("Choose another approved one; models of one key must be in one category. Merge a large brand by models."),
)
problem_words.register(
    "merge-changed",
    facts={"present": (_("Products now"), "text")},
    advice=_("Open the page again and look at the present numbers."),
)
problem_words.register("offer-exists", facts={"product_code": (_("Product"), "text")})
navigation.register(
    MenuEntry(
        "library_products", _("Product library"), "products:products", "packages", None, "region", 60, group="libraries"
    )
)
states.register(
    "profile",
    {ProfileState.ACTIVE: (_("In use"), "success"), ProfileState.CLOSED: (_("No longer in use"), "secondary")},
)
problem_words.register(
    "profile-changed", advice=_("Somebody has set them since. Open the page again and repeat your change.")
)
problem_words.register("profile-exists", facts={"title": (_("Title"), "text")})
navigation.register(
    MenuEntry(
        "profiles", _("Requirement sets"), "products:profiles", "checklist", None, "region", 62, group="libraries"
    )
)
navigation.register(
    MenuEntry(
        "own_products",
        _("My products"),
        "products:own_products",
        "package",
        SUPPLIER_POSTS,
        "region",
        21,
        group="goods",
    )
)
navigation.register(
    MenuEntry(
        "review_products",
        _("Products to review"),
        "products:review_queue",
        "clipboard-check",
        REVIEW_READERS,
        "region",
        63,
        badge_url_name="products:review_badge",
        group="goods",
    )
)
navigation.register(
    MenuEntry(
        "shelf_bound",
        _("Shelf bounds"),
        "products:shelf_bound",
        "building-warehouse",
        BOUND_POSTS,
        "region",
        66,
        group="goods",
    )
)
