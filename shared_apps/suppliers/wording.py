"""Menu entries, and words for standings, applications and the refusals of this app."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.suppliers.permissions import QUEUE_READERS, SUPERVISORS, SUPPLIER_POSTS
from shared_apps.suppliers.rules import ApplicationKind, ApplicationState, DocumentKind, HoldCause, Size, Standing
from shared_apps.suppliers.selectors.related import Tie
from webkit import navigation, problem_words, states
from webkit.navigation import MenuEntry

S = ApplicationState

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
states.register(
    "supplier_application",
    {
        S.DRAFT: (_("Draft"), "secondary"),
        S.SUBMITTED: (_("Waiting to be vetted"), "warning"),
        S.RETURNED: (_("Returned for correction"), "danger"),
        S.VETTED: (_("Vetted, waiting for the region"), "info"),
        S.APPROVED: (_("Approved, in the library"), "success"),
        S.REFUSED: (pgettext_lazy("application", "Refused"), "danger"),
        S.WITHDRAWN: (pgettext_lazy("application", "Withdrawn"), "secondary"),
        S.LAPSED: (_("Lapsed"), "secondary"),
    },
)
SIZES: dict[str, Promise] = {
    Size.MICRO: _("Micro enterprise"),
    Size.SMALL: _("Small enterprise"),
    Size.MEDIUM: _("Medium enterprise"),
    Size.LARGE: _("Large enterprise"),
}
KINDS: dict[str, Promise] = {
    ApplicationKind.REGISTRATION: _("Registration"),
    ApplicationKind.CHANGE: _("Change"),
}
DOCUMENTS: dict[str, Promise] = {
    DocumentKind.LICENCE: _("Business licence"),
    DocumentKind.PERMIT: _("Permit that the law asks for"),
    DocumentKind.CERTIFICATE: _("Certificate"),
    DocumentKind.OTHER: _("Other paper"),
}
CAUSES: dict[str, Promise] = {
    HoldCause.MANUAL: _("Suspended by region staff"),
    HoldCause.QUALIFICATION_EXPIRED: _("A licence or permit has expired"),
    HoldCause.NOT_RECONFIRMED: _("Not confirmed in time"),
    HoldCause.SANCTION: _("Banned by a decision"),
}
ACTIONS: dict[str, Promise] = {
    "admit": _("Admit"),
    "suspend": _("Suspend"),
    "reinstate": _("Reinstate"),
    "remove": _("Remove from the library"),
}
TIES: dict[str, Promise] = {
    Tie.REPRESENTATIVE: _("Same legal representative"),
    Tie.ADDRESS: _("Same address"),
    Tie.PHONE: _("Same telephone"),
    Tie.SHAREHOLDER: _("Same shareholder"),
}
PERIODS: dict[str, Promise] = {
    "vetting_days": _("Vetting by the level, in days"),
    "admission_days": _("Admission by the region, in days"),
    "correction_days": _("Correction by the applicant, in days"),
    "first_warning_days": _("First warning before a paper or confirmation ends, in days"),
    "last_warning_days": _("Last warning before a paper or confirmation ends, in days"),
    "confirmation_months": _("Confirmation by the supplier, every so many months"),
}
FIELDS: dict[str, Promise] = {
    "uscc": _("Credit code"),
    "name": _("Name of the supplier"),
    "legal_representative": _("Legal representative"),
    "address": _("Address"),
    "division_code": _("Division"),
    "phone": _("Telephone"),
    "size": _("Size"),
    "scope": _("Licensed scope"),
    "shareholders": _("Shareholders"),
    "documents": _("Licences and qualifications"),
}

problem_words.register(
    "supplier-exists",
    facts={"uscc": (_("Credit code"), "text"), "name": (_("Supplier"), "text")},
    advice=_("If it is your company, sign in with its account. If nobody has one, ask the region's finance bureau."),
)
problem_words.register(
    "registration-open",
    facts={"uscc": (_("Credit code"), "text")},
    advice=_("Ask in your company who has begun it. A registration that nobody goes on with lapses after a while."),
)
problem_words.register(
    "registration-link-not-valid",
    advice=_("If you have an account already, sign in and go on from there; else begin the registration again."),
)
problem_words.register("application-incomplete", advice=_("It is kept. Fill in what is named and send it then."))
problem_words.register(
    "supplier-application-changed", advice=_("Open the page again, read the present version, then decide.")
)
problem_words.register(
    "supplier-held-otherwise",
    advice=_("Look at what holds it on the supplier's page: a renewed licence, a confirmation or the decision's end."),
)
navigation.register(
    MenuEntry(
        "library_suppliers",
        _("Supplier library"),
        "suppliers:suppliers",
        "building-store",
        None,
        "region",
        61,
        group="libraries",
    )
)
navigation.register(
    MenuEntry(
        "my_supplier",
        _("My supplier"),
        "suppliers:workbench",
        "building-warehouse",
        SUPPLIER_POSTS,
        "region",
        30,
        group="suppliers",
    )
)
navigation.register(
    MenuEntry(
        "supplier_review",
        _("Suppliers to vet"),
        "suppliers:queue",
        "user-check",
        QUEUE_READERS,
        "region",
        40,
        badge_url_name="suppliers:queue_badge",
        group="suppliers",
    )
)
navigation.register(
    MenuEntry(
        "related_suppliers",
        _("Related suppliers"),
        "suppliers:related",
        "hierarchy",
        SUPERVISORS,
        "region",
        62,
        group="suppliers",
    )
)
