"""Words of the agency library: states, fields, what is missing, and the refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.agencies.rules.agreements import AgreementState
from shared_apps.agencies.rules.checks import CheckItem, CheckMethod, CheckState
from shared_apps.agencies.rules.content import FileKind, Lack
from shared_apps.agencies.rules.evaluations import EvaluationState, EvaluatorRole
from shared_apps.agencies.rules.registration import AgencyState
from webkit import problem_words, states

S = AgencyState

states.register(
    "agency",
    {
        S.DRAFT: (_("Being filled in"), "secondary"),
        S.SUBMITTED: (_("Content being checked for completeness"), "warning"),
        S.RETURNED: (_("Returned for completion"), "danger"),
        S.PUBLISHED: (_("On the name list"), "success"),
        S.WITHDRAWN: (_("Registration withdrawn"), "secondary"),
        S.DEREGISTERED: (_("Deregistered"), "secondary"),
    },
)

states.register("agency_change", {"late": (_("Late"), "danger"), "in_time": (_("In time"), "success")})

states.register("agency_ban", {"banned": (_("Banned"), "danger")})
A = AgreementState
states.register(
    "agency_agreement",
    {
        A.FILED: (_("Signed, not begun"), "info"),
        A.STARTED: (_("Agency at work"), "primary"),
        A.WINDING_UP: (_("To be wound up: the agency is banned"), "danger"),
        A.COMPLETED: (_("Work done"), "success"),
        A.ENDED: (_("Ended early"), "secondary"),
    },
)
E = EvaluationState
states.register(
    "agency_evaluation",
    {
        E.GIVEN: (pgettext_lazy("evaluation", "Counts"), "success"),
        E.APPEALED: (_("Appealed, still counts"), "warning"),
        E.KEPT: (_("Kept after appeal"), "success"),
        E.SET_ASIDE: (_("Set aside after appeal"), "secondary"),
    },
)
ROLES: dict[str, Promise] = {EvaluatorRole.PURCHASER: _("Purchasers"), EvaluatorRole.SUPPLIER: _("Suppliers")}

C = CheckState
states.register(
    "agency_check",
    {
        C.PLANNED: (pgettext_lazy("check", "To be made"), "secondary"),
        C.PASSED: (_("No finding"), "success"),
        C.RECTIFYING: (_("Findings to be mended"), "warning"),
        C.REPORTED: (_("Reported as mended"), "info"),
        C.RECTIFIED: (_("Findings mended"), "success"),
        C.NOT_RECTIFIED: (_("Findings not mended in time"), "danger"),
        C.CANCELLED: (pgettext_lazy("check", "Called off"), "secondary"),
    },
)
METHODS: dict[str, Promise] = {
    CheckMethod.TARGETED: pgettext_lazy("check", "Targeted"),
    CheckMethod.RANDOM: pgettext_lazy("check", "Random"),
}
# Items of Cai Ku [2018] 2 as secondary material tells them.
ITEMS: dict[str, Promise] = {
    CheckItem.STAFF: _("At least five full-time staff work there"),
    CheckItem.OFFICE: _("The office is independent and as registered"),
    CheckItem.REVIEW_ROOM: _("A review room of its own has recording equipment that works"),
    CheckItem.CHANGES: _("Changes were reported within ten working days"),
    CheckItem.AGREEMENT: _("Agreements name scope, powers, term, files, fee, ending and breach"),
    CheckItem.FREE_CHOICE: _("Purchasers chose it freely, without lottery or choice by others"),
    CheckItem.FEE: _("The fee rule stands in the documents, the amount in the result notice"),
    CheckItem.RECORDING: _("Opening and review were recorded"),
    CheckItem.FILES: _("Files of the projects are kept whole"),
}

CLAUSES: dict[str, Promise] = {
    "subject": _("What the agency is to procure"),
    "scope": _("Scope of the agency"),
    "powers": _("Powers of the agency"),
    "signed_on": _("Signed on"),
    "starts_on": _("First day of the term"),
    "ends_on": _("Last day of the term"),
    "files_clause": _("Keeping of the files"),
    "fee_rule": _("Agency fee: who pays, by which standard"),
    "ending_clause": _("Ending of the agreement"),
    "breach_clause": _("Breach of the agreement"),
}

FIELDS: dict[str, Promise] = {
    "name": _("Name of the agency"),
    "legal_representative": _("Legal representative"),
    "address": _("Registered address"),
    "contact_name": _("Contact person"),
    "contact_phone": _("Contact telephone"),
    "home_province": _("Home province"),
    "division_code": _("Division of its office here"),
    "office_address": _("Address of the office"),
    "office_is_independent": _("The office is independent"),
    "has_review_room": _("Reviews are held in a room of its own"),
    "review_room_address": _("Address of the review room"),
    "has_recording": _("The review room has sound and picture recording"),
    "staff": _("Full-time staff"),
    "files": pgettext_lazy("agency", "Files"),
}

LACKS: dict[str, Promise] = {
    Lack.EMPTY: _("This is still empty."),
    Lack.FEW_STAFF: _("At least five full-time staff are asked for."),
    Lack.OFFICE: _("An independent office is asked for."),
    Lack.RECORDING: _("A review room of one's own needs recording equipment."),
    Lack.ROOM: _("Say where the review room is."),
    Lack.NO_ROOM: _("Without a review room of its own leave its address and equipment empty."),
    Lack.FILE: _("A file is missing: business licence, and where they apply office and review room."),
    Lack.DIVISION: _("Choose the division of the office."),
}

FILE_KINDS: dict[str, Promise] = {
    FileKind.LICENCE: _("Business licence"),
    FileKind.OFFICE: _("Proof of the office"),
    FileKind.REVIEW_ROOM: _("Review room and recording equipment"),
    FileKind.OTHER: _("Other file"),
}

problem_words.register(
    "agency-exists",
    facts={"uscc": (_("Credit code"), "text")},
    advice=_("Ask the agency's manager for an invitation, or the platform when nobody of the agency registered it."),
)
problem_words.register(
    "agency-changed", advice=_("The agency has changed it since. Read the present version, then decide.")
)
problem_words.register(
    "registration-incomplete", advice=_("Fill in what is named below. Registration asks for complete content only.")
)
problem_words.register(
    "agreements-open",
    facts={"agreements": (_("Open agreements"), "text")},
    advice=_("The purchasers complete or end them first."),
)
problem_words.register(
    "agency-not-on-list",
    facts={"uscc": (_("Credit code"), "text")},
    advice=_("Only an agency of the public name list can be commissioned. Compare the credit code with the list."),
)
problem_words.register(
    "agency-banned",
    facts={"uscc": (_("Credit code"), "text"), "until": (_("Until"), "date")},
    advice=_("No agreement is filed or begun while the ban lasts."),
)
problem_words.register(
    "evaluation-closed",
    facts={"due_on": (_("Last day"), "date")},
    advice=_("Evaluations are taken in the five working days after the work."),
)
problem_words.register("already-evaluated", advice=_("Each party evaluates once."))
problem_words.register("already-answered", advice=_("An evaluation is answered once."))
problem_words.register("agency-not-to-check", advice=_("Check plans hold agencies on the name list, of the own level."))
problem_words.register("check-planned-already", advice=_("The plan has this agency already."))
problem_words.register("plan-exists", advice=_("Choose another title, or use the plan that there is."))
problem_words.register(
    "rectification-not-due",
    facts={"due_on": (_("Last day"), "date")},
    advice=_("The agency has until that day to mend the findings."),
)
