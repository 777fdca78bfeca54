"""What files of exception documents are for: the unit concerned and its finance bureau may open them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.file_kinds import PAPERS
from tenant_apps.commitments.permissions import BUREAU_READERS
from tenants.journaling.files import PURPOSES, FilePurpose, FileView, of_the_same_organisation


def _concerned(actor: Actor, file: FileView) -> bool:
    return bool(actor.posts & BUREAU_READERS) or of_the_same_organisation(actor, file)


EXCEPTION = PURPOSES.register(
    "commitments.exception",
    FilePurpose("commitments.exception", _("Exception document"), PAPERS, _concerned),
)
