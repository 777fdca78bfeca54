"""What files of listings are for. The supplier concerned and those who look at offers may open them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import KINDS
from shared_apps.listings.permissions import READERS
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation

_PAPERS = frozenset(KINDS)


def _concerned(actor: Actor, file: FileView) -> bool:
    return bool(actor.posts & READERS) or of_the_same_organisation(actor, file)


def _readers(actor: Actor, file: FileView) -> bool:
    return bool(actor.posts & READERS)


# Uploaded on behalf of the supplier.
APPEAL = PURPOSES.register(
    "listings.appeal", FilePurpose("listings.appeal", _("Appeal about an offer"), _PAPERS, _concerned)
)
CORRECTION = PURPOSES.register(
    "listings.correction", FilePurpose("listings.correction", _("Correction of an offer"), _PAPERS, _concerned)
)
# Uploaded by who looks at offers; the supplier reads the reason, not the file.
EVIDENCE = PURPOSES.register(
    "listings.evidence", FilePurpose("listings.evidence", _("Evidence about an offer"), _PAPERS, _readers)
)
