"""Words of the agency library: states, fields, what is missing, and the refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared_apps.agencies.rules.content import FileKind, Lack
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
